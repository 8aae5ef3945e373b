//! The two programs that open VMs, and what they print.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process;
use crate::task::Result;
use crate::workspace;

/// The source of the program that opens states of the reference implementation.
const REFERENCE: &str = "xtask/src/bench/vms/reference.c";

/// A program that opens VMs.
pub(super) struct Engine {
    pub(super) name: String,
    program: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Example,
    Reference,
}

/// What is asked of one run.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    /// `bare`, `load` or `run`.
    pub(super) work: &'a str,
    pub(super) modules: Option<&'a Path>,
    pub(super) count: usize,
    /// Strings that are made first; only by the example.
    pub(super) strings: usize,
    /// Each VM is dropped before the next one is opened.
    pub(super) in_turn: bool,
    /// Files are asked whether they have changed; only by the example.
    pub(super) stamps: bool,
    pub(super) limit: Duration,
}

/// What one run told. Times are processor time in microseconds: of the first VM, and the median of the later ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub(super) count: usize,
    /// The largest resident set of the process, in bytes.
    pub(super) peak: u64,
    /// What a VM's heap says that it uses, in bytes.
    pub(super) accounted: f64,
    pub(super) open: [f64; 2],
    pub(super) work: [f64; 2],
    /// Modules that did not load or run.
    pub(super) failed: u64,
    /// Processor time from the first opening to the last drop.
    pub(super) cpu: f64,
}

impl Engine {
    /// The example `vms`, built first.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub(super) fn example() -> Result<Engine> {
        let status = workspace::cargo().args(["build", "--release", "-p", "lua-cli", "--example", "vms"]).status()?;
        if !status.success() {
            return Err("the example vms does not build".into());
        }
        let program = workspace::target_directory()?.join("release/examples/vms");
        Ok(Engine { name: "lua-cli".into(), program, kind: Kind::Example })
    }

    /// The C program, compiled into `directory`; `None` where that is not possible.
    ///
    /// # Errors
    ///
    /// If the compiler's end cannot be waited for.
    pub(super) fn reference(directory: &Path) -> Result<Option<Engine>> {
        let program = directory.join("vms-reference");
        let mut command = Command::new("cc");
        command.args(["-O2", "-I/usr/include/lua5.4", "-o"]).arg(&program).arg(workspace::root().join(REFERENCE)).arg("-llua5.4");
        let compiled = command.output().is_ok_and(|output| output.status.success());
        Ok(compiled.then(|| Engine { name: "lua5.4".into(), program, kind: Kind::Reference }))
    }

    /// Opens VMs and does the work in each.
    ///
    /// # Errors
    ///
    /// If the program fails, or prints something else than it should.
    pub(super) fn run(&self, task: Task<'_>) -> Result<Sample> {
        let mut command = Command::new(&self.program);
        let Task { work, modules, count, strings, in_turn, stamps, limit } = task;
        let count_text = count.to_string();
        match self.kind {
            Kind::Example => {
                command.args(["--json", "--count", &count_text, &format!("--{work}"), "--strings", &strings.to_string()]);
                command.args(in_turn.then_some("--in-turn")).args(stamps.then_some("--stamps"));
                if let Some(modules) = modules {
                    command.arg("--modules").arg(modules);
                }
            }
            Kind::Reference => {
                command.args([count_text.as_str(), work, if in_turn { "in-turn" } else { "kept" }]);
                if let Some(modules) = modules {
                    let directory = modules.display();
                    command.env("LUA_PATH", format!("{directory}/?.lua;{directory}/?/init.lua"));
                    for (name, file) in find(modules)? {
                        command.arg(name).arg(file);
                    }
                }
            }
        }
        let finished = process::run(command, limit)?;
        if !finished.succeeded() {
            return Err(format!("{}: {}: {}", self.name, finished.end, finished.last_words()).into());
        }
        Sample::read(count, finished.peak, &serde_json::from_slice(&finished.stdout)?)
    }
}

/// Every `*.lua` below `root` and the name that `require` takes, in the order in which the example has them.
fn find(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![(root.to_owned(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        for entry in std::fs::read_dir(directory)? {
            let file = entry?.path();
            let stem = workspace::stem(&file);
            if file.is_dir() {
                open.push((file, format!("{prefix}{stem}.")));
            } else if file.extension().is_some_and(|extension| extension == "lua") {
                let package = prefix.strip_suffix('.').filter(|_| stem == "init");
                found.push((package.map_or_else(|| format!("{prefix}{stem}"), str::to_owned), file));
            }
        }
    }
    found.sort();
    Ok(found)
}

impl Sample {
    fn read(count: usize, peak: u64, value: &Value) -> Result<Sample> {
        let number = |field: &str| value[field].as_f64().ok_or_else(|| format!("no field '{field}' in {value}"));
        Ok(Sample {
            count,
            peak,
            accounted: number("accounted_bytes")?,
            open: [number("open_first_us")?, number("open_later_us")?],
            work: [number("work_first_us")?, number("work_later_us")?],
            failed: number("failed")? as u64,
            cpu: number("cpu_us")?,
        })
    }

    /// The median of each figure.
    pub(super) fn median(samples: Vec<Sample>) -> Sample {
        let middle = |figure: &dyn Fn(&Sample) -> f64| {
            let mut figures: Vec<f64> = samples.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Sample {
            count: samples[0].count,
            peak: middle(&|s| s.peak as f64) as u64,
            accounted: middle(&|s| s.accounted),
            open: [middle(&|s| s.open[0]), middle(&|s| s.open[1])],
            work: [middle(&|s| s.work[0]), middle(&|s| s.work[1])],
            failed: samples[0].failed,
            cpu: middle(&|s| s.cpu),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "count": self.count,
            "peak_bytes": self.peak,
            "accounted_bytes": self.accounted,
            "open_first_us": self.open[0],
            "open_later_us": self.open[1],
            "work_first_us": self.work[0],
            "work_later_us": self.work[1],
            "failed": self.failed,
            "cpu_us": self.cpu,
        })
    }
}
