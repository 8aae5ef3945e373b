//! The official test suite of Lua 5.4.8.
//!
//! Its own runner, `all.lua`, runs every file in one process, so that the first
//! failure hides the rest. Here each file runs in a process and a scratch copy
//! of its own, with the globals that `all.lua` would have set; `all.lua` itself
//! is one more row, for what only happens when the files follow each other
//! (they go through `string.dump` and `load` there).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use super::left_out::{self, LeftOut};
use super::rows::{self, Row};
use crate::engine::Engine;
use crate::jobs;
use crate::process;
use crate::task::{Outcome, Result};
use crate::workspace;

const REPOSITORY: &str = "https://github.com/lua/lua";
const TAG: &str = "v5.4.8";
const COMMIT: &str = "6e22fedb74cf0c9b6656e9fce8b7331db847c605";
const TIMEOUT: Duration = Duration::from_secs(600);

/// The files that `all.lua` runs, in its order, and what it asserts about the
/// value that a file returns.
const FILES: [(&str, Returns); 29] = [
    ("main", Returns::Anything),
    ("gc", Returns::Anything),
    ("db", Returns::Anything),
    ("calls", Returns::Global("deep")),
    ("strings", Returns::Anything),
    ("literals", Returns::Anything),
    ("tpack", Returns::Anything),
    ("attrib", Returns::Number(27)),
    ("gengc", Returns::Anything),
    ("locals", Returns::Number(5)),
    ("constructs", Returns::Anything),
    ("code", Returns::Anything),
    ("big", Returns::YieldsThen("b", "a")),
    ("cstack", Returns::Anything),
    ("nextvar", Returns::Anything),
    ("pm", Returns::Anything),
    ("utf8", Returns::Anything),
    ("api", Returns::Anything),
    ("events", Returns::Number(12)),
    ("vararg", Returns::Anything),
    ("closure", Returns::Anything),
    ("coroutine", Returns::Anything),
    ("goto", Returns::Anything),
    ("errors", Returns::Anything),
    ("math", Returns::Anything),
    ("sort", Returns::Anything),
    ("bitwise", Returns::Anything),
    ("verybig", Returns::Number(10)),
    ("files", Returns::Anything),
];

/// Modules that other files require; the portable mode runs them alone, too.
/// Not run in any mode: `heavy.lua`, which fills all memory on purpose.
const MODULES: [&str; 2] = ["bwcoercion", "tracegc"];

#[derive(Clone, Copy)]
enum Returns {
    Anything,
    Number(i64),
    /// The global variable of this name, which is set.
    Global(&'static str),
    /// Runs as a coroutine, yields the first value and returns the second.
    YieldsThen(&'static str, &'static str),
}

/// Options of the official suite only.
pub(super) struct Options {
    pub(super) directory: Option<PathBuf>,
    pub(super) mode: Option<Mode>,
    pub(super) collector: Option<String>,
    pub(super) stress: bool,
    pub(super) looped: bool,
}

impl Options {
    /// Whether a collection runs wherever one may.
    fn stresses(&self) -> bool {
        self.stress || self.collector.as_ref().is_some_and(|name| name.starts_with("stress"))
    }
}

/// How much of the suite runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `_port` and `_soft` are set.
    Portable,
    /// Everything, including tests that need the executable or much memory.
    Full,
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Mode, ()> {
        match text {
            "portable" => Ok(Mode::Portable),
            "full" => Ok(Mode::Full),
            _ => Err(()),
        }
    }
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Mode::Portable => "portable",
            Mode::Full => "full",
        }
    }

    /// The globals of this mode, as a chunk.
    fn prelude(self) -> &'static str {
        match self {
            Mode::Portable => "_port = true _soft = true",
            Mode::Full => "_port = false _soft = false",
        }
    }

    fn files(self) -> Vec<(&'static str, Returns)> {
        let modules = MODULES.iter().map(|name| (*name, Returns::Anything));
        let mut files: Vec<_> = match self {
            Mode::Portable => FILES.into_iter().chain(modules).collect(),
            Mode::Full => FILES.to_vec(),
        };
        files.push(("all", Returns::Anything));
        files
    }
}

/// Finds the suite and runs it in the modes that `official` asks for.
pub(super) fn run(options: &super::Options, official: &Options) -> Result<Outcome> {
    let suite = match find(official.directory.as_deref())? {
        Ok(suite) => suite,
        Err(reason) => {
            println!("official suite: NOT RUN. {reason}");
            println!("Give --dir PATH with the folder `testes` of {REPOSITORY} at {TAG}.");
            return Ok(Outcome::Unavailable);
        }
    };
    let left_out = left_out::list(official.stresses());
    let modes = official.mode.map_or(vec![Mode::Portable, Mode::Full], |mode| vec![mode]);
    left_out::print(&left_out);
    let mut outcome = Outcome::Passed;
    for mode in modes {
        let mut files = mode.files();
        files.retain(|(name, _)| options.wants(name));
        if files.is_empty() {
            println!("official suite, {}: no file matches", mode.name());
            return Ok(Outcome::Failed);
        }
        let run = Run {
            engine: configured(&options.engine, official),
            suite: suite.clone(),
            scratch: workspace::target_directory()?.join("test-suite").join(mode.name()),
            mode,
            left_out: left_out.clone(),
            limit: options.timeout.unwrap_or(TIMEOUT),
        };
        let results = jobs::map(&files, options.jobs, |(name, returns)| run.file(name, *returns));
        let rows = results.into_iter().collect::<Result<Vec<Row>>>()?;
        rows::print(&format!("official suite, {}", mode.name()), &rows, true);
        outcome = outcome.and(Outcome::passed_if(rows.iter().all(Row::passed)));
    }
    Ok(outcome)
}

fn configured(engine: &Engine, official: &Options) -> Engine {
    let mut variables = Vec::new();
    if official.stress {
        variables.extend([("LUA_VM_GC", "stress"), ("LUA_VM_STRESS_STACK", "1")]);
    }
    if let Some(collector) = &official.collector {
        variables.push(("LUA_VM_GC", collector.as_str()));
    }
    if official.looped {
        variables.push(("LUA_VM_DISPATCH", "looped"));
    }
    engine.with_environment(&engine.name, &variables)
}

/// The suite in one mode.
struct Run {
    engine: Engine,
    suite: PathBuf,
    /// Where the copies of the suite are made, one for each file.
    scratch: PathBuf,
    mode: Mode,
    left_out: Vec<LeftOut>,
    limit: Duration,
}

impl Run {
    /// Runs one file in a fresh copy of the suite.
    fn file(&self, name: &str, returns: Returns) -> Result<Row> {
        let scratch = self.scratch.join(name);
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        copy(&self.suite, &scratch)?;
        left_out::apply(&self.left_out, &scratch)?;
        let file = format!("{name}.lua");
        let finished = process::run(self.command(&scratch, &file, returns), self.limit)?;
        let problem = if !finished.succeeded() {
            Some(format!("{}: {}", finished.end, finished.last_words()))
        } else if name == "all" && !String::from_utf8_lossy(&finished.stdout).contains("final OK !!!") {
            Some("did not reach its end".to_owned())
        } else {
            None
        };
        if problem.is_none() {
            fs::remove_dir_all(&scratch)?;
        }
        Ok(Row { name: file, problem, wall: finished.wall, peak: finished.peak })
    }

    fn command(&self, directory: &Path, file: &str, returns: Returns) -> Command {
        let mut command = self.engine.command();
        command.current_dir(directory).arg("-e").arg(self.mode.prelude());
        // `main.lua` finds the interpreter through `arg`, which only a script has.
        match check_of(file, returns) {
            Some(chunk) if !(self.mode == Mode::Portable && matches!(returns, Returns::YieldsThen(..))) => {
                command.args(["-e", &chunk]);
            }
            _ => {
                command.arg(file);
            }
        }
        command
    }
}

/// A chunk that runs the file and looks at what it returns; `None` if the file
/// can simply be run.
fn check_of(file: &str, returns: Returns) -> Option<String> {
    let load = format!("local f = assert(loadfile('{file}'))");
    match returns {
        Returns::Anything => None,
        Returns::Number(number) => Some(format!("{load} assert(f() == {number})")),
        Returns::Global(name) => Some(format!("{load} assert(f() == {name} and {name})")),
        Returns::YieldsThen(first, second) => {
            Some(format!("{load} f = coroutine.wrap(f) assert(f() == '{first}') assert(f() == '{second}')"))
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The folder of the suite, or why there is none.
fn find(directory: Option<&Path>) -> Result<std::result::Result<PathBuf, String>> {
    if let Some(directory) = directory {
        let candidates = [directory.to_owned(), directory.join("testes")];
        return match candidates.iter().find(|path| path.join("all.lua").is_file()) {
            Some(path) => Ok(Ok(path.canonicalize()?)),
            None => Err(format!("{} holds no all.lua", directory.display()).into()),
        };
    }
    let clone = workspace::target_directory()?.join("test-suite").join("lua");
    if !clone.join("testes/all.lua").is_file()
        && let Err(reason) = fetch(&clone)
    {
        return Ok(Err(reason));
    }
    let head = git(&["-C", &clone.to_string_lossy(), "rev-parse", "HEAD"])?;
    if head.trim() != COMMIT {
        return Err(format!("{} is at {}, not at {COMMIT}; remove it", clone.display(), head.trim()).into());
    }
    Ok(Ok(clone.join("testes")))
}

fn fetch(clone: &Path) -> std::result::Result<(), String> {
    println!("official suite: cloning {REPOSITORY} at {TAG}");
    let partial = clone.with_extension("partial");
    let describe =
        |error: crate::task::Error| format!("There is no clone in the target directory, and cloning failed: {}", error.to_string().trim());
    let _ = fs::remove_dir_all(&partial);
    let target = partial.to_string_lossy();
    git(&["clone", "--quiet", "--depth", "1", "--branch", TAG, REPOSITORY, &target]).map_err(describe)?;
    let _ = fs::remove_dir_all(clone);
    fs::rename(&partial, clone).map_err(|error| describe(error.into()))
}

fn git(arguments: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command.args(arguments).env("GIT_TERMINAL_PROMPT", "0");
    let finished = process::run(command, Duration::from_secs(120))?;
    if !finished.succeeded() {
        return Err(String::from_utf8_lossy(&finished.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modes_have_32_and_30_files() {
        assert_eq!(Mode::Portable.files().len(), 32);
        assert_eq!(Mode::Full.files().len(), 30);
        assert_eq!("full".parse(), Ok(Mode::Full));
        assert!("fast".parse::<Mode>().is_err());
    }

    #[test]
    fn a_folder_without_the_suite_is_refused() {
        assert!(find(Some(&workspace::root().join("xtask"))).is_err());
    }
}
