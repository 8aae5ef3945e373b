//! The table as text, as Markdown and as JSON.

use std::fmt::Write;
use std::fs;

use serde_json::{Map, Value, json};

use crate::bench::statistics::relative_spread;
use crate::bench::table::Table;

/// How many of the worst rows are listed.
const WORST_ROWS: usize = 10;

/// The report for a terminal.
pub(crate) fn text(table: &Table) -> String {
    let mut out = String::new();
    let width = table.engines.iter().map(|engine| engine.name.len()).max().unwrap_or(0).max(22);
    let _ = write!(out, "{:22}", "user seconds, ratio");
    for engine in &table.engines {
        let _ = write!(out, " {:>width$}", engine.name);
    }
    for (group, programs) in table.groups() {
        let _ = write!(out, "\n{group}\n");
        for program in programs {
            let _ = write!(out, "  {:20}", table.programs[program].name);
            for engine in 0..table.engines.len() {
                let _ = write!(out, " {:>width$}", time_and_ratio(table, program, engine));
            }
            out.push('\n');
        }
    }
    for (title, means) in means(table) {
        let _ = write!(out, "\n{title}\n");
        for (name, values) in means {
            let _ = write!(out, "  {name:20}");
            for value in values {
                let _ = write!(out, " {:>width$}", number(value));
            }
            out.push('\n');
        }
    }
    let _ = write!(out, "\nworst rows of {}\n", table.engines[0].name);
    for (program, ratio) in table.worst(0).into_iter().take(WORST_ROWS) {
        let _ = writeln!(out, "  {:20} {ratio:.3}", table.programs[program].name);
    }
    out
}

/// The report as a page of documentation, of so many runs, with the chart in the file beside it.
pub(crate) fn markdown(table: &Table, runs: usize, chart: &str) -> String {
    let mut out = String::from("# Benchmarks\n\n");
    let _ = writeln!(
        out,
        "Machine: {}. The programs stand in `xtask/bench`; every engine ran each of them {runs} times, in turns:\n",
        machine()
    );
    let looped = if table.engines.iter().any(|engine| engine.name.ends_with("looped")) { " --looped" } else { "" };
    let _ = writeln!(out, "```sh\ncargo xtask bench --runs {runs}{looped}\n```\n");
    for engine in &table.engines {
        let _ = writeln!(out, "- {}: {} (`{}`)", engine.name, engine.version, engine.command);
    }
    let _ = writeln!(out, "\n![Ratios of user time to the reference, by program]({chart})");
    out.push_str("\nUser CPU seconds (median) and, in parentheses, the median ratio to the reference.\n\n");
    let names: Vec<&str> = table.engines.iter().map(|engine| engine.name.as_str()).collect();
    let _ = writeln!(out, "| program | group | {} |", names.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---:|".repeat(names.len()));
    for (group, programs) in table.groups() {
        for program in programs {
            let cells: Vec<String> = (0..names.len()).map(|engine| time_and_ratio(table, program, engine)).collect();
            let _ = writeln!(out, "| {} | {group} | {} |", table.programs[program].name, cells.join(" | "));
        }
    }
    for (title, means) in means(table) {
        let _ = writeln!(out, "\n| {title} | {} |", names.join(" | "));
        let _ = writeln!(out, "|---|{}", "---:|".repeat(names.len()));
        for (name, values) in means {
            let values: Vec<String> = values.into_iter().map(number).collect();
            let _ = writeln!(out, "| {name} | {} |", values.join(" | "));
        }
    }
    out
}

/// Everything measured, for programs.
pub(crate) fn json(table: &Table) -> Value {
    let engines: Vec<Value> =
        table.engines.iter().map(|engine| json!({ "name": engine.name, "command": engine.command, "version": engine.version })).collect();
    let programs: Vec<Value> = (0..table.programs.len())
        .map(|program| {
            let mut cells = Map::new();
            for (index, engine) in table.engines.iter().enumerate() {
                let Some(cell) = table.cell(program, index) else { continue };
                cells.insert(
                    engine.name.clone(),
                    json!({
                        "user_seconds": cell.seconds,
                        "peak_bytes": cell.peaks,
                        "ratio": table.ratio(program, index),
                        "memory_ratio": table.memory_ratio(program, index),
                        "spread": relative_spread(&table.ratios(program, index)),
                    }),
                );
            }
            json!({ "name": table.programs[program].name, "group": table.programs[program].group, "engines": cells })
        })
        .collect();
    let means: Map<String, Value> = means(table)
        .into_iter()
        .map(|(title, rows)| {
            let rows: Map<String, Value> = rows
                .into_iter()
                .map(|(name, values)| {
                    let values = table.engines.iter().map(|engine| engine.name.clone()).zip(values.into_iter().map(Value::from));
                    (name, Value::Object(values.collect()))
                })
                .collect();
            (title.to_owned(), Value::Object(rows))
        })
        .collect();
    json!({
        "machine": machine(),
        "reference": table.reference.map(|reference| &table.engines[reference].name),
        "engines": engines,
        "programs": programs,
        "geometric_means": means,
        "problems": table.problems(),
    })
}

/// The name of a row, and one figure for each engine.
type MeanRow = (String, Vec<Option<f64>>);

fn means(table: &Table) -> Vec<(&'static str, Vec<MeanRow>)> {
    let (all, common) = (table.all(), table.common());
    let mut rows: Vec<(String, Vec<usize>)> = table.groups().into_iter().map(|(group, programs)| (group.to_owned(), programs)).collect();
    rows.push((format!("all {}", all.len()), all.clone()));
    if common.len() < all.len() {
        rows.push((format!("{} that all ran", common.len()), common));
    }
    let figures = |mean: &dyn Fn(&[usize], usize) -> Option<f64>| -> Vec<MeanRow> {
        let engines = 0..table.engines.len();
        rows.iter().map(|(name, programs)| (name.clone(), engines.clone().map(|engine| mean(programs, engine)).collect())).collect()
    };
    vec![
        ("geometric mean of time", figures(&|programs, engine| table.mean(programs, engine))),
        ("geometric mean of peak memory", figures(&|programs, engine| table.memory_mean(programs, engine))),
    ]
}

fn time_and_ratio(table: &Table, program: usize, engine: usize) -> String {
    let Some(seconds) = table.seconds(program, engine) else {
        return "-".into();
    };
    let peak = table.peak(program, engine).unwrap_or(0.0) / 1e6;
    match table.ratio(program, engine) {
        Some(ratio) => format!("{seconds:.3} ({ratio:.2}) {peak:.1} MB"),
        None => format!("{seconds:.3} {peak:.1} MB"),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or("-".into(), |value| format!("{value:.3}"))
}

/// The processor and the system, as far as they are easily known.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, model)| model);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {processors} processors, {} {}", model.unwrap_or("unknown processor"), std::env::consts::OS, std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::table::tests::example;

    #[test]
    fn all_forms_name_every_program() {
        let table = example();
        for report in [text(&table), markdown(&table, 3, "chart.svg"), json(&table).to_string()] {
            assert!(report.contains("fib") && report.contains("lcg") && report.contains("lua5.4"), "{report}");
        }
        assert!(text(&table).contains("0.600 (0.60) 1.0 MB"));
        assert!(text(&table).contains("1 that all ran"));
    }
}
