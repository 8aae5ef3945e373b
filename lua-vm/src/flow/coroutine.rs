//! Coroutines (§2.6): switching between threads, and closing one.

use std::ptr::{self, NonNull};

use super::{Delivered, Flow};
use crate::error::{Error, Result};
use crate::function::Upvalue;
use crate::meta::Event;
use crate::thread::{State, Then, Thread};
use crate::value::{Value, copy};
use crate::vm::Vm;

/// What resuming a coroutine led to.
pub(super) enum Switched {
    Flow(Flow),
    Delivered(Delivered),
}

impl Vm {
    /// Resumes the coroutine in slot `slot` of the running host frame with the top `count` values.
    pub(super) unsafe fn switch_to(&mut self, slot: usize, count: usize) -> Result<Switched> {
        // SAFETY: a host frame is on top and waits; the API checked that the slot holds a thread.
        unsafe {
            let resumer = self.roots.thread;
            let thread = (*(*self.frame).base.add(slot)).as_ptr::<Thread>();
            let arguments = self.top.sub(count);
            let started = (*thread).frame > (*thread).frames;
            let problem = match (*thread).state {
                State::Suspended if !started && (*thread).top.offset_from((*thread).stack) < 2 => Some("cannot resume dead coroutine"),
                State::Suspended => None,
                State::Active => Some("cannot resume non-suspended coroutine"),
                State::Dead | State::Failed => Some("cannot resume dead coroutine"),
            };
            if let Some(text) = problem {
                self.top = arguments;
                return self.resume_failed(Error::text(text));
            }
            if self.native_depth >= crate::vm::MAX_NATIVE - 5 {
                self.top = arguments;
                return self.resume_failed(Error::text("C stack overflow"));
            }
            self.native_depth += 1;
            Thread::enter(&mut self.heap, thread);
            self.top = arguments;
            self.store_thread();
            (*thread).resumer = resumer;
            (*thread).state = State::Active;
            self.load_thread(thread);
            // The arguments stay readable on the resumer's stack, which nothing moves in between.
            if self.top.add(count + 2) > self.stack_end {
                if let Err(e) = self.grow_stack(self.top, count + 2) {
                    (*thread).state = State::Suspended;
                    (*thread).resumer = ptr::null_mut();
                    self.store_thread();
                    self.load_thread(resumer);
                    self.native_depth -= 1;
                    return self.resume_failed(e);
                }
            }
            for at in 0..count {
                copy(self.top.add(at), arguments.add(at));
            }
            self.top = self.top.add(count);
            if started {
                // The frame on top yielded; it gets the values.
                return Ok(Switched::Delivered(Delivered::Continue { ok: true, yielded: true }));
            }
            let func = self.top.sub(count + 1);
            match self.call_at(func, count, -1, Then::Coroutine) {
                Ok(flow) => Ok(Switched::Flow(flow)),
                Err(e) if self.frame > (*thread).frames => Err(e),
                Err(e) => {
                    // Not even a frame: the function cannot be called.
                    (*thread).state = State::Failed;
                    *self.top = self.error_value(&e);
                    Ok(Switched::Delivered(self.switch_back(self.top, 1, false)))
                }
            }
        }
    }

    unsafe fn resume_failed(&mut self, e: Error) -> Result<Switched> {
        // SAFETY: the waiting host frame is on top.
        unsafe {
            *self.top = self.error_value(&e);
            self.top = self.top.add(1);
        }
        Ok(Switched::Delivered(Delivered::Continue { ok: false, yielded: false }))
    }

    /// Leaves the running coroutine for the one that resumed it, with `count` values from `first` on.
    pub(super) unsafe fn switch_back(&mut self, first: *mut Value, count: usize, ok: bool) -> Delivered {
        // SAFETY: the running thread has a resumer, whose host frame waits on top of it.
        unsafe {
            let thread = self.roots.thread;
            let resumer = (*thread).resumer;
            self.top = first;
            self.store_thread();
            (*thread).resumer = ptr::null_mut();
            if (*thread).state == State::Active {
                (*thread).state = State::Suspended;
            }
            self.native_depth -= 1;
            // The values stay where they are until they are copied: nothing below allocates from the heap except the stack's growth.
            (*thread).top = first.add(count);
            self.load_thread(resumer);
            let mut ok = ok;
            let mut count = count;
            if self.top.add(count) > self.stack_end {
                if let Err(e) = self.grow_stack(self.top, count + 1) {
                    ok = false;
                    count = 0;
                    *self.top = self.error_value(&e);
                    self.top = self.top.add(1);
                }
            }
            for at in 0..count {
                copy(self.top.add(at), first.add(at));
            }
            self.top = self.top.add(count);
            // The error of a failed coroutine stays on its stack.
            (*thread).top = if (*thread).state == State::Failed { first.add(1) } else { first };
            Delivered::Continue { ok, yielded: false }
        }
    }

    /// Closes a suspended or failed coroutine (`coroutine.close`, §6.2).
    ///
    /// # Errors
    /// What a `__close` raised, or the error that the coroutine failed with if there is nothing to close.
    ///
    /// # Safety
    /// `thread` is live and does not run.
    pub(crate) unsafe fn close_thread(&mut self, thread: *mut Thread) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let failed = (*thread).state == State::Failed;
            let before = self.roots.thread;
            self.heap.barrier(NonNull::new_unchecked(thread.cast()));
            self.store_thread();
            (*thread).resumer = before;
            self.load_thread(thread);
            let level = (*thread).stack.add(1);
            let mut error = if failed {
                // The error stands where `unwind` left it.
                let value = *self.top.sub(1);
                Some(self.throw(value))
            } else {
                None
            };
            if let Some(e) = error.take() {
                error = Some(self.own_error(e));
            }
            Upvalue::close_from(&mut self.heap, thread, level);
            self.frame = (*thread).frames;
            (*thread).protected = 0;
            while self.has_to_be_closed((*thread).stack.add(1)) {
                let slot = self.take_to_be_closed();
                let variable = *slot;
                let handler = self.handler(variable, Event::Close);
                let value = error.as_ref().map_or(Value::NIL, |e| e.handle().and_then(|h| h.value(self)).unwrap_or(Value::NIL));
                self.top = slot.add(1);
                if let Err(e) = self.call_above(handler, &[variable, value]) {
                    error = Some(self.own_error(e));
                }
            }
            self.top = (*thread).stack.add(1);
            (*thread).state = State::Dead;
            self.store_thread();
            (*thread).resumer = ptr::null_mut();
            self.load_thread(before);
            error.map_or(Ok(()), Err)
        }
    }
}
