//! The command line.

use lua_gc::CollectorKind;

pub(crate) const USAGE: &str = "\
usage: gc_pauses [OPTIONS]

  --collector NAME   mark-sweep, incremental, generational (repeatable; default: all that collect)
  --chunks           the live set in rows of 1,000 instead of one flat array
  --weak             most objects also stand in weak tables, or have finalizers
  --stacks           also 10,000 suspended coroutines and a stack of 100,000 frames
  --throttle PERCENT the threads of the concurrent collector work so much of their time (default 100)
  --json             one line of JSON for each collector
  --objects N        live objects (default 1,600,000)
  --iterations N     iterations (default 400,000)
  --pause PERCENT    parameters of the collector, as in collectgarbage (0: its own)
  --stepmul PERCENT";

/// The collectors that can be measured, by name.
const COLLECTORS: [(&str, CollectorKind); 4] = [
    ("mark-sweep", CollectorKind::MarkSweep),
    ("incremental", CollectorKind::Incremental),
    ("generational", CollectorKind::Generational),
    ("concurrent", CollectorKind::Concurrent),
];

/// The name of a collector.
pub(crate) fn name(collector: CollectorKind) -> &'static str {
    COLLECTORS.iter().find(|entry| entry.1 == collector).map_or("other", |entry| entry.0)
}

/// What is measured.
pub(crate) struct Options {
    pub(crate) collectors: Vec<CollectorKind>,
    pub(crate) chunks: bool,
    pub(crate) stacks: bool,
    pub(crate) weak: bool,
    pub(crate) json: bool,
    pub(crate) throttle: usize,
    pub(crate) objects: u64,
    pub(crate) iterations: u64,
    pub(crate) pause: usize,
    pub(crate) stepmul: usize,
}

impl Options {
    /// Reads the words of the command line; `None` if help is asked for.
    ///
    /// # Errors
    ///
    /// An unknown word, or a value that is missing or makes no sense.
    pub(crate) fn from_arguments(mut words: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
        let mut options = Options {
            collectors: Vec::new(),
            chunks: false,
            stacks: false,
            weak: false,
            json: false,
            throttle: 100,
            objects: 1_600_000,
            iterations: 400_000,
            pause: 0,
            stepmul: 0,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--chunks" => options.chunks = true,
                "--stacks" => options.stacks = true,
                "--weak" => options.weak = true,
                "--json" => options.json = true,
                "--throttle" => options.throttle = number(&word, &mut words)?.clamp(1, 100) as usize,
                "--collector" => options.collectors.push(collector(&value(&word, &mut words)?)?),
                "--objects" => options.objects = number(&word, &mut words)?.max(1),
                "--iterations" => options.iterations = number(&word, &mut words)?.max(1),
                "--pause" => options.pause = number(&word, &mut words)? as usize,
                "--stepmul" => options.stepmul = number(&word, &mut words)? as usize,
                _ => return Err(format!("unknown option '{word}'\n{USAGE}")),
            }
        }
        if options.collectors.is_empty() {
            options.collectors = COLLECTORS.iter().map(|entry| entry.1).collect();
        }
        Ok(Some(options))
    }

    /// The words that measure the same for one collector.
    pub(crate) fn arguments_for(&self, collector: CollectorKind) -> Vec<String> {
        let mut words: Vec<String> = ["--collector", name(collector)].map(str::to_owned).to_vec();
        for (flag, set) in [("--chunks", self.chunks), ("--stacks", self.stacks), ("--weak", self.weak), ("--json", self.json)] {
            words.extend(set.then(|| flag.to_owned()));
        }
        let numbers = [
            ("--objects", self.objects),
            ("--iterations", self.iterations),
            ("--throttle", self.throttle as u64),
            ("--pause", self.pause as u64),
            ("--stepmul", self.stepmul as u64),
        ];
        for (option, number) in numbers {
            words.extend([option.to_owned(), number.to_string()]);
        }
        words
    }

    /// The form of the workload.
    pub(crate) fn form(&self) -> String {
        let forms = [("chunks", self.chunks), ("stacks", self.stacks), ("weak", self.weak)];
        let set: Vec<&str> = forms.iter().filter(|form| form.1).map(|form| form.0).collect();
        if set.is_empty() { "flat".to_owned() } else { set.join("+") }
    }
}

fn value(option: &str, words: &mut impl Iterator<Item = String>) -> Result<String, String> {
    words.next().ok_or_else(|| format!("{option} needs a value"))
}

fn number(option: &str, words: &mut impl Iterator<Item = String>) -> Result<u64, String> {
    let text = value(option, words)?;
    text.parse().map_err(|_| format!("{option} needs a number, not '{text}'"))
}

fn collector(text: &str) -> Result<CollectorKind, String> {
    let known = || COLLECTORS.map(|entry| entry.0).join(", ");
    let found = COLLECTORS.iter().find(|entry| entry.0 == text);
    found.map(|entry| entry.1).ok_or_else(|| format!("no collector '{text}'; there are {}", known()))
}
