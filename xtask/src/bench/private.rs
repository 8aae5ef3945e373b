//! `cargo xtask bench private`: what it costs one VM that its code could be shared.
//!
//! Runs programs on lua-cli as it is, and on the same lua-cli with `LUA_VM_CODE=private`: then the VM has own copies of the strings and
//! constants of its code. Instructions are counted by valgrind, where that is installed; processor time is measured in turns.
//!
//! Where the cycles of the collector begin is an accident: some bytes more or less, and they fall on other moments of the program, with
//! more or less to trace. So each program runs with several *ballasts*, strings of different lengths that are there before it
//! begins, and what is compared are means.

use std::io::Write;
use std::process::Command;
use std::time::Duration;

use super::program::{self, Program};
use super::statistics::{Estimate, geometric_mean};
use crate::arguments::Arguments;
use crate::engine::Engine;
use crate::task::{Outcome, Result};
use crate::{jobs, process, workspace};

const USAGE: &str = "\
usage: cargo xtask bench private [OPTIONS]

Runs programs of xtask/bench on lua-cli with shared and with private code, and compares instructions (valgrind) and
user CPU time. Fails if the geometric mean of either is above its limit, or one program by more than two standard errors.

Cycles of the collector begin when a heap has grown to some size, and private code is part of the heap: where they fall
moves the figures of a program that makes garbage by some percent either way. So programs run with several ballasts,
strings that are there before they begin and move the cycles; the table shows the ratio of the means and its standard
error. A program whose first two counts agree to a thousandth has no cycles that matter, and is not counted again.

  --collector NAME      with this collector rather than that of lua-cli (see LUA_VM_GC); 'none' shows what the code
                        alone takes, for programs that need little memory
  --only TEXT           only programs whose name contains TEXT (repeatable)
  --group NAME          only programs of this group (repeatable)
  --ballasts N          counted runs of each with and without sharing (default 8)
  --jobs N              counted runs at the same time (default: the processors)
  --runs N              timed runs of each (default 9), one at a time
  --no-time             count instructions only
  --no-instructions     measure time only
  --instructions RATIO  limit (default 1.01)
  --time RATIO          limit (default 1.03)
  --timeout SECONDS     for one run (default 600)";

/// Cycles move by this many bytes: the fewest that are allocated between two of them.
const PERIOD: usize = 64 * 1024;

/// Counts that differ by less have nothing to do with cycles.
const STEADY: f64 = 0.001;

/// The two ways to run a program.
struct Twins {
    shared: Engine,
    private: Engine,
    /// For one run.
    limit: Duration,
}

/// What a program took with shared code, relative to private code.
struct Ratios {
    instructions: Option<Estimate>,
    time: Option<Estimate>,
}

/// The options that say what is measured.
struct Plan {
    /// The most ballasts with which instructions are counted; 0 for no counting.
    ballasts: usize,
    jobs: usize,
    runs: usize,
    /// Of instructions and of time.
    limits: (f64, f64),
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
    let groups = arguments.values("--group")?;
    let collector = arguments.value::<String>("--collector")?;
    let plan = Plan::take(&mut arguments)?;
    let limit = Duration::from_secs(arguments.value("--timeout")?.unwrap_or(600));
    arguments.finish_empty()?;

    let programs = program::load(&workspace::root().join(super::DIRECTORY), &only, &groups)?;
    let collector = collector.as_deref().map(|name| ("LUA_VM_GC", name));
    let shared = Engine::lua_cli()?.with_environment("shared", collector.as_slice());
    let private = shared.with_environment("private", &[("LUA_VM_CODE", "private")]);
    plan.compare(&programs, &Twins { shared, private, limit })
}

impl Plan {
    fn take(arguments: &mut Arguments) -> Result<Plan> {
        let runs = arguments.value("--runs")?.unwrap_or(9).max(1);
        let ballasts = arguments.value("--ballasts")?.unwrap_or(8).max(2);
        let counted = !arguments.flag("--no-instructions") && workspace::find_program("valgrind").is_some();
        Ok(Plan {
            ballasts: if counted { ballasts } else { 0 },
            jobs: arguments.value("--jobs")?.unwrap_or_else(jobs::default_count),
            runs: if arguments.flag("--no-time") { 0 } else { runs },
            limits: (arguments.value("--instructions")?.unwrap_or(1.01), arguments.value("--time")?.unwrap_or(1.03)),
        })
    }

    fn compare(&self, programs: &[Program], twins: &Twins) -> Result<Outcome> {
        println!("{:22} {:>17} {:>17}   (shared / private)", "program", "instructions", "CPU time");
        // Counting does not mind company, timing does.
        let counted: Vec<_> = if self.ballasts == 0 {
            programs.iter().map(|_| Ok(None)).collect()
        } else {
            jobs::map(programs, self.jobs, |program| {
                let counts = instructions(twins, program, self.ballasts);
                if let Ok(estimate) = &counts {
                    print_row(&program.name, &Ratios { instructions: Some(*estimate), time: None });
                }
                counts.map(Some).map_err(|error| error.to_string())
            })
        };
        let mut all = Vec::new();
        for (program, instructions) in programs.iter().zip(counted) {
            let time = (self.runs > 0).then(|| time(twins, program, self.runs)).transpose()?;
            let ratios = Ratios { instructions: instructions?, time };
            if self.runs > 0 {
                print_row(&program.name, &ratios);
            }
            all.push((program.name.as_str(), ratios));
        }
        Ok(self.judge(&all))
    }

    fn judge(&self, all: &[(&str, Ratios)]) -> Outcome {
        let mean = |of: fn(&Ratios) -> Option<Estimate>| {
            let ratio = geometric_mean(all.iter().filter_map(|(_, ratios)| of(ratios)).map(|estimate| estimate.value))?;
            Some(Estimate { value: ratio, error: 0.0 })
        };
        let mean = Ratios { instructions: mean(|ratios| ratios.instructions), time: mean(|ratios| ratios.time) };
        print_row("geometric mean", &mean);
        let above: Vec<&str> = all.iter().filter(|(_, ratios)| self.is_above(ratios)).map(|(name, _)| *name).collect();
        if !above.is_empty() {
            println!("PROBLEM above the limits: {}", above.join(", "));
        }
        Outcome::passed_if(above.is_empty() && !self.is_above(&mean))
    }

    fn is_above(&self, ratios: &Ratios) -> bool {
        let above = |estimate: Option<Estimate>, limit: f64| estimate.is_some_and(|e| e.value - 2.0 * e.error > limit);
        above(ratios.instructions, self.limits.0) || above(ratios.time, self.limits.1)
    }
}

fn print_row(name: &str, ratios: &Ratios) {
    let text = |estimate: Option<Estimate>| estimate.map_or("-".into(), |e| format!("{:.4} ± {:.4}", e.value, e.error));
    println!("{name:22} {:>17} {:>17}", text(ratios.instructions), text(ratios.time));
    // Somebody may read it from a file while this goes on.
    let _ = std::io::stdout().flush();
}

/// The instructions of runs with different ballasts.
fn instructions(twins: &Twins, program: &Program, ballasts: usize) -> Result<Estimate> {
    let (mut shared, mut private) = (Vec::new(), Vec::new());
    for turn in 0..ballasts {
        if turn == 2 && is_steady(&shared) && is_steady(&private) {
            break;
        }
        let ballast = turn * PERIOD / ballasts;
        shared.push(count(&twins.shared, program, ballast, twins.limit)?);
        private.push(count(&twins.private, program, ballast, twins.limit)?);
    }
    Estimate::of_means(&shared, &private).ok_or_else(|| "no run".into())
}

/// Whether two counts are the same but for accidents such as addresses.
fn is_steady(counts: &[f64]) -> bool {
    counts.windows(2).all(|pair| (pair[0] / pair[1] - 1.0).abs() < STEADY)
}

/// The command that runs a program behind a string of `ballast` bytes.
fn command(engine: &Engine, program: &Program, ballast: usize) -> Command {
    let mut command = engine.command();
    command.arg("-e").arg(format!("ballast = string.rep('x', {ballast})")).arg(&program.path);
    command
}

fn count(engine: &Engine, program: &Program, ballast: usize, limit: Duration) -> Result<f64> {
    let inner = command(engine, program, ballast);
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

/// The user CPU time of runs in turns, with different ballasts.
fn time(twins: &Twins, program: &Program, runs: usize) -> Result<Estimate> {
    let mut ratios = Vec::new();
    for pass in 0..runs {
        let mut seconds = [0.0; 2];
        for turn in [pass % 2, 1 - pass % 2] {
            let finished = process::run(command([&twins.shared, &twins.private][turn], program, pass * PERIOD / runs), twins.limit)?;
            if !finished.succeeded() {
                return Err(format!("{}: {}: {}", program.name, finished.end, finished.last_words()).into());
            }
            seconds[turn] = finished.user.as_secs_f64();
        }
        ratios.push(seconds[0] / seconds[1]);
    }
    Estimate::of_median(&ratios).ok_or_else(|| "no run".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_valgrind_counted() {
        assert_eq!(counted("==1== \n==1== I   refs:      1,234,567\n"), Some(1_234_567.0));
        assert_eq!(counted("==1== I  refs: 12"), Some(12.0));
        assert_eq!(counted("nothing"), None);
    }

    #[test]
    fn one_program_above_its_limit_fails_the_task_if_it_is_no_accident() {
        let plan = Plan { ballasts: 8, jobs: 1, runs: 0, limits: (1.01, 1.03) };
        let ratios = |value, error| Ratios { instructions: Some(Estimate { value, error }), time: None };
        let judge = |value, error| plan.judge(&[("a", ratios(0.9, 0.0)), ("b", ratios(value, error))]);
        assert_eq!(judge(1.04, 0.02), Outcome::Passed);
        assert_eq!(judge(1.04, 0.01), Outcome::Failed);
        // The mean.
        assert_eq!(judge(1.2, 0.2), Outcome::Failed);
        assert_eq!(judge(1.1, 0.2), Outcome::Passed);
    }

    #[test]
    fn steady_counts() {
        assert!(is_steady(&[1e9, 1.0005e9]));
        assert!(!is_steady(&[1e9, 1.002e9]));
    }
}
