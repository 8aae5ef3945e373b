//! Running the programs, engines in turns.

use std::time::Duration;

use crate::bench::program::Program;
use crate::engine::Engine;
use crate::process::{self, Finished};
use crate::task::Result;

/// What one program took on one engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// User CPU time of each run, in seconds.
    pub(crate) seconds: Vec<f64>,
    /// Peak resident memory of each run, in bytes.
    pub(crate) peaks: Vec<u64>,
    /// What the last run printed.
    pub(crate) output: Vec<u8>,
    /// Why a run did not count, if one did not.
    pub(crate) problem: Option<String>,
}

/// Measures every program on every engine that can run it; `None` where it
/// cannot. The outer index is the program's, the inner one the engine's.
///
/// The machine drifts, so one pass runs everything once, and within a pass the
/// engines follow each other on the same program, in an order that rotates.
///
/// # Errors
///
/// If an engine cannot be started.
pub(crate) fn run(programs: &[Program], engines: &[Engine], runs: usize, limit: Duration) -> Result<Vec<Vec<Option<Cell>>>> {
    let lua54: Vec<bool> = engines.iter().map(Engine::is_lua54).collect();
    let mut cells: Vec<Vec<Option<Cell>>> =
        programs.iter().map(|program| lua54.iter().map(|full| (*full || !program.needs_lua54).then(Cell::default)).collect()).collect();
    for pass in 0..runs {
        eprintln!("pass {} of {runs}", pass + 1);
        for (program, row) in programs.iter().zip(&mut cells) {
            for turn in 0..engines.len() {
                let index = (turn + pass) % engines.len();
                let Some(cell) = row[index].as_mut().filter(|cell| cell.problem.is_none()) else {
                    continue;
                };
                let mut command = engines[index].command();
                command.arg(&program.path);
                record(cell, process::run(command, limit)?);
            }
        }
    }
    Ok(cells)
}

fn record(cell: &mut Cell, finished: Finished) {
    if finished.succeeded() {
        cell.seconds.push(finished.user.as_secs_f64());
        cell.peaks.push(finished.peak);
        cell.output = finished.stdout;
    } else {
        cell.problem = Some(format!("{}: {}", finished.end, finished.last_words()));
    }
}
