//! The command line.

use std::path::PathBuf;

/// How the example is called.
pub(crate) const USAGE: &str = "\
usage: vms [--modules DIR] [--count N] [--bare | --load | --run] [--in-turn] [--threads T] [--strings N] [--stamps] [--own-text] [--json]

Opens N VMs at once and reports what each took: memory; processor time of the first one, and the median of the later ones.

  --modules DIR   the modules: every *.lua below DIR; package.path is set to DIR
  --count N       VMs that are open at the same time (default 100)
  --bare          VMs with the standard library, no modules (default)
  --load          load each module as a function and keep it
  --run           require each module by its dotted name
  --in-turn       drop each VM before the next one is opened
  --threads T     threads that open them, each its part (default 1)
  --strings N     first make N of the modules' string constants at run time
  --stamps        ask for size and time of each file before its code is used again
  --own-text      what modules give to `load` does not go through the cache
  --json          one JSON object instead of text";

/// What is done in each VM.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Work {
    Bare,
    Load,
    Run,
}

impl Work {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Work::Bare => "bare",
            Work::Load => "load",
            Work::Run => "run",
        }
    }
}

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) modules: Option<PathBuf>,
    pub(crate) count: usize,
    pub(crate) work: Work,
    pub(crate) in_turn: bool,
    pub(crate) threads: usize,
    pub(crate) strings: usize,
    pub(crate) stamps: bool,
    pub(crate) own_text: bool,
    pub(crate) json: bool,
}

impl Options {
    /// Reads the command line; `None` if it is not one.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Option<Options> {
        let mut options = Options {
            modules: None,
            count: 100,
            work: Work::Bare,
            in_turn: false,
            threads: 1,
            strings: 0,
            stamps: false,
            own_text: false,
            json: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--modules" => options.modules = Some(words.next()?.into()),
                "--count" => options.count = words.next()?.parse().ok().filter(|&n| n > 0)?,
                "--threads" => options.threads = words.next()?.parse().ok().filter(|&n| n > 0)?,
                "--strings" => options.strings = words.next()?.parse().ok()?,
                "--bare" => options.work = Work::Bare,
                "--load" => options.work = Work::Load,
                "--run" => options.work = Work::Run,
                "--in-turn" => options.in_turn = true,
                "--stamps" => options.stamps = true,
                "--own-text" => options.own_text = true,
                "--json" => options.json = true,
                _ => return None,
            }
        }
        // Without modules there is nothing to load, nor constants to make.
        let needs_modules = options.work != Work::Bare || options.strings > 0;
        (options.modules.is_some() || !needs_modules).then_some(options)
    }
}
