//! `cargo xtask bench private`: what it costs one VM that its code could be shared.
//!
//! Runs programs on lua-cli as it is, and on the same lua-cli with `LUA_VM_CODE=private`: then the VM has own copies of the strings and
//! constants of its code. Instructions are counted by valgrind, where that is installed; processor time is measured in turns.

use std::process::Command;
use std::time::Duration;

use super::program::{self, Program};
use super::statistics::{geometric_mean, median};
use crate::arguments::Arguments;
use crate::engine::Engine;
use crate::process;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask bench private [OPTIONS]

Runs programs of xtask/bench on lua-cli with shared and with private code, and compares instructions (valgrind) and
user CPU time. Fails if the geometric mean of either is above its limit.

Cycles begin when a heap has grown to some size, and private code is part of the heap: where they fall can make a difference of
some percent either way in a program that makes much garbage. Another collector moves them.

  --collector NAME      with this collector rather than that of lua-cli (see LUA_VM_GC)
  --only TEXT           only programs whose name contains TEXT (repeatable)
  --runs N              timed runs of each (default 5)
  --no-time             count instructions only
  --no-instructions     measure time only
  --instructions RATIO  limit (default 1.01)
  --time RATIO          limit (default 1.03)
  --timeout SECONDS     for one run (default 600)";

/// What a program took with shared code, relative to private code.
struct Ratios {
    instructions: Option<f64>,
    time: Option<f64>,
}

/// Runs the task.
///
/// # Errors
///
/// If lua-cli cannot be built, or a program fails.
pub(super) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let only = arguments.values("--only")?;
    let collector = arguments.value::<String>("--collector")?;
    let runs = if arguments.flag("--no-time") { 0 } else { arguments.value("--runs")?.unwrap_or(5).max(1) };
    let counted = !arguments.flag("--no-instructions") && workspace::find_program("valgrind").is_some();
    let limits = (arguments.value("--instructions")?.unwrap_or(1.01), arguments.value("--time")?.unwrap_or(1.03));
    let limit = Duration::from_secs(arguments.value("--timeout")?.unwrap_or(600));
    arguments.finish_empty()?;

    let programs = program::load(&workspace::root().join(super::DIRECTORY), &only, &[])?;
    let collector = collector.as_deref().map(|name| ("LUA_VM_GC", name));
    let shared = Engine::lua_cli()?.with_environment("shared", collector.as_slice());
    let private = shared.with_environment("private", &[("LUA_VM_CODE", "private")]);
    println!("{:22} {:>12} {:>9}   (shared / private)", "program", "instructions", "CPU time");
    let mut all = Vec::new();
    for program in &programs {
        let ratios = Ratios {
            instructions: counted.then(|| instructions(&shared, &private, program, limit)).transpose()?,
            time: (runs > 0).then(|| time(&shared, &private, program, runs, limit)).transpose()?,
        };
        print_row(&program.name, &ratios);
        all.push(ratios);
    }
    let mean = Ratios {
        instructions: geometric_mean(all.iter().filter_map(|ratios| ratios.instructions)),
        time: geometric_mean(all.iter().filter_map(|ratios| ratios.time)),
    };
    print_row("geometric mean", &mean);
    Ok(Outcome::passed_if(mean.instructions.is_none_or(|ratio| ratio <= limits.0) && mean.time.is_none_or(|ratio| ratio <= limits.1)))
}

fn print_row(name: &str, ratios: &Ratios) {
    let text = |ratio: Option<f64>| ratio.map_or("-".into(), |ratio| format!("{ratio:.4}"));
    println!("{name:22} {:>12} {:>9}", text(ratios.instructions), text(ratios.time));
}

/// The ratio of the instructions of one run each.
fn instructions(shared: &Engine, private: &Engine, program: &Program, limit: Duration) -> Result<f64> {
    Ok(count(shared, program, limit)? / count(private, program, limit)?)
}

fn count(engine: &Engine, program: &Program, limit: Duration) -> Result<f64> {
    let inner = engine.command();
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(inner.get_program())
        .args(inner.get_args());
    for (variable, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    command.arg(&program.path);
    let finished = process::run(command, limit)?;
    if !finished.succeeded() {
        return Err(format!("{}: {}: {}", program.name, finished.end, finished.last_words()).into());
    }
    let text = String::from_utf8_lossy(&finished.stderr);
    counted(&text).ok_or_else(|| format!("{}: valgrind counted nothing", program.name).into())
}

/// The number behind `I refs:`.
fn counted(text: &str) -> Option<f64> {
    let words = text.lines().rev().find_map(|line| line.split_once("I ").filter(|(_, rest)| rest.trim_start().starts_with("refs:")))?;
    words.1.rsplit(' ').next()?.replace(',', "").parse().ok()
}

/// The median of the ratios of user CPU time of runs that follow each other.
fn time(shared: &Engine, private: &Engine, program: &Program, runs: usize, limit: Duration) -> Result<f64> {
    let mut ratios = Vec::new();
    for pass in 0..runs {
        let mut seconds = [0.0; 2];
        for turn in [pass % 2, 1 - pass % 2] {
            let mut command = [shared, private][turn].command();
            command.arg(&program.path);
            let finished = process::run(command, limit)?;
            if !finished.succeeded() {
                return Err(format!("{}: {}: {}", program.name, finished.end, finished.last_words()).into());
            }
            seconds[turn] = finished.user.as_secs_f64();
        }
        ratios.push(seconds[0] / seconds[1]);
    }
    median(&ratios).ok_or_else(|| "no run".into())
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn what_valgrind_counted() {
        assert_eq!(counted("==1== \n==1== I   refs:      1,234,567\n"), Some(1_234_567.0));
        assert_eq!(counted("==1== I  refs: 12"), Some(12.0));
        assert_eq!(counted("nothing"), None);
    }
}
