//! lua-cli for another processor, run by an emulator.

use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::task::Result;
use crate::workspace;

/// What a target needs on this machine: the packages `gcc-aarch64-linux-gnu` and `qemu-user` of Debian.
struct Tools {
    target: &'static str,
    linker: &'static str,
    emulator: &'static str,
    /// Where the target's shared libraries are.
    root: &'static str,
}

const KNOWN: [Tools; 1] = [Tools {
    target: "aarch64-unknown-linux-gnu",
    linker: "aarch64-linux-gnu-gcc",
    emulator: "qemu-aarch64",
    root: "/usr/aarch64-linux-gnu",
}];

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
    let command = format!("{} -L {} {}", tools.emulator, tools.root, program.display());
    Engine::from_command(&format!("lua-cli on {target}"), &command).map(Ok)
}

fn missing(tools: &Tools) -> Option<String> {
    let programs = [tools.linker, tools.emulator];
    if let Some(program) = programs.into_iter().find(|program| workspace::find_program(program).is_none()) {
        return Some(format!("the program {program} is not installed"));
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
