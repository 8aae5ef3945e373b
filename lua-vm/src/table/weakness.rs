//! Weak tables (§2.5.4): which tables are weak is known when a metatable is set or its `__mode` changes.

use lua_gc::OutOfMemory;
use std::ptr::NonNull;

use super::{HIDDEN, HIDES, IN_CHAIN, IS_METATABLE, Node, Table, Visitor, WEAK_KEYS, WEAK_VALUES};
use crate::meta::Event;
use crate::object::{Heap, kind};
use crate::value::{Value, tag};
use crate::vm::Vm;

impl Table {
    /// The table is the metatable of something from now on.
    ///
    /// # Safety
    /// `t` is live.
    pub(crate) unsafe fn become_metatable(heap: &mut Heap, t: *mut Table) {
        // SAFETY: the caller's promise. Tracing reads the flags.
        unsafe {
            if (*t).flags & IS_METATABLE == 0 {
                Table::barrier_head(heap, t);
                (*t).flags |= IS_METATABLE;
            }
        }
    }

    /// Answers of the cache of chains depend on the table from now on.
    ///
    /// # Safety
    /// `t` is live.
    pub(super) unsafe fn join_chain(heap: &mut Heap, t: *mut Table) {
        // SAFETY: the caller's promise. Tracing reads the flags.
        unsafe {
            if (*t).flags & IN_CHAIN == 0 {
                Table::barrier_head(heap, t);
                (*t).flags |= IN_CHAIN;
            }
        }
    }

    /// As [`Table::join_chain`] for a metatable, whose `__index` stands in `node`: hides it.
    ///
    /// # Safety
    /// `t` is live, `node` its node.
    pub(super) unsafe fn hide_index(heap: &mut Heap, t: *mut Table, node: *mut Node) {
        // SAFETY: the caller's promise. Tracing reads flags and keys.
        unsafe {
            if (*t).flags & HIDES == 0 || (*node).key_tag & HIDDEN == 0 {
                Table::join_chain(heap, t);
                Table::barrier_head(heap, t);
                (*t).flags |= HIDES;
                Table::barrier_node(heap, t, node);
                (*node).key_tag |= HIDDEN;
            }
        }
    }

    /// Makes a table weak, or strong again: moves all its entries to where they belong.
    ///
    /// # Safety
    /// `t` is live.
    unsafe fn set_weakness(heap: &mut Heap, t: *mut Table, weakness: u8) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            if (*t).flags & (WEAK_KEYS | WEAK_VALUES) == weakness {
                return Ok(());
            }
            let entries = (0..(*t).array_len as usize).filter(|&i| *(*t).array_tag(i) != tag::NIL).count() + Table::used_nodes(t);
            let old = (*t).flags;
            // `fill` hides keys by the flags that it finds.
            Table::barrier_head(heap, t);
            if old & (WEAK_KEYS | WEAK_VALUES) != 0 {
                Table::read_all(heap, t);
            }
            (*t).flags = old & !(WEAK_KEYS | WEAK_VALUES) | weakness;
            let moved = Table::resize(heap, t, 0, entries);
            if moved.is_err() {
                (*t).flags = old;
            }
            moved
        }
    }
}

/// Reads values out of a table that was weak.
struct Reader<'h>(&'h mut Heap);

impl Visitor for Reader<'_> {
    unsafe fn visit(&mut self, value: Value) {
        if value.is_object() {
            // SAFETY: the caller's promise. What is dead has been cleared (`weak_ends`).
            let _ = unsafe { self.0.read_weak(value.header()) };
        }
    }
}

impl Table {
    /// What a weak table holds is found again, as if the program had read it: the table keeps it from now on, but a cycle that
    /// runs may have passed it already.
    ///
    /// # Safety
    /// `t` is live and weak.
    unsafe fn read_all(heap: &mut Heap, t: *mut Table) {
        // SAFETY: entries of a live table have not been freed.
        unsafe {
            heap.weak_ends(NonNull::new_unchecked(t.cast()));
            let view = (*t).view();
            view.visit::<true>(0, view.slots(), &mut Reader(heap));
        }
    }
}

impl Vm {
    /// Keeps what has been read out of a weak table; false if the entry counts as gone. A dead value takes its entry along at
    /// once, a dead key only when no finalizer is going to see it.
    ///
    /// # Safety
    /// Key and value of an entry of the live table.
    pub(crate) unsafe fn read_weak_entry(&mut self, t: *mut Table, key: Value, value: Value) -> bool {
        // SAFETY: entries of a live table have not been freed.
        unsafe {
            let weak_values = (*t).flags & WEAK_VALUES != 0;
            if weak_values && !self.read_weak_value(value) {
                return false;
            }
            self.read_weak_key(key) && (weak_values || self.read_weak_value(value))
        }
    }

    /// # Safety
    /// As for [`Vm::read_weak_entry`].
    unsafe fn read_weak_key(&mut self, key: Value) -> bool {
        // SAFETY: the caller's promise.
        !key.is_object() || unsafe { self.heap.read_weak_key(key.header()) }
    }

    /// # Safety
    /// As for [`Vm::read_weak_entry`].
    unsafe fn read_weak_value(&mut self, value: Value) -> bool {
        // SAFETY: the caller's promise.
        !value.is_object() || unsafe { self.heap.read_weak(value.header()) }
    }

    /// What a metatable's `__mode` says.
    unsafe fn weakness(&mut self, meta: *mut Table) -> u8 {
        // SAFETY: null or live.
        let mode = unsafe { self.handler_in(meta, Event::Mode) };
        if !mode.is_str() {
            return 0;
        }
        // SAFETY: a live string.
        let letters = unsafe { (*mode.as_str()).bytes() };
        (WEAK_KEYS * letters.contains(&b'k') as u8) | (WEAK_VALUES * letters.contains(&b'v') as u8)
    }

    /// Gives a table this metatable (or none): knows its weakness and its finalizer from now on.
    ///
    /// # Errors
    /// "not enough memory".
    ///
    /// # Safety
    /// `t` is live, `meta` live or null; both in slots.
    pub(crate) unsafe fn set_table_metatable(&mut self, t: *mut Table, meta: *mut Table) -> crate::error::Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let weakness = self.weakness(meta);
            self.with_memory(|vm| Table::set_weakness(&mut vm.heap, t, weakness))?;
            let header = NonNull::new_unchecked(t.cast());
            Table::barrier_head(&mut self.heap, t);
            Table::changed(&mut self.heap, t);
            (*t).meta = meta;
            if !meta.is_null() {
                Table::become_metatable(&mut self.heap, meta);
                if !self.handler_in(meta, Event::Gc).is_nil() {
                    self.heap.register_finalizer(header);
                }
            }
        }
        Ok(())
    }

    /// A metatable was stored to: if `__mode` changed, its tables change with it.
    ///
    /// # Safety
    /// Live values.
    #[cold]
    pub(crate) unsafe fn table_changed(&mut self, meta: *mut Table, key: Value) {
        // SAFETY: the caller's promise; the walk sees every object of the heap and changes only tables.
        unsafe {
            (*meta).absent = 0;
            if key.tag != tag::SHORT || key.as_str() != self.roots.event_name(Event::Mode) {
                return;
            }
            let weakness = self.weakness(meta);
            self.heap.for_each_object(|heap, object| {
                if object.as_ref().kind() == kind::TABLE {
                    let t = object.as_ptr().cast::<Table>();
                    if (*t).meta == meta {
                        // Without memory the table stays as strong as it was.
                        let _ = Table::set_weakness(heap, t, weakness);
                    }
                }
            });
        }
    }
}

const _: () = assert!(HIDDEN & tag::THREAD == 0);
