//! Which functions without a counterpart somebody still needs.
//!
//! A local function that the new source lacks is usually reached through variables of functions that
//! use it no more. Once those have their new code nobody reaches it, and it needs no counterpart.

use std::collections::{HashMap, HashSet};

use super::UPDATE;
use super::counterpart::{Counterpart, proto_at};
use super::survey::{Counterparts, all_threads, objects};
use crate::function::{Closure, HostClosure, Upvalue};
use crate::object::kind;
use crate::string::Str;
use crate::table::{Node, Table, WEAK_KEYS, WEAK_VALUES};
use crate::userdata::Userdata;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// Those of the closures `lost` that are still reached when the others of the module have new code. Exact up to cycles of
/// objects other than closures, which count as reached. The field `__update` of the tables of modules does not count: it was for the
/// update to that version.
///
/// # Safety
/// The closures live, and nothing collects meanwhile.
pub(super) unsafe fn needed(
    vm: &mut Vm,
    lost: &[*mut Closure],
    closures: &[*mut Closure],
    counterparts: &mut Counterparts<'_>,
    tables: &[*mut Table],
) -> HashSet<*mut Closure> {
    let mut search = Search { lost: lost.iter().copied().collect(), of_modules: tables.to_vec(), ..Search::default() };
    if lost.is_empty() {
        return search.needed;
    }
    // SAFETY: the caller's promise.
    unsafe {
        search.look_at_values(vm);
        search.look_at_closures(vm, closures, counterparts);
    }
    search.spread();
    search.needed
}

#[derive(Default)]
struct Search {
    lost: HashSet<*mut Closure>,
    needed: HashSet<*mut Closure>,
    /// The tables of the modules.
    of_modules: Vec<*mut Table>,
    /// Closed variables that hold a lost closure.
    cells: HashMap<*mut Upvalue, *mut Closure>,
    /// Lost closures, and those that they reach.
    reaches: Vec<(*mut Closure, *mut Closure)>,
    /// Closures that frames run.
    running: HashSet<*mut Closure>,
}

impl Search {
    fn see(&mut self, value: Value) {
        if value.tag == tag::CLOSURE && self.lost.contains(&value.as_closure()) {
            self.needed.insert(value.as_closure());
        }
    }

    /// Notes who holds a lost closure as a value.
    unsafe fn look_at_values(&mut self, vm: &mut Vm) {
        // SAFETY: objects of the walk are live; their kinds tell their types.
        unsafe {
            vm.roots.handles.iter().for_each(|&v| self.see(v));
            for object in objects(vm, kind::TABLE) {
                self.look_at_table(object.as_ptr().cast());
            }
            for object in objects(vm, kind::USERDATA) {
                let u = object.as_ptr().cast::<Userdata>();
                (0..(*u).value_count as usize).for_each(|i| self.see(*Userdata::value(u, i)));
            }
            for object in objects(vm, kind::HOST_CLOSURE) {
                let c = object.as_ptr().cast::<HostClosure>();
                (0..(*c).upvalue_count as usize).for_each(|i| self.see(*HostClosure::upvalue(c, i)));
            }
            for object in objects(vm, kind::UPVALUE) {
                let u = object.as_ptr().cast::<Upvalue>();
                let value = *(*u).value;
                if !(*u).is_open() && value.tag == tag::CLOSURE && self.lost.contains(&value.as_closure()) {
                    self.cells.insert(u, value.as_closure());
                }
            }
            for thread in all_threads(vm) {
                let count = (*thread).live_end().offset_from((*thread).stack) as usize;
                (0..count).for_each(|i| self.see(*(*thread).stack.add(i)));
                let mut frame = (*thread).frames;
                while frame <= (*thread).frame {
                    if (*frame).is_lua() {
                        self.running.insert((*(*frame).base.sub(1)).as_closure());
                    }
                    frame = frame.add(1);
                }
            }
        }
    }

    unsafe fn look_at_table(&mut self, table: *mut Table) {
        // SAFETY: a live table.
        unsafe {
            for i in 0..(*table).array_len as usize {
                self.see((*table).array_get(i));
            }
            if (*table).has_dummy() {
                return;
            }
            let weak = (*table).flags;
            let of_module = self.of_modules.contains(&table);
            for i in 0..(*table).node_count() {
                let node: *mut Node = (*table).nodes.add(i);
                if (*node).is_vacant() {
                    continue;
                }
                if weak & WEAK_KEYS == 0 {
                    self.see((*node).key());
                }
                let is_hook = of_module && (*node).key().tag == tag::SHORT && (*(*node).key().as_ptr::<Str>()).bytes() == UPDATE.as_bytes();
                if weak & WEAK_VALUES == 0 && !is_hook {
                    self.see((*node).value());
                }
            }
        }
    }

    /// Notes which closures will still hold the variables.
    unsafe fn look_at_closures(&mut self, vm: &mut Vm, closures: &[*mut Closure], counterparts: &mut Counterparts<'_>) {
        let of_module: HashSet<*mut Closure> = closures.iter().copied().collect();
        // SAFETY: closures of the walk are live.
        unsafe {
            for object in objects(vm, kind::CLOSURE) {
                let closure = object.as_ptr().cast::<Closure>();
                let original = (*closure).original();
                if !original.is_null() && Closure::holder(original) == closure {
                    // Looked at as the closure that has this version.
                    continue;
                }
                for i in 0..(*closure).upvalue_count as usize {
                    let Some(&held) = self.cells.get(&(*closure).upvalue(i)) else {
                        continue;
                    };
                    if self.lost.contains(&closure) && !self.running.contains(&closure) {
                        self.reaches.push((closure, held));
                    } else if !of_module.contains(&closure) || self.running.contains(&closure) || keeps(closure, i, counterparts) {
                        self.needed.insert(held);
                    }
                }
            }
        }
    }

    /// What a needed closure reaches is needed.
    fn spread(&mut self) {
        loop {
            let before = self.needed.len();
            for (from, to) in &self.reaches {
                if self.needed.contains(from) {
                    self.needed.insert(*to);
                }
            }
            if self.needed.len() == before {
                return;
            }
        }
    }
}

/// Whether the new code of a closure still has its upvalue `i`.
unsafe fn keeps(closure: *mut Closure, i: usize, counterparts: &mut Counterparts<'_>) -> bool {
    // SAFETY: the caller passes a live closure.
    let old = unsafe { (*(*closure).function).proto() };
    let name = old.upvalues()[i].name.as_ref().map(|n| n.as_ptr());
    match counterparts.of_image(old.image()).get(old.position() as usize) {
        Some(&Counterpart::At(position)) => {
            let new = proto_at(counterparts.new_code(), position);
            new.upvalues().iter().any(|u| u.name.as_ref().map(|n| n.as_ptr()) == name)
        }
        _ => true,
    }
}
