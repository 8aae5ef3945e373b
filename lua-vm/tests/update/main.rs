//! Hot update: scripts keep their functions and their state, and get new code.

mod basics;
mod frames;
mod random;
mod refused;
mod tables;
mod variables;

use std::sync::Arc;

use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, Loader, Proto};
use lua_vm::{CollectorKind, Lua, UpdateError, Updated};

/// A VM with all libraries and a module `m`.
struct Host {
    lua: Lua,
}

fn compile(source: &str) -> Arc<Proto> {
    Compiler.load(Chunk { bytes: source.as_bytes(), name: b"@m.lua", mode: ChunkMode::Text }).unwrap()
}

impl Host {
    fn new(source: &str) -> Host {
        Host::with(source, CollectorKind::Incremental, false)
    }

    fn with(source: &str, collector: CollectorKind, stress_stack: bool) -> Host {
        let mut lua = Lua::builder(Arc::new(Compiler)).collector(collector).stress_stack(stress_stack).open().unwrap();
        lua_std::open_all(&mut lua).unwrap();
        let mut host = Host { lua };
        host.require(&compile(source));
        host
    }

    /// What `require "m"` does when it finds this function.
    fn require(&mut self, proto: &Arc<Proto>) {
        let main = self.lua.instantiate(proto).unwrap();
        self.lua.globals().set(&mut self.lua, "main", main).unwrap();
        self.run("package.preload.m = main; main = nil; m = require 'm'; package.preload.m = nil");
    }

    /// Runs a chunk whose checks are `assert`s.
    #[track_caller]
    fn run(&mut self, chunk: &str) {
        if let Err(e) = self.lua.run(chunk.as_bytes(), "=test") {
            panic!("{chunk}\n{e}");
        }
    }

    fn try_update(&mut self, source: &str) -> Result<Updated, UpdateError> {
        self.lua.update("m", &compile(source))
    }

    #[track_caller]
    fn update(&mut self, source: &str) -> Updated {
        match self.try_update(source) {
            Ok(updated) => updated,
            Err(e) => panic!("{source}\n{e}"),
        }
    }

    /// The obstacles, each as text without the module.
    #[track_caller]
    fn refused(&mut self, source: &str) -> Vec<String> {
        match self.try_update(source) {
            Err(UpdateError::Refused(all)) => {
                all.iter().map(|o| o.to_string().trim_start_matches("module 'm'").trim_start_matches([',', ':', ' ']).to_string()).collect()
            }
            other => panic!("{source}\nnot refused: {other:?}"),
        }
    }
}

/// Runs `before`, updates from `old` to `new`, runs `after`; with each collector, and with a stack that moves.
#[track_caller]
fn check(old: &str, before: &str, new: &str, after: &str) {
    for (collector, stress) in [
        (CollectorKind::Incremental, false),
        (CollectorKind::Stress, true),
        (CollectorKind::MarkSweep, false),
        (CollectorKind::Generational, false),
        (CollectorKind::StressMinor, false),
        (CollectorKind::Concurrent, false),
        (CollectorKind::StressConcurrent, true),
    ] {
        let mut host = Host::with(old, collector, stress);
        host.run(before);
        host.update(new);
        host.run(after);
        host.run("collectgarbage()");
        host.run(after);
    }
}
