//! To-be-closed variables (§3.3.8).

use super::Flow;
use crate::error::{Error, Result};
use crate::meta::Event;
use crate::thread::Then;
use crate::value::{Value, tag};
use crate::vm::Vm;

impl Vm {
    /// Notes that the variable at `slot` must be closed.
    ///
    /// # Errors
    /// Its value is neither false nor nil and has no `__close`.
    ///
    /// # Safety
    /// A slot of the running frame.
    pub(crate) unsafe fn mark_to_be_closed(&mut self, slot: *mut Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let value = *slot;
            if !value.truthy() {
                return Ok(());
            }
            if self.handler(value, Event::Close).is_nil() {
                let name = self.local_name_at(slot);
                return Err(self.error(format_args!("variable '{}' got a non-closable value", String::from_utf8_lossy(&name))));
            }
            self.list_to_be_closed(slot);
            Ok(())
        }
    }

    /// Puts the variable at `slot`, which has a `__close`, on the list.
    ///
    /// # Safety
    /// A slot of the running frame, above those on the list.
    #[inline]
    pub(crate) unsafe fn list_to_be_closed(&mut self, slot: *mut Value) {
        // SAFETY: the caller's promise.
        unsafe {
            let thread = self.roots.thread;
            let index = slot.offset_from((*thread).stack) as u32;
            (*thread).tbc.push(index);
        }
    }

    /// Takes the topmost variable off the list and pushes the frame of its `__close`, if that is a Lua function and needs nothing but a
    /// frame; false if it is not, and then nothing has happened. The running instruction runs again when it ends.
    ///
    /// # Safety
    /// A Lua frame runs, its pc is saved, nothing above its registers is needed; the list is not empty.
    pub(crate) unsafe fn enter_close_handler(&mut self) -> bool {
        // SAFETY: the caller's promise; SPARE slots stand above the registers.
        unsafe {
            let thread = self.roots.thread;
            let Some(&index) = (*thread).tbc.last() else { return false };
            let variable = *(*thread).stack.add(index as usize);
            let handler = self.handler(variable, Event::Close);
            if handler.tag != tag::CLOSURE {
                return false;
            }
            let to = self.registers_end();
            *to = handler;
            *to.add(1) = variable;
            *to.add(2) = Value::NIL;
            let enters = self.try_enter(to, 2, 0, Then::Again);
            if enters {
                (*thread).tbc.pop();
            }
            enters
        }
    }

    unsafe fn local_name_at(&self, slot: *mut Value) -> Vec<u8> {
        // SAFETY: a slot of the running Lua frame.
        unsafe {
            if !(*self.frame).is_lua() {
                return b"?".to_vec();
            }
            let register = slot.offset_from((*self.frame).base) as usize;
            let proto = (*(*self.frame).function).proto();
            let pc = self.current_pc(self.roots.thread, self.frame);
            proto.local_name(register, pc).map_or_else(|| b"?".to_vec(), |n| n.as_bytes().to_vec())
        }
    }

    /// Whether a variable at or above `level` must be closed.
    pub(crate) unsafe fn has_to_be_closed(&self, level: *mut Value) -> bool {
        // SAFETY: the running thread.
        unsafe {
            let thread = &*self.roots.thread;
            thread.tbc.last().is_some_and(|&i| thread.stack.add(i as usize) >= level)
        }
    }

    /// Takes the topmost variable off the list.
    pub(super) unsafe fn take_to_be_closed(&mut self) -> *mut Value {
        // SAFETY: the list is not empty, as the callers checked.
        unsafe {
            let thread = self.roots.thread;
            let index = (*thread).tbc.pop().unwrap_or(0);
            (*thread).stack.add(index as usize)
        }
    }

    /// Closes the topmost variable at or above `level` and runs the instruction again, or goes on if there is none.
    ///
    /// # Errors
    /// What a host `__close` raised.
    ///
    /// # Safety
    /// A Lua frame runs, its pc is saved; `to` is above everything that it needs.
    pub(crate) unsafe fn close_next(&mut self, level: *mut Value, mut to: *mut Value) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            if !self.has_to_be_closed(level) {
                return Ok(Flow::Run);
            }
            if to.add(4) > self.stack_end {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.top = to;
                self.grow_stack(to, 5)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            let slot = self.take_to_be_closed();
            let variable = *slot;
            let handler = self.handler(variable, Event::Close);
            if !handler.is_function() && self.handler(handler, Event::Call).is_nil() {
                // The metatable changed since.
                return Err(self.error(format_args!("attempt to call a {} value (metamethod 'close')", handler.type_name())));
            }
            (*self.frame).pc = (*self.frame).pc.sub(1);
            *to = handler;
            *to.add(1) = variable;
            *to.add(2) = Value::NIL;
            self.call_at(to, 2, 0, Then::Again)
        }
    }

    /// Closes the topmost variable in a nested run, while an error unwinds; returns the error to go on with.
    pub(super) unsafe fn close_nested(&mut self, e: Error) -> Error {
        // SAFETY: there is a variable to be closed on the running thread.
        unsafe {
            let e = self.own_error(e);
            let slot = self.take_to_be_closed();
            let variable = *slot;
            let handler = self.handler(variable, Event::Close);
            let value = self.error_value(&e);
            self.top = slot.add(1);
            let frame_offset = self.frame.offset_from((*self.roots.thread).frames);
            let result = self.call_above(handler, &[variable, value]);
            self.frame = (*self.roots.thread).frames.offset(frame_offset);
            match result {
                Ok(()) => e,
                Err(next) => next,
            }
        }
    }
}
