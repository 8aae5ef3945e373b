//! The order of the functions in lua-cli: those that programs run side by side, so that a small program brings little code
//! into memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::arguments::Arguments;
use crate::jobs;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask layout [OPTIONS]

Runs the benchmark programs and the own corpus on lua-cli under valgrind, and
writes the functions that they run to `lua-cli/layout.ld`, those that most
programs run first. To be done again when code has moved: a function that the
file does not name costs a program that needs it up to 64 KiB.

  --seconds N  how long a program may run under valgrind (default 6)
  --jobs N     programs at once (default: the processors)";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let limit = arguments.value("--seconds")?.unwrap_or(6);
    let jobs = arguments.value("--jobs")?.unwrap_or_else(jobs::default_count);
    arguments.finish_empty()?;
    if workspace::find_program("valgrind").is_none() {
        println!("nothing done: valgrind is not installed");
        return Ok(Outcome::Unavailable);
    }
    let engine = workspace::build_lua_cli()?;
    let observe = |directory: &str| -> Result<Vec<BTreeSet<String>>> {
        let scripts = workspace::files_with_extension(&workspace::root().join(directory), "lua")?;
        jobs::map(&scripts, jobs, |script| functions_run(&engine, script, limit)).into_iter().collect()
    };
    let always = functions_run(&engine, Path::new("/dev/null"), limit)?;
    let sets = [observe("xtask/bench")?, observe("xtask/corpus")?];
    let functions = ranked(&always, &sets);
    let lines = patterns(&functions, &members_of_libraries()?);
    fs::write(workspace::root().join("lua-cli/layout.ld"), script(&lines))?;
    println!("{} functions of {} scripts", functions.len(), sets.iter().map(Vec::len).sum::<usize>());
    Ok(Outcome::Passed)
}

/// The functions that a script runs in so many seconds, by their names in the executable.
fn functions_run(engine: &Path, script: &Path, limit: u32) -> Result<BTreeSet<String>> {
    let profile = std::env::temp_dir().join(format!("layout-{}-{}", std::process::id(), workspace::stem(script)));
    // Asked to end, the program does so at once, and valgrind writes what it has seen until then.
    Command::new("timeout")
        .args(["--signal=TERM", &limit.to_string(), "valgrind", "--tool=callgrind", "--demangle=no"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(engine)
        .arg(script)
        .current_dir(script.parent().unwrap_or(Path::new(".")))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let text = fs::read_to_string(&profile).map_err(|error| format!("{}: no profile: {error}", script.display()))?;
    fs::remove_file(profile)?;
    Ok(functions_in(&text))
}

/// The functions with a cost of their own in a profile of callgrind.
fn functions_in(profile: &str) -> BTreeSet<String> {
    let mut names: HashMap<&str, &str> = HashMap::new();
    let mut run = BTreeSet::new();
    for line in profile.lines() {
        let (called, rest) = match line.strip_prefix('c') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let Some((number, name)) = rest.strip_prefix("fn=(").and_then(|rest| rest.split_once(')')) else { continue };
        if !name.is_empty() {
            names.insert(number, name.trim_start());
        }
        if let Some(name) = names.get(number).filter(|_| !called) {
            // What calls itself is listed once more as NAME'2.
            run.insert(name.split('\'').next().unwrap_or(name).to_owned());
        }
    }
    run
}

/// All functions: those that always run, then those of most scripts; each set of scripts has the same weight.
fn ranked(always: &BTreeSet<String>, sets: &[Vec<BTreeSet<String>>; 2]) -> Vec<String> {
    let weight = |set: usize| sets[1 - set].len().max(1);
    let mut scores: BTreeMap<&str, usize> = BTreeMap::new();
    always.iter().for_each(|name| *scores.entry(name).or_default() += weight(0) * weight(1) * 2);
    for (set, scripts) in sets.iter().enumerate() {
        scripts.iter().flatten().for_each(|name| *scores.entry(name).or_default() += weight(set));
    }
    let mut functions: Vec<_> = scores.into_iter().collect();
    functions.sort_by_key(|(_, score)| Reverse(*score));
    functions.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// The object file of each function of the C library and of its mathematical part, as `libc.a:malloc.o`: their sections
/// have no names of their own.
fn members_of_libraries() -> Result<HashMap<String, String>> {
    let mut members = HashMap::new();
    for library in ["c", "m"] {
        let path = archive(library)?;
        let output = Command::new("nm").args(["-A", "--defined-only"]).args(&path).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let (Some(place), Some(kind), Some(name)) = (words.next(), words.next(), words.next()) else { continue };
            let Some(member) = place.split(':').nth(1).filter(|_| "tTwWi".contains(kind)) else { continue };
            members.entry(name.to_owned()).or_insert_with(|| format!("*lib{library}*.a:{member}"));
        }
    }
    Ok(members)
}

/// The archives behind a library's name; what the name leads to may be a script that lists them.
fn archive(library: &str) -> Result<Vec<PathBuf>> {
    let output = Command::new("cc").arg(format!("-print-file-name=lib{library}.a")).output()?;
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let Ok(script) = fs::read_to_string(&path) else { return Ok(vec![path]) };
    Ok(script.split_whitespace().filter(|word| word.starts_with('/') && word.ends_with(".a")).map(PathBuf::from).collect())
}

/// Lines of a linker script for the functions, in the same order, without what changes from one compilation to the next.
fn patterns(functions: &[String], members: &HashMap<String, String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let lines = functions.iter().filter(|function| is_symbol(function)).flat_map(|function| match members.get(function) {
        Some(member) => variants(member).into_iter().map(|member| format!("{member}(.text .text.*)")).collect(),
        None => vec![format!("*(.text*.{})", without_hashes(function))],
    });
    lines.filter(|line| seen.insert(line.clone())).collect()
}

/// Whether this is a name of the program's own, and not one that valgrind gave to a piece of code without one.
fn is_symbol(name: &str) -> bool {
    !name.starts_with("0x") && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.$".contains(letter))
}

/// Names of object files of the C library by processor: what valgrind runs, and what others may run in its place.
const TWINS: [(&str, &str); 6] = [
    ("avx2", "evex"),
    ("avx-", "evex-"),
    ("avx2-unaligned", "avx512-unaligned"),
    ("avx-unaligned", "avx512-unaligned"),
    ("sse2-unaligned", "avx512"),
    ("strcmp.o", "strcmp-evex.o"),
];

/// An object file of the C library, and its twins for processors that valgrind does not imitate.
fn variants(member: &str) -> Vec<String> {
    let twins = TWINS.iter().filter(|(from, _)| member.contains(from)).map(|(from, to)| member.replace(from, to));
    std::iter::once(member.to_owned()).chain(twins).collect()
}

/// A mangled name, with `*` for the hash of a function and for those of crates.
fn without_hashes(name: &str) -> String {
    if let Some(start) = name.rfind("17h").filter(|_| name.starts_with("_ZN")) {
        return format!("{}*", &name[..start + 3]);
    }
    if !name.starts_with("_R") {
        return name.to_owned();
    }
    let mut pattern = String::new();
    let mut rest = name;
    while let Some(start) = rest.find("Cs") {
        let hash = &rest[start + 2..];
        let end = hash.find('_').unwrap_or(hash.len());
        pattern.push_str(&rest[..start + 2]);
        pattern.push('*');
        rest = &hash[end..];
    }
    pattern + rest
}

fn script(lines: &[String]) -> String {
    let mut text = String::from(
        "/* The functions that programs run, those that most run first; see build.rs.\n\n   \
         Written by `cargo xtask layout`. A line that matches nothing does no harm. */\n\
         SECTIONS\n{\n  .text.run :\n  {\n",
    );
    for line in lines {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
    text + "  }\n}\nINSERT BEFORE .text;\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_names_what_ran() {
        let profile = "fn=(1) main\n0 3\ncfn=(2) helper\ncalls=1 0\n0 9\n\nfn=(2)\n0 9\ncfn=(3) never'2\n\nfn=(4) again'2\n0 1\n";
        let run: Vec<_> = functions_in(profile).into_iter().collect();
        assert_eq!(run, ["again", "helper", "main"]);
    }

    #[test]
    fn what_more_scripts_run_comes_first() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let programs = vec![set(&["a", "b"])];
        let corpus = vec![set(&["b", "d"]), set(&["c", "d"]), set(&["c", "d"])];
        assert_eq!(ranked(&set(&["z"]), &[programs, corpus]), ["z", "b", "a", "d", "c"]);
    }

    #[test]
    fn names_lose_what_changes() {
        assert_eq!(without_hashes("_ZN6lua_vm4exec4call17h911fd51e43b852c7E"), "_ZN6lua_vm4exec4call17h*");
        assert_eq!(without_hashes("_RNvNtCsgEmfK2I1SDS_4core3fmt5write"), "_RNvNtCs*_4core3fmt5write");
        assert_eq!(without_hashes("main"), "main");
    }

    #[test]
    fn library_functions_are_found_by_their_object() {
        let members =
            HashMap::from([("free".to_owned(), "*libc*.a:malloc.o".to_owned()), ("malloc".to_owned(), "*libc*.a:malloc.o".to_owned())]);
        let functions = ["malloc", "main", "free"].map(str::to_owned);
        assert_eq!(patterns(&functions, &members), ["*libc*.a:malloc.o(.text .text.*)", "*(.text*.main)"]);
    }
}
