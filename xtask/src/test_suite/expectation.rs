//! What a script of the own corpus says about its own result.
//!
//! ```lua
//! print(1 + 1) --> 2
//! print("a\nb")
//! --> a
//! --> b
//! --! args first second
//! --! exit 1
//! --! stderr attempt to index a nil value
//! ```
//!
//! A comment `--> TEXT` is one line of standard output, in the order of the
//! file. `--! exit N` is the exit status (0 if not given), `--! stderr TEXT` a
//! text that standard error contains, `--! args WORDS` what the script is given.

use crate::process::{End, Finished};

/// The expected result of a script.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expectation {
    lines: Vec<String>,
    status: i32,
    stderr: Vec<String>,
    /// Arguments for the script.
    pub(crate) arguments: Vec<String>,
}

impl Expectation {
    /// Collects the comments of `source`.
    pub(crate) fn parse(source: &str) -> Expectation {
        let mut expected = Expectation::default();
        for line in source.lines() {
            if let Some(directive) = line.trim_start().strip_prefix("--! ") {
                let (key, value) = directive.split_once(' ').unwrap_or((directive, ""));
                match key {
                    "exit" => expected.status = value.trim().parse().unwrap_or(-1),
                    "stderr" => expected.stderr.push(value.to_owned()),
                    "args" => expected.arguments.extend(value.split_whitespace().map(str::to_owned)),
                    // An unknown directive must not go unnoticed: nothing prints this.
                    _ => expected.lines.push(format!("unknown directive '--! {key}'")),
                }
            } else if let Some(text) = expected_text(line) {
                expected.lines.push(text.to_owned());
            }
        }
        expected
    }

    /// Whether nothing at all is expected, so that the script tests only by its status.
    pub(crate) fn is_silent(&self) -> bool {
        self.lines.is_empty() && self.stderr.is_empty()
    }

    /// What is wrong with a result, or `None`.
    pub(crate) fn difference(&self, finished: &Finished) -> Option<String> {
        let output = String::from_utf8_lossy(&finished.stdout);
        let actual: Vec<&str> = output.lines().collect();
        for index in 0..self.lines.len().max(actual.len()) {
            let (expected, actual) = (self.lines.get(index).map(String::as_str), actual.get(index).copied());
            if expected != actual {
                let show = |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("'{line}'"));
                let mut text = format!("line {}: expected {}, got {}", index + 1, show(expected), show(actual));
                if finished.end != End::Exit(self.status) {
                    text += &format!("; {}: {}", finished.end, finished.last_words());
                }
                return Some(text);
            }
        }
        if finished.end != End::Exit(self.status) {
            return Some(format!("{}, expected {}: {}", finished.end, self.status, finished.last_words()));
        }
        let messages = String::from_utf8_lossy(&finished.stderr);
        let missing = self.stderr.iter().find(|text| !messages.contains(text.as_str()))?;
        Some(format!("standard error lacks '{missing}': {}", messages.trim()))
    }
}

/// The text after `-->` if the line ends in such a comment.
///
/// A `-->` in a quoted string does not count; long strings that span lines are
/// not followed, so a corpus script must not have `-->` inside one.
fn expected_text(line: &str) -> Option<&str> {
    let bytes = line.as_bytes();
    let mut quote = None;
    let mut index = 0;
    while index < bytes.len() {
        match (quote, bytes[index]) {
            (Some(_), b'\\') => index += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, b'-') if bytes[index..].starts_with(b"--") => {
                let text = line[index..].strip_prefix("-->")?;
                return match text.strip_prefix(' ') {
                    Some(text) => Some(text),
                    None => text.is_empty().then_some(text),
                };
            }
            _ => {}
        }
        index += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn finished(stdout: &str, stderr: &str, status: i32) -> Finished {
        Finished {
            end: End::Exit(status),
            stdout: stdout.into(),
            stderr: stderr.into(),
            wall: Duration::ZERO,
            user: Duration::ZERO,
            peak: 0,
        }
    }

    #[test]
    fn comments_become_lines() {
        let source = "print(1) --> 1\nprint('a --> b', \"\\\"\") --> a --> b\t\"\n--> more\nprint() -->\n-- plain --> not\n";
        assert_eq!(Expectation::parse(source).lines, ["1", "a --> b\t\"", "more", ""]);
    }

    #[test]
    fn results_are_compared() {
        let expected = Expectation::parse("print(1) --> 1\n--! exit 3\n--! stderr oops\n--! args a b\n");
        assert_eq!(expected.arguments, ["a", "b"]);
        assert_eq!(expected.difference(&finished("1\n", "lua: oops!", 3)), None);
        assert!(expected.difference(&finished("2\n", "lua: oops!", 3)).is_some());
        assert!(expected.difference(&finished("1\n2\n", "lua: oops!", 3)).is_some());
        assert!(expected.difference(&finished("", "lua: oops!", 3)).is_some());
        assert!(expected.difference(&finished("1\n", "fine", 3)).is_some());
        assert!(expected.difference(&finished("1\n", "lua: oops!", 0)).is_some());
        assert!(Expectation::parse("--! exits 3").difference(&finished("", "", 0)).is_some());
    }
}
