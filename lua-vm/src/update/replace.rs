//! Puts old objects in the place of the new ones that the chunk made in their stead, wherever those got to: functions, the
//! module's table, and tables that variables hold.
//!
//! So `M.handlers = { M.a }`, new in the module, holds the `M.a` that everybody knows, and a function that is the first to use
//! `M` gets the module's table.

use std::collections::HashMap;
use std::ptr::NonNull;

use super::run::Session;
use super::survey::{all_threads, objects};
use crate::error::Result;
use crate::function::{Closure, HostClosure, Upvalue};
use crate::object::kind;
use crate::table::{Node, Table};
use crate::userdata::Userdata;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// For new objects, the old ones that take their place.
#[derive(Default)]
pub(super) struct Twins {
    pub(super) closures: HashMap<*mut Closure, *mut Closure>,
    pub(super) tables: HashMap<*mut Table, *mut Table>,
}

impl Twins {
    /// What takes the place of a value, if something does.
    pub(super) fn of(&self, value: Value) -> Option<Value> {
        match value.tag {
            tag::CLOSURE => self.closures.get(&value.as_closure()).map(|&c| Value::closure(c)),
            tag::TABLE => self.tables.get(&value.as_ptr()).map(|&t| Value::table(t)),
            _ => None,
        }
    }
}

/// Replaces objects by others in all objects that live.
pub(super) fn everywhere(session: &mut Session<'_, '_>, twins: &Twins) -> Result<()> {
    if twins.closures.is_empty() && twins.tables.is_empty() {
        return Ok(());
    }
    // SAFETY: the session roots all twins; nothing is allocated before `keys`, and that roots what it uses.
    unsafe {
        let vm = session.cx.vm();
        in_roots(vm, twins);
        for object in objects(vm, kind::UPVALUE) {
            let u = object.as_ptr().cast::<Upvalue>();
            in_slots(vm, object, (*u).value, 1, twins);
        }
        for object in objects(vm, kind::USERDATA) {
            let u = object.as_ptr().cast::<Userdata>();
            in_slots(vm, object, Userdata::value(u, 0), (*u).value_count as usize, twins);
        }
        for object in objects(vm, kind::HOST_CLOSURE) {
            let c = object.as_ptr().cast::<HostClosure>();
            in_slots(vm, object, HostClosure::upvalue(c, 0), (*c).upvalue_count as usize, twins);
        }
        let mut later = Later::default();
        for object in objects(vm, kind::TABLE) {
            in_table(vm, object.as_ptr().cast(), twins, &mut later);
        }
        later.carry_out(session)
    }
}

/// # Safety
/// The slots belong to a live object, in which nothing else is written meanwhile.
unsafe fn in_slots(vm: &mut Vm, owner: NonNull<lua_gc::Header>, first: *mut Value, count: usize, twins: &Twins) {
    for at in 0..count {
        // SAFETY: the caller's promise.
        unsafe {
            let slot = first.add(at);
            if let Some(twin) = twins.of(*slot) {
                vm.heap.barrier(owner);
                copy(slot, &twin);
            }
        }
    }
}

/// Stacks and handles.
unsafe fn in_roots(vm: &mut Vm, twins: &Twins) {
    for handle in &mut vm.roots.handles {
        if let Some(twin) = twins.of(*handle) {
            *handle = twin;
        }
    }
    for thread in all_threads(vm) {
        // SAFETY: a live thread, whose fields are up to date.
        unsafe {
            let owner = NonNull::new_unchecked(thread.cast());
            let count = (*thread).live_end().offset_from((*thread).stack) as usize;
            in_slots(vm, owner, (*thread).stack, count, twins);
        }
    }
}

/// Replaces values; notes keys and metatables for later.
unsafe fn in_table(vm: &mut Vm, table: *mut Table, twins: &Twins, later: &mut Later) {
    // SAFETY: a live table.
    unsafe {
        let owner = NonNull::new_unchecked(table.cast());
        for i in 0..(*table).array_len as usize {
            if *(*table).array_tag(i) >= tag::FIRST_OBJECT
                && let Some(twin) = twins.of((*table).array_get(i))
            {
                vm.heap.barrier(owner);
                Table::array_set(table, i, twin);
            }
        }
        if let Some(&twin) = twins.tables.get(&(*table).meta) {
            later.metatables.push((table, twin));
        }
        if (*table).has_dummy() {
            return;
        }
        for i in 0..(*table).node_count() {
            let node = (*table).nodes.add(i);
            if !(*node).is_vacant() {
                in_slots(vm, owner, Node::slot(node), 1, twins);
                if let Some(twin) = twins.of((*node).key()) {
                    later.keys.push((table, (*node).key(), twin));
                }
            }
        }
    }
}

/// What may need memory, and so has to wait until the walk is over.
#[derive(Default)]
struct Later {
    keys: Vec<(*mut Table, Value, Value)>,
    metatables: Vec<(*mut Table, *mut Table)>,
}

impl Later {
    /// Moves values from one key to another, unless that has a value already, and replaces metatables.
    ///
    /// # Safety
    /// Nothing has collected since the walk.
    unsafe fn carry_out(self, session: &mut Session<'_, '_>) -> Result<()> {
        // SAFETY: tables of the walk are live until something collects; from then on the session keeps them.
        unsafe {
            for table in self.keys.iter().map(|k| k.0).chain(self.metatables.iter().map(|m| m.0)) {
                session.keep.add(session.cx.vm(), Value::table(table))?;
            }
            for (table, meta) in self.metatables {
                session.cx.vm().set_table_metatable(table, meta)?;
            }
            for (table, from, to) in self.keys {
                let vm = session.cx.vm();
                let value = vm.raw_get(table, from);
                if vm.raw_get(table, to).is_nil() {
                    vm.raw_set(table, to, value)?;
                }
                vm.raw_set(table, from, Value::NIL)?;
            }
            Ok(())
        }
    }
}
