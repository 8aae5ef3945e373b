//! The debug interface (§4.7): what the debug library, debuggers and profilers are written on.
//!
//! A coroutine is named by the slot that holds it; `None` is the one that runs.

use super::{Cx, Type};
use crate::debug::{self, FoundUpvalue};
use crate::error::Result;
use crate::hook;
use crate::thread::Thread;
use crate::userdata::Userdata;
use crate::value::{Value, tag};
use crate::vm::Vm;
use std::ptr::NonNull;

pub use crate::debug::DebugInfo;

/// Events that a hook is called for, combined with `|`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HookMask(u8);

impl HookMask {
    /// A function is called ("call", "tail call").
    pub const CALL: HookMask = HookMask(hook::CALL);
    /// A function returns ("return").
    pub const RETURN: HookMask = HookMask(hook::RETURN);
    /// A new line is reached ("line").
    pub const LINE: HookMask = HookMask(hook::LINE);
    /// So many instructions were executed ("count").
    pub const COUNT: HookMask = HookMask(hook::COUNT);

    /// Whether all events of `other` are in it.
    pub fn contains(self, other: HookMask) -> bool {
        self.0 & other.0 == other.0
    }
}

impl std::ops::BitOr for HookMask {
    type Output = HookMask;

    fn bitor(self, other: HookMask) -> HookMask {
        HookMask(self.0 | other.0)
    }
}

/// What [`Cx::debug_getinfo`] is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DebugTarget {
    /// The activation at a level; 0 is the function that runs.
    Level(i64),
    /// The function in a slot.
    Function(u32),
}

/// There is no activation at the level that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("level out of range")]
pub struct NoLevel;

impl Cx<'_> {
    /// The coroutine in a slot, or the running one.
    fn thread(&self, slot: Option<u32>) -> *mut Thread {
        match slot.map(|slot| self.value(slot)) {
            Some(v) if v.tag == tag::THREAD => v.as_ptr(),
            _ => self.vm_ref().roots.thread,
        }
    }

    /// What `options` (letters `S`, `l`, `n`, `u`, `t`, `r`, as for `lua_getinfo`) ask; `None` if there is no such
    /// level. `f` pushes the function, then `L` a table whose keys are the lines with code (nil for host functions).
    ///
    /// # Errors
    /// "not enough memory".
    pub fn debug_getinfo(&mut self, thread: Option<u32>, target: DebugTarget, options: &[u8]) -> Result<Option<DebugInfo>> {
        let thread = self.thread(thread);
        let vm = self.vm_ref();
        // SAFETY: the thread and the function are in slots.
        let (info, function) = unsafe {
            match target {
                DebugTarget::Level(level) => {
                    let Some(frame) = vm.frame_at(thread, level) else { return Ok(None) };
                    (vm.frame_info(thread, frame, options), debug::function_of(frame))
                }
                DebugTarget::Function(slot) => {
                    let function = self.value(slot);
                    (vm.function_info(function, options), function)
                }
            }
        };
        if options.contains(&b'f') {
            self.push(function);
        }
        if options.contains(&b'L') {
            self.push_active_lines(function)?;
        }
        Ok(Some(info))
    }

    fn push_active_lines(&mut self, function: Value) -> Result<()> {
        // SAFETY: the function is in a slot or runs.
        let Some(proto) = (unsafe { debug::proto_of(function) }) else {
            self.push(Value::NIL);
            return Ok(());
        };
        let lines: Vec<u32> = proto.active_lines().collect();
        self.push_table(0, 0)?;
        let table = self.top() - 1;
        for line in lines {
            self.push_bool(true);
            self.raw_set_int(table, i64::from(line))?;
        }
        Ok(())
    }

    /// Pushes variable `n` of the activation at a level and returns its name; pushes nothing and returns `None` if there
    /// is no such variable. Negative `n` count variable arguments.
    ///
    /// # Errors
    /// There is no such level.
    pub fn debug_getlocal(&mut self, thread: Option<u32>, level: i64, n: i64) -> Result<Option<Vec<u8>>, NoLevel> {
        let thread = self.thread(thread);
        let vm = self.vm_ref();
        // SAFETY: the thread is in a slot.
        let found = unsafe {
            let frame = vm.frame_at(thread, level).ok_or(NoLevel)?;
            vm.local(thread, frame, n).map(|(name, slot)| (name, debug::unversioned(*slot)))
        };
        Ok(found.map(|(name, value)| {
            self.push(value);
            name
        }))
    }

    /// Sets variable `n` of the activation at a level to the value in a slot; its name, or `None` if there is no such variable.
    ///
    /// # Errors
    /// There is no such level.
    pub fn debug_setlocal(&mut self, thread: Option<u32>, level: i64, n: i64, value: u32) -> Result<Option<Vec<u8>>, NoLevel> {
        let thread = self.thread(thread);
        let value = self.value(value);
        let vm = self.vm();
        // SAFETY: the thread is in a slot, and so is the value.
        unsafe {
            let frame = vm.frame_at(thread, level).ok_or(NoLevel)?;
            Ok(vm.local(thread, frame, n).map(|(name, slot)| {
                vm.set_local(thread, slot, value);
                name
            }))
        }
    }

    /// The name of parameter `n` of the Lua function in a slot.
    pub fn debug_parameter(&self, function: u32, n: i64) -> Option<Vec<u8>> {
        // SAFETY: the function is in a slot.
        let proto = unsafe { debug::proto_of(self.value(function))? };
        let local = proto.active_locals(0).nth(usize::try_from(n).ok()?.checked_sub(1)?)?;
        Some(local.name.as_bytes().to_vec())
    }

    fn upvalue_at(&self, function: u32, n: i64) -> Option<FoundUpvalue> {
        // SAFETY: the function is in a slot.
        unsafe { self.vm_ref().upvalue_at(self.value(function), n) }
    }

    /// Pushes upvalue `n` (from 1) of the function in a slot and returns its name, empty for host closures; pushes nothing if
    /// there is none.
    pub fn debug_getupvalue(&mut self, function: u32, n: i64) -> Option<Vec<u8>> {
        let upvalue = self.upvalue_at(function, n)?;
        // SAFETY: the closure is in a slot.
        self.push(unsafe { *upvalue.slot });
        Some(upvalue.name)
    }

    /// Sets upvalue `n` (from 1) of the function in a slot to the value in another; its name, or `None` if there is none.
    pub fn debug_setupvalue(&mut self, function: u32, n: i64, value: u32) -> Option<Vec<u8>> {
        let upvalue = self.upvalue_at(function, n)?;
        let value = self.value(value);
        // SAFETY: closure and value are in slots.
        unsafe { self.vm().set_upvalue(&upvalue, value) };
        Some(upvalue.name)
    }

    /// What identifies upvalue `n` (from 1) of the function in a slot: closures that share one have the same.
    pub fn upvalue_id(&self, function: u32, n: i64) -> Option<*mut ()> {
        self.upvalue_at(function, n).map(|u| Vm::upvalue_identity(self.value(function), &u))
    }

    /// Makes upvalue `n` of the Lua function in one slot refer to upvalue `m` of another; false if there is no such upvalue.
    pub fn upvalue_join(&mut self, function: u32, n: i64, other: u32, m: i64) -> bool {
        let (function, other) = (self.value(function), self.value(other));
        // SAFETY: both are in slots.
        unsafe { self.vm().join_upvalues(function, n, other, m) }
    }

    /// Whether the slot holds a function of the host.
    pub fn is_host_function(&self, slot: u32) -> bool {
        matches!(self.value(slot).tag, tag::NATIVE | tag::HOST_CLOSURE)
    }

    /// Sets the hook of a coroutine: the function in a slot is called with the event's name and, for "line", the line. An empty
    /// mask takes the hook away.
    pub fn set_hook(&mut self, thread: Option<u32>, function: u32, mask: HookMask, count: i32) {
        let (thread, function) = (self.thread(thread), self.value(function));
        let mask = if count > 0 { mask } else { HookMask(mask.0 & !hook::COUNT) };
        // SAFETY: both are in slots.
        unsafe { self.vm().set_hook(thread, function, mask.0, count) };
    }

    /// Pushes the hook function of a coroutine and returns its events and count; pushes nothing if there is none.
    pub fn get_hook(&mut self, thread: Option<u32>) -> Option<(HookMask, i32)> {
        let thread = self.thread(thread);
        // SAFETY: the thread is in a slot.
        let (function, mask, count) = unsafe {
            let hook = (*thread).hook.as_deref().filter(|h| !h.function().is_nil())?;
            (hook.function(), HookMask((*thread).hook_mask), hook.count())
        };
        self.push(function);
        Some((mask, count))
    }

    /// Pushes a traceback of the running coroutine from a level on (0: this function), behind a message if there is one
    /// (`luaL_traceback`).
    ///
    /// # Errors
    /// "not enough memory".
    pub fn traceback(&mut self, message: Option<&[u8]>, level: u32) -> Result<()> {
        self.traceback_of(None, message, i64::from(level))
    }

    /// As [`Cx::traceback`], of any coroutine.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn traceback_of(&mut self, thread: Option<u32>, message: Option<&[u8]>, level: i64) -> Result<()> {
        let thread = self.thread(thread);
        // SAFETY: the thread is in a slot.
        let text = unsafe { self.vm_ref().traceback(thread, message, level) };
        self.push_bytes(&text)
    }

    /// Whether the slot holds the running coroutine.
    pub fn is_running_thread(&self, slot: u32) -> bool {
        let v = self.value(slot);
        v.tag == tag::THREAD && v.as_ptr::<Thread>() == self.vm_ref().roots.thread
    }

    /// Pushes user value `n` (from 1) of the userdata in a slot; pushes nothing and gives [`Type::None`] if there is none.
    pub fn get_user_value(&mut self, slot: u32, n: i64) -> Type {
        let Some(value) = self.user_value(slot, n) else { return Type::None };
        // SAFETY: the userdata is in a slot.
        self.push(unsafe { *value });
        self.type_of(self.top() - 1)
    }

    /// Pops a value and makes it user value `n` (from 1) of the userdata in a slot; false if there is none.
    pub fn set_user_value(&mut self, slot: u32, n: i64) -> bool {
        let place = self.user_value(slot, n);
        let object = self.value(slot);
        let value = self.take();
        let Some(place) = place else { return false };
        // SAFETY: the userdata is in a slot.
        unsafe {
            self.vm().heap.barrier(NonNull::new_unchecked(object.as_ptr()));
            *place = value;
        }
        true
    }

    fn user_value(&self, slot: u32, n: i64) -> Option<*mut Value> {
        let v = self.value(slot);
        let at = usize::try_from(n).ok()?.checked_sub(1)?;
        if v.tag != tag::USERDATA {
            return None;
        }
        let userdata = v.as_ptr::<Userdata>();
        // SAFETY: a live userdata; the index is checked.
        unsafe { (at < (*userdata).value_count as usize).then(|| Userdata::value(userdata, at)) }
    }
}
