//! Metamethods that are Lua functions (§2.4): their frames are pushed at once.
//!
//! Each of these does its work and answers true, or answers false and has done nothing: then the slow path of
//! the instruction runs, which knows everything. The pc of the running frame is saved.

use crate::meta::Event;
use crate::string::Str;
use crate::table::{Behind, Node, Table};
use crate::thread::Then;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// How far a chain of `__index` tables is followed here.
const SHORT_CHAIN: usize = 16;

/// Pushes the frame of a handler that is a Lua function, with the arguments `x`, `y` and perhaps `z`; its result completes the running
/// instruction.
#[inline(always)]
pub(super) unsafe fn enter(vm: &mut Vm, handler: Value, x: Value, y: Value, z: Option<Value>) -> bool {
    // SAFETY: a Lua frame runs; spare slots stand above its registers.
    unsafe {
        let to = vm.registers_end();
        *to = handler;
        *to.add(1) = x;
        *to.add(2) = y;
        if let Some(z) = z {
            *to.add(3) = z;
        }
        vm.try_enter(to, 2 + z.is_some() as usize, 1 - z.is_some() as i32, Then::Finish)
    }
}

/// `*to := t[key]`.
#[inline(never)]
pub(super) unsafe fn index(vm: &mut Vm, t: *mut Table, key: Value, to: *mut Value) -> bool {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        if (*t).is_weak() {
            return false;
        }
        let value = (*t).get(key);
        if value.is_nil() {
            return index_above(vm, t, key, to);
        }
        *to = value;
        true
    }
}

/// `*to := t[key]`, where `t` itself, unless it is weak, has no such key.
#[inline(never)]
pub(super) unsafe fn index_above(vm: &mut Vm, mut t: *mut Table, key: Value, to: *mut Value) -> bool {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        if key.tag == tag::SHORT {
            return name_above(vm, t, key.as_str(), to);
        }
        for _ in 0..SHORT_CHAIN {
            if (*t).is_weak() {
                return false;
            }
            let handler = if (*t).meta.is_null() { Value::NIL } else { vm.handler_in((*t).meta, Event::Index) };
            match handler.tag {
                tag::NIL => {
                    *to = Value::NIL;
                    return true;
                }
                tag::TABLE => t = handler.as_table(),
                tag::CLOSURE => return enter(vm, handler, Value::table(t), key, None),
                _ => return false,
            }
            if (*t).is_weak() {
                return false;
            }
            let value = (*t).get(key);
            if !value.is_nil() {
                *to = value;
                return true;
            }
        }
        false
    }
}

/// `*to := t[key]` for a name that `t` itself, unless it is weak, lacks.
#[inline(always)]
unsafe fn name_above(vm: &mut Vm, t: *mut Table, key: *mut Str, to: *mut Value) -> bool {
    // SAFETY: live values; a register of the running frame.
    unsafe {
        let meta = (*t).meta;
        if (*t).is_weak() {
            return false;
        }
        if meta.is_null() || (*meta).absent & 1 << Event::Index as u8 != 0 {
            *to = Value::NIL;
            return true;
        }
        if let Some(node) = vm.heap.side.chains.answer(meta, key) {
            copy(to, Node::slot(node));
            return true;
        }
        match vm.behind(t, meta, key) {
            Behind::Node(node) => {
                copy(to, Node::slot(node));
                true
            }
            Behind::Function(handler, owner) => enter(vm, handler, Value::table(owner), Value::str(key), None),
            Behind::Other => false,
        }
    }
}

/// `t[key] := value`, where `t` may have a metatable.
#[inline(never)]
pub(super) unsafe fn new_index(vm: &mut Vm, mut t: *mut Table, key: Value, value: Value) -> bool {
    // SAFETY: live values in slots.
    unsafe {
        for _ in 0..SHORT_CHAIN {
            let handler = if (*t).meta.is_null() { Value::NIL } else { vm.handler_in((*t).meta, Event::NewIndex) };
            if handler.is_nil() || !(*t).is_weak() && !(*t).get(key).is_nil() {
                return !Table::watches(t) && Table::set(&mut vm.heap, t, key, value).is_ok();
            }
            match handler.tag {
                tag::TABLE => t = handler.as_table(),
                tag::CLOSURE => return enter(vm, handler, Value::table(t), key, Some(value)),
                _ => return false,
            }
        }
        false
    }
}

/// A binary operation of which at least one operand is a table or userdata, through the first handler.
#[inline(never)]
pub(super) unsafe fn binary(vm: &mut Vm, event: Event, x: Value, y: Value) -> bool {
    // SAFETY: live values.
    unsafe {
        if !has_own_metatable(x) && !has_own_metatable(y) {
            return false;
        }
        let handler = vm.binary_handler(event, x, y);
        handler.tag == tag::CLOSURE && enter(vm, handler, x, y, None)
    }
}

#[inline(always)]
fn has_own_metatable(value: Value) -> bool {
    value.tag == tag::TABLE || value.tag == tag::USERDATA
}
