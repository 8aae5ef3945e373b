//! Calls: a frame for a Lua function, or a host function that runs at once.

use super::Flow;
use crate::api::Native;
use crate::error::Result;
use crate::function::HostClosure;
use crate::meta::Event;
use crate::thread::{FINALIZER, Frame, LUA, Then};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

impl Vm {
    /// Calls what stands at `func` with the `given` values behind it.
    ///
    /// # Errors
    /// The value cannot be called; stack overflow; what a host function raised.
    ///
    /// # Safety
    /// `func` lies on the running stack; the running Lua frame has its pc saved.
    pub(crate) unsafe fn call_at(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let (mut func, mut given) = (func, given);
            let mut handlers = 0;
            loop {
                match (*func).tag {
                    tag::CLOSURE => {
                        self.poll -= 1;
                        if self.poll < 0 {
                            func = self.poll_before_call(func, given)?;
                        }
                        self.push_lua_frame(func, given, wanted, then)?;
                        return Ok(Flow::Run);
                    }
                    tag::NATIVE => {
                        let call = (*(*func).as_ptr::<Native>()).call;
                        self.push_host_frame(func, given, wanted, then)?;
                        return self.run_host(call);
                    }
                    tag::HOST_CLOSURE => {
                        let call = (*(*func).as_ptr::<HostClosure>()).native.call;
                        self.push_host_frame(func, given, wanted, then)?;
                        return self.run_host(call);
                    }
                    _ => {
                        let offset = func.offset_from((*self.roots.thread).stack);
                        self.top = func.add(given + 1);
                        handlers += 1;
                        if handlers > MAX_CALL_HANDLERS {
                            return Err(self.error(format_args!("'__call' chain too long")));
                        }
                        given = self.insert_call_handler(func, given)?;
                        func = (*self.roots.thread).stack.offset(offset);
                    }
                }
            }
        }
    }

    /// Looks at what is due before a call that no instruction counted, such as that of a metamethod; answers where the function stands now.
    ///
    /// # Errors
    /// As for [`Vm::poll_slow`].
    ///
    /// # Safety
    /// As for [`Vm::call_at`].
    #[cold]
    #[inline(never)]
    unsafe fn poll_before_call(&mut self, func: *mut Value, given: usize) -> Result<*mut Value> {
        // SAFETY: the caller's promise. Finalizers run above both the registers and the arguments, and may move the stack.
        unsafe {
            let offset = func.offset_from((*self.roots.thread).stack);
            self.top = self.registers_end().max(func.add(given + 1));
            self.poll_slow()?;
            Ok((*self.roots.thread).stack.offset(offset))
        }
    }

    /// Puts the `__call` handler of the value at `func` before it; returns the new number of arguments.
    ///
    /// # Errors
    /// The value has none.
    ///
    /// # Safety
    /// As for [`Vm::call_at`].
    pub(crate) unsafe fn insert_call_handler(&mut self, func: *mut Value, given: usize) -> Result<usize> {
        // SAFETY: the caller's promise; SPARE slots stand above every frame.
        unsafe {
            let handler = self.handler(*func, Event::Call);
            if handler.is_nil() {
                return Err(self.call_error(*func));
            }
            let mut func = func;
            if func.add(given + 2) > self.stack_end {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.top = func.add(given + 1);
                self.grow_stack(func, given + 2)?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            let mut at = given + 1;
            while at > 0 {
                copy(func.add(at), func.add(at - 1));
                at -= 1;
            }
            *func = handler;
            self.top = func.add(given + 2);
            Ok(given + 1)
        }
    }

    /// Enters a Lua function.
    #[inline]
    unsafe fn push_lua_frame(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<()> {
        // SAFETY: as for `call_at`.
        unsafe {
            let function = (*(*func).as_closure()).function;
            let registers = (*function).frame_bytes as usize / 16;
            let mut func = func;
            if self.stress_stack || func.add(1 + registers.max(given)) > self.stack_end {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.top = func.add(given + 1);
                self.grow_stack(func, 1 + registers.max(given))?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            if self.frame.add(1) >= self.frame_end {
                self.top = func.add(given + 1);
                self.grow_frames()?;
            }
            self.enter_closure(func, given, wanted, then);
        }
        Ok(())
    }

    /// Enters the closure at `func`, if nothing else is due and there is room; false: nothing happened.
    ///
    /// # Safety
    /// As for [`Vm::call_at`]; the value at `func` is a closure.
    #[inline(always)]
    pub(crate) unsafe fn try_enter(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            if !self.may_enter(*func, func, given) {
                return false;
            }
            self.poll -= 1;
            self.enter_closure(func, given, wanted, then);
            true
        }
    }

    /// Whether a call of `closure` with so many arguments behind `func` needs nothing but a frame.
    ///
    /// # Safety
    /// As for [`Vm::call_at`]; the value is a closure.
    #[inline(always)]
    unsafe fn may_enter(&self, closure: Value, func: *mut Value, given: usize) -> bool {
        // SAFETY: the caller's promise; pointers are only compared.
        unsafe {
            let registers = (*(*closure.as_closure()).function).frame_bytes as usize / 16;
            let end = func.add(1 + registers.max(given));
            self.poll > 0 && !self.stress_stack && self.frame.add(1) < self.frame_end && end <= self.stack_end
        }
    }

    /// Pushes the frame of the closure at `func`.
    ///
    /// # Safety
    /// There is room for the frame and for its registers.
    #[inline(always)]
    pub(crate) unsafe fn enter_closure(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) {
        // SAFETY: the caller's promise.
        unsafe {
            let function = (*(*func).as_closure()).function;
            let base = func.add(1);
            let mut at = given;
            while at < (*function).params as usize {
                (*base.add(at)).tag = tag::NIL;
                at += 1;
            }
            self.frame = self.frame.add(1);
            self.frame.write(Frame {
                base,
                func,
                pc: (*function).code,
                function,
                wanted,
                then,
                flags: LUA,
                handler: 0,
                extra: given as u32,
                kept: 0,
                state: 0,
            });
        }
    }

    /// Replaces the running frame by a call of the closure at its `func` slot.
    ///
    /// # Errors
    /// Stack overflow.
    ///
    /// # Safety
    /// The arguments stand behind `func`.
    pub(crate) unsafe fn reenter(&mut self, func: *mut Value, given: usize, flags: u8) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let (wanted, then, kept_flags) = ((*self.frame).wanted, (*self.frame).then, (*self.frame).flags & FINALIZER);
            self.frame = self.frame.sub(1);
            let pushed = self.push_lua_frame(func, given, wanted, then);
            if pushed.is_err() {
                self.frame = self.frame.add(1);
            }
            pushed?;
            (*self.frame).flags |= flags | kept_flags;
            Ok(Flow::Run)
        }
    }

    /// Enters a host function.
    #[inline]
    unsafe fn push_host_frame(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<()> {
        // SAFETY: as for `call_at`.
        unsafe {
            let mut func = func;
            self.top = func.add(given + 1);
            if self.top > self.stack_end || self.stress_stack {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.grow_stack(func, given + 1)?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            if self.frame.add(1) >= self.frame_end {
                self.grow_frames()?;
            }
            self.top = func.add(given + 1);
            self.enter_host(func, given, wanted, then, 0);
        }
        Ok(())
    }

    /// Pushes the frame of a host function at `func`.
    ///
    /// # Safety
    /// There is room for it.
    #[inline(always)]
    pub(super) unsafe fn enter_host(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then, flags: u8) {
        // SAFETY: the caller's promise.
        unsafe {
            self.frame = self.frame.add(1);
            self.frame.write(Frame::host(func, given, wanted, then, flags));
        }
    }

    /// Calls a metamethod of the running instruction with two arguments; its result completes the instruction.
    ///
    /// # Safety
    /// A Lua frame runs, its pc is saved.
    pub(crate) unsafe fn call_handler(&mut self, handler: Value, x: Value, y: Value) -> Result<Flow> {
        // SAFETY: SPARE slots stand above the registers.
        unsafe {
            let to = self.registers_end();
            *to = handler;
            *to.add(1) = x;
            *to.add(2) = y;
            self.call_at(to, 2, 1, Then::Finish)
        }
    }
}

/// A value whose `__call` handler is called through its own `__call` handler, and so on: a chain may be this long. Each link moves
/// all arguments, and a value that is its own handler never ends.
const MAX_CALL_HANDLERS: u32 = 200;
