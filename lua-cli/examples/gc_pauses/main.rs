//! How long a program has to wait for its collector.
//!
//! 1.6 million tables are alive; then each of 400,000 iterations replaces 20 of them at random, makes 20 that die at
//! once, and writes to 20 old ones (`workload.lua`). Every iteration is timed on the thread's CPU clock, so that other
//! processes do not count, and on the wall's.
//!
//! ```text
//! cargo run --release -p lua-cli --example gc_pauses -- [--collector NAME]... [--chunks] [--stacks] [--weak] [--json]
//! ```
//!
//! Each collector runs in a process of its own, so that peaks of memory are its own.

mod clocks;
mod longest;
mod options;
mod report;
mod run;

use std::process::{Command, ExitCode};

use options::Options;

fn main() -> ExitCode {
    let options = match Options::from_arguments(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{}", options::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(problem) => return fail(&problem),
    };
    let done = match options.collectors.as_slice() {
        [one] => run::run(&options, *one).map(|report| println!("{}", if options.json { report.json() } else { report.text() })),
        _ => each_in_a_process(&options),
    };
    done.map_or_else(|problem| fail(&problem), |()| ExitCode::SUCCESS)
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("gc_pauses: {problem}");
    ExitCode::FAILURE
}

/// Runs this program again for each collector.
fn each_in_a_process(options: &Options) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    for collector in &options.collectors {
        let status = Command::new(&program).args(options.arguments_for(*collector)).status().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("{} failed", options::name(*collector)));
        }
    }
    Ok(())
}
