//! Metamethods (§2.4): handlers that are Lua functions get their frames at once.
//!
//! Each of these does its work, or leaves a handler and its arguments above the registers of the running frame, where
//! [`call_handler`], [`test_handler`] and [`store_handler`] call it; or it has done nothing, and then the slow path of the
//! instruction runs, which knows everything. The pc of the running frame is saved.

use super::Dispatch;
use super::dispatch::{Exit, settle};
use crate::meta::Event;
use crate::string::Str;
use crate::table::{Behind, Node, Table};
use crate::thread::{LUA, Then};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// How far a chain of `__index` tables is followed here.
const SHORT_CHAIN: usize = 16;

/// How far the work of an instruction got.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is done.
    Done,
    /// A handler waits with its arguments above the registers.
    Call,
    /// Nothing has happened.
    Nothing,
}

/// The first slot above the registers of the running frame, a Lua frame.
#[inline(always)]
unsafe fn above(vm: *mut Vm) -> *mut Value {
    // SAFETY: the caller's promise.
    unsafe {
        let frame = (*vm).frame;
        (*frame).base.byte_add((*(*frame).function).frame_bytes as usize)
    }
}

/// Puts a handler and its arguments above the registers of the running frame.
#[inline(always)]
pub(super) unsafe fn put(vm: *mut Vm, handler: Value, x: Value, y: Value) -> Step {
    // SAFETY: a Lua frame runs; spare slots stand above its registers.
    unsafe {
        let to = above(vm);
        *to = handler;
        *to.add(1) = x;
        *to.add(2) = y;
    }
    Step::Call
}

/// As [`put`], with a third argument.
#[inline(always)]
pub(super) unsafe fn put_store(vm: *mut Vm, handler: Value, x: Value, y: Value, z: Value) -> Step {
    // SAFETY: as there.
    unsafe {
        *above(vm).add(3) = z;
        put(vm, handler, x, y)
    }
}

/// What a metatable, or null, holds for an event, if that is a Lua function. Of weak metatables the general way knows what they hold.
#[inline(always)]
pub(super) unsafe fn function(vm: *mut Vm, meta: *mut Table, event: Event) -> Option<Value> {
    // SAFETY: the caller's promise: live or null.
    unsafe {
        if meta.is_null() {
            return None;
        }
        let node = (*meta).find_name((*vm).roots.event_name(event))?;
        ((*node).value().tag == tag::CLOSURE).then(|| (*node).value())
    }
}

/// Calls the handler that [`put`] left, a Lua function; its result is the value of the running instruction.
#[inline(never)]
pub(super) unsafe fn call_handler<D: Dispatch>(vm: *mut Vm) -> Exit {
    // SAFETY: as for the handler of the instruction that called; its pc is saved.
    unsafe { enter::<D, 2>(vm, Then::Value) }
}

/// Calls the handler that [`put`] left, a Lua function; its result decides the running comparison.
#[inline(never)]
pub(super) unsafe fn test_handler<D: Dispatch>(vm: *mut Vm) -> Exit {
    // SAFETY: as above.
    unsafe { enter::<D, 2>(vm, Then::Test) }
}

/// Calls the handler that [`put_store`] left, a Lua function, which gives no result.
#[inline(never)]
pub(super) unsafe fn store_handler<D: Dispatch>(vm: *mut Vm) -> Exit {
    // SAFETY: as above.
    unsafe { enter::<D, 3>(vm, Then::Store) }
}

/// Pushes the frame of a handler, if there is room and nothing else is due.
#[inline(always)]
unsafe fn enter<D: Dispatch, const GIVEN: usize>(vm: *mut Vm, then: Then) -> Exit {
    // SAFETY: the caller's promise; arguments fit in the spare slots that stand above every frame.
    unsafe {
        let func = above(vm);
        let frame = (*vm).frame.add(1);
        let function = (*(*func).as_closure()).function;
        let base = func.add(1);
        (*vm).poll -= 1;
        let end = base.addr() + (*function).frame_bytes as usize;
        if frame >= (*vm).frame_end || end > (*vm).stack_end.addr() || (*vm).poll < 0 || (*vm).stress_stack {
            return enter_otherwise::<D, GIVEN>(vm);
        }
        let mut at = GIVEN;
        while at < (*function).params as usize {
            (*base.add(at)).tag = tag::NIL;
            at += 1;
            super::dispatch::taken();
        }
        (*frame).base = base;
        (*frame).func = func;
        (*frame).function = function;
        (*frame).wanted = (then != Then::Store) as i32;
        (*frame).then = then;
        (*frame).flags = LUA;
        (*frame).extra = GIVEN as u32;
        (*vm).frame = frame;
        D::enter(vm, (*function).code, (*function).cache_delta, base, (*function).constants)
    }
}

/// A handler for which there is no room, or before which something else is due.
#[cold]
#[inline(never)]
unsafe fn enter_otherwise<D: Dispatch, const GIVEN: usize>(vm: *mut Vm) -> Exit {
    // SAFETY: as for the handler that called. The call counts itself.
    unsafe {
        (*vm).poll += 1;
        let i = *(*(*vm).frame).pc.sub(1);
        let goes_on = settle(vm, i, |vm, _| vm.call_at(vm.registers_end(), GIVEN, 3 - GIVEN as i32, Then::Finish));
        D::after(vm, goes_on)
    }
}

/// `*to := t[key]`.
#[inline(never)]
pub(super) unsafe fn index(vm: &mut Vm, t: *mut Table, key: Value, to: *mut Value) -> Step {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        if (*t).is_weak() {
            return Step::Nothing;
        }
        let value = (*t).get(key);
        if value.is_nil() {
            return index_above(vm, t, key, to);
        }
        *to = value;
        Step::Done
    }
}

/// `*to := t[key]`, where `t` itself, unless it is weak, has no such key.
#[inline(never)]
pub(super) unsafe fn index_above(vm: &mut Vm, mut t: *mut Table, key: Value, to: *mut Value) -> Step {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        if key.tag == tag::SHORT {
            return name_above(vm, t, key.as_str(), to);
        }
        for _ in 0..SHORT_CHAIN {
            if (*t).is_weak() {
                return Step::Nothing;
            }
            let handler = if (*t).meta.is_null() { Value::NIL } else { vm.handler_in((*t).meta, Event::Index) };
            match handler.tag {
                tag::NIL => {
                    *to = Value::NIL;
                    return Step::Done;
                }
                tag::TABLE => t = handler.as_table(),
                tag::CLOSURE => return put(vm, handler, Value::table(t), key),
                _ => return Step::Nothing,
            }
            if (*t).is_weak() {
                return Step::Nothing;
            }
            let value = (*t).get(key);
            if !value.is_nil() {
                *to = value;
                return Step::Done;
            }
        }
        Step::Nothing
    }
}

/// `*to := t[key]` for a name that `t` itself, unless it is weak, lacks.
#[inline(always)]
unsafe fn name_above(vm: &mut Vm, t: *mut Table, key: *mut Str, to: *mut Value) -> Step {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        let meta = (*t).meta;
        if (*t).is_weak() {
            return Step::Nothing;
        }
        if meta.is_null() || (*meta).absent & 1 << Event::Index as u8 != 0 {
            *to = Value::NIL;
            return Step::Done;
        }
        if let Some(node) = vm.heap.side.chains.answer(meta, key) {
            copy(to, Node::slot(node));
            return Step::Done;
        }
        if let Some(handler) = function(vm, meta, Event::Index) {
            return put(vm, handler, Value::table(t), Value::str(key));
        }
        match vm.behind(t, meta, key) {
            Behind::Node(node) => {
                copy(to, Node::slot(node));
                Step::Done
            }
            Behind::Function(handler, owner) => put(vm, handler, Value::table(owner), Value::str(key)),
            Behind::Other => Step::Nothing,
        }
    }
}

/// `t[key] := value`, where `t` may have a metatable.
#[inline(never)]
pub(super) unsafe fn new_index(vm: &mut Vm, mut t: *mut Table, key: Value, value: Value) -> Step {
    // SAFETY: live values in slots.
    unsafe {
        for _ in 0..SHORT_CHAIN {
            let handler = if (*t).meta.is_null() { Value::NIL } else { vm.handler_in((*t).meta, Event::NewIndex) };
            let lacks = key.tag == tag::SHORT && Table::lacks(t, key.as_str());
            if !handler.is_nil() && !lacks && (*t).is_weak() {
                return Step::Nothing;
            }
            if handler.is_nil() || !lacks && !(*t).get(key).is_nil() {
                let stored = !Table::watches(t) && Table::set(&mut vm.heap, t, key, value).is_ok();
                return if stored { Step::Done } else { Step::Nothing };
            }
            match handler.tag {
                tag::TABLE => t = handler.as_table(),
                tag::CLOSURE => return put_store(vm, handler, Value::table(t), key, value),
                _ => return Step::Nothing,
            }
        }
        Step::Nothing
    }
}

/// A binary operation of which at least one operand is a table or userdata, through the first handler.
#[inline(always)]
pub(super) unsafe fn binary(vm: &mut Vm, event: Event, x: Value, y: Value) -> Step {
    // SAFETY: live values.
    unsafe {
        let mut handler = Value::NIL;
        if x.tag == tag::TABLE {
            handler = vm.handler_in((*x.as_table()).meta, event);
        }
        if handler.is_nil() {
            if !has_own_metatable(x) && !has_own_metatable(y) {
                return Step::Nothing;
            }
            handler = vm.binary_handler(event, x, y);
        }
        if handler.tag == tag::CLOSURE { put(vm, handler, x, y) } else { Step::Nothing }
    }
}

#[inline(always)]
fn has_own_metatable(value: Value) -> bool {
    value.tag == tag::TABLE || value.tag == tag::USERDATA
}
