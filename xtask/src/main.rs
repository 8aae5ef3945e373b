//! The tasks around the workspace, as `cargo xtask TASK`.
//!
//! One file per task: [`ci`] (what has to hold before a change lands),
//! [`tidy`] (edges between crates, files that may hold `unsafe`), [`handlers`]
//! (the shape of the machine code), [`test_suite`] (Lua scripts with their
//! expected output), [`mod@bench`], [`compare`] and [`startup`] (our engine beside others).
//!
//! Nothing here links the engine: the tasks run cargo and the programs that it
//! builds, and look at what comes out.

mod arguments;
mod bench;
mod ci;
mod compare;
mod cross;
mod engine;
mod fuzz;
mod handlers;
mod jobs;
mod layout;
mod process;
mod startup;
mod task;
mod test_suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use arguments::Arguments;
use task::{Outcome, Result};

const USAGE: &str = "\
usage: cargo xtask TASK [OPTIONS]

  ci            fmt, clippy, doc, test and tidy
  tidy          edges between crates, files that may hold unsafe, shape of handlers
  handlers      check that threaded handlers end in a jump (builds lua-cli)
  test-suite    the own corpus and the official suite of Lua 5.4.8
  bench         our benchmark programs on lua-cli and on other engines
  compare       run the scripts of a directory on two engines, compare what they print
  startup       what starting takes, beside lua5.4
  layout        the order of the functions in lua-cli, from what programs run
  fuzz          damaged sources and chunks, random programs, refused charges, deep recursion

`cargo xtask TASK --help` lists the options of a task.
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    if words.peek().is_some_and(|word| handlers::is_compiler(word)) {
        return handlers::compile_with_readable_names(words);
    }
    let task = words.next().unwrap_or_default();
    match run(&task, Arguments::new(words)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(task: &str, arguments: Arguments) -> Result<Outcome> {
    match task {
        "ci" => ci::run(arguments),
        "tidy" => tidy::run(arguments),
        "handlers" => handlers::run(arguments),
        "test-suite" => test_suite::run(arguments),
        "bench" => bench::run(arguments),
        "compare" => compare::run(arguments),
        "startup" => startup::run(arguments),
        "layout" => layout::run(arguments),
        "fuzz" => fuzz::run(arguments),
        "" | "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(Outcome::Passed)
        }
        other => Err(format!("no task '{other}'\n\n{USAGE}").into()),
    }
}
