//! Bad input for the engine.
//!
//! The work is done by the example `fuzz` of lua-cli, in one process and with every check on; here it is built and its end is
//! judged: whatever kills it is a finding.

use std::process::Command;

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask fuzz MODE [OPTIONS]

  sources    damaged sources through lexer, compiler and verifier
  vm         changed scripts through a VM with a budget and 64 MB
  chunks     damaged binary chunks, and chunks changed so that the verifier accepts them,
             through undump, verifier and VM
  truncations  every beginning of a chunk has to be refused as truncated
  programs   random programs that both dispatch back ends and the collectors have to
             agree on
  charges    scripts of the corpus with the n-th charge refused, for every n
  graph      random operations on everything that a VM has in its heap, compared with the
             graph that they should give: contents, what dies, finalizers
  sabotage   the same without barrier, without remembering old objects, without clearing weak
             tables, or without reviving what is found again: graph has to notice
  deep       recursion without end on native stacks of 256 KB and 8 MB

  --count N          cases (10,000), scripts for charges (50), programs for truncations (1,000),
                     runs of 20,000 operations for each collector for graph (20)
  --seed S           another sequence of cases (1)
  --from N           the first case (0)
  --only N           one case, which is kept in a file
  --stack KB         native stack (256)
  --most N           charges: at most about N refusals for a script
  --name TEXT        charges, deep: scripts with this in their names; graph: a collector, or
                     switched
  --reference CMD    programs: compare with this engine too
  --release          optimised as a release is, without debug assertions: only so
                     the threaded back end is sure to be used";

/// What is passed on.
const OPTIONS: [&str; 8] = ["--count", "--seed", "--from", "--only", "--stack", "--most", "--name", "--reference"];

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let profile = if arguments.flag("--release") { "release" } else { "fuzz" };
    let mut passed_on = Vec::new();
    for option in OPTIONS {
        if let Some(value) = arguments.value::<String>(option)? {
            passed_on.extend([option.to_owned(), value]);
        }
    }
    let modes = arguments.finish()?;
    let [mode] = modes.as_slice() else {
        return Err(format!("one mode, please\n\n{USAGE}").into());
    };
    let features: &[&str] = if mode == "sabotage" { &["sabotage"] } else { &[] };
    let program = workspace::build_example("fuzz", profile, features)?;
    let status = Command::new(program).arg(mode).args(passed_on).current_dir(workspace::root()).status()?;
    match status.code() {
        Some(0) => Ok(Outcome::Passed),
        Some(1) => Ok(Outcome::Failed),
        Some(_) => Err("the fuzzer could not begin".into()),
        None => {
            println!("{status}: the number of the case stands in fuzz-findings/last in the target directory");
            Ok(Outcome::Failed)
        }
    }
}
