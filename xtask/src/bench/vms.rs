//! `cargo xtask bench vms`: what many VMs cost in one process, beside states of the reference implementation.
//!
//! The example `vms` of lua-cli and [a C program](vms/reference.c) that does the same with liblua5.4 open N VMs, each in a
//! process of its own; what the system says about the peak of the process, for several N, tells what one more VM costs.
//! [`opening`] compares the time to open one.

mod chart;
mod engine;
mod opening;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::workspace;
use engine::{Engine, Sample, Task};

const USAGE: &str = "\
usage: cargo xtask bench vms [OPTIONS]

Opens N VMs at once, with the standard library only, with all modules of a directory loaded, and with them run:
lua-cli's example vms beside states of liblua5.4 (with a C compiler and its headers; without them, alone).
Memory is the peak of the process; what one more VM costs is the difference between the smallest and the
largest N. Times are processor time of the thread, the median of the VMs after the first. Writes vms.json and vms.svg into the bench folder of the target directory.

  --modules DIR    the modules; without it only bare VMs are opened
  --counts LIST    values of N (default 10,40,70,100)
  --runs N         runs of each; times are medians (default 3)
  --openings N     VMs that are opened to measure how long that takes (default 1000)
  --strings N      also: run after making N of the modules' string constants at run time
  --timeout SECONDS  for one run (default 300)";

/// What is done in each VM.
const WORKS: [&str; 3] = ["bare", "load", "run"];

/// All samples of one engine and one kind of work.
struct Row {
    engine: String,
    work: String,
    samples: Vec<Sample>,
}

impl Row {
    /// Bytes that each further VM adds to the peak of the process.
    fn marginal(&self) -> Option<f64> {
        let (first, last) = (self.samples.first()?, self.samples.last()?);
        (last.count > first.count).then(|| (last.peak as f64 - first.peak as f64) / (last.count - first.count) as f64)
    }
}

/// Runs the task.
///
/// # Errors
///
/// If an engine cannot be built or does not answer.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let modules = arguments.value::<PathBuf>("--modules")?.map(fs::canonicalize).transpose()?;
    let counts = counts(&arguments.value::<String>("--counts")?.unwrap_or_else(|| "10,40,70,100".into()))?;
    let runs = arguments.value("--runs")?.unwrap_or(3).max(1);
    let strings = arguments.value::<usize>("--strings")?.unwrap_or(0);
    let openings = arguments.value::<usize>("--openings")?.unwrap_or(1000).max(2);
    let limit = Duration::from_secs(arguments.value("--timeout")?.unwrap_or(300));
    arguments.finish_empty()?;

    let directory = workspace::target_directory()?.join("bench");
    fs::create_dir_all(&directory)?;
    let mut engines = vec![Engine::example()?];
    match Engine::reference(&directory)? {
        Some(reference) => engines.push(reference),
        None => println!("no C compiler, or no headers of liblua5.4: the reference is left out"),
    }
    let mut rows = Vec::new();
    let task = Task { work: "bare", modules: modules.as_deref(), count: 1, strings: 0, in_turn: false, stamps: false, limit };
    for work in WORKS.into_iter().filter(|work| modules.is_some() || *work == "bare") {
        rows.extend(measure(&engines, Task { work, ..task }, work, &counts, runs)?);
    }
    if modules.is_some() {
        rows.extend(measure(&engines[..1], Task { work: "load", stamps: true, ..task }, "load, with stamps", &counts, runs)?);
    }
    if strings > 0 && modules.is_some() {
        let name = format!("run, {strings} strings first");
        rows.extend(measure(&engines[..1], Task { work: "run", strings, ..task }, &name, &counts, runs)?);
    }
    print!("{}", table(&rows));
    let ratios = match &engines[..] {
        [ours, reference] => opening::compare(ours, reference, openings, runs, limit)?,
        _ => Vec::new(),
    };
    for ratio in &ratios {
        println!("{ratio}");
    }
    fs::write(directory.join("vms.json"), serde_json::to_vec_pretty(&report(&rows, &ratios))?)?;
    fs::write(directory.join("vms.svg"), chart::svg(&rows))?;
    println!("wrote vms.json and vms.svg to {}", directory.display());
    Ok(Outcome::Passed)
}

/// `10,100` as numbers, smallest first.
fn counts(text: &str) -> Result<Vec<usize>> {
    let mut counts = Vec::new();
    for word in text.split(',') {
        let count: usize = word.trim().parse().map_err(|_| format!("'{word}' is no number of VMs"))?;
        counts.push(count.max(1));
    }
    counts.sort_unstable();
    counts.dedup();
    Ok(counts)
}

/// A row for each engine, which run in turns.
fn measure(engines: &[Engine], task: Task<'_>, name: &str, counts: &[usize], runs: usize) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = engines.iter().map(|e| Row { engine: e.name.clone(), work: name.into(), samples: Vec::new() }).collect();
    for &count in counts {
        let mut all: Vec<Vec<Sample>> = engines.iter().map(|_| Vec::new()).collect();
        for _ in 0..runs {
            for (engine, samples) in engines.iter().zip(&mut all) {
                samples.push(engine.run(Task { count, ..task })?);
            }
        }
        for (row, samples) in rows.iter_mut().zip(all) {
            row.samples.push(Sample::median(samples));
        }
    }
    Ok(rows)
}

/// The rows for a terminal. Times are those of the largest N.
fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "{:26} {:10} {:>12} {:>11} {:>11} {:>12} {:>12} {:>7}\n",
        "work", "engine", "KB each VM", "open first", "open later", "work first", "work later", "failed"
    );
    for row in rows {
        let marginal = row.marginal().map_or("-".into(), |bytes| format!("{:.1}", bytes / 1024.0));
        let Some(last) = row.samples.last() else { continue };
        out += &format!(
            "{:26} {:10} {marginal:>12} {:>8.1} us {:>8.1} us {:>9.1} us {:>9.1} us {:>7}\n",
            row.work, row.engine, last.open[0], last.open[1], last.work[0], last.work[1], last.failed
        );
    }
    out
}

fn report(rows: &[Row], opening: &[opening::Ratio]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let samples: Vec<Value> = row.samples.iter().map(Sample::json).collect();
            json!({ "engine": row.engine, "work": row.work, "marginal_bytes": row.marginal(), "samples": samples })
        })
        .collect();
    let opening: Vec<Value> = opening.iter().map(opening::Ratio::json).collect();
    json!({ "rows": rows, "opening": opening })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_more_vm_costs_is_the_slope() {
        let sample = |count, peak| Sample { count, peak, ..Sample::default() };
        let mut row = Row { engine: "e".into(), work: "bare".into(), samples: vec![sample(10, 5_000), sample(110, 25_000)] };
        assert_eq!(row.marginal(), Some(200.0));
        row.samples.pop();
        assert_eq!(row.marginal(), None);
        assert!(table(&[row]).contains(" - "));
    }

    #[test]
    fn numbers_of_vms_are_sorted() {
        assert_eq!(counts("100, 10,10").unwrap(), [10, 100]);
        assert!(counts("10,x").is_err());
    }
}
