//! Keeps the program small in memory and quick to start where the linker is known: GNU/Linux with the linker that comes with
//! the compiler. Without any of it the program is the same, only larger in memory and slower to start.
//!
//! - A page of code that is touched brings its neighbours into memory, and what a script runs is spread over the whole
//!   program: `layout.ld` puts those functions side by side.
//! - The C library is linked statically where it is there for that: its functions then stand beside ours, and there are no
//!   libraries to find, map and relocate. `-C target-feature=-crt-static` in RUSTFLAGS keeps the shared ones. (The feature
//!   itself would do the same, but no flag of a package can ask for it: cargo hands it to the procedural macros too.)

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=layout.ld");
    let target = variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    let optimised = variable("OPT_LEVEL") != "0";
    // Who chooses a linker may have chosen one that takes no scripts.
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    let own_linker = ["fuse-ld", "linker", "crt-static"].iter().any(|flag| flags.contains(flag));
    if !target || !optimised || own_linker {
        return;
    }
    let script = Path::new(&variable("CARGO_MANIFEST_DIR")).join("layout.ld");
    println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    if let Some(libraries) = StaticLibraries::find() {
        match libraries.stand_in_for_shared(Path::new(&variable("OUT_DIR"))) {
            Ok(()) => println!("cargo::rustc-link-arg-bins=-L{}\ncargo::rustc-link-arg-bins=-static-pie", variable("OUT_DIR")),
            Err(error) => println!("cargo::warning=the C library is not linked statically: {error}"),
        }
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The archives of what every Rust program needs from the system.
struct StaticLibraries {
    c: PathBuf,
    mathematics: PathBuf,
    unwinder: PathBuf,
}

impl StaticLibraries {
    /// Asks the linker's driver where they are: none unless all are there, and the target is the one that this was tried on.
    fn find() -> Option<StaticLibraries> {
        let native = variable("HOST") == variable("TARGET");
        if variable("CARGO_CFG_TARGET_ARCH") != "x86_64" {
            return None;
        }
        let driver = match variable("RUSTC_LINKER") {
            none if none.is_empty() && native => "cc".into(),
            none if none.is_empty() => return None,
            named => named,
        };
        let find = |name: &str| archive(&driver, name);
        // Before glibc 2.34, threads were a library of their own, whose archive works only when it is linked whole.
        let threads_apart = find("libpthread.a").and_then(|path| fs::metadata(path).ok()).is_some_and(|file| file.len() > 8);
        if threads_apart {
            return None;
        }
        Some(StaticLibraries { c: find("libc.a")?, mathematics: find("libm.a")?, unwinder: find("libgcc_eh.a")? })
    }

    /// Writes, for each shared library that the standard library of Rust names, a script for the linker under the same
    /// name that leads to the archive instead.
    fn stand_in_for_shared(&self, directory: &Path) -> io::Result<()> {
        let [c, mathematics, unwinder] = [&self.c, &self.mathematics, &self.unwinder].map(|path| path.display());
        let write = |name: &str, text: String| fs::write(directory.join(format!("lib{name}.so")), text);
        write("m", format!("GROUP({mathematics})"))?;
        // The two need each other; the others have become part of the first.
        ["gcc_s", "c", "util", "rt", "pthread", "dl"].iter().try_for_each(|name| write(name, format!("GROUP({c} {unwinder})")))
    }
}

/// Where an archive of the system is.
fn archive(driver: &str, name: &str) -> Option<PathBuf> {
    let answer = Command::new(driver).arg(format!("-print-file-name={name}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    (path.is_absolute() && path.is_file()).then_some(path)
}
