//! What it takes to start and to do nothing, beside the reference.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::bench::statistics::median;
use crate::engine::Engine;
use crate::process;
use crate::task::{Outcome, Result};

const USAGE: &str = "\
usage: cargo xtask startup [OPTIONS]

Runs `-e \"\"` on lua-cli and on lua5.4 in turns, and compares the medians of
wall time and peak memory. Fails if a ratio is above its limit.

  --runs N           of each (default 100)
  --wall RATIO       limit of wall time (default 1.2)
  --memory RATIO     limit of peak memory (default 1.5)
  --engine NAME=CMD  another engine in place of lua-cli
  --reference CMD    another reference in place of lua5.4";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let runs = arguments.value("--runs")?.unwrap_or(100);
    let limits = Figures { wall: arguments.value("--wall")?.unwrap_or(1.2), memory: arguments.value("--memory")?.unwrap_or(1.5) };
    let reference = arguments.value::<String>("--reference")?.unwrap_or_else(|| "lua5.4".into());
    let engine = arguments.value::<String>("--engine")?;
    if !arguments.finish()?.is_empty() {
        return Err(format!("no arguments, please\n\n{USAGE}").into());
    }
    let Some(reference) = Engine::if_installed(&reference, &reference) else {
        println!("not compared: the reference '{reference}' is not installed");
        return Ok(Outcome::Unavailable);
    };
    let engine = match engine {
        Some(text) => Engine::from_named_command(&text)?,
        None => Engine::lua_cli()?,
    };
    let [ours, theirs] = measure(&[&engine, &reference], runs)?;
    let ratio = Figures { wall: ours.wall / theirs.wall, memory: ours.memory / theirs.memory };
    for (name, figures) in [(&engine.name, &ours), (&reference.name, &theirs)] {
        println!("{name:<12} {:7.2} ms {:8.0} KiB", figures.wall * 1e3, figures.memory / 1024.0);
    }
    println!("{:<12} {:7.2}    {:8.2}      (at most {} and {})", "ratio", ratio.wall, ratio.memory, limits.wall, limits.memory);
    Ok(Outcome::passed_if(ratio.wall <= limits.wall && ratio.memory <= limits.memory))
}

/// Seconds and bytes, or how many times as much.
struct Figures {
    wall: f64,
    memory: f64,
}

/// The medians of so many runs of each, in turns. Time and memory are measured apart, because what measures memory takes
/// time of its own.
fn measure(engines: &[&Engine; 2], runs: usize) -> Result<[Figures; 2]> {
    let mut samples = [const { (Vec::new(), Vec::new()) }; 2];
    for _ in 0..runs.max(1) {
        for (engine, (walls, peaks)) in engines.iter().zip(&mut samples) {
            walls.push(wall_time(engine)?);
            let mut command = engine.command();
            command.args(["-e", ""]);
            let finished = process::run(command, Duration::from_secs(60))?;
            if !finished.succeeded() {
                return Err(format!("{}: {}; {}", engine.name, finished.end, finished.last_words()).into());
            }
            peaks.push(finished.peak as f64);
        }
    }
    let figures =
        |(walls, peaks): &(Vec<f64>, Vec<f64>)| Figures { wall: median(walls).unwrap_or(0.0), memory: median(peaks).unwrap_or(0.0) };
    Ok([figures(&samples[0]), figures(&samples[1])])
}

fn wall_time(engine: &Engine) -> Result<f64> {
    let mut command = engine.command();
    command.args(["-e", ""]).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    command.status()?;
    Ok(start.elapsed().as_secs_f64())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn medians_tell_engines_apart() {
        let engine = |command: &str| Engine::from_command("engine", command).unwrap();
        let script = std::env::temp_dir().join(format!("xtask-startup-{}.sh", std::process::id()));
        std::fs::write(&script, "sleep 0.05").unwrap();
        let slow = engine(&format!("sh {}", script.display()));
        let [fast, slow] = measure(&[&engine("true"), &slow], 3).unwrap();
        std::fs::remove_file(script).unwrap();
        assert!(fast.wall > 0.0 && fast.wall < slow.wall && slow.wall >= 0.05);
        assert!(fast.memory > 0.0);
        assert!(measure(&[&engine("true"), &engine("false")], 1).is_err());
    }
}
