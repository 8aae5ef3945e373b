//! Nodes and items as the collector counts them: slots of a table, of which some are traced at a time.
//!
//! First the nodes, then the items of the array part: so their numbers stay the same while the array part grows.

use std::ptr::NonNull;

use super::{Node, Table};
use crate::object::Heap;
use crate::value::{Value, tag};

/// What an item refers to is prefetched so many items before it is looked at.
const AHEAD: usize = 12;

/// Whoever is shown what a table holds. Not a closure: a method can be inlined always.
pub(crate) trait Visitor {
    /// # Safety
    /// A value that a live table holds.
    unsafe fn visit(&mut self, value: Value);
}

/// Where nodes and items are. The blocks may have been replaced since.
#[derive(Clone, Copy)]
pub(crate) struct View {
    nodes: *const Node,
    node_count: usize,
    array: *const u8,
    array_len: usize,
}

impl View {
    /// How many slots there are.
    #[inline(always)]
    pub(crate) fn slots(&self) -> usize {
        self.node_count + self.array_len
    }

    /// Shows the visitor the keys and values in some slots. If `READS`, it looks at the objects that they refer to, and items
    /// are prefetched.
    ///
    /// # Safety
    /// The blocks are still there; `to` is at most [`View::slots`].
    #[inline(always)]
    pub(crate) unsafe fn visit<const READS: bool>(&self, from: usize, to: usize, visitor: &mut impl Visitor) {
        // SAFETY: indices below the lengths; a node without value may have a dangling key, which is not looked at.
        unsafe {
            for i in from..to.min(self.node_count) {
                let node = self.nodes.add(i);
                if !(*node).is_vacant() {
                    visitor.visit((*node).key());
                    visitor.visit((*node).value());
                }
            }
            for i in from.max(self.node_count) - self.node_count..to.max(self.node_count) - self.node_count {
                if READS && i + AHEAD < self.array_len {
                    self.prefetch_item(i + AHEAD);
                }
                let tag = *self.array.add(i);
                if tag >= tag::FIRST_OBJECT {
                    visitor.visit(Value { payload: *self.array.cast::<u64>().sub(i + 1), tag });
                }
            }
        }
    }

    /// Calls `f` with key and value of the nodes among some slots.
    ///
    /// # Safety
    /// As for [`View::visit`].
    pub(crate) unsafe fn for_each_node(&self, from: usize, to: usize, mut f: impl FnMut(Value, Value)) {
        // SAFETY: as there.
        unsafe {
            for i in from..to.min(self.node_count) {
                let node = self.nodes.add(i);
                if !(*node).is_vacant() {
                    f((*node).key(), (*node).value());
                }
            }
        }
    }

    /// Prefetches what an item refers to.
    ///
    /// # Safety
    /// As for [`View::visit`]; `i` is less than the length of the array part.
    #[inline(always)]
    unsafe fn prefetch_item(&self, i: usize) {
        // SAFETY: the caller's promise. What is no reference is a bad address, which does no harm.
        let payload = unsafe { *self.array.cast::<u64>().sub(i + 1) };
        lua_gc::prefetch(std::ptr::without_provenance::<u8>(payload as usize));
    }
}

impl Table {
    /// Where nodes and items are now.
    #[inline(always)]
    pub(crate) fn view(&self) -> View {
        View { nodes: self.nodes, node_count: self.first_item(), array: self.array, array_len: self.array_len as usize }
    }

    /// Which slot of a view one of the table is: if the nodes were replaced, the items have got other numbers. Too high a number
    /// if the view does not name its block.
    pub(crate) fn slot_in(&self, view: &View, slot: usize) -> usize {
        match slot.checked_sub(self.first_item()) {
            Some(item) if std::ptr::eq(view.array, self.array) => view.node_count.saturating_add(item),
            None if std::ptr::eq(view.nodes, self.nodes) => slot,
            _ => usize::MAX,
        }
    }

    #[inline(always)]
    fn first_item(&self) -> usize {
        if self.has_dummy() { 0 } else { self.node_count() }
    }

    /// The barrier before `value` is stored as item `i` (from 0) of the array part.
    ///
    /// # Safety
    /// A live table.
    #[inline(always)]
    pub(crate) unsafe fn barrier_item(heap: &mut Heap, t: *mut Table, i: usize, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            let header = NonNull::new_unchecked(t.cast());
            if heap.needs_barrier_for(header, || value.is_object()) {
                heap.barrier_at(header, (*t).first_item() + i, value.is_object());
            }
        }
    }

    /// The barrier before `value` takes the place of another one in a node.
    ///
    /// # Safety
    /// A live table; one of its nodes.
    #[inline(always)]
    pub(crate) unsafe fn barrier_value(heap: &mut Heap, t: *mut Table, node: *const Node, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            let header = NonNull::new_unchecked(t.cast());
            if heap.needs_barrier_for(header, || value.is_object()) {
                heap.barrier_at(header, node.offset_from((*t).nodes) as usize, value.is_object());
            }
        }
    }

    /// The barrier before a node of the table is written.
    ///
    /// # Safety
    /// A live table; one of its nodes.
    #[inline(always)]
    pub(crate) unsafe fn barrier_node(heap: &mut Heap, t: *mut Table, node: *const Node) {
        // SAFETY: the caller's promise.
        unsafe {
            let header = NonNull::new_unchecked(t.cast());
            if heap.needs_barrier(header) {
                heap.barrier_at(header, node.offset_from((*t).nodes) as usize, true);
            }
        }
    }

    /// The barrier before metatable, flags or blocks of the table are replaced.
    ///
    /// # Safety
    /// A live table.
    #[inline(always)]
    pub(crate) unsafe fn barrier_head(heap: &mut Heap, t: *mut Table) {
        // SAFETY: the caller's promise.
        unsafe { heap.barrier_head(NonNull::new_unchecked(t.cast())) }
    }
}
