//! Functions: linked prototypes, closures, upvalues, host closures.
//!
//! A [`Function`] is what a VM adds to a shared [`Proto`]: where the code is, the constants
//! to use, and memory for inline caches. It is linked when it is first called: until
//! then its code is one `Link` instruction.
//!
//! Closures reach their code and their upvalues through pointers, so that both can be replaced.
//! Frames keep the [`Function`] that they run.

use lua_gc::{Header, OutOfMemory};
use lua_proto::op::Instr;
use lua_proto::{Constant, KIND_FUNCTION, LINK, Proto, Unlinked};
use std::any::Any;
use std::mem::offset_of;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use crate::api::Native;
use crate::object::{Heap, kind};
use crate::string;
use crate::thread::Thread;
use crate::value::{Value, tag};

/// A prototype in one VM.
#[repr(C)]
pub(crate) struct Function {
    pub(crate) header: Header,
    /// Fixed parameters.
    pub(crate) params: u8,
    linked: u8,
    /// Bytes of registers.
    pub(crate) frame_bytes: u16,
    /// Failed looks at inline caches while there is no memory for them.
    misses: u16,
    /// The first instruction, or the link stub: until the function is linked, and also after the first call if it
    /// was linked with constants of its own.
    pub(crate) code: *const Instr,
    /// The prototype's own constants, or a patched copy.
    pub(crate) constants: *const Value,
    /// What to add to half the address of the *next* instruction to find an instruction's inline cache.
    pub(crate) cache_delta: isize,
    proto: *const Proto,
    /// For each nested prototype null, [`ONCE`], or the VM's function.
    children: *mut *mut Function,
}

// A script may hold thousands of functions that it never calls.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Function>() == 48);

// The first calls of a function go through the prototype's own one, which must look the same.
const _: () = {
    assert!(size_of::<Function>() == size_of::<Unlinked>() && KIND_FUNCTION == kind::FUNCTION);
    assert!(offset_of!(Function, params) == offset_of!(Unlinked, params));
    assert!(offset_of!(Function, linked) == offset_of!(Unlinked, linked));
    assert!(offset_of!(Function, frame_bytes) == offset_of!(Unlinked, frame_bytes));
    assert!(offset_of!(Function, code) == offset_of!(Unlinked, code));
    assert!(offset_of!(Function, constants) == offset_of!(Unlinked, constants));
    assert!(offset_of!(Function, cache_delta) == offset_of!(Unlinked, cache_delta));
    assert!(offset_of!(Function, proto) == offset_of!(Unlinked, proto));
    assert!(offset_of!(Function, children) == offset_of!(Unlinked, children));
};

/// [`Function::linked`].
const LINKED: u8 = 1;
/// [`Function::linked`]: with a patched copy of the constants, and no frame but the first has run the function since. The next
/// one runs the link stub once more.
const FIRST_CALL: u8 = 2;

/// Among the children: a closure was made, of the shared function of the prototype.
const ONCE: *mut Function = ptr::without_provenance_mut(1);

/// How many inline caches the read-only area has room for; longer functions get their own at once.
const COLD_CACHES: usize = 1 << 15;
/// Read by cold functions, never written.
static COLD: [AtomicU32; COLD_CACHES] = [const { AtomicU32::new(0) }; COLD_CACHES];
/// After so many misses a function gets memory for its caches.
const HOT: u16 = 6;

impl Function {
    /// Allocates the VM's side of a prototype, not linked yet.
    pub(crate) fn new(heap: &mut Heap, proto: Arc<Proto>) -> Result<*mut Function, OutOfMemory> {
        let f = heap.alloc(size_of::<Function>(), kind::FUNCTION)?.as_ptr().cast::<Function>();
        // SAFETY: fresh memory; every field is written.
        unsafe {
            (*f).params = proto.params();
            (*f).linked = 0;
            (*f).frame_bytes = proto.max_stack() as u16 * 16;
            (*f).code = LINK.as_ptr();
            (*f).constants = ptr::null();
            (*f).cache_delta = Function::delta(&COLD, LINK.as_ptr());
            (*f).proto = Arc::into_raw(proto);
            (*f).children = ptr::null_mut();
            (*f).misses = 0;
        }
        Ok(f)
    }

    fn delta(caches: &[AtomicU32], code: *const Instr) -> isize {
        caches.as_ptr().expose_provenance() as isize - ((code.expose_provenance() + 8) / 2) as isize
    }

    #[inline(always)]
    pub(crate) fn proto(&self) -> &Proto {
        // SAFETY: `new` turned an Arc into this pointer; `free` is the only one to give it up.
        unsafe { &*self.proto }
    }

    /// A counted reference to the prototype.
    pub(crate) fn share_proto(&self) -> Arc<Proto> {
        // SAFETY: as for `proto`; the count grows by the one returned.
        unsafe {
            Arc::increment_strong_count(self.proto);
            Arc::from_raw(self.proto)
        }
    }

    #[inline(always)]
    pub(crate) fn is_linked(&self) -> bool {
        self.linked != 0
    }

    /// The index of the instruction before `pc` (which is the next one to run).
    #[inline]
    pub(crate) fn index_of(&self, pc: *const Instr) -> usize {
        (pc.addr() - self.proto().code().as_ptr().addr()) / 8
    }

    /// Makes the function ready to run: adopts the strings that it names, and uses everything else in place.
    ///
    /// # Safety
    /// `this` is a live function of the heap's VM.
    pub(crate) unsafe fn link(heap: &mut Heap, this: *mut Function) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise. Nothing here runs Lua or collects.
        unsafe {
            let proto = &*(*this).proto;
            if (*this).is_linked() {
                // Tracing looks at it.
                heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
                (*this).linked = LINKED;
                (*this).code = proto.code().as_ptr();
                return Ok(());
            }
            let constants = proto.constants();
            let mut patched: *mut Value = ptr::null_mut();
            for (i, constant) in constants.iter().enumerate() {
                if constant.tag != tag::SHORT && constant.tag != tag::LONG {
                    continue;
                }
                let pooled = ptr::NonNull::new_unchecked(ptr::with_exposed_provenance_mut(constant.payload as usize));
                let own = match string::adopt(heap, pooled) {
                    Ok(own) => own,
                    Err(e) => {
                        free_block(heap, patched.cast(), constants.len() * 16);
                        return Err(e);
                    }
                };
                if own.cast() != pooled.as_ptr() {
                    if patched.is_null() {
                        patched = heap.alloc_raw(constants.len() * 16)?.as_ptr().cast();
                        patched.copy_from_nonoverlapping(constants.as_ptr().cast(), constants.len());
                    }
                    *patched.add(i) = Value::str(own);
                }
            }
            let children = proto.protos().len();
            if children > 0 {
                match heap.alloc_raw(children * 8) {
                    Ok(block) => {
                        (*this).children = block.as_ptr().cast();
                        (*this).children.write_bytes(0, children);
                    }
                    Err(e) => {
                        free_block(heap, patched.cast(), constants.len() * 16);
                        return Err(e);
                    }
                }
            }
            // Tracing looks at these from now on; some of the strings may be younger than the function.
            heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
            (*this).constants = if patched.is_null() { constants.as_ptr().cast::<Constant>().cast() } else { patched };
            (*this).linked = if patched.is_null() { LINKED } else { FIRST_CALL };
            (*this).code = if patched.is_null() { proto.code().as_ptr() } else { LINK.as_ptr() };
            (*this).cache_delta = Function::delta(&COLD, proto.code().as_ptr());
            if proto.code().len() > COLD_CACHES {
                if let Err(e) = Function::warm(heap, this) {
                    // Without caches of its own so long a function cannot run: it stays unlinked.
                    Function::unlink(heap, this);
                    return Err(e);
                }
            }
            Ok(())
        }
    }

    /// A frame of the function has returned to a host function, as those of modules do. If that was the only call so far, lets
    /// go of constants that the VM has for it alone; another call links it anew.
    ///
    /// # Safety
    /// `this` is live, and the frame is popped.
    #[inline]
    pub(crate) unsafe fn returned(heap: &mut Heap, this: *mut Function) {
        // SAFETY: the caller's promise. No other frame runs the function: it would have left the first call behind.
        unsafe {
            if (*this).linked == FIRST_CALL {
                heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
                Function::unlink(heap, this);
            }
        }
    }

    /// Makes the function one that is not linked.
    ///
    /// # Safety
    /// `this` is live and linked; no frame runs it; its barrier has run.
    unsafe fn unlink(heap: &mut Heap, this: *mut Function) {
        // SAFETY: the caller's promise.
        unsafe {
            Function::free_blocks(heap, this);
            (*this).linked = 0;
            (*this).code = LINK.as_ptr();
            (*this).constants = ptr::null();
            (*this).cache_delta = Function::delta(&COLD, LINK.as_ptr());
            (*this).children = ptr::null_mut();
            (*this).misses = 0;
        }
    }

    /// Whether the function reads the caches that are never written.
    #[inline(always)]
    fn is_cold(&self) -> bool {
        self.cache_delta == Function::delta(&COLD, self.proto().code().as_ptr())
    }

    /// Whether it is time for caches of its own. A chunk that runs once, from top to bottom, misses at most once for each
    /// instruction.
    fn is_hot(&self) -> bool {
        self.misses >= HOT && self.misses as usize >= self.proto().code().len()
    }

    /// The function's own caches, if it is not cold.
    fn caches(&self) -> *mut AtomicU32 {
        let code = self.proto().code().as_ptr();
        ptr::with_exposed_provenance_mut(((code.addr() + 8) / 2).wrapping_add_signed(self.cache_delta))
    }

    /// Gives the function memory for its inline caches.
    unsafe fn warm(heap: &mut Heap, this: *mut Function) -> Result<(), OutOfMemory> {
        // SAFETY: a live, linked function.
        unsafe {
            let n = (*this).proto().code().len();
            let block = heap.alloc_raw(n * 4)?.as_ptr().cast::<AtomicU32>();
            block.write_bytes(0, n);
            (*this).cache_delta = Function::delta(std::slice::from_raw_parts(block, n), (*this).proto().code().as_ptr());
        }
        Ok(())
    }

    /// Remembers a node's offset for the instruction before `pc`, if the function is hot enough; returns the
    /// delta to use from now on.
    ///
    /// # Safety
    /// `this` is live and linked, `pc` points behind one of its instructions.
    #[inline]
    pub(crate) unsafe fn remember(heap: &mut Heap, this: *mut Function, pc: *const Instr, offset: u32) -> isize {
        // SAFETY: the caller's promise: the index is inside the caches.
        unsafe {
            if (*this).is_cold() {
                (*this).misses = (*this).misses.saturating_add(1);
                if !(*this).is_hot() || Function::warm(heap, this).is_err() {
                    return (*this).cache_delta;
                }
            }
            let index = (*this).index_of(pc) - 1;
            (*(*this).caches().add(index)).store(offset, Ordering::Relaxed);
            (*this).cache_delta
        }
    }

    /// The VM's side of a nested prototype, made when first asked for.
    ///
    /// # Safety
    /// `this` is live and linked; `i` is in range (the verifier checked it).
    #[inline]
    pub(crate) unsafe fn child(heap: &mut Heap, this: *mut Function, i: usize) -> Result<*mut Function, OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let slot = (*this).children.add(i);
            if (*slot).addr() <= ONCE.addr() {
                let proto = Arc::clone(&(*this).proto().protos()[i]);
                let made = Function::new(heap, proto)?;
                heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
                *slot = made;
            }
            Ok(*slot)
        }
    }

    /// What the next closure of a nested prototype refers to: for the first one what the prototype has for all VMs,
    /// which may never be called; then the VM's side of it.
    ///
    /// # Safety
    /// As for [`Function::child`]; a closure is made of it before the next safepoint.
    #[inline]
    pub(crate) unsafe fn child_of_closure(heap: &mut Heap, this: *mut Function, i: usize) -> Result<*mut Function, OutOfMemory> {
        // SAFETY: the caller's promise. The prototype stays: it is one of the `Homes`.
        unsafe {
            let slot = (*this).children.add(i);
            if !(*slot).is_null() || heap.side.private_code {
                return Function::child(heap, this, i);
            }
            let proto = Arc::clone(&(*this).proto().protos()[i]);
            let shared = ptr::from_ref(proto.unlinked()).cast::<Function>().cast_mut();
            let is_marking = heap.is_marking();
            heap.side.homes.keep(proto, is_marking);
            heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
            *slot = ONCE;
            Ok(shared)
        }
    }

    /// Whether this is no function of the VM but of the prototype, for all VMs.
    #[inline(always)]
    fn is_shared(&self) -> bool {
        self.header.is_shared()
    }

    /// A function of the VM in place of a shared one, of which the closure `of` was called.
    ///
    /// # Safety
    /// Both are live.
    pub(crate) unsafe fn own(heap: &mut Heap, this: *mut Function, of: *mut Closure) -> Result<*mut Function, OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            if !(*this).is_shared() {
                return Ok(this);
            }
            let own = Function::new(heap, (*this).share_proto())?;
            // A hook may have updated the closure between its call and this.
            if (*of).function == this {
                heap.barrier(ptr::NonNull::new_unchecked(of.cast()));
                (*of).function = own;
            }
            Ok(own)
        }
    }

    /// Calls `f` with every constant and every child that exists.
    ///
    /// # Safety
    /// The function is live.
    pub(crate) unsafe fn for_each_reference(&self, mut constant: impl FnMut(Value), mut child: impl FnMut(*mut Function)) {
        if !self.is_linked() {
            return;
        }
        // SAFETY: linked: both tables have the prototype's lengths.
        unsafe {
            for i in 0..self.proto().constants().len() {
                constant(*self.constants.add(i));
            }
            for i in 0..self.proto().protos().len() {
                let c = *self.children.add(i);
                if c.addr() > ONCE.addr() {
                    child(c);
                }
            }
        }
    }

    unsafe fn free_blocks(heap: &mut Heap, this: *mut Function) {
        // SAFETY: sizes as allocated by `link` and `warm`.
        unsafe {
            if !(*this).is_linked() {
                return;
            }
            let proto = (*this).proto();
            if (*this).constants.addr() != proto.constants().as_ptr().addr() {
                free_block(heap, (*this).constants.cast_mut().cast(), proto.constants().len() * 16);
            }
            free_block(heap, (*this).children.cast(), proto.protos().len() * 8);
            if !(*this).is_cold() {
                free_block(heap, (*this).caches().cast(), proto.code().len() * 4);
            }
        }
    }

    /// # Safety
    /// The function is dead.
    pub(crate) unsafe fn free(heap: &mut Heap, this: *mut Function) {
        // SAFETY: the last use of the blocks and of the reference that `new` took.
        unsafe {
            Function::free_blocks(heap, this);
            drop(Arc::from_raw((*this).proto));
        }
    }
}

unsafe fn free_block(heap: &mut Heap, block: *mut u8, size: usize) {
    if let Some(block) = ptr::NonNull::new(block) {
        // SAFETY: the callers pass the size with which the block was allocated.
        unsafe { heap.free_raw(block, size) }
    }
}

/// A Lua closure.
#[repr(C)]
pub(crate) struct Closure {
    pub(crate) header: Header,
    /// Upvalues that there is room for behind this struct.
    room: u8,
    /// 1 for a *version*: code and upvalues that another closure has or had. That closure stands behind the upvalues. Scripts never
    /// see a version; frames run it when their closure has got other code.
    version: u8,
    pub(crate) upvalue_count: u32,
    pub(crate) function: *mut Function,
    /// The array behind this struct; after an update, the one behind a version.
    pub(crate) upvalues: *mut *mut Upvalue,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Closure>() == 24);

impl Closure {
    pub(crate) const fn size_for(upvalues: usize) -> usize {
        size_of::<Closure>() + 8 * upvalues
    }

    /// A closure whose upvalues the caller fills in.
    ///
    /// # Safety
    /// `function` is live; all upvalues are written before the next safepoint.
    #[inline]
    pub(crate) unsafe fn new(heap: &mut Heap, function: *mut Function, upvalues: usize) -> Result<*mut Closure, OutOfMemory> {
        let c = heap.alloc(Closure::size_for(upvalues), kind::CLOSURE)?.as_ptr().cast::<Closure>();
        // SAFETY: fresh memory of that size.
        unsafe {
            (*c).room = upvalues as u8;
            (*c).version = 0;
            (*c).upvalue_count = upvalues as u32;
            (*c).function = function;
            (*c).upvalues = c.add(1).cast();
        }
        Ok(c)
    }

    /// A version of the closure `of`.
    ///
    /// # Safety
    /// All objects are live.
    pub(crate) unsafe fn new_version(
        heap: &mut Heap,
        of: *mut Closure,
        function: *mut Function,
        upvalues: &[*mut Upvalue],
    ) -> Result<*mut Closure, OutOfMemory> {
        // SAFETY: the caller's promise; room for the upvalues and for one pointer more.
        unsafe {
            let c = Closure::new(heap, function, upvalues.len() + 1)?;
            (*c).room = upvalues.len() as u8;
            (*c).version = 1;
            (*c).upvalue_count = upvalues.len() as u32;
            (*c).upvalues.copy_from_nonoverlapping(upvalues.as_ptr(), upvalues.len());
            *(*c).upvalues.add(upvalues.len()).cast::<*mut Closure>() = of;
            Ok(c)
        }
    }

    /// Bytes of the object itself (its array stays with it when `upvalues` is replaced).
    pub(crate) fn size(&self) -> usize {
        Closure::size_for(self.room as usize + self.version as usize)
    }

    /// The closure that this is a version of; null if it is none.
    #[inline(always)]
    pub(crate) fn original(&self) -> *mut Closure {
        if self.version == 0 {
            return ptr::null_mut();
        }
        // SAFETY: `new_version` wrote it behind the upvalues; those of a version stay where they are.
        unsafe { *self.upvalues.add(self.room as usize).cast::<*mut Closure>() }
    }

    /// The object whose array the upvalues stand in: the closure itself, or a version of it.
    #[inline(always)]
    pub(crate) fn holder(this: *mut Closure) -> *mut Closure {
        // SAFETY: a live closure; `upvalues` points behind a struct of this type.
        unsafe { (*this).upvalues.cast::<Closure>().sub(1) }
    }

    /// Gives the closure the code and the upvalues of one of its versions.
    ///
    /// # Safety
    /// Both are live, and no frame that runs other code finds its upvalues through `this`.
    pub(crate) unsafe fn become_version(heap: &mut Heap, this: *mut Closure, version: *mut Closure) {
        // SAFETY: the caller's promise.
        unsafe {
            heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
            (*this).function = (*version).function;
            (*this).upvalue_count = (*version).upvalue_count;
            (*this).upvalues = (*version).upvalues;
        }
    }

    /// # Safety
    /// `i < upvalue_count`.
    #[inline(always)]
    pub(crate) unsafe fn upvalue(&self, i: usize) -> *mut Upvalue {
        // SAFETY: the caller's promise.
        unsafe { *self.upvalues.add(i) }
    }
}

/// A variable of a function that inner functions share.
///
/// *Open* while the variable lives on a stack, *closed* when it has moved in here.
#[repr(C)]
pub(crate) struct Upvalue {
    pub(crate) header: Header,
    /// Read by threads that sweep: what they find closed, nobody refers to any more.
    open: AtomicU8,
    /// The variable.
    pub(crate) value: *mut Value,
    home: Home,
}

#[repr(C)]
union Home {
    closed: Value,
    open: Open,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Open {
    /// The next open upvalue of the thread, further down its stack.
    next: *mut Upvalue,
    /// Whose stack the variable is on.
    thread: *mut Thread,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Upvalue>() == 32);

impl Upvalue {
    /// A closed upvalue with this value.
    pub(crate) fn new_closed(heap: &mut Heap, value: Value) -> Result<*mut Upvalue, OutOfMemory> {
        let u = heap.alloc(size_of::<Upvalue>(), kind::UPVALUE)?.as_ptr().cast::<Upvalue>();
        // SAFETY: fresh memory.
        unsafe {
            (&raw mut (*u).open).write(AtomicU8::new(0));
            (*u).home = Home { closed: value };
            (*u).value = &raw mut (*u).home.closed;
        }
        Ok(u)
    }

    #[inline(always)]
    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire) != 0
    }

    /// Whose stack the variable of an open upvalue is on.
    #[inline]
    pub(crate) fn thread(&self) -> *mut Thread {
        debug_assert!(self.is_open());
        // SAFETY: open.
        unsafe { self.home.open.thread }
    }

    /// The barrier before the variable is written. Another thread may be about to trace the stack that it is on.
    ///
    /// # Safety
    /// `this` is live.
    #[inline]
    pub(crate) unsafe fn barrier(heap: &mut Heap, this: *mut Upvalue) {
        // SAFETY: the caller's promise; a thread that is freed closes its upvalues.
        unsafe {
            if (*this).is_open() {
                crate::thread::Thread::barrier_slot(heap, (*this).thread(), (*this).value);
            }
            heap.barrier(ptr::NonNull::new_unchecked(this.cast()));
        }
    }

    /// The next one in the thread's list of an open upvalue.
    #[inline(always)]
    pub(crate) fn next(&self) -> *mut Upvalue {
        debug_assert!(self.is_open());
        // SAFETY: open.
        unsafe { self.home.open.next }
    }

    /// The open upvalue for a stack slot, made if there is none.
    ///
    /// # Safety
    /// `slot` lies on the stack of `thread`.
    #[inline]
    pub(crate) unsafe fn find(heap: &mut Heap, thread: *mut Thread, slot: *mut Value) -> Result<*mut Upvalue, OutOfMemory> {
        // SAFETY: the list holds open upvalues of this thread, from the top of the stack down.
        unsafe {
            let (_, at) = Upvalue::position(thread, slot);
            if !at.is_null() && (*at).value == slot {
                heap.revive(ptr::NonNull::new_unchecked(at.cast()));
                return Ok(at);
            }
            let u = heap.alloc(size_of::<Upvalue>(), kind::UPVALUE)?.as_ptr().cast::<Upvalue>();
            // Allocating may have swept dead upvalues out of the list.
            let (before, at) = Upvalue::position(thread, slot);
            (&raw mut (*u).open).write(AtomicU8::new(1));
            (*u).value = slot;
            (*u).home = Home { open: Open { next: at, thread } };
            if before.is_null() {
                (*thread).open = u;
            } else {
                (*before).home.open.next = u;
            }
            Ok(u)
        }
    }

    /// The first open upvalue at or below a slot, and the one before it in the list.
    #[inline(always)]
    unsafe fn position(thread: *mut Thread, slot: *mut Value) -> (*mut Upvalue, *mut Upvalue) {
        // SAFETY: as in `find`.
        unsafe {
            let mut before: *mut Upvalue = ptr::null_mut();
            let mut at = (*thread).open;
            while !at.is_null() && (*at).value > slot {
                before = at;
                at = (*at).next();
            }
            (before, at)
        }
    }

    /// Closes all open upvalues at or above `level`.
    ///
    /// # Safety
    /// `level` lies on the stack of `thread`.
    #[inline]
    pub(crate) unsafe fn close_from(heap: &mut Heap, thread: *mut Thread, level: *mut Value) {
        // SAFETY: as in `find`.
        unsafe {
            while !(*thread).open.is_null() && (*(*thread).open).value >= level {
                let u = (*thread).open;
                (*thread).open = (*u).next();
                // Tracing reads `value`: while marking, the object is scanned before it changes.
                heap.barrier(ptr::NonNull::new_unchecked(u.cast()));
                let value = *(*u).value;
                (*u).home = Home { closed: value };
                (*u).value = &raw mut (*u).home.closed;
                (*u).open.store(0, Ordering::Release);
            }
        }
    }

    /// Takes a dead upvalue out of its thread's list.
    ///
    /// # Safety
    /// `this` is dead, its thread's list is intact.
    pub(crate) unsafe fn unlink(this: *mut Upvalue) {
        // SAFETY: the thread outlives its open upvalues in the list: a dying thread empties it first (`Thread::free`).
        unsafe {
            if !(*this).is_open() {
                return;
            }
            let thread = (*this).home.open.thread;
            if (*thread).open == this {
                (*thread).open = (*this).next();
                return;
            }
            let mut at = (*thread).open;
            while !at.is_null() {
                if (*at).next() == this {
                    (*at).home.open.next = (*this).next();
                    return;
                }
                at = (*at).next();
            }
        }
    }

    /// Moves the value in; the stack is about to go away.
    ///
    /// # Safety
    /// The upvalue is open and its slot readable.
    pub(crate) unsafe fn orphan(this: *mut Upvalue) -> *mut Upvalue {
        // SAFETY: the caller's promise.
        unsafe {
            let next = (*this).next();
            let value = *(*this).value;
            (*this).home = Home { closed: value };
            (*this).value = &raw mut (*this).home.closed;
            (*this).open.store(0, Ordering::Release);
            next
        }
    }
}

/// A Rust function with upvalues, or with Rust state.
// The upvalues behind it are aligned as values are, also where pointers are shorter.
#[repr(C, align(8))]
pub(crate) struct HostClosure {
    pub(crate) header: Header,
    pub(crate) upvalue_count: u32,
    pub(crate) native: &'static Native,
    /// The Rust closure that the function runs, if it is one.
    pub(crate) state: Option<Box<dyn Any + Send>>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<HostClosure>() == 32);

impl HostClosure {
    pub(crate) const fn size_for(upvalues: usize) -> usize {
        size_of::<HostClosure>() + 16 * upvalues
    }

    /// A closure whose upvalues are nil.
    pub(crate) fn new(
        heap: &mut Heap,
        native: &'static Native,
        state: Option<Box<dyn Any + Send>>,
        upvalues: usize,
    ) -> Result<*mut HostClosure, OutOfMemory> {
        let c = heap.alloc(HostClosure::size_for(upvalues), kind::HOST_CLOSURE)?.as_ptr().cast::<HostClosure>();
        // SAFETY: fresh memory of that size.
        unsafe {
            (*c).upvalue_count = upvalues as u32;
            (&raw mut (*c).native).write(native);
            (&raw mut (*c).state).write(state);
            for i in 0..upvalues {
                *HostClosure::upvalue(c, i) = Value::NIL;
            }
        }
        Ok(c)
    }

    /// # Safety
    /// `i < upvalue_count`.
    #[inline(always)]
    pub(crate) unsafe fn upvalue(this: *mut HostClosure, i: usize) -> *mut Value {
        // SAFETY: the caller's promise; the values stand behind the struct.
        unsafe { this.add(1).cast::<Value>().add(i) }
    }
}
