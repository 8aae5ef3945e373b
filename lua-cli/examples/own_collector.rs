//! A VM with a collector that the host brings, written against the public trait alone.
//!
//! ```text
//! cargo run --release -p lua-cli --example own_collector -- never|counting script.lua [arguments]
//! ```
//!
//! `never` frees nothing before the VM closes, whatever is asked. `counting` marks all at once and sweeps
//! lazily, as mark-sweep does, and tells at the end what it has done. The corpus passes with it, but for the few scripts that are about
//! the command line and the code cache:
//!
//! ```text
//! cargo xtask test-suite --own --config plain --engine "target/release/examples/own_collector counting"
//! ```

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use lua_gc::{BuildCollector, Collector, CollectorKind, Demand, Heap, Model, Phase};
use lua_parse::Compiler;
use lua_proto::ChunkMode;
use lua_vm::{Cx, Error, Lua};

/// Frees nothing. It still runs the cycles that are asked for, because scripts see what these do:
/// weak tables are cleared, finalizers are called.
struct Never;

// SAFETY: `collect` runs a cycle from its beginning to the end of marking. Garbage that is never swept is no danger.
unsafe impl<M: Model> Collector<M> for Never {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Other
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::Never);
    }

    fn step(&mut self, _: &mut Heap<M>, _: &mut M::Roots) {}

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}

/// What a [`Counting`] collector has done, readable while the VM runs.
#[derive(Default)]
struct Statistics {
    cycles: AtomicUsize,
    slices: AtomicUsize,
    largest: AtomicUsize,
}

/// The logic of mark-sweep, with a hook: each piece of work is noted.
struct Counting(Arc<Statistics>);

impl Counting {
    /// Bytes that are allocated between two steps of a sweep.
    fn step_size<M: Model>(heap: &Heap<M>) -> usize {
        (heap.bytes() / 32).max(16 * 1024)
    }

    fn note<M: Model>(&self, heap: &Heap<M>) {
        self.0.slices.fetch_add(1, Relaxed);
        self.0.largest.fetch_max(heap.bytes(), Relaxed);
        self.0.cycles.store(heap.cycles() as usize, Relaxed);
    }
}

// SAFETY: `collect` is a full cycle.
unsafe impl<M: Model> Collector<M> for Counting {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Other
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::AtThreshold);
        heap.set_threshold(heap.begin_at());
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        if heap.phase() == Phase::Sweeping {
            heap.sweep_slice(2 * Self::step_size(heap));
        } else {
            heap.begin_marking(roots);
            heap.end_marking();
        }
        if heap.phase() == Phase::Sweeping {
            heap.set_pace(Self::step_size(heap));
        }
        self.note(heap);
    }

    fn collect(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        heap.full_cycle(roots);
        self.note(heap);
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}

impl BuildCollector for Never {
    fn build_collector<M: Model>(self) -> Box<dyn Collector<M>> {
        Box::new(self)
    }
}

impl BuildCollector for Counting {
    fn build_collector<M: Model>(self) -> Box<dyn Collector<M>> {
        Box::new(self)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let statistics = Arc::new(Statistics::default());
    let builder = Lua::builder(Arc::new(Compiler));
    let builder = match words.first().map(String::as_str) {
        Some("never") if words.len() > 1 => builder.collector(Never),
        Some("counting") if words.len() > 1 => builder.collector(Counting(Arc::clone(&statistics))),
        _ => {
            eprintln!("usage: own_collector never|counting script.lua [arguments]");
            return ExitCode::FAILURE;
        }
    };
    let problem = builder.open().map_err(|error| error.to_string()).and_then(|mut lua| run(&mut lua, &words[1..]));
    if words[0] == "counting" && std::env::var_os("STATISTICS").is_some() {
        let [cycles, slices, largest] = [&statistics.cycles, &statistics.slices, &statistics.largest].map(|count| count.load(Relaxed));
        eprintln!("{cycles} cycles in {slices} slices; up to {largest} bytes");
    }
    match problem {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("own_collector: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a script with the global `arg`; a message if it fails.
fn run(lua: &mut Lua, words: &[String]) -> Result<(), String> {
    let source = std::fs::read(&words[0]).map_err(|error| format!("cannot open {}: {error}", words[0]))?;
    let result = lua_std::open_all(lua).and_then(|()| {
        lua.with(|cx| {
            set_arguments(cx, words)?;
            if !cx.load(&source, format!("@{}", words[0]).as_bytes(), ChunkMode::Both)? {
                return Err(cx.throw_value());
            }
            for word in &words[1..] {
                cx.push_str(word)?;
            }
            cx.call(words.len() as u32 - 1, 0)
        })
    });
    result.map_err(|error| String::from_utf8_lossy(error.message()).into_owned())
}

fn set_arguments(cx: &mut Cx<'_>, words: &[String]) -> Result<(), Error> {
    cx.push_globals();
    let globals = cx.top() - 1;
    cx.push_table(words.len(), 1)?;
    for (at, word) in words.iter().enumerate() {
        cx.push_str(word)?;
        cx.raw_set_int(globals + 1, at as i64)?;
    }
    cx.push_str("own_collector")?;
    cx.raw_set_int(globals + 1, -1)?;
    cx.raw_set_str(globals, "arg")?;
    cx.set_top(globals)
}
