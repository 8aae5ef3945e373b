//! A random mutator of everything that a VM has in its heap, and the same graph kept outside: contents, what may be gone
//! and what must, whose finalizer runs and when.
//!
//! Lua does the operations (`graph/driver.lua`), the host chooses them (`operations.rs`), knows the graph that they should
//! give (`shadow.rs`), and compares (`host.rs`).

mod host;
mod ids;
mod large;
mod operations;
mod shadow;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use lua_gc::CollectorKind;
use lua_vm::{AnyValue, Table};

use crate::machine::{Machine, Setup};
use crate::random::Random;
use host::lock;
use operations::{ROOTS, World};
use shadow::Plain;

/// Operations of one case.
pub(crate) const OPERATIONS: u64 = 20_000;
/// Operations between two moments at which the host does something.
const BETWEEN: u32 = 400;

/// A collector, or several in turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Under {
    pub(crate) name: &'static str,
    pub(crate) first: CollectorKind,
    /// Other collectors take over while the program runs, in the midst of cycles.
    pub(crate) switches: bool,
    /// Collects all the time: a tenth of the operations.
    pub(crate) is_slow: bool,
}

const fn under(name: &'static str, first: CollectorKind) -> Under {
    Under { name, first, switches: false, is_slow: false }
}

/// What the mutator runs under.
pub(crate) const ALL: [Under; 8] = [
    under("mark-sweep", CollectorKind::MarkSweep),
    under("incremental", CollectorKind::Incremental),
    under("generational", CollectorKind::Generational),
    under("concurrent", CollectorKind::Concurrent),
    Under { switches: true, ..under("switched", CollectorKind::Incremental) },
    under("stress-concurrent", CollectorKind::StressConcurrent),
    Under { is_slow: true, ..under("stress-minor", CollectorKind::StressMinor) },
    Under { is_slow: true, ..under("stress", CollectorKind::Stress) },
];

/// Collectors that take over from each other.
const SWITCHED: [CollectorKind; 6] = [
    CollectorKind::MarkSweep,
    CollectorKind::Incremental,
    CollectorKind::Generational,
    CollectorKind::Concurrent,
    CollectorKind::StressConcurrent,
    CollectorKind::StressMinor,
];

/// Bytes that a VM may keep when all is gone that it was given.
const KEPT: usize = 256 * 1024;

struct Graph {
    machine: Machine,
    world: Arc<Mutex<World>>,
    warnings: Arc<AtomicU64>,
    drive: lua_vm::Function,
    roots: Table,
    handles: Vec<AnyValue>,
}

/// Runs one case to its end; how many operations it did.
///
/// # Errors
///
/// What was wrong, and in which step.
pub(crate) fn run(under: Under, seed: u64, case: u64, operations: u64, omitted: Option<&str>) -> Result<u64, String> {
    let mut random = Random::new(seed, case);
    let stress_stack = random.one_in(8);
    let setup = Setup { looped: random.one_in(2), collector: under.first, stress_stack, ..Setup::PLAIN };
    let items = Arc::new(AtomicUsize::new(0));
    let mut world = World::new(random, under.switches);
    if stress_stack {
        world.most_unpacked = 60;
    }
    let world = Arc::new(Mutex::new(world));
    let mut graph = Graph::open(setup, world, &items).map_err(|error| error.to_string())?;
    omit(&mut graph.machine, omitted)?;
    let before = graph.machine.lua.memory();
    let left_over = graph.go(under, operations).and_then(|()| graph.clear(before));
    let done = lock(&graph.world).done;
    left_over?;
    graph.close()?;
    match items.load(Ordering::Relaxed) {
        0 => Ok(done),
        left => Err(format!("{left} userdata were never dropped")),
    }
}

/// Has the VM do without something that keeps objects alive.
#[cfg(feature = "sabotage")]
fn omit(machine: &mut Machine, what: Option<&str>) -> Result<(), String> {
    let omission = match what {
        None => return Ok(()),
        Some("barrier") => lua_vm::Omission::Barrier,
        Some("remembering") => lua_vm::Omission::Remembering,
        Some("clearing") => lua_vm::Omission::Clearing,
        Some("strings") => lua_vm::Omission::RevivalOfStrings,
        Some("upvalues") => lua_vm::Omission::RevivalOfUpvalues,
        Some(other) => return Err(format!("nothing is called '{other}'")),
    };
    // SAFETY: that memory is not safe afterwards is the purpose; the process does nothing else.
    unsafe { machine.lua.omit(omission) };
    Ok(())
}

#[cfg(not(feature = "sabotage"))]
fn omit(_: &mut Machine, what: Option<&str>) -> Result<(), String> {
    what.map_or(Ok(()), |what| Err(format!("built without the feature that can omit {what}")))
}

impl Graph {
    fn open(setup: Setup, world: Arc<Mutex<World>>, items: &Arc<AtomicUsize>) -> Result<Graph, lua_vm::Error> {
        let mut machine = Machine::open(setup);
        let warnings = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&warnings);
        machine.lua.set_warn(move |_, continued| {
            counted.fetch_add(u64::from(!continued), Ordering::Relaxed);
        });
        host::open(&mut machine.lua, &world, items)?;
        machine.lua.run(include_bytes!("graph/driver.lua"), "=driver")?;
        machine.lua.run(b"collectgarbage('setpause', 100)", "=pause")?;
        let globals = machine.lua.globals();
        let (drive, roots) = (globals.get(&mut machine.lua, "drive")?, globals.get(&mut machine.lua, "roots")?);
        Ok(Graph { machine, world, warnings, drive, roots, handles: Vec::new() })
    }

    fn go(&mut self, under: Under, operations: u64) -> Result<(), String> {
        while lock(&self.world).done < operations {
            lock(&self.world).begin_run(BETWEEN);
            self.drive.call::<()>(&mut self.machine.lua, ()).map_err(|error| error.to_string())?;
            self.problem()?;
            self.host_acts(under).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn problem(&self) -> Result<(), String> {
        lock(&self.world).problem.take().map_or(Ok(()), Err)
    }

    /// Holds values in handles, lets go of them, exchanges the collector, uses an idle moment.
    fn host_acts(&mut self, under: Under) -> Result<(), lua_vm::Error> {
        let lua = &mut self.machine.lua;
        let mut world = lock(&self.world);
        let (choice, slot) = (world.random.below(6), 1 + world.random.below(ROOTS));
        let next = *world.random.pick(&SWITCHED);
        let value = world.shadow.roots[slot];
        match choice {
            0 | 1 if self.handles.len() < 8 && value != Plain::Nil => {
                world.shadow.handles.push(value);
                drop(world);
                self.handles.push(self.roots.get(lua, slot as i64)?);
            }
            2 => {
                if let (Some(kept), Some(handle)) = (world.shadow.handles.pop(), self.handles.pop()) {
                    world.shadow.roots[slot] = kept;
                    drop(world);
                    self.roots.set(lua, slot as i64, handle)?;
                }
            }
            3 => {
                drop(world);
                lua.gc_step(4096_usize);
            }
            _ if under.switches => {
                drop(world);
                lua.set_collector(next);
            }
            _ => {}
        }
        Ok(())
    }

    /// Drops all roots: what was made must be gone then.
    fn clear(&mut self, before: usize) -> Result<(), String> {
        {
            let mut world = lock(&self.world);
            world.shadow.roots.fill(Plain::Nil);
            world.shadow.handles.clear();
            world.shadow.closing_down = true;
        }
        self.handles.clear();
        let lua = &mut self.machine.lua;
        let clear = b"for i = 1, host.roots do roots[i] = nil end settle() collectgarbage() collectgarbage()";
        lua.run(clear, "=clear").map_err(|error| error.to_string())?;
        self.problem()?;
        let world = lock(&self.world);
        if let Some(id) = world.shadow.registered.keys().next() {
            return Err(format!("{id} was never finalized"));
        }
        let (failed, warned) = (world.failed, self.warnings.load(Ordering::Relaxed));
        if failed != warned {
            return Err(format!("{warned} warnings of {failed} finalizers that failed"));
        }
        match self.machine.lua.memory() {
            bytes if bytes <= before + KEPT => Ok(()),
            bytes => Err(format!("{bytes} bytes are left, of {before} before")),
        }
    }

    fn close(self) -> Result<(), String> {
        drop((self.drive, self.roots, self.handles));
        self.machine.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lives_is_there_and_what_is_dead_goes_under_every_collector() {
        for under in ALL {
            for case in 0..2 {
                let operations = if under.is_slow { 500 } else { 5_000 };
                run(under, 1, case, operations, None).unwrap_or_else(|problem| panic!("{}, case {case}: {problem}", under.name));
            }
        }
    }
}
