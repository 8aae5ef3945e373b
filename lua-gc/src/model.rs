//! What the heap asks of the VM: how objects are traced and freed.

use std::ptr::NonNull;

use crate::{Freed, Header, Heap, Marks, Tracer};

/// When [`Model::clear_weak`] is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPhase {
    /// Everything reachable is marked, nothing has been resurrected: remove
    /// the entries with weak *values* that are dead. (Of tables that have been resurrected, thereafter.)
    Values,
    /// Objects with finalizers, and what they reach, have been resurrected:
    /// remove the entries with weak *keys* that are dead.
    Keys,
}

/// The object model of a VM: the heap knows objects only through it.
///
/// An object is a `#[repr(C)]` struct whose first field is a [`Header`]. It
/// may own raw blocks ([`Heap::alloc_raw`]) and Rust values.
///
/// # Safety
///
/// Implementers promise, beside what each function says:
///
/// - `trace` reports every reference that the object holds, weak ones apart;
/// - `size` is what the object was allocated with;
/// - objects and `Side` can be moved to another thread together with their
///   heap;
/// - `trace` and `trace_slots` may run on any thread, while the program runs on its own:
///   they read nothing that the program writes without a barrier (see
///   [`Tracer::is_remote`]), and write nothing that it reads without one;
/// - no function unwinds.
pub unsafe trait Model: Sized + 'static {
    /// Data outside objects that freeing needs, such as a string table.
    type Side;
    /// What the VM passes at safepoints.
    type Roots;
    /// Which shared objects a cycle has reached: empty when it begins.
    type Reached: Default + Send;
    /// Where the slots of a huge object are: what [`trace_slots`](Model::trace_slots) needs
    /// to know. `()` for models whose objects are all small.
    type View: Copy;

    /// Slots of a huge object that are traced at a time, and claimed together before a
    /// store into one of them. Twenty stores at random claim twenty segments, so these are
    /// better short: looking at a thousand objects somewhere in memory takes 0.1 ms.
    const SEGMENT: usize = 128;
    /// Kinds (by bit number) that hold no references: they are marked at once
    /// and never traced. Kinds above 63 cannot be leaves.
    const LEAF_KINDS: u64 = 0;
    /// Kinds (by bit number) that own nothing: when they die, `free` is not
    /// called. Kinds above 63 are always freed.
    const PLAIN_KINDS: u64 = 0;

    /// Marks every root; [`Tracer::scan_now`] for objects that the VM will
    /// write without a barrier (the stack of the running coroutine).
    ///
    /// # Safety
    ///
    /// Called by the heap only, at a safepoint, with the roots of its VM.
    unsafe fn trace_roots(roots: &mut Self::Roots, tracer: &mut Tracer<'_, Self>);

    /// Marks everything that `object` refers to, except what it leaves to
    /// [`trace_slots`](Model::trace_slots) by calling [`Tracer::defer`]: an
    /// object with thousands of references should. For a weak table it calls
    /// [`Tracer::weak`] or [`Tracer::ephemeron`] and marks only what the table
    /// holds strongly.
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object of it.
    unsafe fn trace(object: NonNull<Header>, tracer: &mut Tracer<'_, Self>);

    /// `object` will be traced soon: what lies beside it may be [prefetched](crate::prefetch()).
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object of it.
    #[inline(always)]
    unsafe fn prefetch(object: NonNull<Header>) {
        let _ = object;
    }

    /// Marks what slots `from` to `to` (exclusive) of `object` refer to. What counts as a
    /// slot is up to the model.
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object that called [`Tracer::defer`] in
    /// this cycle with this view, or [`slots`](Model::slots) has just answered with it; `to` is at most the number told there. The raw blocks that
    /// it had then have not been freed, and these slots have not been written since.
    unsafe fn trace_slots(object: NonNull<Header>, view: &Self::View, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) {
        let _ = (object, view, from, to, tracer);
    }

    /// Which number a slot of `object` has in a view: the object may have replaced blocks since it was deferred with that, and then
    /// slots behind them have got other numbers. Any number that is too high for a slot in a block that the view does not name: what
    /// stood there is in a block that nobody writes any more.
    ///
    /// # Safety
    ///
    /// Called by the heap only, on the program's thread, with a live object that called [`Tracer::defer`] in this cycle with this view.
    #[inline]
    unsafe fn slot_in_view(object: NonNull<Header>, view: &Self::View, slot: usize) -> usize {
        let _ = (object, view);
        slot
    }

    /// How many slots an object has, and where they are, if it has so many that minor collections should
    /// look only at those that were written. [`trace_slots`](Model::trace_slots) can be called for
    /// them at any time.
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object of it.
    unsafe fn slots(object: NonNull<Header>) -> Option<(usize, Self::View)> {
        let _ = object;
        None
    }

    /// The size in bytes that `object` was allocated with.
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object of it.
    unsafe fn size(object: NonNull<Header>) -> usize;

    /// `object` is dead: releases its raw blocks, drops its Rust fields,
    /// removes it from `heap.side`. Neither allocates nor touches other objects.
    ///
    /// # Safety
    ///
    /// Called by the heap only, once for each object.
    unsafe fn free(object: NonNull<Header>, heap: &mut Heap<Self>);

    /// Whether [`free_apart`](Model::free_apart) may free this dead object. False if only the VM's thread can,
    /// because an index of the VM may still find it, or for any other reason. If an object leaves the
    /// index after it was found and revived, whoever sees that it has left sees the revival.
    ///
    /// # Safety
    ///
    /// Called by the heap only, on any thread. The program may have revived the object meanwhile.
    unsafe fn is_freed_apart(object: NonNull<Header>) -> bool {
        let _ = object;
        false
    }

    /// As [`free`](Model::free), on any thread: releases raw blocks into `freed` and drops
    /// Rust fields.
    ///
    /// # Safety
    ///
    /// Called by the heap only, once for a dead object of which
    /// [`is_freed_apart`](Model::is_freed_apart) was true.
    unsafe fn free_apart(object: NonNull<Header>, freed: &mut Freed) {
        let _ = (object, freed);
    }

    /// How many slots of the weak table `object` have to be looked at in this phase: none if what it refers to weakly
    /// is not what the phase is about, or if it is weak no more.
    ///
    /// # Safety
    ///
    /// As for [`clear_weak`](Model::clear_weak).
    unsafe fn weak_slots(object: NonNull<Header>, phase: WeakPhase) -> usize;

    /// Removes entries in slots `from` to `to` (exclusive) of the weak table `object` whose referents are dead.
    /// Referents that are values rather than objects (strings, §2.5.4) are kept by
    /// [`Marks::keep`].
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object that called [`Tracer::weak`]
    /// or [`Tracer::ephemeron`] in this cycle.
    unsafe fn clear_weak(object: NonNull<Header>, from: usize, to: usize, marks: &mut Marks<'_, Self>, phase: WeakPhase);

    /// Marks the values in slots `from` to `to` (exclusive) of the ephemeron table `object` whose keys are marked
    /// ([`Tracer::is_marked`]), and tells [`Tracer::value_waits`] of the others that are not marked; returns whether that marked anything
    /// that was not marked before.
    ///
    /// # Safety
    ///
    /// Called by the heap only, with a live object that called
    /// [`Tracer::ephemeron`] in this cycle.
    unsafe fn trace_ephemeron(object: NonNull<Header>, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) -> bool;

    /// A shared object was reached in the cycle that runs; may be called often
    /// for the same one.
    ///
    /// # Safety
    ///
    /// Called by the heap only.
    #[inline]
    unsafe fn reached_shared(object: NonNull<Header>, reached: &mut Self::Reached) {
        let _ = (object, reached);
    }

    /// Adds what another thread has reached in the same cycle.
    fn merge_reached(into: &mut Self::Reached, from: Self::Reached);

    /// A cycle that marks is given up, and another one begins at once, which finds out anew what has been reached.
    fn marking_given_up(heap: &mut Heap<Self>) {
        let _ = heap;
    }

    /// Sweeping has ended: all that is left lives, or was born meanwhile. Called in the midst of an
    /// allocation, perhaps.
    ///
    /// # Safety
    ///
    /// Called by the heap only.
    unsafe fn sweep_ended(heap: &mut Heap<Self>) {
        let _ = heap;
    }

    /// A full collection or idle work has ended: what is kept because the program may soon need as much
    /// again is given back.
    fn trim(heap: &mut Heap<Self>) {
        let _ = heap;
    }

    /// A minor collection has marked what lives of the new objects; the others are freed next.
    fn minor_ended(heap: &mut Heap<Self>) {
        let _ = heap;
    }

    /// Marking has ended, sweeping has not begun; `reached` is what
    /// [`reached_shared`](Model::reached_shared) noted.
    ///
    /// # Safety
    ///
    /// Called by the heap only.
    unsafe fn marking_ended(heap: &mut Heap<Self>, reached: Self::Reached) {
        let _ = (heap, reached);
    }
}
