//! Code that changes all the time, while VMs run it: memory stays where it is.
//!
//! ```console
//! $ cargo run --release -p lua-cli --example vms_reload -- 10000
//! ```
//!
//! Twenty VMs share a cache. In each round a file of about 100 KB changes, the cache is cleared, and all VMs load the file anew and
//! call functions of the new version and of old ones. Each version leaves one string of its own in a table of each VM, which is
//! emptied at times. Prints the memory of the process every so many rounds, and fails if the last figure exceeds that of the
//! hundredth round by more than a twentieth, or if an image stays behind.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use lua_parse::Compiler;
use lua_proto::{Cached, CodeCache, Loader};
use lua_vm::{Function, Lua, Table};

const VMS: usize = 20;
/// How many old versions of the module each VM keeps and calls.
const OLD: usize = 3;
/// The round with which the last one is compared.
const SETTLED: usize = 100;
/// How often the table of strings is emptied, in rounds.
const EMPTIED: usize = 50;
/// Functions in the source: about 100 KB.
const FUNCTIONS: usize = 1000;

/// The source of one version.
fn source(version: usize) -> String {
    let mut text = format!("local M = {{}}\nlocal version = {version}\n");
    for i in 0..FUNCTIONS {
        let _ = writeln!(text, "function M.f{i}(a) local name_{version}_{} = a + {i} return name_{version}_{} + version end", i % 7, i % 7);
    }
    let _ = writeln!(text, "left[#left + 1] = 'left behind by version {version}'\nreturn M");
    text
}

struct Host {
    lua: Lua,
    /// The newest version last.
    versions: VecDeque<(usize, Table)>,
}

impl Host {
    fn open(loader: &Arc<dyn Loader>) -> Result<Host, Box<dyn Error>> {
        let mut lua = Lua::new(Arc::clone(loader))?;
        lua_std::open_all(&mut lua)?;
        lua.run(b"left = {}", "=left")?;
        Ok(Host { lua, versions: VecDeque::new() })
    }

    /// Loads the file and calls what it defines, and what older versions defined.
    fn round(&mut self, path: &str, version: usize) -> Result<(), Box<dyn Error>> {
        let lua = &mut self.lua;
        let dofile: Function = lua.globals().get(lua, "dofile")?;
        let module: Table = dofile.call(lua, path)?;
        self.versions.push_back((version, module));
        if self.versions.len() > OLD {
            self.versions.pop_front();
        }
        for (version, module) in &self.versions {
            for i in [0, 7, FUNCTIONS - 1] {
                let function: Function = module.get(lua, format!("f{i}"))?;
                let sum: i64 = function.call(lua, 1)?;
                if sum != (1 + i + version) as i64 {
                    return Err(format!("f{i} of version {version} gave {sum}").into());
                }
            }
        }
        if version.is_multiple_of(EMPTIED) {
            lua.run(b"left = {} collectgarbage()", "=empty")?;
        }
        Ok(())
    }
}

fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

pub(crate) fn run(rounds: usize, path: &Path) -> Result<(), Box<dyn Error>> {
    let cache = Arc::new(Cached::new(Compiler));
    let loader: Arc<dyn Loader> = cache.clone();
    let mut hosts: Vec<Host> = (0..VMS).map(|_| Host::open(&loader)).collect::<Result<_, _>>()?;
    let name = path.to_str().ok_or("the path is no text")?;
    let mut early = None;
    for round in 1..=rounds {
        std::fs::write(path, source(round))?;
        cache.clear();
        for host in &mut hosts {
            host.round(name, round)?;
        }
        if round == SETTLED {
            early = resident();
        }
        if round == SETTLED || round.is_multiple_of((rounds / 20).max(1)) {
            let alive: usize = cache.stats().alive.iter().map(|(_, images)| images).sum();
            println!("round {round:6}: {} KB resident, {alive} images", resident().unwrap_or(0));
        }
    }
    let late = resident();
    for host in &mut hosts {
        host.versions.clear();
        host.lua.run(b"left = {} collectgarbage() collectgarbage()", "=empty")?;
    }
    cache.clear();
    let alive: usize = cache.stats().alive.iter().map(|(_, images)| images).sum();
    println!("{alive} images after everything was dropped");
    if alive != 0 {
        return Err("images stay behind".into());
    }
    match early.zip(late) {
        Some((early, late)) if late * 20 > early * 21 => Err(format!("memory grew from {early} KB to {late} KB").into()),
        _ => Ok(()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().nth(1).map_or(Ok(1000), |word| word.parse())?;
    let path = std::env::temp_dir().join(format!("vms_reload_{}.lua", std::process::id()));
    let result = run(rounds, &path);
    let _ = std::fs::remove_file(&path);
    result
}
