//! Lua scripts with known results, run by lua-cli.
//!
//! Two sets: [`own`], scripts of ours with the expected output on the line
//! ([`expectation`]), run in every configuration of [`configuration`]; and
//! [`official`], the suite of Lua 5.4.8, less what [`left_out`] names.

mod configuration;
mod expectation;
mod left_out;
mod official;
mod own;
mod rows;

use std::time::Duration;

use crate::arguments::Arguments;
use crate::cross;
use crate::engine::Engine;
use crate::jobs;
use crate::task::{Outcome, Result};

const USAGE: &str = "\
usage: cargo xtask test-suite [OPTIONS]

Runs our own corpus (xtask/corpus) in both dispatch back ends and in the stress
modes, and then the official suite of Lua 5.4.8 in its portable and its full
mode. The official suite comes from --dir, or from a clone that is kept in the
target directory; without either and without a network the own corpus still
runs, and the exit status is 3.

  --own              the own corpus only
  --official         the official suite only
  --dir PATH         where the official suite is (the folder with all.lua)
  --mode NAME        portable or full; both if not given
  --only TEXT        only scripts whose name contains TEXT (repeatable)
  --jobs N           scripts at the same time
  --timeout SECONDS  for one script (default 120; official 600)
  --config NAME      own corpus: only this configuration (repeatable)
  --collector NAME   official suite: run with this collector
  --stress           official suite: collect and move the stack as often as possible
  --looped           official suite: the looped dispatch back end
  --engine CMD       another program in place of lua-cli
  --target TRIPLE    lua-cli of another target: aarch64-unknown-linux-gnu under emulation
                     (needs gcc-aarch64-linux-gnu and qemu-user), i686-unknown-linux-gnu
                     for pointers of 32 bits (needs gcc-multilib)
  --verbose          own corpus: a row for scripts that pass, too";

/// The options that both sets of scripts share.
struct Options {
    engine: Engine,
    only: Vec<String>,
    jobs: usize,
    timeout: Option<Duration>,
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text.as_str()))
    }
}

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let own_only = arguments.flag("--own");
    let official_only = arguments.flag("--official");
    let verbose = arguments.flag("--verbose");
    let configurations = arguments.values("--config")?;
    let engine = arguments.value::<String>("--engine")?;
    let target = arguments.value::<String>("--target")?;
    let official = official::Options {
        directory: arguments.value("--dir")?,
        mode: arguments.value("--mode")?,
        collector: arguments.value("--collector")?,
        stress: arguments.flag("--stress"),
        looped: arguments.flag("--looped"),
    };
    let only = arguments.values("--only")?;
    let job_count = arguments.value("--jobs")?.unwrap_or_else(jobs::default_count);
    let timeout = arguments.value("--timeout")?.map(Duration::from_secs);
    arguments.finish_empty()?;

    // Another engine knows nothing of our configurations.
    let configurations = if engine.is_some() && configurations.is_empty() { vec![configuration::PLAIN.to_owned()] } else { configurations };
    let engine = match (engine, target) {
        (Some(command), None) => Engine::from_command(&command, &command)?,
        (None, None) => Engine::lua_cli()?,
        (None, Some(target)) => match cross::lua_cli(&target)? {
            Ok(engine) => engine,
            Err(missing) => {
                println!("{target}: NOT RUN. {missing}");
                return Ok(Outcome::Unavailable);
            }
        },
        (Some(_), Some(_)) => return Err("--engine and --target exclude each other".into()),
    };
    let options = Options { engine, only, jobs: job_count, timeout };
    let mut outcome = Outcome::Passed;
    if !official_only {
        outcome = outcome.and(own::run(&options, &configurations, verbose)?);
    }
    if !own_only {
        outcome = outcome.and(official::run(&options, &official)?);
    }
    Ok(outcome)
}
