//! The modules below a directory.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::Failure;
use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, ConstantRef, Loader, Proto};

/// One Lua file.
pub(crate) struct Module {
    /// The name that `require` takes.
    pub(crate) name: String,
    pub(crate) file: PathBuf,
}

/// Every `*.lua` below `root`, by name.
///
/// # Errors
///
/// If a directory cannot be read.
pub(crate) fn find(root: &Path) -> io::Result<Vec<Module>> {
    let mut found = Vec::new();
    collect(root, "", &mut found)?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn collect(directory: &Path, prefix: &str, found: &mut Vec<Module>) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let file = entry?.path();
        let Some(stem) = file.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if file.is_dir() {
            collect(&file, &format!("{prefix}{stem}."), found)?;
        } else if file.extension().is_some_and(|extension| extension == "lua") {
            // `a/init.lua` is the module `a`.
            let name = match prefix.strip_suffix('.') {
                Some(package) if stem == "init" => package.to_owned(),
                _ => format!("{prefix}{stem}"),
            };
            found.push(Module { name, file });
        }
    }
    Ok(())
}

/// Up to `count` different string constants of the modules' code, evenly chosen, short ones only: they are what a VM has at
/// most one of.
///
/// # Errors
///
/// If a file cannot be read or is not Lua.
pub(crate) fn constants(modules: &[Module], count: usize) -> Result<Vec<Vec<u8>>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let mut all = BTreeSet::new();
    for module in modules {
        let source = std::fs::read(&module.file)?;
        let chunk = Chunk { bytes: lua_std::skip_first_line(&source), name: b"=constants", mode: ChunkMode::Both };
        add_constants(&*Compiler.load(chunk)?, &mut all);
    }
    let step = (all.len() / count).max(1);
    Ok(all.into_iter().step_by(step).take(count).collect())
}

fn add_constants(proto: &Proto, all: &mut BTreeSet<Vec<u8>>) {
    for index in 0..proto.constants().len() {
        if let Some(ConstantRef::Str(string)) = proto.constant(index)
            && string.is_short()
        {
            all.insert(string.as_bytes().to_vec());
        }
    }
    for nested in proto.protos() {
        add_constants(nested, all);
    }
}
