//! The end of a frame: where its results go.

use lua_proto::op::Op;

use super::{Delivered, Flow};
use crate::error::Result;
use crate::exec;
use crate::exec::ExitReason;
use crate::function::Function;
use crate::thread::{SPARE, State, Then, Thread};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

impl Vm {
    /// Ends the running frame with `count` results from `first` on.
    ///
    /// # Errors
    /// What a host continuation or a return hook raises.
    ///
    /// # Safety
    /// The results lie on the running stack.
    pub(crate) unsafe fn finish_frame(&mut self, first: *mut Value, count: usize) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            match self.deliver(first, count)? {
                Delivered::Flow(flow) => Ok(flow),
                Delivered::Continue { ok, yielded } => {
                    let outcome = self.continue_host(ok, yielded)?;
                    self.settle_host(outcome)
                }
            }
        }
    }

    /// Pops the running frame and takes its results where they belong.
    pub(super) unsafe fn deliver(&mut self, mut first: *mut Value, count: usize) -> Result<Delivered> {
        // SAFETY: as for `finish_frame`.
        unsafe {
            if self.hooked {
                self.top = first.add(count);
                let offset = first.offset_from((*self.roots.thread).stack);
                self.return_hook(first, count)?;
                first = (*self.roots.thread).stack.offset(offset);
            }
            loop {
                let frame = self.frame;
                let func = (*frame).func;
                match (*frame).then {
                    Then::Plain | Then::Store => {
                        self.frame = frame.sub(1);
                        let end = move_results(func, first, count, (*frame).wanted);
                        if (*frame).wanted < 0 {
                            self.top = end;
                        }
                        return Ok(Delivered::Flow(Flow::Run));
                    }
                    Then::Guarded => Thread::pass_guard(&mut self.heap, self.roots.thread, frame),
                    Then::Return => {
                        self.frame = frame.sub(1);
                        if self.hooked {
                            self.top = first.add(count);
                            let offset = first.offset_from((*self.roots.thread).stack);
                            self.return_hook(first, count)?;
                            first = (*self.roots.thread).stack.offset(offset);
                        }
                    }
                    Then::Value | Then::Test | Then::Finish => {
                        let value = if count > 0 { *first } else { Value::NIL };
                        self.frame = frame.sub(1);
                        return Ok(Delivered::Flow(self.finish_instruction(value)?));
                    }
                    Then::Again => {
                        self.frame = frame.sub(1);
                        return Ok(Delivered::Flow(Flow::Run));
                    }
                    Then::Host => {
                        if (*frame).wanted > SPARE as i32 / 2 && func.add((*frame).wanted as usize) > self.stack_end {
                            let offset = first.offset_from((*self.roots.thread).stack);
                            self.top = first.add(count);
                            self.grow_stack(func, (*frame).wanted as usize)?;
                            first = (*self.roots.thread).stack.offset(offset);
                            continue;
                        }
                        self.frame = frame.sub(1);
                        self.top = move_results(func, first, count, (*frame).wanted);
                        if (*frame).is_lua() {
                            Function::returned(&mut self.heap, (*frame).function);
                        }
                        return Ok(Delivered::Continue { ok: true, yielded: false });
                    }
                    Then::Protected => {
                        self.frame = frame.sub(1);
                        let to = (*self.frame).base.add((*self.frame).kept as usize);
                        self.top = move_results(to, first, count, -1);
                        return Ok(Delivered::Continue { ok: true, yielded: false });
                    }
                    Then::Exit | Then::ExitProtected => {
                        self.frame = frame.sub(1);
                        self.top = move_results(func, first, count, (*frame).wanted);
                        self.exit = ExitReason::Done;
                        return Ok(Delivered::Flow(Flow::Exit));
                    }
                    Then::Coroutine => {
                        let thread = self.roots.thread;
                        self.frame = frame.sub(1);
                        (*thread).state = State::Dead;
                        return Ok(self.switch_back(first, count, true));
                    }
                    Then::Unwind => {
                        // The error waits below the call of `__close`.
                        let error = *func.sub(1);
                        self.frame = frame.sub(1);
                        let e = self.throw(error);
                        return self.unwind(e);
                    }
                }
            }
        }
    }

    /// Completes the instruction of the Lua frame on top that called a metamethod.
    unsafe fn finish_instruction(&mut self, value: Value) -> Result<Flow> {
        // SAFETY: the frame's pc stands behind the instruction that called.
        unsafe {
            let frame = &mut *self.frame;
            let i = *frame.pc.sub(1);
            match i.op() {
                Op::SetTabUp | Op::SetTabUpK | Op::SetTable | Op::SetTableK | Op::SetInt | Op::SetIntK | Op::SetField | Op::SetFieldK => {}
                op if exec::is_comparison(op) => {
                    if value.truthy() != exec::is_negated(i.op()) {
                        frame.pc = frame.pc.offset(i.sc());
                    }
                }
                Op::Concat => return self.finish_concat(i, value),
                _ => *frame.base.byte_add(i.a()) = value,
            }
            Ok(Flow::Run)
        }
    }
}

/// Moves results to where the caller wants them; returns their end.
#[inline(always)]
pub(crate) unsafe fn move_results(to: *mut Value, from: *mut Value, count: usize, wanted: i32) -> *mut Value {
    // SAFETY: both lie on the running stack, `to` at or below `from`.
    unsafe {
        if count == 1 && wanted == 1 {
            copy(to, from);
            return to.add(1);
        }
        if wanted < 0 {
            for at in 0..count {
                copy(to.add(at), from.add(at));
            }
            return to.add(count);
        }
        let wanted = wanted as usize;
        for at in 0..count.min(wanted) {
            copy(to.add(at), from.add(at));
        }
        for at in count..wanted {
            (*to.add(at)).tag = tag::NIL;
        }
        to.add(wanted)
    }
}
