//! How long it takes to open a VM with the standard library, beside `luaL_newstate` and `luaL_openlibs`.
//!
//! Opening alone: what it takes to close VMs is not counted. Once with all VMs kept open, where each takes new memory, and once with
//! each dropped before the next one is opened, where memory is used again.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::statistics::median;
use super::engine::{Engine, Task};
use crate::task::Result;

/// What opening a VM takes, and what opening a state of the reference implementation takes.
pub(super) struct Ratio {
    in_turn: bool,
    /// Microseconds of processor time: ours, the reference's.
    times: [f64; 2],
    ratio: f64,
}

/// Lets both engines open `count` VMs in `runs` processes each, in turns.
///
/// # Errors
///
/// If one of them fails.
pub(super) fn compare(ours: &Engine, reference: &Engine, count: usize, runs: usize, limit: Duration) -> Result<Vec<Ratio>> {
    let task = Task { work: "bare", modules: None, count, strings: 0, in_turn: false, stamps: false, limit };
    [false, true].into_iter().map(|in_turn| one(ours, reference, Task { in_turn, ..task }, runs)).collect()
}

fn one(ours: &Engine, reference: &Engine, task: Task<'_>, runs: usize) -> Result<Ratio> {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        for (engine, times) in [ours, reference].into_iter().zip(&mut times) {
            times.push(engine.run(task)?.open[1]);
        }
    }
    let ratios: Vec<f64> = times[0].iter().zip(&times[1]).map(|(ours, reference)| ours / reference).collect();
    let middle = |figures: &[f64]| median(figures).ok_or("no run");
    Ok(Ratio { in_turn: task.in_turn, times: [middle(&times[0])?, middle(&times[1])?], ratio: middle(&ratios)? })
}

impl Ratio {
    pub(super) fn json(&self) -> Value {
        json!({ "in_turn": self.in_turn, "lua_cli_us": self.times[0], "lua5.4_us": self.times[1], "ratio": self.ratio })
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.in_turn { "one after the other" } else { "all kept open" };
        let [ours, reference] = self.times;
        write!(f, "to open a VM, {how}: {ours:.1} us, lua5.4 {reference:.1} us, ratio {:.3}", self.ratio)
    }
}
