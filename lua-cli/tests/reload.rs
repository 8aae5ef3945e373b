//! A short run of the example `vms_reload`: what it says about memory needs more rounds than a test has.

#[allow(dead_code)]
#[path = "../examples/vms_reload.rs"]
mod vms_reload;

#[test]
fn no_image_stays_behind() {
    let path = std::env::temp_dir().join(format!("reload_test_{}.lua", std::process::id()));
    let result = vms_reload::run(12, &path);
    let _ = std::fs::remove_file(&path);
    result.unwrap();
}
