//! What the debug library sees (§6.10): activations, variables, upvalues.
//!
//! Levels count from 0, the function that runs, down to the first call of the thread.

mod traceback;

use lua_gc::Header;
use lua_proto::{Proto, chunk_id};
use std::ptr::NonNull;

use crate::function::{Closure, HostClosure, Upvalue};
use crate::object::kind;
use crate::thread::{Frame, TAIL, Thread};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// What is known of a function or an activation (`lua_Debug`, §4.7). Fields that were not asked for are zero or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugInfo {
    /// `S`: the chunk's name as it was given.
    pub source: Vec<u8>,
    /// `S`: the chunk's name as messages show it.
    pub short_src: Vec<u8>,
    /// `S`: the line of `function`; -1 for host functions.
    pub line_defined: i64,
    /// `S`: the line of `end`; -1 for host functions.
    pub last_line_defined: i64,
    /// `S`: "Lua", "C" or "main".
    pub what: &'static str,
    /// `l`: the line that runs; -1 if unknown.
    pub current_line: i64,
    /// `u`: how many upvalues there are.
    pub upvalues: u32,
    /// `u`: how many fixed parameters there are; 0 for host functions.
    pub parameters: u32,
    /// `u`: whether there are variable arguments; true for host functions.
    pub is_vararg: bool,
    /// `n`: the name that the calling code uses.
    pub name: Option<Vec<u8>>,
    /// `n`: what kind of name that is; empty if there is none.
    pub name_what: &'static str,
    /// `t`: whether a tail call replaced the caller.
    pub is_tail_call: bool,
    /// `r`: the index of the first value that is passed or returned, in a call or return hook.
    pub first_transferred: u32,
    /// `r`: how many values are passed or returned.
    pub transferred: u32,
}

/// An upvalue of a closure.
pub(crate) struct FoundUpvalue {
    pub(crate) name: Vec<u8>,
    pub(crate) slot: *mut Value,
    /// The object that must pass the barrier before the slot is written.
    pub(crate) owner: NonNull<Header>,
}

/// The prototype of a Lua function.
///
/// # Safety
/// `function` is live and outlives the result.
pub(crate) unsafe fn proto_of<'p>(function: Value) -> Option<&'p Proto> {
    // SAFETY: the tag tells the type; closures keep their functions alive.
    (function.tag == tag::CLOSURE).then(|| unsafe { (*(*function.as_closure()).function).proto() })
}

impl DebugInfo {
    /// Fills in what `S` and `u` ask of a function.
    unsafe fn describe(&mut self, function: Value, options: &[u8]) {
        // SAFETY: the callers pass a live value.
        unsafe {
            let proto = proto_of(function);
            if options.contains(&b'S') {
                match proto {
                    Some(proto) => {
                        self.source = proto.source().to_vec();
                        self.line_defined = i64::from(proto.line_defined());
                        self.last_line_defined = i64::from(proto.last_line());
                        self.what = if proto.line_defined() == 0 { "main" } else { "Lua" };
                    }
                    None => {
                        self.source = b"=[C]".to_vec();
                        (self.line_defined, self.last_line_defined, self.what) = (-1, -1, "C");
                    }
                }
                self.short_src = chunk_id(&self.source);
            }
            if options.contains(&b'u') {
                self.upvalues = match function.tag {
                    tag::CLOSURE => (*function.as_closure()).upvalue_count,
                    tag::HOST_CLOSURE => (*function.as_ptr::<HostClosure>()).upvalue_count,
                    _ => 0,
                };
                self.parameters = proto.map_or(0, |p| u32::from(p.params()));
                self.is_vararg = proto.is_none_or(Proto::is_vararg);
            }
        }
    }
}

/// The function of a frame.
///
/// # Safety
/// A live frame.
pub(crate) unsafe fn function_of(frame: *mut Frame) -> Value {
    // SAFETY: the slot below the base of a Lua frame holds its closure.
    unsafe { unversioned(if (*frame).is_lua() { *(*frame).base.sub(1) } else { *(*frame).func }) }
}

/// A value as scripts see it: a closure for a version of it (see [`Closure::original`]).
///
/// # Safety
/// A live value.
pub(crate) unsafe fn unversioned(value: Value) -> Value {
    // SAFETY: the tag tells the type.
    unsafe {
        if value.tag != tag::CLOSURE {
            return value;
        }
        let original = (*value.as_closure()).original();
        if original.is_null() { value } else { Value::closure(original) }
    }
}

impl Vm {
    /// How many activations a thread has.
    ///
    /// # Safety
    /// `thread` is live.
    pub(crate) unsafe fn depth(&self, thread: *mut Thread) -> i64 {
        // SAFETY: the top frame is one of the thread's; the first one is no call.
        unsafe { self.top_frame(thread).offset_from((*thread).frames) as i64 }
    }

    /// The frame at a level, if there is one.
    ///
    /// # Safety
    /// `thread` is live.
    pub(crate) unsafe fn frame_at(&self, thread: *mut Thread, level: i64) -> Option<*mut Frame> {
        // SAFETY: between the top frame and the first call.
        unsafe { (0..self.depth(thread)).contains(&level).then(|| self.top_frame(thread).sub(level as usize)) }
    }

    /// The line that a frame is executing, -1 if unknown.
    ///
    /// # Safety
    /// A frame of the live thread `thread`.
    unsafe fn current_line(&self, thread: *mut Thread, frame: *mut Frame) -> i64 {
        // SAFETY: the caller's promise.
        unsafe {
            if !(*frame).is_lua() {
                return -1;
            }
            let line = (*(*frame).function).proto().line_at(self.current_pc(thread, frame));
            line.map_or(-1, i64::from)
        }
    }

    /// What `options` ask of an activation.
    ///
    /// # Safety
    /// A frame of the live thread `thread`.
    pub(crate) unsafe fn frame_info(&self, thread: *mut Thread, frame: *mut Frame, options: &[u8]) -> DebugInfo {
        let mut info = DebugInfo::default();
        // SAFETY: the caller's promise.
        unsafe {
            // What runs, which may be other code than the function has by now.
            info.describe(if (*frame).is_lua() { *(*frame).base.sub(1) } else { *(*frame).func }, options);
            if options.contains(&b'l') {
                info.current_line = self.current_line(thread, frame);
            }
            if options.contains(&b't') {
                info.is_tail_call = (*frame).flags & TAIL != 0;
            }
            if options.contains(&b'n')
                && let Some(named) = self.frame_name(thread, frame)
            {
                info.name = Some(named.name.to_vec());
                info.name_what = named.kind;
            }
            if options.contains(&b'r')
                && let Some(hook) = &(*thread).hook
            {
                let index = frame.offset_from((*thread).frames) as usize;
                (info.first_transferred, info.transferred) = hook.transfer(index);
            }
        }
        info
    }

    /// What `options` ask of a function that does not run.
    ///
    /// # Safety
    /// `function` is live.
    pub(crate) unsafe fn function_info(&self, function: Value, options: &[u8]) -> DebugInfo {
        let mut info = DebugInfo { current_line: -1, ..DebugInfo::default() };
        // SAFETY: the caller's promise.
        unsafe { info.describe(function, options) };
        info
    }

    /// The `n`th variable of an activation and its name. Negative `n` count the extra arguments; those without a name are
    /// temporaries.
    ///
    /// # Safety
    /// A frame of the live thread `thread`.
    pub(crate) unsafe fn local(&self, thread: *mut Thread, frame: *mut Frame, n: i64) -> Option<(Vec<u8>, *mut Value)> {
        // SAFETY: slots between the frame's base and the frame above it.
        unsafe {
            let base = (*frame).base;
            if (*frame).is_lua() {
                let proto = (*(*frame).function).proto();
                let pc = self.current_pc(thread, frame);
                if n < 0 {
                    // Extra arguments stand below the function; before the first instruction has moved it there are none.
                    let extra = if proto.is_vararg() && pc > 0 { i64::from((*frame).extra) } else { 0 };
                    return (n >= -extra).then(|| (b"(vararg)".to_vec(), base.offset((-1 - extra - n - 1) as isize)));
                }
                let named = usize::try_from(n - 1).ok().and_then(|at| proto.active_locals(pc).nth(at));
                if let Some(local) = named {
                    return Some((local.name.as_bytes().to_vec(), base.add(usize::from(local.register))));
                }
            }
            let top = self.top_frame(thread);
            let end = if frame < top {
                (*frame.add(1)).func
            } else if (*frame).is_lua() {
                base.byte_add((*(*frame).function).frame_bytes as usize)
            } else if thread == self.roots.thread {
                self.top
            } else {
                (*thread).top
            };
            let name = if (*frame).is_lua() { "(temporary)" } else { "(C temporary)" };
            (n > 0 && n <= end.offset_from(base) as i64).then(|| (name.into(), base.add(n as usize - 1)))
        }
    }

    /// Writes to a stack slot of a thread.
    ///
    /// # Safety
    /// The slot belongs to the live thread `thread`.
    pub(crate) unsafe fn set_local(&mut self, thread: *mut Thread, slot: *mut Value, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            Thread::barrier_slot(&mut self.heap, thread, slot);
            copy(slot, &value);
        }
    }

    /// Upvalue `n` (from 1) of a function.
    ///
    /// # Safety
    /// `function` is live.
    pub(crate) unsafe fn upvalue_at(&self, function: Value, n: i64) -> Option<FoundUpvalue> {
        let at = usize::try_from(n).ok()?.checked_sub(1)?;
        // SAFETY: the tag tells the type; the index is checked.
        unsafe {
            match function.tag {
                tag::CLOSURE if at < (*function.as_closure()).upvalue_count as usize => {
                    let upvalue = (*function.as_closure()).upvalue(at);
                    let described = proto_of(function).and_then(|p| p.upvalues().get(at)).and_then(|u| u.name.as_ref());
                    let name = described.map_or(b"(no name)".as_slice(), |n| n.as_bytes()).to_vec();
                    Some(FoundUpvalue { name, slot: (*upvalue).value, owner: NonNull::new_unchecked(upvalue.cast()) })
                }
                tag::HOST_CLOSURE if at < (*function.as_ptr::<HostClosure>()).upvalue_count as usize => {
                    let slot = HostClosure::upvalue(function.as_ptr(), at);
                    Some(FoundUpvalue { name: Vec::new(), slot, owner: function.header() })
                }
                _ => None,
            }
        }
    }

    /// Writes to an upvalue.
    ///
    /// # Safety
    /// The closure that it was found in is live.
    pub(crate) unsafe fn set_upvalue(&mut self, upvalue: &FoundUpvalue, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            if upvalue.owner.as_ref().kind() == kind::UPVALUE {
                Upvalue::barrier(&mut self.heap, upvalue.owner.as_ptr().cast());
            } else {
                self.heap.barrier(upvalue.owner);
            }
            copy(upvalue.slot, &value);
        }
    }

    /// What identifies an upvalue: closures that share one have the same.
    pub(crate) fn upvalue_identity(function: Value, upvalue: &FoundUpvalue) -> *mut () {
        if function.tag == tag::CLOSURE { upvalue.owner.as_ptr().cast() } else { upvalue.slot.cast() }
    }

    /// Makes upvalue `n` of one Lua closure refer to upvalue `m` of another; false if there is no such upvalue.
    ///
    /// # Safety
    /// Both values are live.
    pub(crate) unsafe fn join_upvalues(&mut self, function: Value, n: i64, other: Value, m: i64) -> bool {
        // SAFETY: indices are checked by `upvalue_at`; the array is the closure's own.
        unsafe {
            if function.tag != tag::CLOSURE || other.tag != tag::CLOSURE {
                return false;
            }
            let (Some(_), Some(found)) = (self.upvalue_at(function, n), self.upvalue_at(other, m)) else {
                return false;
            };
            let closure: *mut Closure = function.as_closure();
            // The array may belong to another object; there may have been none that was as long.
            self.heap.barrier(NonNull::new_unchecked(Closure::holder(closure).cast()));
            *(*closure).upvalues.add(n as usize - 1) = found.owner.as_ptr().cast::<Upvalue>();
            true
        }
    }
}
