//! Errors: the message handler, then unwinding to the nearest protected call.

use super::{Delivered, Flow};
use crate::error::{Error, Result};
use crate::exec::ExitReason;
use crate::function::Upvalue;
use crate::meta::Event;
use crate::thread::{FINALIZER, PROTECTED, SPARE, State, Then, Thread};
use crate::vm::Vm;

impl Vm {
    /// Raises an error: asks the message handler, then unwinds to the nearest protected call of this run.
    pub(crate) fn raise(&mut self, e: Error) -> Flow {
        // SAFETY: the frames and the stack are consistent whenever an error is raised.
        unsafe {
            let mut e = self.handle_message(e);
            loop {
                match self.unwind(e).and_then(|d| self.after_unwind(d)) {
                    Ok(flow) => return flow,
                    Err(next) => e = self.handle_message(next),
                }
            }
        }
    }

    unsafe fn after_unwind(&mut self, delivered: Delivered) -> Result<Flow> {
        // SAFETY: as for `settle_host`.
        unsafe {
            match delivered {
                Delivered::Flow(flow) => Ok(flow),
                Delivered::Continue { ok, yielded } => {
                    let outcome = self.continue_host(ok, yielded)?;
                    self.settle_host(outcome)
                }
            }
        }
    }

    /// Lets the handler of the nearest protected call (`xpcall`, §2.3) replace the error's value.
    unsafe fn handle_message(&mut self, mut e: Error) -> Error {
        // SAFETY: frames of the running thread.
        unsafe {
            if e.is_handled() {
                return e;
            }
            e.set_handled();
            let mut frame = self.frame;
            let first = (*self.roots.thread).frames;
            // Errors of finalizers become warnings: no handler of what they interrupted sees them.
            while frame > first && (*frame).then != Then::ExitProtected && (*frame).flags & FINALIZER == 0 {
                if (*frame).flags & PROTECTED != 0 {
                    if (*frame).handler != 0 {
                        let handler = *(*frame).base.add((*frame).handler as usize - 1);
                        let value = self.error_value(&e);
                        if self.top < self.registers_end() || (*self.frame).is_lua() {
                            self.top = self.registers_end();
                        }
                        // At the limit, the handler is beyond it.
                        let beyond = (self.native_depth == crate::vm::MAX_NATIVE) as u32;
                        self.native_depth += beyond;
                        let handled = self.call_for_value(handler, &[value]);
                        self.native_depth -= beyond;
                        return match handled {
                            Ok(value) => {
                                let mut e = self.throw(value);
                                e.set_handled();
                                e
                            }
                            Err(mut inner) => {
                                inner.set_handled();
                                inner
                            }
                        };
                    }
                    return e;
                }
                frame = frame.sub(1);
            }
            // Nobody catches it before it leaves the VM.
            if frame == first && self.roots.thread == self.roots.main {
                e.set_traceback(self.traceback(self.roots.main, None, 0));
            }
        }
        e
    }

    /// Unwinds to the nearest frame that catches errors. Variables that are to be closed are closed one after the
    /// other; each `__close` runs as a frame of its own and comes back here.
    pub(super) unsafe fn unwind(&mut self, mut e: Error) -> Result<Delivered> {
        // SAFETY: frames of the running thread. Nothing runs before the arms below return.
        unsafe {
            let raised_in = self.frame;
            loop {
                let frame = self.frame;
                if (*frame).flags & PROTECTED != 0 {
                    return self.catch(e);
                }
                match (*frame).then {
                    Then::Exit | Then::ExitProtected => {
                        let func = (*frame).func;
                        let thread = self.roots.thread;
                        Upvalue::close_from(&mut self.heap, thread, func);
                        let offset = func.offset_from((*thread).stack);
                        while self.has_to_be_closed((*thread).stack.offset(offset)) {
                            e = self.close_nested(e);
                        }
                        self.frame = (*thread).frames.offset(self.frame.offset_from((*thread).frames)).sub(1);
                        self.top = (*thread).stack.offset(offset);
                        self.leave_overflow(self.top);
                        self.exit = ExitReason::Failed;
                        self.failure = Some(self.own_error(e));
                        return Ok(Delivered::Flow(Flow::Exit));
                    }
                    Then::Coroutine => {
                        let thread = self.roots.thread;
                        (*thread).state = State::Failed;
                        // Its frames stay, for tracebacks.
                        let value = self.error_value(&e);
                        self.frame = raised_in;
                        let mut at = self.registers_end();
                        if at > self.stack_end.add(SPARE - 2) {
                            at = self.stack_end;
                        }
                        *at = value;
                        (*thread).frame = self.frame;
                        self.handling_overflow = false;
                        return Ok(self.switch_back(at, 1, false));
                    }
                    Then::Guarded => Thread::pass_guard(&mut self.heap, self.roots.thread, frame),
                    _ => self.frame = frame.sub(1),
                }
            }
        }
    }

    /// The host frame on top catches an error of the call that it made.
    unsafe fn catch(&mut self, e: Error) -> Result<Delivered> {
        // SAFETY: a protected host frame is on top; its callee stood at `kept`.
        unsafe {
            let frame = self.frame;
            let level = (*frame).base.add((*frame).kept as usize);
            let thread = self.roots.thread;
            Upvalue::close_from(&mut self.heap, thread, level);
            let value = self.error_value(&e);
            drop(e);
            // The handler has run; what `__close` does may overflow on its own account.
            self.leave_overflow(level);
            if self.has_to_be_closed(level) {
                let slot = self.take_to_be_closed();
                // The error waits above the variable, the call stands above the error.
                let variable = *slot;
                let mut to = slot.add(1);
                self.top = to.add(5);
                if self.top > self.stack_end {
                    let offset = to.offset_from((*thread).stack);
                    *to = value;
                    self.grow_stack(to, 6)?;
                    to = (*thread).stack.offset(offset);
                }
                *to = value;
                let handler = self.handler(variable, Event::Close);
                *to.add(1) = handler;
                *to.add(2) = variable;
                *to.add(3) = value;
                self.top = to.add(4);
                let flow = self.call_at(to.add(1), 2, 0, Then::Unwind)?;
                return Ok(Delivered::Flow(flow));
            }
            *level = value;
            self.top = level.add(1);
            Ok(Delivered::Continue { ok: false, yielded: false })
        }
    }
}
