//! How long programs wait for each collector: the example `gc_pauses` of lua-cli in all its forms.

mod histogram;

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask bench gc [OPTIONS]

Runs the example gc_pauses of lua-cli with each collector and the live set flat,
in chunks, and beside deep stacks. Prints the figures; writes them and the
histograms of pauses into gc.jsonl and gc.svg in the bench folder of the target
directory.

  --collector NAME    only this one (repeatable)
  --iterations N      fewer or more than 400,000
  --objects N         fewer or more than 1,600,000";

/// The forms of the workload: name and flags.
const FORMS: [(&str, &[&str]); 3] = [("flat", &[]), ("chunks", &["--chunks"]), ("stacks", &["--stacks"])];

/// The columns that are printed: field of the report, heading.
const COLUMNS: [(&str, &str); 9] = [
    ("mutator_share", "share"),
    ("p50_us", "p50 us"),
    ("p999_us", "p99.9 us"),
    ("max_pause_ms", "longest ms"),
    ("max_pause_wall_ms", "wall ms"),
    ("full_s", "full s"),
    ("process_cpu_s", "cpu s"),
    ("peak_mb", "peak MB"),
    ("live_mb", "live MB"),
];

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let mut passed_on = Vec::new();
    for option in ["--collector", "--iterations", "--objects"] {
        for value in arguments.values(option)? {
            passed_on.extend([option.to_owned(), value]);
        }
    }
    arguments.finish_empty()?;
    let program = workspace::build_example("gc_pauses", "release")?;
    let mut reports = Vec::new();
    for (form, flags) in FORMS {
        eprintln!("gc_pauses, {form}");
        let output = Command::new(&program).arg("--json").args(flags).args(&passed_on).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("gc_pauses failed: {}", output.status).into());
        }
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            reports.push(serde_json::from_str::<Value>(line)?);
        }
    }
    print!("{}", table(&reports));
    let directory = workspace::target_directory()?.join("bench");
    fs::create_dir_all(&directory)?;
    let lines: Vec<String> = reports.iter().map(Value::to_string).collect();
    fs::write(directory.join("gc.jsonl"), lines.join("\n") + "\n")?;
    fs::write(directory.join("gc.svg"), histogram::svg(&reports))?;
    println!("wrote gc.jsonl and gc.svg to {}", directory.display());
    Ok(Outcome::Passed)
}

fn table(reports: &[Value]) -> String {
    let mut text = format!("{:24}", "");
    for (_, heading) in COLUMNS {
        text += &format!("{heading:>12}");
    }
    text += "\n";
    for report in reports {
        text += &format!("{:24}", title(report));
        for (field, _) in COLUMNS {
            text += &format!("{:>12.2}", report[field].as_f64().unwrap_or(f64::NAN));
        }
        text += "\n";
    }
    text
}

/// Collector and form.
fn title(report: &Value) -> String {
    format!("{}, {}", report["collector"].as_str().unwrap_or("?"), report["form"].as_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_for_each_report() {
        let report = serde_json::json!({"collector": "incremental", "form": "flat", "max_pause_ms": 1.25});
        let text = table(&[report]);
        assert!(text.contains("longest ms") && text.contains("incremental, flat") && text.contains("1.25"), "{text}");
    }
}
