//! Rules about the workspace that the compiler does not know.
//!
//! [`edges`] compares the dependencies between crates with the allowed ones,
//! [`unsafe_code`] the files that hold `unsafe` with a list, and
//! [`crate::handlers`] looks at the machine code of the interpreter.

mod edges;
mod strip;
mod unsafe_code;

use crate::arguments::Arguments;
use crate::handlers;
use crate::task::{Outcome, Result};

const USAGE: &str = "\
usage: cargo xtask tidy [--source]

Checks the dependencies between the crates, the files that may hold `unsafe`,
and that threaded handlers end in a jump (see cargo xtask handlers).

  --source   only what needs no build";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let source_only = arguments.flag("--source");
    arguments.finish_empty()?;
    if source_only { check_source() } else { check() }
}

/// Checks everything. What this machine cannot check, for want of a
/// disassembler or on another processor, is said and does not fail.
pub(crate) fn check() -> Result<Outcome> {
    let source = check_source()?;
    Ok(match handlers::check()? {
        Outcome::Unavailable => source,
        outcome => source.and(outcome),
    })
}

fn check_source() -> Result<Outcome> {
    let mut problems = edges::check()?;
    problems.extend(unsafe_code::check()?);
    for problem in &problems {
        println!("tidy: {problem}");
    }
    if problems.is_empty() {
        println!("tidy: edges between crates and files with unsafe code are as declared");
    }
    Ok(Outcome::passed_if(problems.is_empty()))
}
