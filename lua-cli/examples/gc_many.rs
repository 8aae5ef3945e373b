//! Many VMs that share the threads of the concurrent collector: `gc_many [VMS] [TURNS] [COLLECTOR]`.
//!
//! Each VM holds about a megabyte. The VMs take turns on as many threads as there are processors, and each turn makes garbage
//! out of a part of what its VM holds. Printed are the longest turn on its thread's clock, with a collection of its VM
//! going on and without, the memory that the process and any of its VMs took at most, and how often the VMs were
//! collected that were collected least and most.

use std::sync::Arc;
use std::time::Duration;

use lua_gc::CollectorKind;
use lua_parse::Compiler;
use lua_vm::{Error, Function, Lua};

use longest::Longest;

#[path = "gc_pauses/clocks.rs"]
#[allow(dead_code)]
mod clocks;
#[path = "gc_pauses/longest.rs"]
mod longest;

const SCRIPT: &[u8] = b"
local live = {}
for i = 1, 8500 do live[i] = {i, i + 1} end
local seed = 42
function turn()
  for _ = 1, 100 do
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    live[seed % #live + 1] = {seed, seed}
    local short = {seed, seed}
    live[(seed >> 8) % #live + 1][1] = short[1]
  end
end
";

struct Vm {
    lua: Lua,
    turn: Function,
    /// Collections until the VM was open.
    collections: u64,
    /// The most memory after any turn, in bytes.
    most: usize,
}

impl Vm {
    /// Collections while turns were taken.
    fn collections(&self) -> u64 {
        self.lua.collections() - self.collections
    }
}

fn open(collector: CollectorKind) -> Result<Vm, Error> {
    let mut lua = Lua::builder(Arc::new(Compiler)).collector(collector).open().map_err(|error| Error::text(error.to_string()))?;
    lua_std::open_all(&mut lua)?;
    lua.run(SCRIPT, "=many")?;
    let globals = lua.globals();
    let turn = globals.get(&mut lua, "turn")?;
    let (collections, most) = (lua.collections(), lua.memory());
    Ok(Vm { lua, turn, collections, most })
}

/// How long turns took.
struct Times {
    /// All, sorted.
    all: Vec<Duration>,
    longest: Longest,
}

/// Runs some VMs in turn.
fn run(vms: &mut [Vm], turns: usize) -> Result<Times, Error> {
    let mut all = Vec::with_capacity(vms.len() * turns);
    let mut longest = Longest::default();
    for _ in 0..turns {
        for vm in &mut *vms {
            let (began, was_collecting) = (clocks::thread(), vm.lua.is_collecting());
            vm.turn.call::<()>(&mut vm.lua, ())?;
            let took = clocks::thread() - began;
            longest.add(took, was_collecting || vm.lua.is_collecting());
            all.push(took);
            vm.most = vm.most.max(vm.lua.memory());
        }
    }
    all.sort_unstable();
    Ok(Times { all, longest })
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |default: usize| words.next().map_or(default, |word| word.parse().expect("a number"));
    let (count, turns) = (number(1000), number(600));
    let collector = match words.next().as_deref() {
        None | Some("concurrent") => CollectorKind::Concurrent,
        Some("incremental") => CollectorKind::Incremental,
        Some(other) => panic!("no collector '{other}'"),
    };
    let mut vms: Vec<Vm> = (0..count).map(|_| open(collector).expect("a VM")).collect();
    let live: usize = vms.iter().map(|vm| vm.lua.memory()).sum();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let times: Vec<Times> = std::thread::scope(|scope| {
        let share = count.div_ceil(threads);
        let running: Vec<_> = vms.chunks_mut(share).map(|vms| scope.spawn(move || run(vms, turns).expect("no error"))).collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let longest = times.iter().map(|times| times.longest).fold(Longest::default(), Longest::or);
    let median = times.first().map_or(Duration::ZERO, |times| times.all[times.all.len() / 2]);
    let most = vms.iter().map(|vm| vm.most).max();
    let collections = || vms.iter().map(Vm::collections);
    println!("vms {count}, turns {turns}, live at first {:.1} MB", live as f64 / 1e6);
    println!("median turn {median:?}, longest during a collection {:?}, longest otherwise {:?}", longest.collecting, longest.idle);
    println!("peak of the process {:.1} MB, of a VM {:.2} MB", clocks::peak_memory() as f64 / 1e6, most.unwrap_or(0) as f64 / 1e6);
    println!("collections of a VM: {} to {}", collections().min().unwrap_or(0), collections().max().unwrap_or(0));
}
