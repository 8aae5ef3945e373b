//! The files that may hold `unsafe`.

use std::fs;
use std::path::{Path, PathBuf};

use super::strip::code_only;
use crate::task::Result;
use crate::workspace;

/// The one list: files, or folders with everything below them if the entry
/// ends in `/`. An entry that no file needs any more is a problem, too.
const MAY_BE_UNSAFE: &[&str] = &[
    // The heap: objects are reached through pointers that it made. Its tests
    // and benches implement the unsafe traits of its users.
    "lua-gc/",
    "lua-cli/examples/own_collector.rs",
    // Has a VM free what is in use, to show that this is noticed.
    "lua-cli/examples/fuzz/graph.rs",
    // The pool of strings, the layout of constants and the frozen function.
    "lua-proto/src/pool.rs",
    "lua-proto/src/pool/fixed.rs",
    "lua-proto/src/constant.rs",
    "lua-proto/src/proto.rs",
    "lua-proto/src/proto/unlinked.rs",
    "lua-proto/tests/",
    // The objects of the VM: their layout, and the ways to reach them.
    "lua-vm/src/value.rs",
    "lua-vm/src/string.rs",
    "lua-vm/src/table.rs",
    "lua-vm/src/table/",
    "lua-vm/src/function.rs",
    "lua-vm/src/userdata.rs",
    "lua-vm/src/thread.rs",
    "lua-vm/src/thread/deep.rs",
    "lua-vm/src/object.rs",
    "lua-vm/src/meta.rs",
    // Frames, stack slots and instructions.
    "lua-vm/src/vm.rs",
    "lua-vm/src/exec/",
    "lua-vm/src/flow.rs",
    "lua-vm/src/flow/",
    "lua-vm/src/hook.rs",
    "lua-vm/src/error.rs",
    // What reads the frames to tell about them.
    "lua-vm/src/debug.rs",
    "lua-vm/src/debug/traceback.rs",
    "lua-vm/src/names.rs",
    // What puts other code under what lives.
    "lua-vm/src/update.rs",
    "lua-vm/src/update/",
    // Forks.
    "lua-vm/tests/pool.rs",
    // The embedding API, where it goes from slots to objects.
    "lua-vm/src/api/args.rs",
    "lua-vm/src/api/call.rs",
    "lua-vm/src/api/check.rs",
    "lua-vm/src/api/closures.rs",
    "lua-vm/src/api/convert.rs",
    "lua-vm/src/api/cx.rs",
    "lua-vm/src/api/debug_api.rs",
    "lua-vm/src/api/handle/userdata.rs",
    "lua-vm/src/api/load.rs",
    "lua-vm/src/api/lua.rs",
    "lua-vm/src/api/push.rs",
    "lua-vm/src/api/tables.rs",
    "lua-vm/src/api/userdata.rs",
    "lua-vm/src/api/wrapper.rs",
    // `wait4`, which tells how much memory a program took.
    "xtask/src/process.rs",
];

/// Crates whose root forbids `unsafe`, so that the compiler checks them.
const FORBID: [&str; 4] = ["lua-lex/src/lib.rs", "lua-parse/src/lib.rs", "lua-std/src/lib.rs", "lua-cli/src/main.rs"];

/// Every file that holds `unsafe` and is not on the list, and every entry of
/// the list that is not needed.
pub(super) fn check() -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut needed = vec![false; MAY_BE_UNSAFE.len()];
    for path in rust_files()? {
        let source = fs::read_to_string(workspace::root().join(&path))?;
        if !holds_unsafe(&source) {
            continue;
        }
        let name = path.to_string_lossy().replace('\\', "/");
        match MAY_BE_UNSAFE.iter().position(|entry| covers(entry, &name)) {
            Some(entry) => needed[entry] = true,
            None => problems.push(format!("{name} holds unsafe code and is not on the list")),
        }
    }
    for (entry, needed) in MAY_BE_UNSAFE.iter().zip(needed) {
        if !needed {
            problems.push(format!("{entry} may hold unsafe code and does not need to: take it off the list"));
        }
    }
    for root in FORBID {
        let source = fs::read_to_string(workspace::root().join(root)).unwrap_or_default();
        if !code_only(&source).contains("#![forbid(unsafe_code)]") {
            problems.push(format!("{root} does not forbid unsafe code"));
        }
    }
    Ok(problems)
}

fn covers(entry: &str, name: &str) -> bool {
    if entry.ends_with('/') { name.starts_with(entry) } else { name == entry }
}

/// Whether the keyword stands in the code, rather than in a comment or string.
fn holds_unsafe(source: &str) -> bool {
    let code = code_only(source);
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices("unsafe").any(|(start, word)| !code[..start].ends_with(is_word) && !code[start + word.len()..].starts_with(is_word))
}

/// The Rust files of the members, relative to the root.
fn rust_files() -> Result<Vec<PathBuf>> {
    let metadata = workspace::metadata()?;
    let mut files = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        if let Some(directory) = manifest.parent() {
            collect(directory, &mut files)?;
        }
    }
    files.sort();
    Ok(files)
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path.strip_prefix(workspace::root()).unwrap_or(&path).to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keyword_counts_only_in_code() {
        assert!(holds_unsafe("fn f() { unsafe { g() } }"));
        assert!(holds_unsafe("unsafe impl Send for X {}"));
        assert!(!holds_unsafe("#![forbid(unsafe_code)]"));
        assert!(!holds_unsafe("// unsafe\n/* unsafe /* unsafe */ unsafe */ let s = \"unsafe\";"));
        assert!(!holds_unsafe("let s = r#\"a \" unsafe\"#; let t = b\"\\\" unsafe\";"));
        assert!(holds_unsafe("let c = '\"'; unsafe { f::<'a>() }"));
    }

    #[test]
    fn entries_cover_files_and_folders() {
        assert!(covers("lua-gc/src/", "lua-gc/src/heap/block.rs"));
        assert!(!covers("lua-gc/src/", "lua-gc/tests/heap.rs"));
        assert!(covers("lua-proto/src/op.rs", "lua-proto/src/op.rs"));
    }
}
