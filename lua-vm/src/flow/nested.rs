//! Nested runs: calls from Rust that run to their end.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use super::Flow;
use crate::error::{Error, Result};
use crate::exec;
use crate::exec::ExitReason;
use crate::exec::index::Found;
use crate::function::Upvalue;
use crate::thread::{SPARE, State, Then, Thread};
use crate::value::{Value, tag};
use crate::vm::Vm;

impl Vm {
    /// Calls what stands at `func` from Rust and runs it to its end; the results replace it and set the top.
    ///
    /// # Errors
    /// What the call raised; its to-be-closed variables are closed.
    ///
    /// # Safety
    /// As for [`Vm::call_at`]. Pointers into the stack are stale afterwards.
    pub(crate) unsafe fn call_nested(&mut self, func: *mut Value, given: usize, wanted: i32) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.call_protected(func, given, wanted, false) }
    }

    /// As [`Vm::call_nested`]; if `protected`, message handlers further out do not see its errors.
    ///
    /// # Errors
    /// What the call raised.
    ///
    /// # Safety
    /// As for [`Vm::call_nested`].
    pub(crate) unsafe fn call_protected(&mut self, func: *mut Value, given: usize, wanted: i32, protected: bool) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            self.enter_native()?;
            let thread = self.roots.thread;
            let depth = self.frame.offset_from((*thread).frames);
            let func_offset = func.offset_from((*thread).stack);
            let native_depth = self.native_depth;
            let charged = self.charged;
            (*thread).runs += 1;
            let vm = ptr::from_mut(self);
            // A panic of a host function must not leave frames behind that nobody returns from.
            let ended = catch_unwind(AssertUnwindSafe(|| {
                let vm = &mut *vm;
                let then = if protected { Then::ExitProtected } else { Then::Exit };
                let entered = (*func).tag == tag::CLOSURE && vm.try_enter(func, given, wanted, then);
                let flow = match if entered { Ok(Flow::Run) } else { vm.call_at(func, given, wanted, then) } {
                    Ok(flow) => flow,
                    Err(e) if vm.roots.thread == thread && vm.frame.offset_from((*thread).frames) == depth => return Err(e),
                    Err(e) => vm.raise(e),
                };
                if flow == Flow::Run {
                    exec::run(vm);
                }
                match vm.exit {
                    ExitReason::Done => Ok(()),
                    ExitReason::Failed => Err(vm.failure.take().unwrap_or_else(Error::in_handler)),
                }
            }));
            let result = match ended {
                Ok(result) => result,
                Err(panic) => {
                    self.abandon_frames(thread, depth, func_offset);
                    (*thread).runs -= 1;
                    self.native_depth = native_depth - 1;
                    self.release_charges(charged);
                    resume_unwind(panic);
                }
            };
            (*thread).runs -= 1;
            self.native_depth -= 1;
            if result.is_err() {
                self.top = (*thread).stack.offset(func_offset);
            }
            result
        }
    }

    /// After a panic: gives up all frames above `depth` of `thread` and everything on the stack from `level` on.
    unsafe fn abandon_frames(&mut self, thread: *mut Thread, depth: isize, level: isize) {
        // SAFETY: every thread between the running one and `thread` was resumed by the next.
        unsafe {
            while self.roots.thread != thread {
                let running = self.roots.thread;
                Upvalue::close_from(&mut self.heap, running, (*running).stack);
                (*running).tbc.clear();
                (*running).state = State::Dead;
                self.frame = (*running).frames;
                self.top = (*running).stack.add(1);
                self.store_thread();
                let resumer = (*running).resumer;
                (*running).resumer = ptr::null_mut();
                self.load_thread(resumer);
            }
            let level = (*thread).stack.offset(level);
            Upvalue::close_from(&mut self.heap, thread, level);
            while self.has_to_be_closed(level) {
                self.take_to_be_closed();
            }
            self.frame = (*thread).frames.offset(depth);
            self.top = level;
        }
    }

    /// Calls a function with these arguments from Rust, for its first result.
    ///
    /// # Errors
    /// What the call raised.
    ///
    /// # Safety
    /// Live values. Pointers into the stack are stale afterwards.
    pub(crate) unsafe fn call_for_value(&mut self, function: Value, arguments: &[Value]) -> Result<Value> {
        // SAFETY: the caller's promise.
        unsafe {
            let top = self.top.offset_from((*self.roots.thread).stack);
            let mut to = self.registers_end();
            if to.add(arguments.len() + 1) > self.stack_end.add(SPARE - 4) {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.grow_stack(to, arguments.len() + 1)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            *to = function;
            for (at, &v) in arguments.iter().enumerate() {
                *to.add(at + 1) = v;
            }
            let result = self.call_nested(to, arguments.len(), 1);
            let value = if result.is_ok() { *self.top.sub(1) } else { Value::NIL };
            self.top = (*self.roots.thread).stack.offset(top);
            result.map(|()| value)
        }
    }

    /// Calls a function above `top`, whatever frame runs.
    pub(crate) unsafe fn call_above(&mut self, function: Value, arguments: &[Value]) -> Result<()> {
        // SAFETY: as for `call_for_value`.
        unsafe {
            let mut to = self.top;
            if to.add(arguments.len() + 1) > self.stack_end {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.grow_stack(to, arguments.len() + 2)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            *to = function;
            for (at, &v) in arguments.iter().enumerate() {
                *to.add(at + 1) = v;
            }
            self.call_nested(to, arguments.len(), 0)
        }
    }

    /// `object[key]` from Rust.
    ///
    /// # Errors
    /// The value cannot be indexed; what a metamethod raised.
    ///
    /// # Safety
    /// Live values in slots.
    pub(crate) unsafe fn index(&mut self, object: Value, key: Value) -> Result<Value> {
        // SAFETY: the caller's promise.
        unsafe {
            match self.find(object, key)? {
                Found::Value(v) => Ok(v),
                Found::Handler(f, object) => self.call_for_value(f, &[object, key]),
            }
        }
    }

    /// `object[key] = value` from Rust.
    ///
    /// # Errors
    /// The value cannot be indexed; what a metamethod raised.
    ///
    /// # Safety
    /// Live values in slots.
    pub(crate) unsafe fn set_index(&mut self, object: Value, key: Value, value: Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            if let Found::Handler(f, object) = self.store(object, key, value)? {
                self.call_for_value(f, &[object, key, value])?;
            }
        }
        Ok(())
    }
}
