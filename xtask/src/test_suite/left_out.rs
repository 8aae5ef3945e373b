//! The lines of the official suite that we leave out: the only lists.
//!
//! An entry is justified only where an assertion looks at the reference
//! implementation's own machine code, C libraries or internals; or where
//! processes race in a way that the reference loses as well, and then what
//! stands in its place keeps every assertion.

use std::fs;
use std::path::Path;

use crate::task::Result;

/// One line that is replaced in the scratch copy of the suite.
#[derive(Clone, Copy)]
pub(crate) struct LeftOut {
    /// The file, relative to the suite.
    pub(crate) file: &'static str,
    /// The line's number, from 1.
    pub(crate) line: usize,
    /// What the line holds, without the space around it, so that the list
    /// cannot drift from the suite.
    pub(crate) text: &'static str,
    /// What stands there instead; usually nothing.
    pub(crate) replacement: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

/// Everything that is left out.
pub(crate) const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        file: "main.lua",
        line: 230,
        text: r#"RUN("env LUA_CPATH='./libs/?.so' lua -l lib2-v2 -e 'print(lib2.id())' > %s","#,
        // The suffix of the module's name stays tested.
        replacement: r#"RUN([[lua -e "package.preload['lib2-v2'] = function () return {id = function () return true end} end" -l lib2-v2 -e 'print(lib2.id())' > %s]],"#,
        reason: "loads a C library that is compiled against the reference's headers",
    },
    LeftOut {
        file: "main.lua",
        line: 529,
        text: r#"local shellprg = string.format('%s -e "%s" & echo $!', progname, luaprg)"#,
        // All that is asserted stays tested; the process id reaches the pipe first.
        replacement: r#"local shellprg = string.format('(sleep 1; exec %s -e "%s") & echo $!', progname, luaprg)"#,
        reason: "the shell's 'echo $!' races the script's first print; the reference loses it, too",
    },
];

/// What is replaced besides where a collection may run at any safepoint: every assertion stays, and what it presumes is seen to.
pub(crate) const UNDER_STRESS: &[LeftOut] = &[
    LeftOut {
        file: "gc.lua",
        line: 201,
        text: "assert(dosteps(10) < dosteps(2))",
        // That each step frees what it should stays tested.
        replacement: "assert(dosteps(10) <= dosteps(2))",
        reason: "counts steps of a cycle, where a step of any size is a whole one",
    },
    LeftOut {
        file: "gc.lua",
        line: 441,
        text: "getmetatable(u).__gc = function (o) os.exit(1) end  -- cannot happen",
        replacement: "getmetatable(u).__gc = function (o) os.exit(1) end  do local a, b, c, d end",
        reason: "a register that is no longer used holds the function until the call of 'collectgarbage' overwrites it",
    },
    LeftOut {
        file: "gc.lua",
        line: 457,
        text: "collectgarbage(); collectgarbage()",
        replacement: "collectgarbage(); collectgarbage(); collectgarbage('stop')",
        reason: "counts memory that a collection frees",
    },
    LeftOut {
        file: "gc.lua",
        line: 470,
        text: r#"assert(a[string.rep("b", 2^22)] == undef)"#,
        replacement: r#"assert(a[string.rep("b", 2^22)] == undef); collectgarbage('restart')"#,
        reason: "as above",
    },
    LeftOut {
        file: "main.lua",
        line: 306,
        text: "setmetatable({}, {__gc = function () print(1) end})",
        replacement: "FIRST = setmetatable({}, {__gc = function () print(1) end})",
        reason: "the object is expected to die at exit, though nothing refers to it before",
    },
    LeftOut {
        file: "main.lua",
        line: 309,
        text: "setmetatable({}, {__gc = function ()",
        replacement: "SECOND = setmetatable({}, {__gc = function ()",
        reason: "as above",
    },
];

/// Replaces the lines of `list` in the copy of the suite at `directory`.
///
/// # Errors
///
/// If a line is not there or holds something else than its entry says.
pub(crate) fn apply(list: &[LeftOut], directory: &Path) -> Result<()> {
    for entry in list {
        let path = directory.join(entry.file);
        // The suite is in Latin-1 here and there: work on bytes.
        let source = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines: Vec<&[u8]> = source.split(|byte| *byte == b'\n').collect();
        let line = lines.get_mut(entry.line.wrapping_sub(1));
        match line {
            Some(line) if line.trim_ascii() == entry.text.as_bytes() => *line = entry.replacement.as_bytes(),
            _ => {
                return Err(format!(
                    "{}:{} is not '{}': the list of what is left out does not fit this suite",
                    entry.file, entry.line, entry.text
                )
                .into());
            }
        }
        fs::write(&path, lines.join(&b'\n'))?;
    }
    Ok(())
}

/// What is left out of a run.
pub(crate) fn list(stress: bool) -> Vec<LeftOut> {
    if stress { [LEFT_OUT, UNDER_STRESS].concat() } else { LEFT_OUT.to_vec() }
}

/// Prints a list.
pub(crate) fn print(entries: &[LeftOut]) {
    println!("official suite: {} lines left out", entries.len());
    for entry in entries {
        println!("  {}:{} {}", entry.file, entry.line, entry.reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_replaced_only_if_they_are_what_the_list_says() {
        let directory = std::env::temp_dir().join(format!("left-out-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("a.lua"), b"x\n  assert(\xe9)\ny\n").unwrap();
        fs::write(directory.join("b.lua"), "one\n  two\nthree\n").unwrap();
        let entry = |text| LeftOut { file: "b.lua", line: 2, text, replacement: "", reason: "a test" };
        assert!(apply(&[entry("other")], &directory).is_err());
        apply(&[entry("two")], &directory).unwrap();
        assert_eq!(fs::read_to_string(directory.join("b.lua")).unwrap(), "one\n\nthree\n");
        assert!(apply(&[LeftOut { line: 0, ..entry("one") }], &directory).is_err());
        assert!(apply(&[LeftOut { file: "c.lua", ..entry("one") }], &directory).is_err());
        fs::remove_dir_all(&directory).unwrap();
    }
}
