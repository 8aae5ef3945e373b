//! The proof that the random mutator can fail: VMs that leave out what keeps objects alive have to be noticed.
//!
//! Each runs in a process of its own, since what it frees is in use.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::graph;

/// What is left out, and the collectors under which little or nothing follows from that: their cycles run in one piece, but for
/// what a host does while the program rests, or they know no ages.
const OMISSIONS: [(&str, &[&str]); 5] = [
    ("barrier", &["mark-sweep", "stress"]),
    ("remembering", &["mark-sweep", "incremental", "concurrent", "stress-concurrent", "stress"]),
    ("clearing", &[]),
    ("strings", &["stress"]),
    ("upvalues", &["stress", "stress-minor"]),
];

/// Cases of one omission under one collector, of which the graph has to notice one at least.
const CASES: u64 = 120;
/// What runs longer runs in circles.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a case ended, if not as it should.
struct Sign {
    case: u64,
    how: String,
    /// What the VM showed is not what the graph says. Otherwise it failed, died or ran in circles: a fault, too, but by chance.
    by_graph: bool,
}

/// How many omissions the graph did not notice where they matter.
pub(crate) fn check_all() -> u64 {
    let mut problems = 0;
    for (omission, mild) in OMISSIONS {
        for under in graph::ALL {
            let is_mild = mild.contains(&under.name);
            let cases = if is_mild { 4 } else { CASES };
            let mut signs = (0..cases).filter_map(|case| noticed(under.name, omission, case));
            let first = signs.next();
            let found = if first.as_ref().is_some_and(|sign| !sign.by_graph) { signs.find(|sign| sign.by_graph).or(first) } else { first };
            let is_wrong = !is_mild && !found.as_ref().is_some_and(|sign| sign.by_graph);
            let text = found.map_or("not noticed".to_owned(), |Sign { case, how, .. }| format!("noticed by case {case}: {how}"));
            println!("{}without {omission}, {}: {text}", if is_wrong { "WRONG: " } else { "" }, under.name);
            problems += u64::from(is_wrong);
        }
    }
    problems
}

/// How a case ended, if not as it should.
fn noticed(name: &str, omission: &str, case: u64) -> Option<Sign> {
    let number = case.to_string();
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.args(["graph", "--name", name, "--omit", omission, "--only", &number]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let began = Instant::now();
    let status = loop {
        match child.try_wait().ok()? {
            Some(status) => break status,
            None if began.elapsed() > PATIENCE => {
                let _ = child.kill().and_then(|()| child.wait());
                return Some(Sign { case, how: "it did not end".to_owned(), by_graph: false });
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if status.success() {
        return None;
    }
    let mut text = String::new();
    let _ = child.stdout.take()?.read_to_string(&mut text);
    let first = text.lines().next().filter(|_| status.code().is_some());
    let how = first.map_or_else(|| status.to_string(), |line| line.chars().take(120).collect());
    Some(Sign { case, by_graph: how.starts_with(&format!("{name}, case {case}: step ")), how })
}
