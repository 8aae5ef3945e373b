//! The ratios of an earlier run, kept in the repository.
//!
//! Ratios to the reference are kept rather than seconds, since they mean much
//! the same on another machine.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::bench::statistics::{geometric_mean, relative_spread};
use crate::bench::table::Table;
use crate::task::Result;

/// A program has moved if its ratio changed by more than this, or by more than
/// three times its own spread, whichever is larger.
const NOISE: f64 = 0.05;

/// Says which programs moved against the baseline at `path`.
///
/// # Errors
///
/// If the file exists and is not a baseline.
pub(crate) fn compare(table: &Table, path: &Path) -> Result<String> {
    let Ok(text) = fs::read_to_string(path) else {
        return Ok("no baseline to compare with".into());
    };
    let baseline: Value = serde_json::from_str(&text)?;
    Ok(moved(table, &baseline))
}

fn moved(table: &Table, baseline: &Value) -> String {
    let engine = &table.engines[0].name;
    if baseline["engine"] != json!(engine) || baseline["reference"] != json!(reference_name(table)) {
        return format!("the baseline is of {} and {}: not compared", baseline["engine"], baseline["reference"]);
    }
    let mut changes = Vec::new();
    for (index, program) in table.programs.iter().enumerate() {
        let (Some(now), Some(then)) = (table.ratio(index, 0), baseline["ratios"][&program.name].as_f64()) else {
            continue;
        };
        changes.push((program.name.as_str(), then, now, relative_spread(&table.ratios(index, 0))));
    }
    let Some(mean) = geometric_mean(changes.iter().map(|(_, then, now, _)| now / then)) else {
        return "the baseline has none of these programs".into();
    };
    changes.retain(|(_, then, now, spread)| (now / then).ln().abs() > NOISE.max(3.0 * spread));
    changes.sort_by(|left, right| (right.2 / right.1).total_cmp(&(left.2 / left.1)));
    let mut out = format!("against the baseline: {mean:.3} of its time; {} programs moved\n", changes.len());
    for (name, then, now, _) in changes {
        let word = if now > then { "slower" } else { "faster" };
        let _ = writeln!(out, "  {name:20} {then:.3} -> {now:.3}  {word}");
    }
    out
}

/// Keeps the ratios of the first engine.
///
/// # Errors
///
/// If there was no reference, or the file cannot be written.
pub(crate) fn save(table: &Table, path: &Path) -> Result<()> {
    let reference = reference_name(table).ok_or("a baseline needs the reference engine")?;
    let ratios: Map<String, Value> = table
        .all()
        .into_iter()
        .filter_map(|program| Some((table.programs[program].name.clone(), json!(rounded(table.ratio(program, 0)?)))))
        .collect();
    let memory: Map<String, Value> = table
        .all()
        .into_iter()
        .filter_map(|program| Some((table.programs[program].name.clone(), json!(rounded(table.memory_ratio(program, 0)?)))))
        .collect();
    let baseline = json!({
        "engine": table.engines[0].name,
        "reference": reference,
        "ratios": ratios,
        "memory_ratios": memory,
    });
    Ok(fs::write(path, serde_json::to_string_pretty(&baseline)? + "\n")?)
}

fn reference_name(table: &Table) -> Option<&str> {
    table.reference.map(|reference| table.engines[reference].name.as_str())
}

fn rounded(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::table::tests::example;

    #[test]
    fn only_what_moved_is_named() {
        let table = example();
        let baseline = |fib: f64| json!({ "engine": "lua-cli", "reference": "lua5.4", "ratios": { "fib": fib } });
        // The example's ratios are 0.5, 0.7 and 0.6: a spread of a sixth.
        assert!(moved(&table, &baseline(0.55)).contains("0 programs moved"));
        assert!(moved(&table, &baseline(0.2)).contains("slower"));
        assert!(moved(&table, &baseline(2.0)).contains("faster"));
        assert!(moved(&table, &json!({ "engine": "x" })).contains("not compared"));
    }
}
