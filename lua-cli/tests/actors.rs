//! A short run of the example `vms_actors`, which checks itself.

#[allow(dead_code)]
#[path = "../examples/vms_actors.rs"]
mod vms_actors;

#[test]
fn actors_are_updated_under_load() {
    let directory = std::env::temp_dir().join(format!("actors_test_{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let result = vms_actors::run(50, 3, 400, &directory);
    let _ = std::fs::remove_dir_all(&directory);
    result.unwrap();
}
