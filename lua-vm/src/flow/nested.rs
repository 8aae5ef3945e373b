//! Nested runs: calls from Rust that run to their end.

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

/// Where a nested run began. Dropped only when a panic of a host function passes through: that must not leave frames behind that
/// nobody returns from.
struct Entry {
    vm: *mut Vm,
    thread: *mut Thread,
    /// The frames of the thread.
    depth: isize,
    /// The place of the function on its stack.
    func: isize,
    native_depth: u32,
    charged: usize,
}

impl Drop for Entry {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: `call_protected` made it of the live VM, whose references are gone with the frames that the panic has left.
        unsafe {
            let vm = &mut *self.vm;
            vm.abandon_frames(self.thread, self.depth, self.func);
            (*self.thread).runs -= 1;
            vm.native_depth = self.native_depth - 1;
            vm.release_charges(self.charged);
        }
    }
}

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
            let vm = ptr::from_mut(self);
            (*vm).enter_native()?;
            let thread = (*vm).roots.thread;
            let then = if protected { Then::ExitProtected } else { Then::Exit };
            let entry = Entry {
                vm,
                thread,
                depth: (*vm).frame.offset_from((*thread).frames),
                func: func.offset_from((*thread).stack),
                native_depth: (*vm).native_depth,
                charged: (*vm).charged,
            };
            (*thread).runs += 1;
            let result = if (*func).tag == tag::CLOSURE && (*vm).try_enter(func, given, wanted, then) {
                exec::run(vm);
                (*vm).ended()
            } else {
                (*vm).run_call(func, given, wanted, then, &entry)
            };
            (*thread).runs -= 1;
            (*vm).native_depth -= 1;
            if result.is_err() {
                (*vm).top = (*thread).stack.offset(entry.func);
            }
            std::mem::forget(entry);
            result
        }
    }

    /// Calls whatever there is to call, and runs it to its end.
    #[inline(never)]
    unsafe fn run_call(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then, entry: &Entry) -> Result<()> {
        // SAFETY: as for `call_protected`.
        unsafe {
            let thread = entry.thread;
            let flow = match self.call_at(func, given, wanted, then) {
                Ok(flow) => flow,
                Err(e) if self.roots.thread == thread && self.frame.offset_from((*thread).frames) == entry.depth => return Err(e),
                Err(e) => self.raise(e),
            };
            if flow == Flow::Run {
                exec::run(self);
            }
            self.ended()
        }
    }

    /// How the run that has just ended did.
    #[inline(always)]
    fn ended(&mut self) -> Result<()> {
        match self.exit {
            ExitReason::Done => Ok(()),
            ExitReason::Failed => Err(self.failure.take().unwrap_or_else(Error::in_handler)),
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
