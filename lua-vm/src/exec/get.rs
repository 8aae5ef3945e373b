//! Instructions that get a field (§3.2, §2.4): by a name, by a register, by a small integer.

use lua_proto::op::{Instr, Op};

use super::Dispatch;
use super::dispatch::{Exit, op, slow};
use super::index::{cached, cached_node, is_mode, remember};
use super::metamethod::{self, Step};
use super::moves::upvalue;
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::{Event, INDEX_CALLS};
use crate::string::Str;
use crate::table::{Node, Table, is_plain};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

op! { get_tab_up(vm, pc, i, delta, base, k) {
    let env = (*upvalue(base, i.b())).value;
    if (*env).tag == tag::TABLE {
        let t = (*env).as_table();
        let key = (*k.byte_add(i.c())).as_str();
        if let Some(node) = cached_node(t, cached(pc, delta), key) {
            copy(base.byte_add(i.a()), Node::slot(node));
            return D::next(vm, pc, delta, base, k);
        }
    }
    get_tab_up_miss::<D::Plain>(vm, pc, i, delta, base, k)
} }

#[inline(never)]
unsafe fn get_tab_up_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let env = (*upvalue(base, i.b())).value;
        if (*env).tag != tag::TABLE || (*(*env).as_table()).is_weak() {
            return get_tab_up_slow::<D>(vm, pc, i);
        }
        let (t, key) = ((*env).as_table(), (*k.byte_add(i.c())).as_str());
        if !Table::lacks(t, key)
            && let Some(node) = (*t).find_any_name(key)
            && !(*node).is_vacant()
        {
            return name_found::<D>(vm, pc, i, t, node);
        }
        get_above::<D>(vm, pc, i, delta, base, k, (t, key))
    }
}

op! { get_field(vm, pc, i, delta, base, k) {
    let object = base.byte_add(i.b());
    if (*object).tag == tag::TABLE {
        let t = (*object).as_table();
        let key = (*k.byte_add(i.c())).as_str();
        if let Some(node) = cached_node(t, cached(pc, delta), key) {
            copy(base.byte_add(D::again(pc, i).a()), Node::slot(node));
            return D::next(vm, pc, delta, base, k);
        }
        return get_field_miss::<D::Plain>(vm, pc, D::again(pc, i), delta, base, k);
    }
    get_field_slow::<D::Plain>(vm, pc, D::again(pc, i))
} }

#[inline(never)]
unsafe fn get_field_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called: the object is a table.
    unsafe {
        let t = (*base.byte_add(i.b())).as_table();
        let key = (*k.byte_add(i.c())).as_str();
        if (*t).is_weak() {
            return get_field_slow::<D>(vm, pc, i);
        }
        if !Table::lacks(t, key)
            && let Some(node) = (*t).find_any_name(key)
            && !(*node).is_vacant()
        {
            return name_found::<D>(vm, pc, i, t, node);
        }
        get_above::<D>(vm, pc, i, delta, base, k, (t, key))
    }
}

/// Remembers where a name was found and gets it. Outlined, because a call would make whoever does not find one save registers.
#[inline(never)]
unsafe fn name_found<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, t: *mut Table, node: *mut Node) -> Exit {
    // SAFETY: as for the handler that called; a node of the table.
    unsafe {
        let delta = remember(vm, pc, t, node);
        let (base, k) = ((*(*vm).frame).base, (*(*(*vm).frame).function).constants);
        copy(base.byte_add(i.a()), Node::slot(node));
        D::next(vm, pc, delta, base, k)
    }
}

/// A name that a table which is not weak lacks itself, but perhaps not what lies behind its metatable.
#[inline(always)]
unsafe fn get_above<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
    (t, key): (*mut Table, *mut Str),
) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let meta = (*t).meta;
        if meta.is_null() || (*meta).absent & 1 << Event::Index as u8 != 0 {
            (*base.byte_add(i.a())).tag = tag::NIL;
            return D::next(vm, pc, delta, base, k);
        }
        if (*meta).absent & INDEX_CALLS == 0
            && let Some(node) = (*vm).heap.side.chains.answer(meta, key)
        {
            copy(base.byte_add(i.a()), Node::slot(node));
            return D::next(vm, pc, delta, base, k);
        }
        name_above::<D>(vm, pc, i, t, key)
    }
}

/// A name that a table which is not weak lacks itself, when no answer is remembered: most of all a function finds it.
#[inline(never)]
unsafe fn name_above<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, t: *mut Table, key: *mut Str) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        let meta = (*t).meta;
        if let Some(handler) = metamethod::function(vm, meta, Event::Index) {
            (*meta).absent |= INDEX_CALLS;
            metamethod::put(vm, handler, Value::table(t), Value::str(key));
            return metamethod::call_handler::<D>(vm);
        }
        name_further::<D>(vm, pc, i, t, key)
    }
}

/// As [`name_above`], of a table whose own `__index` is no Lua function.
#[inline(never)]
unsafe fn name_further<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, t: *mut Table, key: *mut Str) -> Exit {
    // SAFETY: as for the handler that called; the table has a metatable.
    unsafe {
        (*(*t).meta).absent &= !INDEX_CALLS;
        let to = (*(*vm).frame).base.byte_add(i.a());
        match metamethod::index_above(&mut *vm, t, Value::str(key), to) {
            Step::Done => D::resume(vm),
            Step::Call => metamethod::call_handler::<D>(vm),
            Step::Nothing => index_slow::<D>(vm, pc, i),
        }
    }
}

/// The slow path of an instruction that gets a field by a name, or by a register that holds one.
#[inline(always)]
unsafe fn index_slow<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        match i.op() {
            Op::GetField => get_field_slow::<D>(vm, pc, i),
            Op::GetTabUp => get_tab_up_slow::<D>(vm, pc, i),
            _ => get_table_slow::<D>(vm, pc, i),
        }
    }
}

op! { get_table(vm, pc, i, delta, base, k) {
    let (object, key) = (base.byte_add(i.b()), base.byte_add(i.c()));
    if (*object).tag == tag::TABLE {
        let t = (*object).as_table();
        if (*key).tag == tag::INT {
            let at = (*key).payload.wrapping_sub(1);
            if at < (*t).array_len as u64 {
                let value = (*t).array_get(at as usize);
                if !value.is_nil() {
                    *base.byte_add(D::again(pc, i).a()) = value;
                    return D::next(vm, pc, delta, base, k);
                }
            }
        }
        return get_table_node::<D::Plain>(vm, pc, D::again(pc, i), delta, base, k);
    }
    get_table_slow::<D::Plain>(vm, pc, D::again(pc, i))
} }

/// A key of a table that does not stand in the array part.
#[inline(never)]
unsafe fn get_table_node<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called: the object is a table.
    unsafe {
        let (t, key) = ((*base.byte_add(i.b())).as_table(), *base.byte_add(i.c()));
        if is_plain(key) {
            match (*t).find_plain(key) {
                Some(node) if !(*node).is_vacant() => {
                    copy(base.byte_add(i.a()), Node::slot(node));
                    return D::next(vm, pc, delta, base, k);
                }
                // A `__mode`, and what a weak table has, may be there and hidden.
                found if (*t).meta.is_null() && (found.is_some() || (*t).flags == 0 && !is_mode(vm, key)) => {
                    (*base.byte_add(i.a())).tag = tag::NIL;
                    return D::next(vm, pc, delta, base, k);
                }
                // Nor is it there hidden: what lies behind is all.
                None if key.tag == tag::SHORT && Table::lacks(t, key.as_str()) && !(*t).is_weak() => {
                    return get_above::<D>(vm, pc, i, delta, base, k, (t, key.as_str()));
                }
                // Of a table that is not weak only names may be hidden.
                None if key.tag != tag::SHORT && !(*t).is_weak() => {
                    if let Some(handler) = metamethod::function(vm, (*t).meta, Event::Index) {
                        (*(*vm).frame).pc = pc;
                        metamethod::put(vm, handler, Value::table(t), key);
                        return metamethod::call_handler::<D>(vm);
                    }
                }
                _ => {}
            }
        }
        get_table_miss::<D>(vm, pc, i, delta, base, k)
    }
}

/// Any key of a table, as long as no metamethod is asked.
#[inline(never)]
unsafe fn get_table_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called: the object is a table.
    unsafe {
        let t = (*base.byte_add(i.b())).as_table();
        if !(*t).is_weak() {
            let value = (*t).get(*base.byte_add(i.c()));
            if !value.is_nil() || (*t).meta.is_null() {
                *base.byte_add(i.a()) = value;
                return D::next(vm, pc, delta, base, k);
            }
            (*(*vm).frame).pc = pc;
            match metamethod::index_above(&mut *vm, t, *base.byte_add(i.c()), base.byte_add(i.a())) {
                Step::Done => return D::resume(vm),
                Step::Call => return metamethod::call_handler::<D>(vm),
                Step::Nothing => {}
            }
        }
        get_table_slow::<D>(vm, pc, i)
    }
}

op! { get_int(vm, pc, i, delta, base, k) {
    let object = base.byte_add(i.b());
    if (*object).tag == tag::TABLE {
        let t = (*object).as_table();
        let at = i.c().wrapping_sub(1);
        if at < (*t).array_len as usize {
            let value = (*t).array_get(at);
            if !value.is_nil() {
                *base.byte_add(D::again(pc, i).a()) = value;
                return D::next(vm, pc, delta, base, k);
            }
        }
        return get_int_miss::<D>(vm, pc, D::again(pc, i), delta, base, k);
    }
    get_int_slow::<D>(vm, pc, D::again(pc, i))
} }

/// An integer that is not in the array part.
#[inline(never)]
unsafe fn get_int_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called: the object is a table.
    unsafe {
        let t = (*base.byte_add(i.b())).as_table();
        if (*t).meta.is_null() && (*t).has_dummy() {
            (*base.byte_add(i.a())).tag = tag::NIL;
            return D::next(vm, pc, delta, base, k);
        }
        (*(*vm).frame).pc = pc;
        let key = Value::int(i.c() as i64);
        if !(*t).is_weak()
            && (*t).find_plain(key).is_none()
            && let Some(handler) = metamethod::function(vm, (*t).meta, Event::Index)
        {
            metamethod::put(vm, handler, Value::table(t), key);
            return metamethod::call_handler::<D>(vm);
        }
        get_int_above::<D>(vm, pc, i)
    }
}

/// As [`get_int_miss`], where no Lua function is asked at once.
#[inline(never)]
unsafe fn get_int_above<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called: the object is a table.
    unsafe {
        let base = (*(*vm).frame).base;
        let t = (*base.byte_add(i.b())).as_table();
        match metamethod::index(&mut *vm, t, Value::int(i.c() as i64), base.byte_add(i.a())) {
            Step::Done => return D::resume(vm),
            Step::Call => return metamethod::call_handler::<D>(vm),
            Step::Nothing => {}
        }
        get_int_slow::<D>(vm, pc, i)
    }
}

/// Declares a get instruction's slow path.
macro_rules! getter {
    ($name:ident, |$i:ident, $base:ident, $k:ident| $object:expr, $key:expr) => {
        unsafe fn $name(vm: &mut Vm, $i: Instr) -> Result<Flow> {
            // SAFETY: the operands of the running instruction.
            unsafe {
                let $base = (*vm.frame).base;
                let $k = (*(*vm.frame).function).constants;
                let _ = $k;
                vm.get_into($base.byte_add($i.a()), $object, $key)
            }
        }
    };
}

getter!(get_tab_up_instruction, |i, base, k| *(*upvalue(base, i.b())).value, *k.byte_add(i.c()));
getter!(get_field_instruction, |i, base, k| *base.byte_add(i.b()), *k.byte_add(i.c()));
getter!(get_table_instruction, |i, base, k| *base.byte_add(i.b()), *base.byte_add(i.c()));
getter!(get_int_instruction, |i, base, k| *base.byte_add(i.b()), Value::int(i.c() as i64));

slow! {
    get_tab_up_slow => get_tab_up_instruction;
    get_field_slow => get_field_instruction;
    get_table_slow => get_table_instruction;
    get_int_slow => get_int_instruction;
}
