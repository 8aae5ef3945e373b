//! Keeps the start of the program small, where the linker is known: GNU/Linux with the linker that comes with the compiler.
//!
//! What runs at every start is spread over the whole program, and a page of code that is touched brings its neighbours
//! into memory. `startup.ld` puts those functions side by side. And the unwinder is linked statically, one library less to find,
//! map and relocate. Without either the program is the same, only larger in memory and slower to start.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=startup.ld");
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let target = variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    let optimised = variable("OPT_LEVEL") != "0";
    // Who chooses a linker may have chosen one that takes no scripts.
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    let own_linker = ["fuse-ld", "linker", "crt-static"].iter().any(|flag| flags.contains(flag));
    if !target || !optimised || own_linker {
        return;
    }
    let script = Path::new(&variable("CARGO_MANIFEST_DIR")).join("startup.ld");
    println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    if has_static_unwinder(&variable("RUSTC_LINKER"), variable("HOST") == variable("TARGET")) {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
}

/// Asks the linker's driver for GCC's static unwinder.
fn has_static_unwinder(linker: &str, native: bool) -> bool {
    let driver = match linker {
        "" if native => "cc",
        "" => return false,
        named => named,
    };
    let name = "libgcc_eh.a";
    let answer = Command::new(driver).arg(format!("-print-file-name={name}")).output();
    answer.is_ok_and(|answer| {
        let path = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        path != name && Path::new(&path).is_file()
    })
}
