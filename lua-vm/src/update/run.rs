//! The steps up to the plan: looking at what there is, and running the new chunks.

use std::collections::{HashMap, HashSet};

use super::replace::{self, Twins};
use super::survey::{Counterparts, closures_of, objects};
use super::variables::Variables;
use super::{ModuleUpdate, Obstacle, ObstacleKind, Stop};
use crate::api::Cx;
use crate::api::handle::Handle;
use crate::error::{Error, Result};
use crate::function::Closure;
use crate::object::kind;
use crate::table::Table;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// The registry's table of loaded modules (§6.3).
const LOADED: &str = "_LOADED";

/// The slots of one module, counted from its first.
const OLD: u32 = 0;
const ENVIRONMENT: u32 = 1;
const MAIN: u32 = 2;
const NEW: u32 = 3;
const SLOTS: u32 = 4;

/// An update on its way.
pub(super) struct Session<'a, 'v> {
    pub(super) cx: &'a mut Cx<'v>,
    pub(super) modules: &'a [ModuleUpdate],
    /// The slot of the table of loaded modules; those of the modules follow.
    loaded: u32,
    /// Closures that had the very code before that they are to get.
    same: HashSet<*mut Closure>,
    /// Closures that stand alone for a function directly in a chunk, by module and position in the new code: the chunk may put its
    /// own ones in their place, and their variables stay nevertheless.
    named: HashMap<(usize, u32), *mut Closure>,
    /// Tables that were there before the chunks ran.
    pub(super) existing: HashSet<*mut Table>,
    /// Closures that the new chunks made.
    pub(super) fresh: HashSet<*mut Closure>,
    /// The module whose chunk runs, which counts as not loaded.
    running: Option<usize>,
    /// Automatic collections are off, and were on.
    stopped: bool,
    /// Keeps objects alive that scripts do not see.
    pub(super) keep: Keep,
}

/// A table that only the update knows.
pub(super) struct Keep {
    table: *mut Table,
    count: i64,
    _root: Handle,
}

impl Keep {
    fn new(vm: &mut Vm) -> Result<Keep> {
        let table = vm.with_memory(|vm| Table::new(&mut vm.heap, 0, 0))?;
        Ok(Keep { table, count: 0, _root: Handle::new(vm, Value::table(table)) })
    }

    /// Keeps an object alive until the update ends. Collects nothing.
    pub(super) fn add(&mut self, vm: &mut Vm, value: Value) -> Result<()> {
        self.count += 1;
        // SAFETY: the table is rooted, the value live.
        unsafe { Table::set_int(&mut vm.heap, self.table, self.count, value).map_err(|_| Error::memory()) }
    }
}

impl<'a, 'v> Session<'a, 'v> {
    pub(super) fn new(cx: &'a mut Cx<'v>, modules: &'a [ModuleUpdate]) -> Result<Session<'a, 'v>> {
        let keep = Keep::new(cx.vm())?;
        cx.push_registry();
        let loaded = cx.top() - 1;
        cx.raw_get_str(loaded, LOADED);
        cx.copy(loaded + 1, loaded);
        cx.set_top(loaded + 1 + SLOTS * modules.len() as u32)?;
        Ok(Session {
            cx,
            modules,
            loaded,
            same: HashSet::new(),
            named: HashMap::new(),
            existing: HashSet::new(),
            fresh: HashSet::new(),
            running: None,
            stopped: false,
            keep,
        })
    }

    fn slot(&self, module: usize, which: u32) -> u32 {
        self.loaded + 1 + SLOTS * module as u32 + which
    }

    /// The value of a module, before and now.
    pub(super) fn values(&self, module: usize) -> (Value, Value) {
        (self.cx.value(self.slot(module, OLD)), self.cx.value(self.slot(module, NEW)))
    }

    /// Replaces the new value of a module.
    pub(super) fn set_new_value(&mut self, module: usize, value: Value) {
        let slot = self.slot(module, NEW);
        self.cx.set_value(slot, value);
    }

    /// Slots of the value of a module, before and now.
    pub(super) fn value_slots(&self, module: usize) -> (u32, u32) {
        (self.slot(module, OLD), self.slot(module, NEW))
    }

    /// The new outermost function of a module.
    pub(super) fn main(&self, module: usize) -> *mut Closure {
        self.cx.value(self.slot(module, MAIN)).as_closure()
    }

    /// Notes the values of the modules.
    pub(super) fn refuse_unloaded(&mut self) -> Result<(), Stop> {
        let mut obstacles = Vec::new();
        for (at, module) in self.modules.iter().enumerate() {
            let slot = self.slot(at, OLD);
            let kind = if !self.load_field(at, slot)? {
                ObstacleKind::NotLoaded
            } else if module.proto.image().outline().is_empty() {
                ObstacleKind::Binary
            } else {
                continue;
            };
            obstacles.push(Obstacle { module: module.name.clone(), function: String::new(), line: 0, kind });
        }
        if obstacles.is_empty() { Ok(()) } else { Err(Stop::Refused(obstacles)) }
    }

    /// Copies the module's field of the table of loaded modules to a slot; false if there is nothing.
    fn load_field(&mut self, module: usize, slot: u32) -> Result<bool> {
        if self.cx.value(self.loaded).tag != tag::TABLE {
            return Ok(false);
        }
        self.cx.push_bytes(&self.modules[module].name)?;
        self.cx.raw_get(self.loaded);
        let value = self.cx.take();
        self.cx.set_value(slot, value);
        Ok(!matches!(value.tag, tag::NIL | tag::FALSE))
    }

    /// Stores a slot in the module's field of the table of loaded modules.
    fn store_field(&mut self, module: usize, value: Value) -> Result<()> {
        self.cx.push_bytes(&self.modules[module].name)?;
        self.cx.push(value);
        self.cx.raw_set(self.loaded)
    }

    /// Finds what stands in the way before any code runs, and the environments that the modules had.
    pub(super) fn survey_before(&mut self) -> Result<(), Stop> {
        self.cx.vm().collect();
        let found = closures_of(self.cx.vm(), self.modules);
        self.existing = objects(self.cx.vm(), kind::TABLE).into_iter().map(|object| object.as_ptr().cast()).collect();
        let tables = self.tables();
        let mut obstacles = Vec::new();
        for (at, (module, closures)) in self.modules.iter().zip(&found).enumerate() {
            let mut counterparts = Counterparts::new(module);
            let mut variables = Variables::default();
            for &closure in closures {
                // SAFETY: closures of the walk are live, and nothing collects before the end of this function.
                unsafe {
                    let proto = (*(*closure).function).proto();
                    variables.add(closure, &counterparts.of_image(proto.image()));
                    if proto.image().identity() == module.proto.image().identity() {
                        self.same.insert(closure);
                        self.keep.add(self.cx.vm(), Value::closure(closure))?;
                    }
                }
            }
            // SAFETY: as above.
            unsafe {
                counterparts.note_lost(self.cx.vm(), closures, &tables);
                if closures.is_empty() {
                    self.note_stripped(at, &mut counterparts);
                }
                self.keep_named(at, closures, &mut counterparts)?;
            }
            obstacles.append(&mut counterparts.obstacles);
            // SAFETY: an upvalue of a live closure.
            let environment = variables.environment().map_or(Value::table(self.cx.vm().roots.globals), |u| unsafe { *(*u).value });
            self.cx.set_value(self.slot(at, ENVIRONMENT), environment);
        }
        if obstacles.is_empty() { Ok(()) } else { Err(Stop::Refused(obstacles)) }
    }

    /// The values that modules have, as far as they are tables.
    pub(super) fn tables(&self) -> Vec<*mut Table> {
        let old = (0..self.modules.len()).map(|at| self.values(at).0);
        old.filter(|value| value.tag == tag::TABLE).map(|value| value.as_ptr()).collect()
    }

    /// Notes functions in the value of a module, none of whose functions bears its chunk's name, that come from binary chunks: stripped
    /// ones have no name, and an update would pass them by.
    ///
    /// # Safety
    /// Nothing collects meanwhile.
    unsafe fn note_stripped(&self, at: usize, counterparts: &mut Counterparts<'_>) {
        let old = self.values(at).0;
        let mut note = |value: Value| {
            if value.tag == tag::CLOSURE {
                // SAFETY: a live closure, as the module's value is live.
                let proto = unsafe { (*(*value.as_closure()).function).proto() };
                if proto.image().outline().is_empty() {
                    counterparts.note(proto, ObstacleKind::Binary);
                }
            }
        };
        note(old);
        if old.tag == tag::TABLE {
            let mut position = 0;
            // SAFETY: a live table.
            while let Some((_, value, next)) = unsafe { (*old.as_ptr::<Table>()).entry_from(position) } {
                note(value);
                position = next;
            }
        }
    }

    /// Keeps the closures that the new chunk may replace, see [`Session::named`].
    ///
    /// # Safety
    /// The closures are live, and nothing collects meanwhile.
    unsafe fn keep_named(&mut self, at: usize, closures: &[*mut Closure], counterparts: &mut Counterparts<'_>) -> Result<()> {
        let outline = self.modules[at].proto.image().outline();
        let mut only: HashMap<u32, Option<*mut Closure>> = HashMap::new();
        for &closure in closures {
            // SAFETY: the caller's promise.
            let position = counterparts.of_function(unsafe { (*(*closure).function).proto() });
            if let Ok(position) = position
                && position != 0
                && outline[position as usize].parent == 0
            {
                only.entry(position).and_modify(|only| *only = None).or_insert(Some(closure));
            }
        }
        for (position, closure) in only {
            if let Some(closure) = closure {
                self.keep.add(self.cx.vm(), Value::closure(closure))?;
                self.named.insert((at, position), closure);
            }
        }
        Ok(())
    }

    /// After an update that ended early: where a chunk put new functions in the place of known ones, these are back.
    pub(super) fn put_back(&mut self) {
        // What is dead by now is not written to.
        self.cx.vm().collect();
        let mut twins = Twins::default();
        let mut seen = HashMap::new();
        for &closure in &self.fresh {
            // SAFETY: the session keeps it.
            let proto = unsafe { (*(*closure).function).proto() };
            let of_module = self.modules.iter().position(|m| m.proto.image().identity() == proto.image().identity());
            let Some(place) = of_module.map(|at| (at, proto.position())) else { continue };
            if let Some(&known) = self.named.get(&place) {
                match seen.insert(place, closure) {
                    None => twins.closures.insert(closure, known),
                    Some(other) => twins.closures.remove(&other),
                };
            }
        }
        // Keys may need memory; there are none but those that the chunk made.
        let _ = replace::everywhere(self, &twins);
    }

    /// Runs the new chunks. Automatic collections are off meanwhile, so that all closures that they make are found.
    pub(super) fn run_chunks(&mut self) -> Result<(), Stop> {
        self.stopped = self.cx.vm().heap.is_running();
        self.cx.vm().heap.stop();
        let result = (0..self.modules.len()).try_for_each(|at| self.run_chunk(at));
        let noted = self.note_fresh();
        self.restart();
        result.and(noted).map_err(|e| Stop::Failed(self.cx.vm().own_error(e)))
    }

    fn restart(&mut self) {
        if std::mem::take(&mut self.stopped) {
            self.cx.vm().heap.restart();
        }
    }

    /// Gives the module whose chunk ran its value back.
    fn reload(&mut self) -> Result<()> {
        match self.running.take() {
            Some(at) => {
                let old = self.cx.value(self.slot(at, OLD));
                self.store_field(at, old)
            }
            None => Ok(()),
        }
    }

    /// Runs one chunk as `require` does: while it runs, the module counts as not loaded.
    fn run_chunk(&mut self, at: usize) -> Result<()> {
        let module = &self.modules[at];
        let main = self.cx.vm().instantiate(&module.proto)?;
        let slot = self.slot(at, MAIN);
        self.cx.set_value(slot, Value::closure(main));
        if !module.proto.upvalues().is_empty() {
            self.cx.push_slot(self.slot(at, ENVIRONMENT));
            self.cx.set_upvalue_of(slot, 0);
        }
        // The field stays in its table, so that giving it its value back needs no memory.
        self.store_field(at, Value::bool(false))?;
        self.running = Some(at);
        let top = self.cx.top();
        let ran = self.call_chunk(at);
        self.cx.set_top(top)?;
        let ran = ran.map_err(|e| self.cx.vm().own_error(e));
        let new = self.slot(at, NEW);
        let left = if matches!(ran, Ok(Value { tag: tag::NIL, .. })) { self.load_field(at, new)? } else { true };
        if let Ok(value) = ran
            && !value.is_nil()
        {
            self.cx.set_value(new, value);
        } else if !left {
            self.cx.set_value(new, Value::bool(true));
        }
        self.reload()?;
        ran.map(|_| ())
    }

    fn call_chunk(&mut self, at: usize) -> Result<Value> {
        let module = &self.modules[at];
        self.cx.push_slot(self.slot(at, MAIN));
        self.cx.push_bytes(&module.name)?;
        self.cx.push_bytes(&module.origin)?;
        self.cx.pcall(2, 1)?;
        let value = self.cx.take();
        // Rooted from here on.
        self.cx.set_value(self.slot(at, NEW), value);
        Ok(value)
    }

    /// Finds the closures that the chunks made, dead ones among them, and keeps them: they hold the new variables.
    fn note_fresh(&mut self) -> Result<()> {
        let found = closures_of(self.cx.vm(), self.modules);
        for (module, closures) in self.modules.iter().zip(&found) {
            for &closure in closures {
                // SAFETY: closures of the walk are live, and nothing collects before the end of this function.
                let image = unsafe { (*(*closure).function).proto() }.image().identity();
                if image == module.proto.image().identity() && !self.same.contains(&closure) {
                    self.fresh.insert(closure);
                    self.keep.add(self.cx.vm(), Value::closure(closure))?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Session<'_, '_> {
    /// After a panic of a host function in a chunk, too, modules are loaded and automatic collections on.
    fn drop(&mut self) {
        self.restart();
        if std::thread::panicking() {
            let _ = self.reload();
        }
        self.cx.vm().updating = false;
    }
}
