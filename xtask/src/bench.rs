//! Our benchmark programs on lua-cli and on every other engine that is found.
//!
//! [`program`] reads what the programs say about themselves, [`measure`] runs
//! them in turns, [`table`] makes ratios and means of the times, and
//! [`report`], [`chart`] and [`baseline`] show them. [`vms`] is about many VMs in one process,
//! [`gc`] about pauses, [`private`] about what sharing code costs one VM.

mod baseline;
mod chart;
mod gc;
mod measure;
mod private;
mod program;
mod report;
pub(crate) mod statistics;
mod table;
mod vms;

use std::fs;
use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::engine::Engine;
use crate::task::{Outcome, Result};
use crate::workspace;
use table::Table;

const USAGE: &str = "\
usage: cargo xtask bench [OPTIONS]
       cargo xtask bench vms [OPTIONS]
       cargo xtask bench gc [OPTIONS]
       cargo xtask bench private [OPTIONS]

Runs xtask/bench/*.lua on lua-cli, lua5.4 and luajit -joff, as far as they are
installed, in turns; user CPU time and peak memory of each process. Writes
bench.json, bench.md and bench.svg into the bench folder of the target
directory.

  --runs N            runs of each program on each engine (default 3)
  --only TEXT         only programs whose name contains TEXT (repeatable)
  --group NAME        only programs of this group (repeatable)
  --engine NAME=CMD   one more engine; CMD may begin with VAR=value words
  --looped            lua-cli also with its looped dispatch back end
  --reference NAME    the engine that ratios refer to (default lua5.4)
  --no-lua-cli        leave lua-cli out, to look at the programs themselves
  --timeout SECONDS   for one run (default 120)
  --list              list the programs and stop
  --save              keep the figures of a release: the ratios in
                      xtask/bench/baseline.json, which later runs are compared
                      with, the page in results.md and its chart in results.svg
                      beside it";

/// The programs' directory, relative to the root.
const DIRECTORY: &str = "xtask/bench";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.command("vms") {
        return vms::run(arguments);
    }
    if arguments.command("gc") {
        return gc::run(arguments);
    }
    if arguments.command("private") {
        return private::run(arguments);
    }
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let runs = arguments.value("--runs")?.unwrap_or(3).max(1);
    let only = arguments.values("--only")?;
    let groups = arguments.values("--group")?;
    let extra = arguments.values("--engine")?;
    let looped = arguments.flag("--looped");
    let reference = arguments.value::<String>("--reference")?.unwrap_or_else(|| "lua5.4".into());
    let without_lua_cli = arguments.flag("--no-lua-cli");
    let timeout = arguments.value("--timeout")?.unwrap_or(120);
    let list = arguments.flag("--list");
    let save = arguments.flag("--save");
    arguments.finish_empty()?;

    let programs = program::load(&workspace::root().join(DIRECTORY), &only, &groups)?;
    if list {
        for program in &programs {
            println!("{:12} {:22} {}", program.group, program.name, program.measures);
        }
        return Ok(Outcome::Passed);
    }

    let mut engines = Vec::new();
    if !without_lua_cli {
        let ours = Engine::lua_cli()?;
        if looped {
            engines.push(ours.with_environment("lua-cli looped", &[("LUA_VM_DISPATCH", "looped")]));
        }
        engines.insert(0, ours);
    }
    engines.extend(Engine::if_installed("lua5.4", "lua5.4"));
    engines.extend(Engine::if_installed("luajit -joff", "luajit -joff"));
    for text in &extra {
        engines.push(Engine::from_named_command(text)?);
    }
    if engines.is_empty() {
        return Err("no engine to run".into());
    }

    let limit = std::time::Duration::from_secs(timeout);
    let measured = measure::run(&programs, &engines, runs, limit)?;
    let table = Table::new(&programs, &engines, &reference, measured);
    let text = report::text(&table);
    println!("{text}");
    let moved = baseline::compare(&table, &baseline_path())?;
    println!("{moved}");

    let directory = workspace::target_directory()?.join("bench");
    fs::create_dir_all(&directory)?;
    fs::write(directory.join("bench.json"), serde_json::to_vec_pretty(&report::json(&table))?)?;
    let page = report::markdown(&table, runs, "bench.svg");
    fs::write(directory.join("bench.md"), page)?;
    fs::write(directory.join("bench.svg"), chart::svg(&table))?;
    println!("wrote bench.json, bench.md and bench.svg to {}", directory.display());
    if save {
        save_figures(&table, runs)?;
    }
    for problem in table.problems() {
        println!("PROBLEM {problem}");
    }
    Ok(Outcome::passed_if(table.problems().is_empty()))
}

/// Keeps the figures of a release beside the programs.
fn save_figures(table: &Table, runs: usize) -> Result<()> {
    let directory = workspace::root().join(DIRECTORY);
    baseline::save(table, &baseline_path())?;
    fs::write(directory.join("results.md"), report::markdown(table, runs, "results.svg"))?;
    fs::write(directory.join("results.svg"), chart::svg(table))?;
    println!("wrote baseline.json, results.md and results.svg to {}", directory.display());
    Ok(())
}

fn baseline_path() -> PathBuf {
    workspace::root().join(DIRECTORY).join("baseline.json")
}
