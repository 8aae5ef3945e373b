//! lua-cli for another target: another processor, by an emulator, or shorter pointers.

use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::task::Result;
use crate::workspace;

/// What a target needs on this machine.
struct Tools {
    target: &'static str,
    /// Of Debian.
    packages: &'static str,
    linker: &'static str,
    /// `None`: this processor runs it.
    emulator: Option<&'static str>,
    /// Where the target's libraries are.
    root: &'static str,
}

const KNOWN: [Tools; 2] = [
    Tools {
        target: "aarch64-unknown-linux-gnu",
        packages: "gcc-aarch64-linux-gnu and qemu-user",
        linker: "aarch64-linux-gnu-gcc",
        emulator: Some("qemu-aarch64"),
        root: "/usr/aarch64-linux-gnu",
    },
    Tools { target: "i686-unknown-linux-gnu", packages: "gcc-multilib", linker: "gcc", emulator: None, root: "/usr/lib32" },
];

/// The release lua-cli of `target`, built first; or what this machine lacks for it.
///
/// # Errors
///
/// If the target is not one of those that we know how to run, or lua-cli does not build for it.
pub(crate) fn lua_cli(target: &str) -> Result<std::result::Result<Engine, String>> {
    let known = || KNOWN.map(|tools| tools.target).join(", ");
    let tools = KNOWN.iter().find(|tools| tools.target == target).ok_or_else(|| format!("no target '{target}'; there is {}", known()))?;
    if let Some(missing) = missing(tools) {
        return Ok(Err(missing));
    }
    let program = build(tools)?;
    let command = match tools.emulator {
        Some(emulator) => format!("{emulator} -L {} {}", tools.root, program.display()),
        None => program.display().to_string(),
    };
    Engine::from_command(&format!("lua-cli on {target}"), &command).map(Ok)
}

fn missing(tools: &Tools) -> Option<String> {
    let has_programs = [Some(tools.linker), tools.emulator].into_iter().flatten().all(|program| workspace::find_program(program).is_some());
    if !has_programs || !Path::new(tools.root).is_dir() {
        return Some(format!("it needs the packages {}", tools.packages));
    }
    let library = workspace::rust_library().join(tools.target);
    (!library.is_dir()).then(|| format!("the target is not installed (rustup target add {})", tools.target))
}

fn build(tools: &Tools) -> Result<PathBuf> {
    eprintln!("building lua-cli ({}, release)", tools.target);
    let linker = format!("CARGO_TARGET_{}_LINKER", tools.target.replace('-', "_").to_uppercase());
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--quiet", "--release", "--package", "lua-cli", "--target", tools.target]).env(linker, tools.linker);
    if !cargo.status()?.success() {
        return Err(format!("lua-cli does not build for {}", tools.target).into());
    }
    Ok(workspace::target_directory()?.join(Path::new(tools.target)).join("release").join("lua-cli"))
}
