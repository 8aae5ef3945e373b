//! Running the program.

// Each test file uses its part.
#![allow(dead_code)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program, without variables that would change what it does.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lua-cli"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LUA_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command with this on standard input. The path of the program becomes "lua-cli"
/// in what it printed.
pub(crate) fn run(command: &mut Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that does not read its input may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace(env!("CARGO_BIN_EXE_lua-cli"), "lua-cli");
    Ran { status: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// Checks that these arguments print this and succeed, without a word on standard error.
#[track_caller]
pub(crate) fn prints(arguments: &[&str], expected: &str) {
    gives(arguments, "", expected);
}

/// As [`prints`], with this on standard input.
#[track_caller]
pub(crate) fn gives(arguments: &[&str], input: &str, expected: &str) {
    let ran = run(command().args(arguments), input);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.status), (expected, "", Some(0)), "{arguments:?}");
}

/// Checks that these arguments fail with this on standard error.
#[track_caller]
pub(crate) fn fails(arguments: &[&str], input: &str, expected: &str) {
    let ran = run(command().args(arguments), input);
    assert_eq!((ran.stderr.as_str(), ran.status), (expected, Some(1)), "{arguments:?}");
}

/// A file that lives as long as this.
pub(crate) struct Script {
    pub(crate) path: PathBuf,
}

impl Script {
    pub(crate) fn new(text: impl AsRef<[u8]>) -> Script {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("lua-cli-test-{}-{}.lua", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a temporary file");
        Script { path }
    }

    pub(crate) fn name(&self) -> &str {
        self.path.to_str().expect("UTF-8")
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
