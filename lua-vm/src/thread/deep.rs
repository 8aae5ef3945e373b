//! Deep stacks, which are traced in segments while they run.
//!
//! A running stack is written without a barrier, so a cycle has to trace it before it runs. Of a deep one only the end is
//! traced at once:
//!
//! ```text
//!  stack   ┌───────────────────────┬───────────────────┬─────────────┬──────────────┐
//!          │ traced in segments    │ traced            │ clear       │ cleared in   │
//!          └───────────────────────┴───────────────────┴─────────────┴──────────────┘
//!                                  ▲ a guarded frame   ▲ live end    ▲ clean_len      segments
//! ```
//!
//! Nothing below the guarded frame is written before that frame ends: whatever else writes there asks the barrier of the
//! thread. A guarded frame returns on the slow path ([`Then::Guarded`]), which traces the next part and guards a frame
//! below. For calls, the stack ends at `clean_len`; growing it clears more. When the cycle has traced all segments, guards
//! that are left mean nothing.

use std::ptr::NonNull;

use lua_gc::{Header, Model, Tracer};

use super::{Frame, SPARE, Then, Thread};
use crate::object::{HUGE, Heap, Lua};
use crate::value::Value;

/// Slots that are traced at once, at least.
const PART: usize = HUGE;
/// Slots above the live ones that are cleared at once.
const ROOM: usize = 1024;
/// Slots that tracing takes together.
const SEGMENT: usize = <Lua as Model>::SEGMENT;

impl Thread {
    /// The thread is about to run: what that may write soon is traced, if the cycle has not traced it yet.
    ///
    /// # Safety
    /// `this` is live, its fields are up to date.
    #[inline(always)]
    pub(crate) unsafe fn enter(heap: &mut Heap, this: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            if heap.needs_barrier(header(this)) {
                Thread::enter_slow(heap, this);
            }
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn enter_slow(heap: &mut Heap, this: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            if heap.is_marking() {
                Thread::trace_end(this, |slot| heap.barrier_at(header(this), slot, true));
            } else {
                heap.barrier(header(this));
            }
        }
    }

    /// The thread runs no longer. While it ran it was written without a barrier: minor collections have to look at it once
    /// more. (In a cycle, what could be written was traced before.)
    ///
    /// # Safety
    /// `this` is live.
    #[inline(always)]
    pub(crate) unsafe fn leave(heap: &mut Heap, this: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            if heap.needs_barrier(header(this)) && !heap.is_marking() {
                heap.barrier(header(this));
            }
        }
    }

    /// A cycle begins while the thread runs, or waits for one that runs.
    ///
    /// # Safety
    /// As for [`Thread::enter`].
    pub(crate) unsafe fn trace_running(tracer: &mut Tracer<'_, Lua>, this: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            if tracer.is_minor() {
                tracer.scan_now(header(this));
            } else {
                Thread::trace_end(this, |slot| tracer.scan_slot(header(this), slot));
            }
        }
    }

    /// Traces the end of the stack, clears some of what follows, and guards what is not traced.
    unsafe fn trace_end(this: *mut Thread, mut trace: impl FnMut(usize)) {
        // SAFETY: the caller's promise; both ends lie on the stack.
        unsafe {
            if (*this).stack_len as usize <= HUGE {
                return trace(0);
            }
            let (len, live) = ((*this).stack_len as usize, (*this).live_end().offset_from((*this).stack) as usize);
            let clean = (live + ROOM + SPARE).next_multiple_of(SEGMENT).min(len);
            Thread::trace_part(this, (*this).frame, clean, &mut trace);
            Thread::set_clean(this, clean);
        }
    }

    /// Traces at least [`PART`] slots below frame `last`, and those from there up to slot `to`; guards the lowest frame.
    unsafe fn trace_part(this: *mut Thread, last: *mut Frame, to: usize, trace: &mut impl FnMut(usize)) {
        // SAFETY: frames of this thread, whose functions lie on its stack.
        unsafe {
            let first = (*this).frames;
            let slot_of = |frame: *mut Frame| (*frame).func.offset_from((*this).stack) as usize;
            let most = slot_of(last).saturating_sub(PART);
            let mut frame = last;
            while frame > first && !(slot_of(frame) <= most && is_plain(frame)) {
                frame = frame.sub(1);
            }
            let from = if frame == first { 0 } else { slot_of(frame) };
            let frames = frame.offset_from(first) as usize..last.offset_from(first) as usize + 1;
            let mut trace_all = |from: usize, to: usize| (from / SEGMENT * SEGMENT..to).step_by(SEGMENT).for_each(&mut *trace);
            trace_all(from, to);
            trace_all(frames.start, frames.end.min(from));
            if frame > first {
                (*frame).then = Then::Guarded;
            }
        }
    }

    /// The guarded frame `frame` is about to end: its caller will run.
    ///
    /// # Safety
    /// `frame` is on top of the running thread `this`.
    #[cold]
    pub(crate) unsafe fn pass_guard(heap: &mut Heap, this: *mut Thread, frame: *mut Frame) {
        // SAFETY: the caller's promise. A guarded frame has a caller on the same stack.
        unsafe {
            (*frame).then = Then::Plain;
            if heap.is_untraced(header(this)) {
                let to = (*frame).func.offset_from((*this).stack) as usize;
                Thread::trace_part(this, frame.sub(1), to, &mut |slot| heap.barrier_at(header(this), slot, true));
            }
        }
    }

    /// Lets calls use the stack up to slot `needed`, and more, as far as there are slots.
    ///
    /// # Safety
    /// As for [`Thread::enter`].
    pub(crate) unsafe fn clear_up_to(heap: &mut Heap, this: *mut Thread, needed: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let (len, clean) = ((*this).stack_len as usize, (*this).clean_len as usize);
            if clean >= len {
                return;
            }
            if !heap.is_untraced(header(this)) {
                // The cycle has cleared all, or has ended.
                return Thread::set_clean(this, len);
            }
            let wanted = (needed + SPARE).max(2 * clean).next_multiple_of(SEGMENT).min(len);
            for slot in (clean..wanted).step_by(SEGMENT) {
                heap.barrier_at(header(this), slot, true);
            }
            Thread::set_clean(this, wanted);
        }
    }

    /// Notes that the slots below `clean` can be used, which is a multiple of [`SEGMENT`], or all of them.
    ///
    /// # Safety
    /// `this` is live.
    unsafe fn set_clean(this: *mut Thread, clean: usize) {
        // SAFETY: the caller's promise.
        unsafe { (*this).clean_len = if clean < (*this).stack_len as usize { clean as u32 } else { u32::MAX } };
    }

    /// Must be called before a slot is written otherwise than by the frame that runs.
    ///
    /// # Safety
    /// `slot` lies on the stack of the live thread `this`.
    #[inline]
    pub(crate) unsafe fn barrier_slot(heap: &mut Heap, this: *mut Thread, slot: *mut Value) {
        // SAFETY: the caller's promise.
        unsafe { heap.barrier_at(header(this), slot.offset_from((*this).stack) as usize, true) };
    }
}

/// # Safety
/// `thread` is live.
#[inline(always)]
unsafe fn header(thread: *mut Thread) -> NonNull<Header> {
    // SAFETY: the caller's promise.
    unsafe { NonNull::new_unchecked(thread.cast()) }
}

/// Whether a frame can be guarded: a call from Lua to Lua, without more to it.
///
/// # Safety
/// `frame` is not the first of its thread.
unsafe fn is_plain(frame: *mut Frame) -> bool {
    // SAFETY: the caller's promise.
    unsafe { (*frame).is_lua() && matches!((*frame).then, Then::Plain | Then::Guarded) && (*frame.sub(1)).is_lua() }
}
