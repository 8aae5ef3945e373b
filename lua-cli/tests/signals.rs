//! Ctrl-C, and pipes that nobody reads.
#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::command;

/// Starts a statement and waits until it has printed a line.
fn start(statement: &str) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = command().args(["-e", statement]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, stdout)
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn rest(mut stream: impl Read) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

const READY: &str = "print 'ready' io.stdout:flush()";

#[test]
fn the_first_signal_is_an_error_in_the_script() {
    let (mut child, stdout) = start(&format!("{READY} while true do end"));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(rest(stdout), "");
    let stderr = rest(child.stderr.take().unwrap());
    assert!(stderr.contains(": (command line):1: interrupted!\nstack traceback:\n"), "{stderr}");
}

#[test]
fn scripts_can_catch_it() {
    let (mut child, stdout) = start(&format!("pcall(function() {READY} while true do end end) print(42)"));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(rest(stdout), "42\n");
}

#[test]
fn long_searches_are_interrupted() {
    let (mut child, _stdout) = start(&format!("{READY} string.find(string.rep('a', 300000), '.*.*b')"));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn the_second_signal_kills() {
    let (mut child, _stdout) = start(&format!("{READY} while true do pcall(function() while true do end end) end"));
    interrupt(&child);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(child.try_wait().unwrap(), None);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[test]
fn a_closed_pipe_ends_the_process() {
    let (mut child, stdout) = start(&format!("{READY} while true do print 'more' end"));
    drop(stdout);
    assert_eq!(child.wait().unwrap().signal(), Some(13));
}
