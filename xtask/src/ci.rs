//! What has to hold before a change lands.

use std::process::Command;
use std::time::Instant;

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::{tidy, workspace};

const USAGE: &str = "\
usage: cargo xtask ci [STEP...]

Runs the named steps, or all of them in this order:
  fmt      cargo fmt --check
  clippy   all targets, warnings are errors
  doc      the documentation builds without warnings
  tidy     cargo xtask tidy
  test     every test and doctest of the workspace";

const STEPS: [&str; 5] = ["fmt", "clippy", "doc", "tidy", "test"];

/// Runs the steps; all of them, even if one fails, so that one run shows
/// everything that is wrong.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let asked = arguments.finish()?;
    if let Some(unknown) = asked.iter().find(|step| !STEPS.contains(&step.as_str())) {
        return Err(format!("no step '{unknown}' (see --help)").into());
    }
    let steps = STEPS.iter().filter(|step| asked.is_empty() || asked.iter().any(|word| word == *step));

    let mut summary = Vec::new();
    let mut outcome = Outcome::Passed;
    for step in steps {
        println!("== {step}");
        let start = Instant::now();
        let result = run_step(step)?;
        summary.push(format!("{step:8} {:7} {:6.1} s", word(result), start.elapsed().as_secs_f64()));
        outcome = outcome.and(result);
    }
    println!("\n{}", summary.join("\n"));
    Ok(outcome)
}

fn run_step(step: &str) -> Result<Outcome> {
    let mut cargo = workspace::cargo();
    match step {
        "fmt" => cargo.args(["fmt", "--all", "--check"]),
        "clippy" => cargo.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        "doc" => cargo.args(["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings"),
        "test" => cargo.args(["test", "--quiet", "--workspace"]),
        _ => return tidy::check(),
    };
    succeeds(cargo)
}

fn succeeds(mut command: Command) -> Result<Outcome> {
    Ok(Outcome::passed_if(command.status()?.success()))
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "ok",
        Outcome::Failed => "FAILED",
        Outcome::Unavailable => "skipped",
    }
}
