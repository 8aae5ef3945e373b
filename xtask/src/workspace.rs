//! Where things are, and how to call cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::task::Result;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// The cargo that runs this task, at the root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// What `cargo metadata` says about the members of the workspace.
pub(crate) fn metadata() -> Result<Value> {
    let output = cargo().args(["metadata", "--format-version", "1", "--no-deps"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The target directory in use, `CARGO_TARGET_DIR` respected.
pub(crate) fn target_directory() -> Result<PathBuf> {
    let metadata = metadata()?;
    let path = metadata["target_directory"].as_str().ok_or("metadata names no target directory")?;
    Ok(PathBuf::from(path))
}

/// Builds lua-cli in release mode and returns where it is.
pub(crate) fn build_lua_cli() -> Result<PathBuf> {
    eprintln!("building lua-cli (release)");
    let status = cargo().args(["build", "--quiet", "--release", "--package", "lua-cli"]).status()?;
    if !status.success() {
        return Err("lua-cli does not build".into());
    }
    lua_cli_path()
}

/// Where the release lua-cli is, whether or not it is up to date.
pub(crate) fn lua_cli_path() -> Result<PathBuf> {
    let path = target_directory()?.join("release").join("lua-cli").with_extension(std::env::consts::EXE_EXTENSION);
    if path.is_file() { Ok(path) } else { Err(format!("{} does not exist", path.display()).into()) }
}

/// Where a program on `PATH` is.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
}

/// The folder of the toolchain in which every installed target has one of its own.
pub(crate) fn rust_library() -> PathBuf {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output();
    let root = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    PathBuf::from(root).join("lib").join("rustlib")
}

/// Builds an example of lua-cli with a profile and features of lua-cli, and returns where it is.
pub(crate) fn build_example(name: &str, profile: &str, features: &[&str]) -> Result<PathBuf> {
    eprintln!("building the example {name} of lua-cli (profile {profile})");
    let options = ["build", "--quiet", "--package", "lua-cli", "--example", name, "--profile", profile];
    if !cargo().args(options).args(["--features", &features.join(",")]).status()?.success() {
        return Err(format!("the example {name} does not build").into());
    }
    Ok(target_directory()?.join(profile).join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION))
}

/// The files of `directory` with this extension, sorted by name.
pub(crate) fn files_with_extension(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a file without directory and extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
