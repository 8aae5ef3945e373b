//! Instructions that set a field (§3.3.3, §2.4): under a name, under a register, under a small integer.

use lua_proto::op::{Instr, Op};
use std::ptr::NonNull;

use super::Dispatch;
use super::dispatch::{Exit, op, slow};
use super::index::{cached, cached_node, is_mode, remember};
use super::metamethod::{self, Step};
use super::moves::upvalue;
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::Event;
use crate::string::Str;
use crate::table::{HIDES, Node, Table, WEAK_KEYS, WEAK_VALUES, is_plain};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// Declares a store under a name: `target` is where the table is, `value` what is stored.
macro_rules! store_name {
    ($name:ident, $slow:ident, |$i:ident, $base:ident, $k:ident| $target:expr, $key:expr, $value:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let ($i, $base, $k) = (i, base, k);
            let target: *mut Value = $target;
            if (*target).tag == tag::TABLE {
                let t = (*target).as_table();
                let key: *mut Str = $key;
                if let Some(node) = cached_node(t, cached(pc, delta), key) {
                    let refers = || {
                        let $i = D::again(pc, i);
                        (*$value).is_object()
                    };
                    if !(*vm).heap.needs_barrier_for(NonNull::new_unchecked(t.cast()), refers) {
                        let $i = D::again(pc, i);
                        copy(Node::slot(node), $value);
                        return D::next(vm, pc, delta, base, k);
                    }
                }
            }
            $slow::<D::Plain>(vm, pc, D::again(pc, i), delta, base, k)
        } }
    };
}

store_name!(set_tab_up, set_tab_up_miss, |i, base, k| (*upvalue(base, i.a())).value, (*k.byte_add(i.b())).as_str(), base.byte_add(i.c()));
store_name!(set_tab_up_k, set_tab_up_k_miss, |i, base, k| (*upvalue(base, i.a())).value, (*k.byte_add(i.b())).as_str(), k.byte_add(i.c()));
store_name!(set_field, set_field_miss, |i, base, k| base.byte_add(i.a()), (*k.byte_add(i.b())).as_str(), base.byte_add(i.c()));
store_name!(set_field_k, set_field_k_miss, |i, base, k| base.byte_add(i.a()), (*k.byte_add(i.b())).as_str(), k.byte_add(i.c()));

/// Stores under a key of which the search of [`Table::find_plain`] says that it has no value; false if that is not plain, and then
/// nothing has happened.
#[inline(always)]
unsafe fn store_new(vm: *mut Vm, t: *mut Table, key: Value, found: Option<*mut Node>, value: *const Value) -> bool {
    // SAFETY: as for the handler that called.
    unsafe {
        let meta = (*t).meta;
        // A `__mode` may be there and hidden.
        let plain = (*t).flags == 0 && !is_mode(vm, key);
        if !plain || !meta.is_null() && (*meta).absent & 1 << Event::NewIndex as u8 == 0 {
            return false;
        }
        if (*value).is_nil() {
            return true;
        }
        match found {
            Some(_) => Table::set_node(&mut (*vm).heap, t, key, *value).is_ok(),
            None => Table::insert(&mut (*vm).heap, t, key, *value).is_ok(),
        }
    }
}

/// Leaves the `__newindex` of the metatable, if that is a Lua function, and its arguments above the registers; the table has no value
/// under the key, of which the search of [`Table::find_plain`] or a table that lacks the name says so. False: nothing has happened.
#[inline(always)]
unsafe fn put_new(vm: *mut Vm, t: *mut Table, key: Value, value: *const Value) -> bool {
    // SAFETY: as for the handler that called.
    unsafe {
        // The key may be there and hidden.
        let hides = (*t).flags & (WEAK_KEYS | WEAK_VALUES | HIDES) != 0 || is_mode(vm, key);
        if hides && (key.tag != tag::SHORT || !Table::lacks(t, key.as_str())) {
            return false;
        }
        let Some(handler) = metamethod::function(vm, (*t).meta, Event::NewIndex) else { return false };
        metamethod::put_store(vm, handler, Value::table(t), key, *value) == Step::Call
    }
}

/// Declares the outlined form of a store under a name: existing fields, and new ones of tables without metatable.
macro_rules! store_name_miss {
    ($name:ident, $slow:ident, |$i:ident, $base:ident, $k:ident| $target:expr, $value:expr) => {
        #[inline(never)]
        unsafe fn $name<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
            // SAFETY: as for the handler that called.
            unsafe {
                #[allow(unused_variables)]
                let ($i, $base, $k) = (i, base, k);
                let target: *mut Value = $target;
                if (*target).tag == tag::TABLE {
                    let t = (*target).as_table();
                    let key = *k.byte_add(i.b());
                    let found = if Table::lacks(t, key.as_str()) { None } else { (*t).find_name(key.as_str()) };
                    match found {
                        Some(node) if !(*node).is_vacant() => {
                            let delta = remember(vm, pc, t, node);
                            Table::barrier_value(&mut (*vm).heap, t, node, *$value);
                            copy(Node::slot(node), $value);
                            return D::next(vm, pc, delta, base, k);
                        }
                        found => {
                            if store_new(vm, t, key, found, $value) {
                                return D::next(vm, pc, delta, base, k);
                            }
                            (*(*vm).frame).pc = pc;
                            if put_new(vm, t, key, $value) {
                                return metamethod::store_handler::<D>(vm);
                            }
                            match metamethod::new_index(&mut *vm, t, key, *$value) {
                                Step::Done => return D::resume(vm),
                                Step::Call => return metamethod::store_handler::<D>(vm),
                                Step::Nothing => {}
                            }
                        }
                    }
                }
                $slow::<D>(vm, pc, i)
            }
        }
    };
}

store_name_miss!(set_tab_up_miss, set_tab_up_slow, |i, base, k| (*upvalue(base, i.a())).value, base.byte_add(i.c()));
store_name_miss!(set_tab_up_k_miss, set_tab_up_k_slow, |i, base, k| (*upvalue(base, i.a())).value, k.byte_add(i.c()));
store_name_miss!(set_field_miss, set_field_slow, |i, base, k| base.byte_add(i.a()), base.byte_add(i.c()));
store_name_miss!(set_field_k_miss, set_field_k_slow, |i, base, k| base.byte_add(i.a()), k.byte_add(i.c()));

/// Declares a store under any key.
macro_rules! store_any {
    ($name:ident, $miss:ident, $slow:ident, |$c:ident, $base:ident, $k:ident| $value:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let ($base, $k) = (base, k);
            let (target, key) = (base.byte_add(i.a()), base.byte_add(i.b()));
            if (*target).tag == tag::TABLE && (*key).tag == tag::INT {
                let t = (*target).as_table();
                let at = (*key).payload.wrapping_sub(1);
                let refers = || {
                    let $c = D::again(pc, i).c();
                    (*$value).is_object()
                };
                if at < (*t).array_len as u64 && !(*vm).heap.needs_barrier_for(NonNull::new_unchecked(t.cast()), refers) {
                    let (to, to_tag) = ((*t).array_payload(at as usize), (*t).array_tag(at as usize));
                    if *to_tag != tag::NIL || (*t).meta.is_null() {
                        let $c = D::again(pc, i).c();
                        // One after the other: the processor has registers for that.
                        *to_tag = (*$value).tag;
                        *to = (*$value).payload;
                        return D::next(vm, pc, delta, base, k);
                    }
                }
            }
            $miss::<D::Plain>(vm, pc, D::again(pc, i), delta, base, k)
        } }

        #[inline(never)]
        unsafe fn $miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
            // SAFETY: as for the handler that called.
            unsafe {
                #[allow(unused_variables)]
                let ($c, $base, $k) = (i.c(), base, k);
                let (target, key) = (*base.byte_add(i.a()), *base.byte_add(i.b()));
                if target.tag == tag::TABLE {
                    let t = target.as_table();
                    if is_plain(key) && (key.tag != tag::INT || key.payload.wrapping_sub(1) >= (*t).array_len as u64) {
                        match (*t).find_plain(key) {
                            Some(node) if !(*node).is_vacant() => {
                                Table::barrier_value(&mut (*vm).heap, t, node, *$value);
                                copy(Node::slot(node), $value);
                                return D::next(vm, pc, delta, base, k);
                            }
                            found => {
                                if store_new(vm, t, key, found, $value) {
                                    return D::next(vm, pc, delta, base, k);
                                }
                                if put_new(vm, t, key, $value) {
                                    (*(*vm).frame).pc = pc;
                                    return metamethod::store_handler::<D>(vm);
                                }
                            }
                        }
                    }
                    if (*t).meta.is_null() && !Table::watches(t) && Table::set(&mut (*vm).heap, t, key, *$value).is_ok() {
                        return D::next(vm, pc, delta, base, k);
                    }
                    (*(*vm).frame).pc = pc;
                    if !(*t).meta.is_null() {
                        match metamethod::new_index(&mut *vm, t, key, *$value) {
                            Step::Done => return D::resume(vm),
                            Step::Call => return metamethod::store_handler::<D>(vm),
                            Step::Nothing => {}
                        }
                    }
                }
                $slow::<D>(vm, pc, i)
            }
        }
    };
}

store_any!(set_table, set_table_miss, set_table_slow, |c, base, k| base.byte_add(c));
store_any!(set_table_k, set_table_k_miss, set_table_k_slow, |c, base, k| k.byte_add(c));

/// Declares a store under a small integer.
macro_rules! store_int {
    ($name:ident, |$i:ident, $base:ident, $k:ident| $value:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let ($i, $base, $k) = (i, base, k);
            let target = base.byte_add(i.a());
            if (*target).tag == tag::TABLE {
                let t = (*target).as_table();
                let at = i.b().wrapping_sub(1);
                let refers = || {
                    let $i = D::again(pc, i);
                    (*$value).is_object()
                };
                if at < (*t).array_len as usize && !(*vm).heap.needs_barrier_for(NonNull::new_unchecked(t.cast()), refers) {
                    let (to, to_tag) = ((*t).array_payload(at), (*t).array_tag(at));
                    if *to_tag != tag::NIL || (*t).meta.is_null() {
                        let $i = D::again(pc, i);
                        *to_tag = (*$value).tag;
                        *to = (*$value).payload;
                        return D::next(vm, pc, delta, base, k);
                    }
                }
            }
            store_int_miss::<D>(vm, pc, D::again(pc, i), delta, base, k)
        } }
    };
}

/// A store under a small integer that is not plain.
#[inline(never)]
unsafe fn store_int_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, _: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let from_register = i.op() == Op::SetInt;
        let target = base.byte_add(i.a());
        if (*target).tag == tag::TABLE {
            (*(*vm).frame).pc = pc;
            let value = if from_register { *base.byte_add(i.c()) } else { *k.byte_add(i.c()) };
            let (t, key) = ((*target).as_table(), Value::int(i.b() as i64));
            if i.b().wrapping_sub(1) >= (*t).array_len as usize && (*t).find_plain(key).is_none() && put_new(vm, t, key, &raw const value) {
                return metamethod::store_handler::<D>(vm);
            }
            match metamethod::new_index(&mut *vm, t, key, value) {
                Step::Done => return D::resume(vm),
                Step::Call => return metamethod::store_handler::<D>(vm),
                Step::Nothing => {}
            }
        }
        if from_register { set_int_slow::<D>(vm, pc, i) } else { set_int_k_slow::<D>(vm, pc, i) }
    }
}

store_int!(set_int, |i, base, k| base.byte_add(i.c()));
store_int!(set_int_k, |i, base, k| k.byte_add(i.c()));

/// Declares a set instruction's slow path.
macro_rules! setter {
    ($name:ident, |$i:ident, $base:ident, $k:ident| $object:expr, $key:expr, $value:expr) => {
        unsafe fn $name(vm: &mut Vm, $i: Instr) -> Result<Flow> {
            // SAFETY: the operands of the running instruction.
            unsafe {
                let $base = (*vm.frame).base;
                let $k = (*(*vm.frame).function).constants;
                let _ = $k;
                vm.set_from($object, $key, $value)
            }
        }
    };
}

setter!(set_tab_up_instruction, |i, base, k| *(*upvalue(base, i.a())).value, *k.byte_add(i.b()), *base.byte_add(i.c()));
setter!(set_tab_up_k_instruction, |i, base, k| *(*upvalue(base, i.a())).value, *k.byte_add(i.b()), *k.byte_add(i.c()));
setter!(set_table_instruction, |i, base, k| *base.byte_add(i.a()), *base.byte_add(i.b()), *base.byte_add(i.c()));
setter!(set_table_k_instruction, |i, base, k| *base.byte_add(i.a()), *base.byte_add(i.b()), *k.byte_add(i.c()));
setter!(set_int_instruction, |i, base, k| *base.byte_add(i.a()), Value::int(i.b() as i64), *base.byte_add(i.c()));
setter!(set_int_k_instruction, |i, base, k| *base.byte_add(i.a()), Value::int(i.b() as i64), *k.byte_add(i.c()));
setter!(set_field_instruction, |i, base, k| *base.byte_add(i.a()), *k.byte_add(i.b()), *base.byte_add(i.c()));
setter!(set_field_k_instruction, |i, base, k| *base.byte_add(i.a()), *k.byte_add(i.b()), *k.byte_add(i.c()));

slow! {
    set_tab_up_slow => set_tab_up_instruction;
    set_tab_up_k_slow => set_tab_up_k_instruction;
    set_table_slow => set_table_instruction;
    set_table_k_slow => set_table_k_instruction;
    set_int_slow => set_int_instruction;
    set_int_k_slow => set_int_k_instruction;
    set_field_slow => set_field_instruction;
    set_field_k_slow => set_field_k_instruction;
}
