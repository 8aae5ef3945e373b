//! The corpus of scripts in this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Options;
use super::configuration::{self, Configuration};
use super::expectation::Expectation;
use super::rows::{self, Row};
use crate::engine::Engine;
use crate::jobs;
use crate::process;
use crate::task::{Outcome, Result};
use crate::workspace;

const DIRECTORY: &str = "xtask/corpus";
const TIMEOUT: Duration = Duration::from_secs(120);

/// Runs the corpus once for each configuration.
///
/// Scripts run with the corpus as the current directory and are named
/// `NAME.lua` there, so that messages with positions are the same everywhere.
pub(super) fn run(options: &Options, names: &[String], verbose: bool) -> Result<Outcome> {
    let directory = workspace::root().join(DIRECTORY);
    let mut scripts = workspace::files_with_extension(&directory, "lua")?;
    scripts.retain(|path| options.wants(&workspace::stem(path)));
    if scripts.is_empty() {
        println!("own corpus: no script matches");
        return Ok(Outcome::Failed);
    }
    let mut outcome = Outcome::Passed;
    for configuration in configuration::select(names)? {
        let rows = run_configuration(options, configuration, &directory, &scripts)?;
        rows::print(&format!("own corpus, {}", configuration.name), &rows, verbose);
        outcome = outcome.and(Outcome::passed_if(rows.iter().all(Row::passed)));
    }
    Ok(outcome)
}

fn run_configuration(options: &Options, configuration: &Configuration, directory: &Path, scripts: &[PathBuf]) -> Result<Vec<Row>> {
    let engine = configuration.apply(&options.engine);
    let limit = options.timeout.unwrap_or(TIMEOUT);
    jobs::map(scripts, options.jobs, |path| run_script(&engine, directory, path, limit)).into_iter().collect()
}

fn run_script(engine: &Engine, directory: &Path, path: &Path, limit: Duration) -> Result<Row> {
    // Scripts may hold bytes that are not UTF-8, in strings.
    let source = fs::read(path)?;
    let expected = Expectation::parse(&String::from_utf8_lossy(&source));
    let mut command = engine.command();
    command.current_dir(directory).arg(path.file_name().unwrap_or_default()).args(&expected.arguments);
    let finished = process::run(command, limit)?;
    let problem =
        if expected.is_silent() { Some("the script says nothing about its result".to_owned()) } else { expected.difference(&finished) };
    Ok(Row { name: workspace::stem(path), problem, wall: finished.wall, peak: finished.peak })
}
