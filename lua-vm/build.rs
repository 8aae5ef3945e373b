//! Decides whether the threaded dispatch back end is built in: only where calls in tail position
//! are known to become jumps.

use std::env;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(lua_threaded)");
    println!("cargo::rerun-if-changed=build.rs");
    let var = |name: &str| env::var(name).unwrap_or_default();
    let optimised = matches!(var("OPT_LEVEL").as_str(), "2" | "3");
    let target = matches!(var("CARGO_CFG_TARGET_ARCH").as_str(), "x86_64" | "aarch64") && var("CARGO_CFG_TARGET_OS") != "windows";
    let flags = var("CARGO_ENCODED_RUSTFLAGS");
    let instrumented = ["sanitizer", "instrument-coverage", "-Cpasses"].iter().any(|f| flags.contains(f));
    if optimised && target && !instrumented && env::var_os("CARGO_CFG_MIRI").is_none() {
        println!("cargo::rustc-cfg=lua_threaded");
    }
}
