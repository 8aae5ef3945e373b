//! What the program itself says, as the reference words it where the reference has it.

use std::io::Write;

/// The line that `-v` prints.
const VERSION: &str =
    concat!("Lua 5.4.8 (lua-cli ", env!("CARGO_PKG_VERSION"), ", in Rust)  The language and its manual are by Lua.org, PUC-Rio");

const USAGE: &str = "  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin
";

const HELP: &str = "
Without a script: interactive mode if standard input is a terminal (and neither
-e nor -v is given), otherwise standard input is executed.

Tools, in place of the options above; FILE may be - for standard input:
  --list FILE...              show the compiled code of every function
  --check FILE...             parse only; exit status 1 if something is wrong
  --dump OUT [--strip] FILE   write a binary chunk; --strip: without debug information
  --help                      this text

Environment:
  LUA_INIT, LUA_INIT_5_4      executed first; '@name' is a file
  LUA_PATH, LUA_PATH_5_4      package.path; ';;' stands for the default
  LUA_CPATH, LUA_CPATH_5_4    package.cpath
  LUA_VM_DISPATCH             looped or threaded
  LUA_VM_GC                   incremental, generational, mark-sweep, stress, stress-minor or none
  LUA_VM_STRESS_STACK=1       move the stack at every check, for tests
";

/// Writes to standard error, which must not fail the program.
fn to_stderr(parts: &[&[u8]]) {
    let _ = std::io::stderr().write_all(&parts.concat());
}

/// Writes to standard output behind what scripts have written.
pub(crate) fn to_stdout(text: &[u8]) {
    let _ = lua_std::stream::flush_standard();
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text);
    let _ = out.flush();
}

/// A message on standard error, behind the program's name if there is one.
pub(crate) fn message(program: Option<&[u8]>, text: &[u8]) {
    match program {
        Some(program) => to_stderr(&[program, b": ", text, b"\n"]),
        None => to_stderr(&[text, b"\n"]),
    }
}

/// Prints the version.
pub(crate) fn version() {
    to_stdout(format!("{VERSION}\n").as_bytes());
}

/// Complains about an option; always false: the program failed.
pub(crate) fn usage(program: &[u8], option: &[u8]) -> bool {
    let lacks_argument = matches!(option, [b'-', b'e' | b'l', ..] | b"--list" | b"--check" | b"--dump");
    if lacks_argument {
        message(Some(program), &[b"'", option, b"' needs argument"].concat());
    } else {
        message(Some(program), &[b"unrecognized option '", option, b"'"].concat());
    }
    to_stderr(&[&synopsis(program)]);
    false
}

/// `--help`; always true.
pub(crate) fn help(program: &[u8]) -> bool {
    to_stdout(&[&synopsis(program), HELP.as_bytes()].concat());
    true
}

fn synopsis(program: &[u8]) -> Vec<u8> {
    [b"usage: ", program, b" [options] [script [args]]\nAvailable options are:\n", USAGE.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_fits_a_screen() {
        let text = String::from_utf8([&synopsis(b"lua-cli"), HELP.as_bytes()].concat()).unwrap();
        assert!(text.lines().count() <= 36);
        assert!(text.lines().all(|line| line.chars().count() <= 88));
    }
}
