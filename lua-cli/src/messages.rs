//! What the program itself says, as the reference words it where the reference has it.

use std::io::Write;

/// The line that `-v` prints.
const VERSION: &str =
    concat!("Lua 5.4.8 (lua-cli ", env!("CARGO_PKG_VERSION"), ", in Rust)  The language and its manual are by Lua.org, PUC-Rio");

const OPTIONS: &str = "  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin
";

const HELP: &str = "Without a script, -e and -v: interactive at a terminal, else stdin is executed.
Tools, in place of the options; FILE may be - for standard input:
  --list FILE...             show the compiled code of every function
  --check FILE...            parse only; exit status 1 if something is wrong
  --dump OUT [--strip] FILE  write a binary chunk; --strip: no lines, no names
  --help                     show this text
Environment (the first three also with _5_4 behind their names):
  LUA_INIT             executed first; '@name' is a file
  LUA_PATH, LUA_CPATH  package.path and package.cpath; ';;' is the default
  LUA_VM_DISPATCH      threaded, looped
  LUA_VM_GC            generational, incremental, concurrent, mark-sweep,
                       none, stress, stress-minor, stress-concurrent
  LUA_VM_STRESS_STACK  1: move the stack at every check, for tests
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
    to_stderr(&[&synopsis(program), b"Available options are:\n", OPTIONS.as_bytes()]);
    false
}

/// `--help`; always true.
pub(crate) fn help(program: &[u8]) -> bool {
    to_stdout(&help_text(program));
    true
}

fn help_text(program: &[u8]) -> Vec<u8> {
    [&*synopsis(program), OPTIONS.as_bytes(), HELP.as_bytes()].concat()
}

fn synopsis(program: &[u8]) -> Vec<u8> {
    [b"usage: ", program, b" [options] [script [args]]\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Request, parse};
    use crate::environment;

    fn request(words: &[&str]) -> Request {
        let words: Vec<Vec<u8>> = ["lua-cli"].iter().chain(words).map(|word| word.as_bytes().to_vec()).collect();
        parse(&words)
    }

    /// What stands in the help behind a name, up to the next name.
    fn described(name: &str) -> Vec<&'static str> {
        let (_, rest) = HELP.split_once(&format!("\n  {name} ")).unwrap();
        let own = rest.find("\n  L").map_or(rest, |end| &rest[..end]);
        own.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn help_fits_a_screen() {
        let text = String::from_utf8(help_text(b"lua-cli")).unwrap();
        assert!(text.lines().count() < 24);
        assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
    }

    #[test]
    fn options_are_those_that_are_understood() {
        for letter in 0x21..0x7F_u8 {
            let option = format!("-{}", letter as char);
            let listed = OPTIONS.lines().any(|line| line.trim().split(' ').next() == Some(&option));
            let understood = !matches!(request(&[&option, "argument"]), Request::Bad(_));
            assert_eq!(listed, understood, "{option}");
        }
    }

    #[test]
    fn tools_are_those_that_are_understood() {
        let tools: Vec<&str> = HELP.lines().filter(|line| line.starts_with("  --")).collect();
        assert_eq!(tools.len(), 4);
        for line in tools {
            let words: Vec<&str> = line.trim().split("  ").next().unwrap().split(' ').map(|word| word.trim_matches(['[', ']'])).collect();
            assert!(matches!(request(&words), Request::Tool(_) | Request::Help), "{line}");
        }
    }

    #[test]
    fn values_of_variables_are_those_that_are_understood() {
        let mut collectors: Vec<&str> = environment::COLLECTORS.iter().map(|(name, _)| *name).collect();
        let mut named = described("LUA_VM_GC");
        collectors.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, collectors);
        assert_eq!(described("LUA_VM_DISPATCH"), ["threaded", "looped"]);
    }
}
