//! How long programs wait for each collector: the example `gc_pauses` of lua-cli in all its forms.

mod histogram;

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask bench gc [OPTIONS]

Runs the example gc_pauses of lua-cli with each collector and the live set flat,
in chunks, beside deep stacks, and in weak tables; then the same work in the reference. Prints the figures; writes them and the
histograms of pauses into gc.jsonl and gc.svg in the bench folder of the target
directory.

  --collector NAME    only this one (repeatable)
  --reference COMMAND another Lua that is measured, too, if it is there (default lua5.4)
  --iterations N      fewer or more than 400,000
  --objects N         fewer or more than 1,600,000";

/// The forms of the workload: name and flags.
const FORMS: [(&str, &[&str]); 4] = [("flat", &[]), ("chunks", &["--chunks"]), ("stacks", &["--stacks"]), ("weak", &["--weak"])];

/// The modes of the reference's collector.
const MODES: [&str; 2] = ["incremental", "generational"];

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
    let reference = arguments.value("--reference")?.unwrap_or_else(|| "lua5.4".to_owned());
    let number = |option: &str, default: &str| {
        let at = passed_on.iter().position(|word| word == option);
        at.map_or(default, |at| &passed_on[at + 1]).to_owned()
    };
    let (objects, iterations) = (number("--objects", "1600000"), number("--iterations", "400000"));
    arguments.finish_empty()?;
    let has_reference = workspace::find_program(&reference).is_some();
    let program = workspace::build_example("gc_pauses", "release", &[])?;
    let mut reports = Vec::new();
    for (form, flags) in FORMS {
        eprintln!("gc_pauses, {form}");
        let output = Command::new(&program).arg("--json").args(flags).args(&passed_on).stderr(Stdio::inherit()).output()?;
        read(&output, &mut reports)?;
        for mode in MODES.iter().filter(|_| has_reference) {
            let script = workspace::root().join("lua-cli/examples/gc_pauses/reference.lua");
            let words = [mode, form, &objects, &iterations];
            read(&Command::new(&reference).arg(script).args(words).stderr(Stdio::inherit()).output()?, &mut reports)?;
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

/// Reads what a run has printed: a line of JSON for each report.
fn read(output: &Output, reports: &mut Vec<Value>) -> Result<()> {
    if !output.status.success() {
        return Err(format!("a run failed: {}", output.status).into());
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        reports.push(serde_json::from_str(line)?);
    }
    Ok(())
}

fn table(reports: &[Value]) -> String {
    let mut text = format!("{:32}", "");
    for (_, heading) in COLUMNS {
        text += &format!("{heading:>12}");
    }
    text += "\n";
    for report in reports {
        text += &format!("{:32}", title(report));
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
