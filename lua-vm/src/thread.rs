//! Threads (coroutines, §2.6): a stack of values and an array of frames.
//!
//! ```text
//!  stack   ┌────┬──────────────┬────┬───────────┬─ … ─┬────────────┐
//!          │ f0 │ registers    │ f1 │ registers │     │ SPARE      │
//!          └────┴──────────────┴────┴───────────┴─ … ─┴────────────┘
//!  frames   [0] func, base ……… [1] func, base ……               ▲ end
//! ```
//!
//! Calls from Lua to Lua push a [`Frame`] and never recurse in Rust. The state of the
//! running thread (`frame`, `top`, the two ends) is cached in [`crate::vm::Vm`]; the fields here are valid
//! for threads that are not running and at safepoints.

mod deep;

use lua_gc::{Header, OutOfMemory, Tracer};
use lua_proto::op::Instr;
use std::ptr;

use crate::api::Continuation;
use crate::function::{Function, Upvalue};
use crate::object::{self, Heap, Lua, kind};
use crate::value::{Value, tag};

/// Slots above `end` that host functions and metamethod calls may use without a check.
pub(crate) const SPARE: usize = 40;
/// The largest stack, in slots.
pub(crate) const MAX_STACK: usize = 1_000_000;
/// What an error handler may use above that.
pub(crate) const OVERFLOW_ROOM: usize = 4_000;
const FIRST_STACK: usize = 10 + SPARE;
const FIRST_FRAMES: usize = 4;

/// What happens to the results when a frame ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Then {
    /// They go to a Lua caller.
    Plain = 0,
    /// As `Plain`, of a metamethod whose results nobody wants.
    Store,
    /// The first goes to the register `A` of the caller's interrupted instruction (a metamethod).
    Value,
    /// The first decides whether the caller's interrupted instruction, a comparison, jumps (a metamethod).
    Test,
    /// The first completes the caller's interrupted instruction, whichever that is (a metamethod).
    Finish,
    /// They go on the stack of a host frame, whose continuation runs.
    Host,
    /// The Lua caller returns them in its turn (a tail call of a host function).
    Return,
    /// The run ends and returns to Rust.
    Exit,
    /// As `Exit`; Rust catches errors, so that message handlers further out do not see them.
    ExitProtected,
    /// The coroutine ends.
    Coroutine,
    /// They are dropped; the caller's instruction runs again (`__close`, hooks).
    Again,
    /// They are those of the host frame below, behind `true`: it is a `pcall` that runs no Rust.
    Protected,
    /// They are dropped; unwinding goes on in the protected frame below.
    Unwind,
    /// As `Plain`, after some of what lies below has been traced ([`deep`]).
    Guarded,
}

impl Then {
    /// Whether a waiting instruction called the frame as a metamethod.
    #[inline(always)]
    pub(crate) fn is_metamethod(self) -> bool {
        matches!(self, Then::Store | Then::Value | Then::Test | Then::Finish)
    }
}

/// [`Frame::flags`]: a Lua function.
pub(crate) const LUA: u8 = 1;
/// [`Frame::flags`]: entered by a tail call.
pub(crate) const TAIL: u8 = 2;
/// [`Frame::flags`]: a host frame whose callee runs protected.
pub(crate) const PROTECTED: u8 = 4;
/// [`Frame::flags`]: the call hook has run.
pub(crate) const HOOKED: u8 = 8;
/// [`Frame::flags`]: a host frame that waits for values from `resume`, its callee, or its yield.
pub(crate) const YIELDED: u8 = 16;
/// [`Frame::flags`]: the frame runs a finalizer.
pub(crate) const FINALIZER: u8 = 32;
/// [`Frame::flags`]: a Lua frame whose return saved its results while `__close` runs.
pub(crate) const RETURNING: u8 = 64;
/// [`Frame::flags`]: a host frame without Rust code, behind a [`Shortcut`](crate::api::Shortcut): the values that it waits for are its
/// results, behind a boolean unless it has a continuation, which then sees failures alone. (The bit means something else in a Lua frame.)
pub(crate) const DIRECT: u8 = 64;
/// [`Frame::flags`]: the frame runs a hook.
pub(crate) const IN_HOOK: u8 = 128;

/// One call.
#[repr(C)]
pub(crate) struct Frame {
    /// The first register, or the first argument of a host function.
    pub(crate) base: *mut Value,
    /// Where the function stands and the results go.
    pub(crate) func: *mut Value,
    /// The next instruction; for a host frame that waits, its continuation.
    pub(crate) pc: *const Instr,
    /// The code that runs; null in a host frame.
    pub(crate) function: *mut Function,
    /// How many results the caller wants; -1: all.
    pub(crate) wanted: i32,
    pub(crate) then: Then,
    pub(crate) flags: u8,
    /// Of a host frame that waits for a protected call: the slot of the handler relative to the base, plus 1.
    pub(crate) handler: u16,
    /// Arguments given; extra arguments of a vararg function after its first instruction.
    pub(crate) extra: u32,
    /// Of a host frame that waits: where its stack ended, relative to its base, without what was handed over.
    pub(crate) kept: u32,
    /// What a host function passes to its continuation; where a returning Lua frame keeps its results.
    pub(crate) state: i64,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Frame>() == 56);

impl Frame {
    #[inline(always)]
    pub(crate) fn is_lua(&self) -> bool {
        self.flags & LUA != 0
    }

    /// The frame of a host function at `func` that was given so many arguments.
    #[inline(always)]
    pub(crate) fn host(func: *mut Value, given: usize, wanted: i32, then: Then, flags: u8) -> Frame {
        Frame {
            base: func.wrapping_add(1),
            func,
            pc: ptr::null(),
            function: ptr::null_mut(),
            wanted,
            then,
            flags,
            handler: 0,
            extra: given as u32,
            kept: 0,
            state: 0,
        }
    }

    pub(crate) fn set_continuation(&mut self, k: Option<Continuation>) {
        self.pc = k.map_or(ptr::null(), |k| k as *const () as *const Instr);
    }

    /// # Safety
    /// A host frame that waits.
    pub(crate) unsafe fn continuation(&self) -> Option<Continuation> {
        // SAFETY: only `set_continuation` writes the `pc` of a waiting host frame.
        (!self.pc.is_null()).then(|| unsafe { std::mem::transmute::<*const Instr, Continuation>(self.pc) })
    }
}

/// What a host function waits for when it returns with a call, a yield or a resumption; checked and copied into its frame then.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wait {
    /// As [`Frame::kept`].
    pub(crate) kept: u32,
    /// As [`Frame::handler`].
    pub(crate) handler: u16,
    /// Added to [`Frame::flags`].
    pub(crate) flags: u8,
    /// As [`Frame::state`].
    pub(crate) state: i64,
    /// What runs afterwards; without one, the values are returned.
    pub(crate) continuation: Option<Continuation>,
}

/// What a coroutine is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum State {
    /// Not started, or in a yield.
    Suspended,
    /// It runs, or has resumed another that runs.
    Active,
    /// It returned.
    Dead,
    /// It ended with an error; its frames are still there for tracebacks.
    Failed,
}

/// A coroutine, or the main thread.
#[repr(C)]
pub(crate) struct Thread {
    pub(crate) header: Header,
    pub(crate) state: State,
    pub(crate) hook_mask: u8,
    /// Runs that Rust started on this stack: with any, the thread cannot yield.
    pub(crate) runs: u32,
    /// Protected calls that wait on this stack.
    pub(crate) protected: u32,
    pub(crate) stack: *mut Value,
    pub(crate) stack_len: u32,
    /// Slots from here on must not be used before they are cleared ([`deep`]); `u32::MAX`, as a rule: all can be used.
    clean_len: u32,
    pub(crate) frames_len: u32,
    pub(crate) frames: *mut Frame,
    pub(crate) frame: *mut Frame,
    pub(crate) top: *mut Value,
    /// Open upvalues, from the top of the stack down.
    pub(crate) open: *mut Upvalue,
    /// Who resumed this thread.
    pub(crate) resumer: *mut Thread,
    /// To-be-closed variables, as indices into the stack.
    pub(crate) tbc: Vec<u32>,
    pub(crate) hook: Option<Box<crate::hook::Hook>>,
}

/// What tracing looks at in a thread: all slots of the stack, and with each slot the frame of the same number; there are
/// never more frames than slots. Tracing sets the slots above the live ones to nil, so that none keeps an address that is about to be freed.
#[derive(Clone, Copy)]
pub(crate) struct View {
    stack: *mut Value,
    stack_len: usize,
    /// Slots that hold values.
    live: usize,
    frames: *mut Frame,
    frames_len: usize,
}

impl View {
    /// How many slots there are.
    pub(crate) fn slots(&self) -> usize {
        self.stack_len
    }

    /// Marks what some of them refer to.
    ///
    /// # Safety
    /// The blocks are still there; `to` is at most [`View::slots`]. The thread does not run.
    pub(crate) unsafe fn trace(&self, from: usize, to: usize, tracer: &mut Tracer<'_, Lua>) {
        // SAFETY: the caller's promise.
        unsafe {
            for i in from..to.min(self.live) {
                object::mark(tracer, *self.stack.add(i));
            }
            for i in from.max(self.live)..to {
                let slot = self.stack.add(i);
                // Most are nil already, and need not be written.
                if (*slot).tag != tag::NIL {
                    *slot = Value::NIL;
                }
            }
            for i in from..to.min(self.frames_len) {
                object::mark_pointer(tracer, (*self.frames.add(i)).function);
            }
        }
    }
}

impl Thread {
    /// A thread with an empty base frame.
    pub(crate) fn new(heap: &mut Heap) -> Result<*mut Thread, OutOfMemory> {
        let stack = heap.alloc_raw(FIRST_STACK * 16)?.as_ptr().cast::<Value>();
        let frames = heap.alloc_raw(FIRST_FRAMES * size_of::<Frame>());
        let t = frames.and_then(|frames| {
            let t = heap.alloc(size_of::<Thread>(), kind::THREAD);
            if t.is_err() {
                // SAFETY: just allocated.
                unsafe { heap.free_raw(frames, FIRST_FRAMES * size_of::<Frame>()) };
            }
            Ok((t?.as_ptr().cast::<Thread>(), frames.as_ptr().cast::<Frame>()))
        });
        let (t, frames) = match t {
            Ok(made) => made,
            Err(e) => {
                // SAFETY: just allocated.
                unsafe { heap.free_raw(ptr::NonNull::new_unchecked(stack.cast()), FIRST_STACK * 16) };
                return Err(e);
            }
        };
        // SAFETY: fresh memory; every field is written, every slot is nil.
        unsafe {
            for i in 0..FIRST_STACK {
                *stack.add(i) = Value::NIL;
            }
            (*t).state = State::Suspended;
            (*t).hook_mask = 0;
            (*t).runs = 0;
            (*t).protected = 0;
            (*t).stack = stack;
            (*t).stack_len = FIRST_STACK as u32;
            (*t).clean_len = u32::MAX;
            (*t).frames_len = FIRST_FRAMES as u32;
            (*t).frames = frames;
            (*t).frame = frames;
            (*t).top = stack.add(1);
            (*t).open = ptr::null_mut();
            (*t).resumer = ptr::null_mut();
            (&raw mut (*t).tbc).write(Vec::new());
            (&raw mut (*t).hook).write(None);
            frames.write(Frame {
                base: stack.add(1),
                func: stack,
                pc: ptr::null(),
                function: ptr::null_mut(),
                wanted: -1,
                then: Then::Exit,
                flags: 0,
                handler: 0,
                extra: 0,
                kept: 0,
                state: 0,
            });
        }
        Ok(t)
    }

    #[inline(always)]
    pub(crate) fn frame_end(&self) -> *mut Frame {
        // SAFETY: one past the end of the block.
        unsafe { self.frames.add(self.frames_len as usize) }
    }

    #[inline(always)]
    pub(crate) fn stack_end(&self) -> *mut Value {
        // SAFETY: inside the block: it has more than SPARE slots, and more than that are clean.
        unsafe { self.stack.add(self.stack_len.min(self.clean_len) as usize - SPARE) }
    }

    /// Where frames must end while the stack is in use up to `top`. What a handler of an overflow made room for does not count
    /// any more once the stack is in bounds again: the next overflow needs it.
    #[inline(always)]
    pub(crate) fn usable_end(&self, top: *mut Value) -> *mut Value {
        let (end, bound) = (self.stack_end(), self.stack.wrapping_add(MAX_STACK));
        if end <= bound {
            return end;
        }
        if top.wrapping_add(SPARE) < bound { bound } else { end }
    }

    /// The slots that hold values, up to the end of what the top frame may use.
    ///
    /// # Safety
    /// `frame` and `top` are up to date.
    pub(crate) unsafe fn live_end(&self) -> *mut Value {
        // SAFETY: a frame of this thread.
        unsafe {
            let f = self.frame;
            if (*f).is_lua() {
                let registers = (*f).base.byte_add((*(*f).function).frame_bytes as usize);
                registers.max(self.top_of_lua())
            } else {
                self.top
            }
        }
    }

    /// Where the registers of all frames end: a frame may have more of them than those above it.
    ///
    /// # Safety
    /// As for [`Thread::live_end`].
    unsafe fn registers_end(&self) -> *mut Value {
        // SAFETY: the frames of this thread, whose functions are live.
        unsafe {
            let mut end = self.live_end();
            let mut f = self.frames;
            while f <= self.frame {
                if (*f).is_lua() {
                    end = end.max((*f).base.byte_add((*(*f).function).frame_bytes as usize));
                }
                f = f.add(1);
            }
            end
        }
    }

    /// While values are handed over behind the registers (a multiple-result call), `top` is above them.
    fn top_of_lua(&self) -> *mut Value {
        self.top.min(self.stack_end().wrapping_add(SPARE))
    }

    /// Where stack and frames are now.
    ///
    /// # Safety
    /// As for [`Thread::live_end`].
    pub(crate) unsafe fn view(&self) -> View {
        // SAFETY: both pointers lie in the blocks of this thread.
        unsafe {
            View {
                stack: self.stack,
                stack_len: self.stack_len as usize,
                live: self.live_end().offset_from(self.stack) as usize,
                frames: self.frames,
                frames_len: self.frame.offset_from(self.frames) as usize + 1,
            }
        }
    }

    /// Moves the stack to a block of `len` slots and corrects all pointers into it.
    ///
    /// # Safety
    /// `this` is a thread whose fields are up to date; `len` has room for the live slots and SPARE.
    pub(crate) unsafe fn move_stack(heap: &mut Heap, this: *mut Thread, len: usize) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let new = heap.alloc_raw(len * 16)?.as_ptr().cast::<Value>();
            let (old, old_len) = ((*this).stack, (*this).stack_len as usize);
            // What is not clean, another thread may be clearing.
            let kept = old_len.min(len).min((*this).clean_len as usize);
            for i in 0..kept {
                *new.add(i) = *old.add(i);
            }
            for i in kept..len {
                *new.add(i) = Value::NIL;
            }
            let moved = |p: *mut Value| new.byte_add(p.addr().wrapping_sub(old.addr()));
            let mut f = (*this).frames;
            while f <= (*this).frame {
                (*f).base = moved((*f).base);
                (*f).func = moved((*f).func);
                f = f.add(1);
            }
            (*this).top = moved((*this).top);
            let mut u = (*this).open;
            while !u.is_null() {
                (*u).value = moved((*u).value);
                u = (*u).next();
            }
            (*this).stack = new;
            (*this).stack_len = len as u32;
            (*this).clean_len = u32::MAX;
            heap.free_replaced(ptr::NonNull::new_unchecked(this.cast()), ptr::NonNull::new_unchecked(old.cast()), old_len * 16);
            Ok(())
        }
    }

    /// How many of the frames are metamethods that a waiting instruction called.
    ///
    /// # Safety
    /// `frame` is up to date.
    pub(crate) unsafe fn metamethods(&self) -> usize {
        // SAFETY: the frames up to the running one are initialized, and nobody writes them now.
        let frames = unsafe { std::slice::from_raw_parts(self.frames, self.frame.offset_from(self.frames) as usize + 1) };
        frames.iter().filter(|frame| frame.then.is_metamethod()).count()
    }

    /// Doubles the array of frames.
    ///
    /// # Safety
    /// `this` is a thread whose fields are up to date.
    pub(crate) unsafe fn grow_frames(heap: &mut Heap, this: *mut Thread) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let (old, old_len) = ((*this).frames, (*this).frames_len as usize);
            let len = old_len * 2;
            let new = heap.alloc_raw(len * size_of::<Frame>())?.as_ptr().cast::<Frame>();
            let used = (*this).frame.offset_from(old) as usize + 1;
            new.copy_from_nonoverlapping(old, used);
            (*this).frames = new;
            (*this).frames_len = len as u32;
            (*this).frame = new.add(used - 1);
            let block = ptr::NonNull::new_unchecked(old.cast());
            heap.free_replaced(ptr::NonNull::new_unchecked(this.cast()), block, old_len * size_of::<Frame>());
            Ok(())
        }
    }

    /// Gives memory back when a deep recursion is over.
    ///
    /// # Safety
    /// As for [`Thread::move_stack`]; the thread does not run, or its cached state is stored and will be loaded again.
    pub(crate) unsafe fn shrink(heap: &mut Heap, this: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            let live = |end: *mut Value| end.offset_from((*this).stack) as usize + SPARE;
            let len = (*this).stack_len as usize;
            let wide = len > 4 * FIRST_STACK && live((*this).live_end()) * 4 < len;
            let used = if wide { live((*this).registers_end()) } else { len };
            if used * 4 < len {
                let _ = Thread::move_stack(heap, this, used * 2);
            }
            let used = (*this).frame.offset_from((*this).frames) as usize + 1;
            let len = (*this).frames_len as usize;
            if len > 64 && used * 4 < len {
                let new_len = (used * 2).max(FIRST_FRAMES);
                if let Ok(block) = heap.alloc_raw(new_len * size_of::<Frame>()) {
                    let (old, new) = ((*this).frames, block.as_ptr().cast::<Frame>());
                    new.copy_from_nonoverlapping(old, used);
                    (*this).frames = new;
                    (*this).frames_len = new_len as u32;
                    (*this).frame = new.add(used - 1);
                    let block = ptr::NonNull::new_unchecked(old.cast());
                    heap.free_replaced(ptr::NonNull::new_unchecked(this.cast()), block, len * size_of::<Frame>());
                }
            }
        }
    }

    /// # Safety
    /// The thread is dead.
    pub(crate) unsafe fn free(heap: &mut Heap, this: *mut Thread) {
        // SAFETY: the last use; upvalues that outlive the stack take their values along.
        unsafe {
            let mut u = (*this).open;
            while !u.is_null() {
                u = Upvalue::orphan(u);
            }
            (*this).open = ptr::null_mut();
            heap.free_raw(ptr::NonNull::new_unchecked((*this).stack.cast()), (*this).stack_len as usize * 16);
            heap.free_raw(ptr::NonNull::new_unchecked((*this).frames.cast()), (*this).frames_len as usize * size_of::<Frame>());
            ptr::drop_in_place(&raw mut (*this).tbc);
            ptr::drop_in_place(&raw mut (*this).hook);
        }
    }
}
