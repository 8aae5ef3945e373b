//! Running scripts on two engines and comparing what they print.

use std::path::PathBuf;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::engine::Engine;
use crate::jobs;
use crate::process::{self, Finished};
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask compare [DIR] [OPTIONS]

Runs every DIR/*.lua on lua-cli and on lua5.4, in DIR, and compares standard
output and exit status byte by byte. Without DIR: our scripts of corner cases
(xtask/compare). Where the reference is not installed the exit status is 3.

  --only TEXT        only scripts whose name contains TEXT
  --engine NAME=CMD  another engine in place of lua-cli
  --reference CMD    another reference in place of lua5.4
  --stderr           compare standard error too, without the program's name
  --timeout SECONDS  for one script (default 60)
  --jobs N           scripts at the same time";

/// Our own scripts: each looks at a few corner cases of one kind, and prints what comes out.
const OURS: &str = "xtask/compare";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let only: Vec<String> = arguments.values("--only")?;
    let with_stderr = arguments.flag("--stderr");
    let limit = Duration::from_secs(arguments.value("--timeout")?.unwrap_or(60));
    let job_count = arguments.value("--jobs")?.unwrap_or_else(jobs::default_count);
    let reference = arguments.value::<String>("--reference")?.unwrap_or_else(|| "lua5.4".into());
    let engine = arguments.value::<String>("--engine")?;
    let directories = arguments.finish()?;
    let directory = match directories.as_slice() {
        [] => workspace::root().join(OURS),
        [directory] => PathBuf::from(directory),
        _ => return Err(format!("one directory, please\n\n{USAGE}").into()),
    };
    let directory = directory.as_path();

    let Some(reference) = Engine::if_installed(&reference, &reference) else {
        println!("not compared: the reference '{reference}' is not installed");
        return Ok(Outcome::Unavailable);
    };
    let engine = match engine {
        Some(text) => Engine::from_named_command(&text)?,
        None => Engine::lua_cli()?,
    };
    let mut scripts = workspace::files_with_extension(directory, "lua")?;
    scripts.retain(|path| only.is_empty() || only.iter().any(|text| workspace::stem(path).contains(text)));
    if scripts.is_empty() {
        return Err(format!("no scripts to run in {}", directory.display()).into());
    }

    let differences = jobs::map(&scripts, job_count, |path| -> Result<Option<String>> {
        let script = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let run = |engine: &Engine| {
            let mut command = engine.command();
            command.current_dir(directory).arg(&script);
            process::run(command, limit)
        };
        Ok(difference(&run(&reference)?, &run(&engine)?, with_stderr))
    });

    let mut different = 0;
    for (path, difference) in scripts.iter().zip(differences) {
        if let Some(text) = difference? {
            different += 1;
            println!("{}: {text}\n", path.display());
        }
    }
    println!("{} scripts on {} and {}: {different} differ", scripts.len(), engine.name, reference.name);
    Ok(Outcome::passed_if(different == 0))
}

/// What differs first, or `None`.
fn difference(expected: &Finished, actual: &Finished, with_stderr: bool) -> Option<String> {
    if expected.stdout != actual.stdout {
        return Some(first_line_that_differs("output", &expected.stdout, &actual.stdout));
    }
    if expected.end != actual.end {
        return Some(format!("{}, expected {}; {}", actual.end, expected.end, actual.last_words()));
    }
    let (expected, actual) = (messages(&expected.stderr), messages(&actual.stderr));
    (with_stderr && expected != actual).then(|| first_line_that_differs("standard error", &expected, &actual))
}

/// Standard error without the name of the program at the start of a message.
fn messages(stderr: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(stderr);
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some((program, rest)) if program.rsplit('/').next().is_some_and(|name| name.starts_with("lua") && !name.contains(".lua")) => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

fn first_line_that_differs(what: &str, expected: &[u8], actual: &[u8]) -> String {
    let mut expected_lines = expected.split(|byte| *byte == b'\n');
    let mut actual_lines = actual.split(|byte| *byte == b'\n');
    let mut number = 1;
    loop {
        match (expected_lines.next(), actual_lines.next()) {
            (Some(left), Some(right)) if left == right => number += 1,
            (left, right) => {
                let show = |line: Option<&[u8]>| line.map_or("(nothing)".into(), |line| String::from_utf8_lossy(line).into_owned());
                return format!("{what}, line {number}\n  expected {}\n  got      {}", show(left), show(right));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        let text = first_line_that_differs("output", b"a\nb\nc\n", b"a\nx\nc\n");
        assert_eq!(text, "output, line 2\n  expected b\n  got      x");
        let text = first_line_that_differs("output", b"a\n", b"a\nb\n");
        assert!(text.contains("line 2"), "{text}");
    }

    #[test]
    fn the_name_of_the_program_does_not_count() {
        assert_eq!(messages(b"lua5.4: x.lua:1: no\n\t[C]: in ?"), messages(b"/t/lua-cli: x.lua:1: no\n\t[C]: in ?"));
        assert_ne!(messages(b"lua5.4: x.lua:1: no"), messages(b"lua5.4: x.lua:2: no"));
    }
}
