//! The object model that the heap is generic over: how objects of a VM are traced and freed.

use lua_gc::{Freed, Header, Marks, Model, Tracer, WeakPhase};
use std::ptr::{self, NonNull};

use crate::function::{Closure, Function, HostClosure, Upvalue};
use crate::homes::Homes;
use crate::own_code::OwnCode;
use crate::string::{Adopted, Reached, Str, StringTable};
use crate::table::{self, Chains, Table, WEAK_KEYS, WEAK_VALUES};
use crate::thread::{self, Thread};
use crate::userdata::Userdata;
use crate::value::Value;
use crate::vm::Roots;

/// The heap of a VM.
pub(crate) type Heap = lua_gc::Heap<Lua>;

/// Kinds of objects, as headers name them.
pub(crate) mod kind {
    pub(crate) const STRING: u8 = 1;
    pub(crate) const TABLE: u8 = 2;
    pub(crate) const CLOSURE: u8 = 3;
    pub(crate) const HOST_CLOSURE: u8 = 4;
    pub(crate) const USERDATA: u8 = 5;
    pub(crate) const THREAD: u8 = 6;
    pub(crate) const UPVALUE: u8 = 7;
    pub(crate) const FUNCTION: u8 = 8;
}

/// What freeing and finding strings needs beside the objects.
pub(crate) struct Side {
    pub(crate) strings: StringTable,
    pub(crate) adopted: Adopted,
    pub(crate) homes: Homes,
    pub(crate) own_code: OwnCode,
    pub(crate) chains: Chains,
    /// Nothing of the code is shared but instructions, see [`Builder::private_code`](crate::Builder::private_code).
    pub(crate) private_code: bool,
}

/// A table or a stack with more slots is traced in segments.
pub(crate) const HUGE: usize = 1024;

/// What the entry refers to that follows so many nodes later is prefetched.
const AHEAD: usize = 8;

/// Of a table with more slots, minor collections look only at those that were written.
const MANY: usize = 256;

/// Where the slots of a huge object are.
#[derive(Clone, Copy)]
pub(crate) enum View {
    Table(table::View),
    /// A weak table, with its flags.
    Weak(table::View, u8),
    Thread(thread::View),
}

/// The model of Lua's objects.
pub(crate) struct Lua;

// SAFETY: every object that `alloc` made under a kind has that kind's layout and is fully written before the next
// safepoint; `trace` visits each reference of it, `size` repeats the size asked for.
unsafe impl Model for Lua {
    type Side = Side;
    type Roots = Roots;
    type Reached = Reached;
    type View = View;
    const LEAF_KINDS: u64 = 1 << kind::STRING;
    const PLAIN_KINDS: u64 = 1 << kind::CLOSURE;

    unsafe fn trace_roots(roots: &mut Roots, tracer: &mut Tracer<'_, Self>) {
        // SAFETY: roots are live objects.
        unsafe { roots.trace(tracer) }
    }

    unsafe fn trace(object: NonNull<Header>, tracer: &mut Tracer<'_, Self>) {
        // SAFETY: the kind tells the layout.
        unsafe {
            match object.as_ref().kind() {
                kind::TABLE => trace_table(object.as_ptr().cast(), tracer),
                kind::CLOSURE => {
                    let c = object.as_ptr().cast::<Closure>();
                    tracer.mark(NonNull::new_unchecked((*c).function.cast()));
                    let holder = Closure::holder(c);
                    if holder != c {
                        return tracer.mark(NonNull::new_unchecked(holder.cast()));
                    }
                    for i in 0..(*c).upvalue_count as usize {
                        mark_pointer(tracer, (*c).upvalue(i));
                    }
                    mark_pointer(tracer, (*c).original());
                }
                kind::HOST_CLOSURE => {
                    let c = object.as_ptr().cast::<HostClosure>();
                    for i in 0..(*c).upvalue_count as usize {
                        mark(tracer, *HostClosure::upvalue(c, i));
                    }
                }
                kind::USERDATA => {
                    let u = object.as_ptr().cast::<Userdata>();
                    mark_pointer(tracer, (*u).meta);
                    for i in 0..(*u).value_count as usize {
                        mark(tracer, *Userdata::value(u, i));
                    }
                }
                kind::UPVALUE => {
                    let u = object.as_ptr().cast::<Upvalue>();
                    if tracer.is_remote() && (*u).is_open() {
                        // The stack may be running. What it holds is traced with its thread, if that is reached.
                        if !tracer.is_traced(NonNull::new_unchecked((*u).thread().cast())) {
                            tracer.postpone(object);
                        }
                    } else {
                        mark(tracer, *(*u).value);
                    }
                }
                kind::FUNCTION => {
                    let f = object.as_ptr().cast::<Function>();
                    let mut children: smallvec::SmallVec<[*mut Function; 16]> = smallvec::SmallVec::new();
                    (*f).for_each_reference(|v| mark(tracer, v), |c| children.push(c));
                    for c in children {
                        mark_pointer(tracer, c);
                    }
                }
                kind::THREAD => trace_thread(object.as_ptr().cast(), tracer),
                _ => {}
            }
        }
    }

    #[inline(always)]
    unsafe fn prefetch(object: NonNull<Header>) {
        // SAFETY: the kind tells the layout.
        unsafe {
            if object.as_ref().kind() == kind::TABLE {
                lua_gc::prefetch_block((*object.as_ptr().cast::<Table>()).nodes);
            }
        }
    }

    unsafe fn trace_slots(object: NonNull<Header>, view: &View, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) {
        // SAFETY: the blocks of the view are still there.
        unsafe {
            match view {
                &View::Weak(ref view, flags) => {
                    trace_weak_slots(view, flags, from, to, tracer);
                    if tracer.is_minor() {
                        match flags & (WEAK_KEYS | WEAK_VALUES) {
                            WEAK_KEYS => tracer.ephemeron_slots(object, from, to),
                            _ => tracer.weak_slots(object, from, to),
                        }
                    }
                }
                View::Table(view) => trace_items(view, from, to, tracer),
                View::Thread(view) => view.trace(from, to, tracer),
            }
        }
        tracer.add_work((to - from) * 16);
    }

    unsafe fn slot_in_view(object: NonNull<Header>, view: &View, slot: usize) -> usize {
        match view {
            // SAFETY: only tables are deferred with such a view.
            View::Table(view) | View::Weak(view, _) => unsafe { (*object.as_ptr().cast::<Table>()).slot_in(view, slot) },
            View::Thread(_) => slot,
        }
    }

    unsafe fn slots(object: NonNull<Header>) -> Option<(usize, View)> {
        // SAFETY: the kind tells the layout.
        unsafe {
            if object.as_ref().kind() != kind::TABLE {
                return None;
            }
            let t = object.as_ptr().cast::<Table>();
            let view = (*t).view();
            let is_weak = (*t).is_weak();
            (view.slots() > MANY).then(|| (view.slots(), if is_weak { View::Weak(view, (*t).flags) } else { View::Table(view) }))
        }
    }

    unsafe fn size(object: NonNull<Header>) -> usize {
        // SAFETY: the kind tells the layout.
        unsafe {
            match object.as_ref().kind() {
                kind::STRING => Str::size_for((*object.as_ptr().cast::<Str>()).len()),
                kind::TABLE => size_of::<Table>(),
                kind::CLOSURE => (*object.as_ptr().cast::<Closure>()).size(),
                kind::HOST_CLOSURE => HostClosure::size_for((*object.as_ptr().cast::<HostClosure>()).upvalue_count as usize),
                kind::USERDATA => Userdata::size_for((*object.as_ptr().cast::<Userdata>()).value_count as usize),
                kind::THREAD => size_of::<Thread>(),
                kind::UPVALUE => size_of::<Upvalue>(),
                _ => size_of::<Function>(),
            }
        }
    }

    unsafe fn free(object: NonNull<Header>, heap: &mut Heap) {
        // SAFETY: the object is dead and its parts were allocated as its type says.
        unsafe {
            match object.as_ref().kind() {
                kind::STRING => {
                    let s = object.as_ptr().cast::<Str>();
                    if (*s).is_short() {
                        heap.side.strings.remove(s);
                    }
                }
                kind::TABLE => Table::free_stores(heap, object.as_ptr().cast()),
                kind::HOST_CLOSURE => {
                    let c = object.as_ptr().cast::<HostClosure>();
                    drop_host(&raw mut (*c).state);
                }
                kind::USERDATA => {
                    let u = object.as_ptr().cast::<Userdata>();
                    drop_host(&raw mut (*u).data);
                }
                kind::THREAD => Thread::free(heap, object.as_ptr().cast()),
                kind::UPVALUE => Upvalue::unlink(object.as_ptr().cast()),
                kind::FUNCTION => Function::free(heap, object.as_ptr().cast()),
                _ => {}
            }
        }
    }

    unsafe fn is_freed_apart(object: NonNull<Header>) -> bool {
        // SAFETY: the object is dead, or was. An upvalue is closed after it was found in its thread's list.
        unsafe {
            match object.as_ref().kind() {
                kind::STRING => !(*object.as_ptr().cast::<Str>()).is_short(),
                kind::TABLE => true,
                kind::HOST_CLOSURE => (*object.as_ptr().cast::<HostClosure>()).state.is_none(),
                kind::UPVALUE => !(*object.as_ptr().cast::<Upvalue>()).is_open(),
                _ => false,
            }
        }
    }

    unsafe fn free_apart(object: NonNull<Header>, freed: &mut Freed) {
        // SAFETY: the object is dead; the others of `is_freed_apart` own nothing.
        unsafe {
            if object.as_ref().kind() == kind::TABLE {
                Table::free_stores(freed, object.as_ptr().cast());
            }
        }
    }

    fn merge_reached(into: &mut Reached, from: Reached) {
        into.merge(from);
    }

    unsafe fn weak_slots(object: NonNull<Header>, phase: WeakPhase) -> usize {
        let t = object.as_ptr().cast::<Table>();
        let flag = match phase {
            WeakPhase::Values => WEAK_VALUES,
            WeakPhase::Keys => WEAK_KEYS,
        };
        // SAFETY: only tables are registered as weak, and have no array part as long as they are.
        unsafe { if (*t).flags & flag != 0 { Table::used_nodes(t) } else { 0 } }
    }

    unsafe fn clear_weak(object: NonNull<Header>, from: usize, to: usize, marks: &mut Marks<'_, Self>, phase: WeakPhase) {
        let t = object.as_ptr().cast::<Table>();
        // SAFETY: only tables are registered as weak; their nodes are intact.
        unsafe {
            for i in from..to {
                let node = (*t).nodes.add(i);
                if i + AHEAD < to {
                    let later = (*t).nodes.add(i + AHEAD);
                    prefetch_reference(match phase {
                        WeakPhase::Values => (*later).value(),
                        WeakPhase::Keys => (*later).key(),
                    });
                }
                if (*node).is_vacant() {
                    continue;
                }
                let dead = match phase {
                    WeakPhase::Values => is_dead(marks, (*node).value()),
                    WeakPhase::Keys => is_dead(marks, (*node).key()),
                };
                if dead {
                    // Field by field: the key's tag stands in the padding of the value.
                    crate::value::copy(crate::table::Node::slot(node), &Value::NIL);
                }
            }
        }
    }

    unsafe fn trace_ephemeron(object: NonNull<Header>, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) -> bool {
        let t = object.as_ptr().cast::<Table>();
        let mut marked = false;
        // SAFETY: a table whose keys are weak.
        unsafe {
            for i in from..to {
                if i + AHEAD < to {
                    let later = (*t).nodes.add(i + AHEAD);
                    prefetch_reference((*later).key());
                    prefetch_reference((*later).value());
                }
                let node = (*t).nodes.add(i);
                let (key, value) = ((*node).key(), (*node).value());
                if (*node).is_vacant() || !value.is_object() {
                    continue;
                }
                // A string as a key counts as alive, and is kept.
                let key_lives = key_is_alive(tracer, key);
                if !tracer.is_marked(value.header()) {
                    if key_lives {
                        tracer.mark(value.header());
                        marked = true;
                    } else {
                        tracer.value_waits(key.header(), value.header());
                    }
                }
            }
        }
        marked
    }

    #[inline(always)]
    unsafe fn reached_shared(object: NonNull<Header>, reached: &mut Reached) {
        // SAFETY: strings of the pool are shared, and functions that are parts of prototypes.
        unsafe {
            match object.as_ref().kind() {
                kind::STRING => reached.note(object.as_ptr().cast()),
                _ => reached.homes.note((*object.as_ptr().cast::<Function>()).proto()),
            }
        }
    }

    unsafe fn marking_ended(heap: &mut Heap, reached: Reached) {
        heap.side.chains.forget();
        heap.side.strings.note_crowd();
        let freed = heap.side.release_unreached(reached);
        heap.discharge(freed);
    }

    fn marking_given_up(heap: &mut Heap) {
        heap.side.homes.give_up_marking();
    }

    fn minor_ended(heap: &mut Heap) {
        heap.side.chains.forget();
        heap.side.strings.note_crowd();
        if heap.side.own_code.is_crowded() {
            discharge_code(heap);
        }
    }

    unsafe fn sweep_ended(heap: &mut Heap) {
        Self::trim(heap);
        discharge_code(heap);
    }

    fn trim(heap: &mut Heap) {
        let freed = heap.side.strings.shrink();
        heap.discharge(freed);
    }
}

/// Takes back the charges for chunks of which no function is left.
pub(crate) fn discharge_code(heap: &mut Heap) {
    let freed = heap.side.own_code.forget_freed();
    heap.discharge(freed);
}

/// Asks for what a value refers to. What is no reference is a bad address, which does no harm.
#[inline(always)]
fn prefetch_reference(value: Value) {
    lua_gc::prefetch(ptr::without_provenance::<u8>(value.payload as usize));
}

#[inline(always)]
pub(crate) unsafe fn mark(tracer: &mut Tracer<'_, Lua>, value: Value) {
    if value.is_object() {
        // SAFETY: a live value's object.
        unsafe { tracer.mark(value.header()) }
    }
}

#[inline(always)]
pub(crate) unsafe fn mark_pointer<T>(tracer: &mut Tracer<'_, Lua>, object: *mut T) {
    if let Some(object) = NonNull::new(object) {
        // SAFETY: a live object of the heap.
        unsafe { tracer.mark(object.cast()) }
    }
}

/// Strings count as values and are never removed from weak tables (§2.5.4).
unsafe fn is_dead(marks: &mut Marks<'_, Lua>, value: Value) -> bool {
    if !value.is_object() {
        return false;
    }
    // SAFETY: an entry's object is live or dead but not yet freed.
    unsafe {
        if value.is_str() {
            marks.keep(value.header());
            return false;
        }
        marks.is_dead(value.header())
    }
}

unsafe fn key_is_alive(tracer: &mut Tracer<'_, Lua>, key: Value) -> bool {
    // SAFETY: as for `is_dead`.
    unsafe {
        if key.is_str() {
            tracer.mark(key.header());
        }
        !key.is_object() || tracer.is_marked(key.header())
    }
}

#[inline(always)]
unsafe fn trace_table(t: *mut Table, tracer: &mut Tracer<'_, Lua>) {
    // SAFETY: a live table; a node without value may have a dangling key, which is not looked at.
    unsafe {
        mark_pointer(tracer, (*t).meta);
        let flags = (*t).flags & (WEAK_KEYS | WEAK_VALUES);
        if flags != 0 {
            return trace_weak_table(t, flags, tracer);
        }
        let view = (*t).view();
        if view.slots() > HUGE {
            return tracer.defer(NonNull::new_unchecked(t.cast()), view.slots(), View::Table(view));
        }
        trace_items(&view, 0, view.slots(), tracer);
        tracer.add_work((*t).store_bytes());
    }
}

impl table::Visitor for Tracer<'_, Lua> {
    #[inline(always)]
    unsafe fn visit(&mut self, value: Value) {
        // SAFETY: the caller's promise.
        unsafe { mark(self, value) };
    }
}

/// Marks what some slots of a table refer to.
///
/// # Safety
/// The blocks of the view are still there.
#[inline(always)]
unsafe fn trace_items(view: &table::View, from: usize, to: usize, tracer: &mut Tracer<'_, Lua>) {
    // SAFETY: the caller's promise.
    unsafe {
        if tracer.only_logs() {
            view.visit::<false>(from, to, tracer);
        } else {
            view.visit::<true>(from, to, tracer);
        }
    }
}

#[cold]
unsafe fn trace_weak_table(t: *mut Table, flags: u8, tracer: &mut Tracer<'_, Lua>) {
    let header = NonNull::new(t.cast::<Header>());
    // SAFETY: a live table; weak tables have no array part.
    unsafe {
        if let Some(header) = header {
            if flags == WEAK_KEYS {
                tracer.ephemeron(header);
            } else {
                tracer.weak(header);
            }
        }
        let view = (*t).view();
        if !holds_anything((*t).flags) || view.slots() == 0 {
            return;
        }
        if view.slots() > HUGE {
            return tracer.defer(NonNull::new_unchecked(t.cast()), view.slots(), View::Weak(view, (*t).flags));
        }
        trace_weak_slots(&view, (*t).flags, 0, view.slots(), tracer);
        tracer.add_work((*t).store_bytes());
    }
}

/// Whether a weak table refers to some things strongly: keys of weak values.
fn holds_anything(flags: u8) -> bool {
    flags & (WEAK_KEYS | WEAK_VALUES) == WEAK_VALUES
}

/// Marks what some slots of a weak table hold strongly.
///
/// # Safety
/// The blocks of the view are still there.
#[cold]
unsafe fn trace_weak_slots(view: &table::View, flags: u8, from: usize, to: usize, tracer: &mut Tracer<'_, Lua>) {
    if holds_anything(flags) {
        // SAFETY: the caller's promise; keys of entries with a value are live or dead but not yet freed.
        unsafe { view.for_each_node(from, to, |key, _| mark(tracer, key)) };
    }
}

unsafe fn trace_thread(t: *mut Thread, tracer: &mut Tracer<'_, Lua>) {
    // SAFETY: a thread that does not run, or whose cached state was stored at the safepoint.
    unsafe {
        mark_pointer(tracer, (*t).resumer);
        if let Some(hook) = &(*t).hook {
            mark(tracer, hook.function());
        }
        let view = (*t).view();
        if view.slots() > HUGE {
            return tracer.defer(NonNull::new_unchecked(t.cast()), view.slots(), View::Thread(view));
        }
        view.trace(0, view.slots(), tracer);
        tracer.add_work((*t).stack_len as usize * 16);
    }
}

/// Drops what a host put into an object. A panic in it stays here: a sweep must reach its end, or the object would be
/// dropped once more.
///
/// # Safety
/// As for [`ptr::drop_in_place`].
unsafe fn drop_host<T>(state: *mut T) {
    // SAFETY: the caller's promise.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| unsafe { ptr::drop_in_place(state) }));
}
