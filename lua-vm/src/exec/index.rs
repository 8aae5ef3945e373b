//! Table access (§3.2, §2.4): inline caches, then search, then metamethods.
//!
//! A cache is one `u32` beside each instruction, in memory of the VM: the byte offset of a node. It is only a
//! guess where to look first, and checked every time: inside the nodes of *this* table, the same key, a value. So a cache can never be wrong, only useless.

use lua_proto::op::{Instr, Op};
use std::ptr::NonNull;

use super::Dispatch;
use super::dispatch::{Exit, in_register, op, slow, taken};
use super::metamethod::{self, Step};
use super::moves::upvalue;
use crate::error::Result;
use crate::flow::Flow;
use crate::function::Function;
use crate::meta::{Event, INDEX_CALLS};
use crate::string::Str;
use crate::table::{Behind, HIDES, KeyError, Node, Table, WEAK_KEYS, WEAK_VALUES, is_plain};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// How many `__index` or `__newindex` steps a chain may have.
const MAX_CHAIN: usize = 2000;

/// The offset that the cache of the instruction before `pc` holds.
#[inline(always)]
unsafe fn cached(pc: *const Instr, delta: isize) -> u32 {
    let address = ((pc.addr() >> 1) as isize + delta) as usize;
    // SAFETY: `delta` leads from half the address of verified code into the function's caches or the read-only area.
    unsafe { *std::ptr::with_exposed_provenance::<u32>(address) }
}

/// The node that a cache points to, if it holds `key` and a value.
#[inline(always)]
unsafe fn cached_node(t: *mut Table, offset: u32, key: *mut Str) -> Option<*mut Node> {
    // SAFETY: a live table; the offset is checked against its nodes, and offsets are multiples of a node's size
    // because only `remember` writes them.
    unsafe {
        if offset < (*t).node_bytes {
            let node = in_register((*t).nodes.byte_add(offset as usize));
            if Node::has_key(node, key) {
                taken();
                if Node::is_seen(node) {
                    return Some(node);
                }
            }
        }
        None
    }
}

/// Remembers where a name was found; returns the delta to go on with.
#[inline(always)]
unsafe fn remember(vm: *mut Vm, pc: *const Instr, t: *mut Table, node: *mut Node) -> isize {
    // SAFETY: `node` is one of `t`.
    unsafe {
        let offset = node.byte_offset_from((*t).nodes) as u32;
        Function::remember(&mut (*vm).heap, (*(*vm).frame).function, pc, offset)
    }
}

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

op! { self_field(vm, pc, i, delta, base, k) {
    let object = base.byte_add(i.b());
    if (*object).tag == tag::TABLE {
        let t = (*object).as_table();
        let key = (*k.byte_add(i.c())).as_str();
        // Most methods stand in a table behind the metatable's `__index`. A table without metatable has no answer there.
        if Table::lacks(t, key) || !(*t).meta.is_null() && (*t).find_any_name(key).is_none() {
            // Loaded once more: the search needs the registers.
            if let Some(node) = (*vm).heap.side.chains.get((&raw const (*t).meta).read_volatile(), key)
                && !(*node).is_vacant()
            {
                return method_found::<D>(vm, pc, D::again(pc, i), delta, base, k, node);
            }
        } else if (*t).meta.is_null()
            && let Some(node) = cached_node(t, cached(pc, delta), key)
        {
            return method_found::<D>(vm, pc, D::again(pc, i), delta, base, k, node);
        }
    }
    self_field_miss::<D::Plain>(vm, pc, D::again(pc, i), delta, base, k)
} }

/// Ends the lookup of a method.
#[inline(always)]
unsafe fn method_found<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
    node: *mut Node,
) -> Exit {
    // SAFETY: as for the handler that called; a node that was found.
    unsafe {
        let a = base.byte_add(i.a());
        copy(a.add(1), base.byte_add(i.b()));
        copy(a, Node::slot(node));
        D::next(vm, pc, delta, base, k)
    }
}

/// Searches a table of its own for the method, then what lies behind the metatable; strings and userdata have only that.
#[inline(never)]
unsafe fn self_field_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let object = base.byte_add(i.b());
        let key = (*k.byte_add(i.c())).as_str();
        let mut owner = std::ptr::null_mut();
        if (*object).tag == tag::TABLE {
            owner = (*object).as_table();
            if (*owner).is_weak() {
                return self_field_slow::<D>(vm, pc, i);
            }
            if !Table::lacks(owner, key)
                && let Some(node) = (*owner).find_any_name(key)
                && !(*node).is_vacant()
            {
                let delta = remember(vm, pc, owner, node);
                return method_found::<D>(vm, pc, i, delta, base, k, node);
            }
        }
        let meta = (*vm).roots.metatable(*object);
        if !meta.is_null() {
            if (*meta).absent & INDEX_CALLS != 0 && !owner.is_null() {
                return self_function::<D>(vm, pc, i);
            }
            if let Some(node) = (*vm).heap.side.chains.get(meta, key)
                && !(*node).is_vacant()
            {
                return method_found::<D>(vm, pc, i, delta, base, k, node);
            }
            (*(*vm).frame).pc = pc;
            match self_behind(&mut *vm, i, owner, meta, key) {
                Step::Done => return D::resume(vm),
                Step::Call => return metamethod::call_handler::<D>(vm),
                Step::Nothing => {}
            }
        }
        self_field_slow::<D>(vm, pc, i)
    }
}

/// A method of a table that lacks it, where the `__index` of the metatable was a Lua function the last time.
#[inline(never)]
unsafe fn self_function<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let frame = (*vm).frame;
        (*frame).pc = pc;
        let (a, object) = ((*frame).base.byte_add(i.a()), *(*frame).base.byte_add(i.b()));
        let meta = (*object.as_table()).meta;
        let Some(handler) = metamethod::function(vm, meta, Event::Index) else {
            (*meta).absent &= !INDEX_CALLS;
            let function = (*frame).function;
            return self_field_miss::<D>(vm, pc, i, (*function).cache_delta, (*frame).base, (*function).constants);
        };
        *a.add(1) = object;
        metamethod::put(vm, handler, object, *(*(*frame).function).constants.byte_add(i.c()));
        metamethod::call_handler::<D>(vm)
    }
}

/// Finds a method that is not remembered, or enters the function that finds it.
#[inline(never)]
unsafe fn self_behind(vm: &mut Vm, i: Instr, owner: *mut Table, meta: *mut Table, key: *mut Str) -> Step {
    // SAFETY: as for the handler that called.
    unsafe {
        let (a, object) = ((*vm.frame).base.byte_add(i.a()), *(*vm.frame).base.byte_add(i.b()));
        if !owner.is_null()
            && let Some(handler) = metamethod::function(vm, meta, Event::Index)
        {
            (*meta).absent |= INDEX_CALLS;
            *a.add(1) = object;
            return metamethod::put(vm, handler, object, Value::str(key));
        }
        match vm.behind(owner, meta, key) {
            Behind::Node(node) if !(*node).is_vacant() => {
                *a.add(1) = object;
                copy(a, Node::slot(node));
                Step::Done
            }
            Behind::Function(handler, owner) => {
                *a.add(1) = object;
                metamethod::put(vm, handler, Value::table(owner), Value::str(key))
            }
            _ => Step::Nothing,
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

/// Whether a key is the string `__mode`.
#[inline(always)]
unsafe fn is_mode(vm: *mut Vm, key: Value) -> bool {
    // SAFETY: the VM is live.
    unsafe { key.payload == (*vm).roots.event_name(Event::Mode).addr() as u64 }
}

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

op! { len(vm, pc, i, delta, base, k) {
    let object = base.byte_add(i.b());
    if (*object).tag == tag::TABLE && (*(*object).as_table()).meta.is_null() {
        *base.byte_add(i.a()) = Value::int((*(*object).as_table()).len() as i64);
        return D::next(vm, pc, delta, base, k);
    }
    if (*object).is_str() {
        *base.byte_add(i.a()) = Value::int((*(*object).as_str()).len() as i64);
        return D::next(vm, pc, delta, base, k);
    }
    len_miss::<D>(vm, pc, i, delta, base, k)
} }

/// A table with a metatable that has no `__len`, or a Lua function for that.
#[inline(never)]
unsafe fn len_miss<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let object = *base.byte_add(i.b());
        if object.tag == tag::TABLE {
            let meta = (*object.as_table()).meta;
            if (*meta).absent & 1 << Event::Len as u8 != 0 {
                return len_raw::<D>(vm, pc, i, delta, base, k);
            }
            if let Some(handler) = metamethod::function(vm, meta, Event::Len) {
                (*(*vm).frame).pc = pc;
                metamethod::put(vm, handler, object, object);
                return metamethod::call_handler::<D>(vm);
            }
        }
        len_slow::<D>(vm, pc, i)
    }
}

/// The length of a table without `__len`.
#[inline(never)]
unsafe fn len_raw<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        *base.byte_add(i.a()) = Value::int((*(*base.byte_add(i.b())).as_table()).len() as i64);
        D::next(vm, pc, delta, base, k)
    }
}

unsafe fn len_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let base = (*vm.frame).base;
        let object = *base.byte_add(i.b());
        let handler = vm.handler(object, Event::Len);
        if !handler.is_nil() {
            return vm.call_handler(handler, object, object);
        }
        if object.tag != tag::TABLE {
            return Err(vm.operand_error("get length of", object));
        }
        *base.byte_add(i.a()) = Value::int((*object.as_table()).len() as i64);
        Ok(Flow::Run)
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

unsafe fn self_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let base = (*vm.frame).base;
        let object = *base.byte_add(i.b());
        let key = *(*(*vm.frame).function).constants.byte_add(i.c());
        let a = base.byte_add(i.a());
        *a.add(1) = object;
        vm.get_into(a, object, key)
    }
}

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
    get_tab_up_slow => get_tab_up_instruction;
    get_field_slow => get_field_instruction;
    get_table_slow => get_table_instruction;
    get_int_slow => get_int_instruction;
    self_field_slow => self_instruction;
    set_tab_up_slow => set_tab_up_instruction;
    set_tab_up_k_slow => set_tab_up_k_instruction;
    set_table_slow => set_table_instruction;
    set_table_k_slow => set_table_k_instruction;
    set_int_slow => set_int_instruction;
    set_int_k_slow => set_int_k_instruction;
    set_field_slow => set_field_instruction;
    set_field_k_slow => set_field_k_instruction;
    len_slow => len_instruction;
}

/// What a chain of `__index` or `__newindex` leads to.
pub(crate) enum Found {
    /// The value (or, for a store, that it is done).
    Value(Value),
    /// A function to call with this object.
    Handler(Value, Value),
}

impl Vm {
    /// Raw access that keeps what it reads out of a weak table alive.
    ///
    /// # Safety
    /// Live values.
    #[inline]
    pub(crate) unsafe fn raw_get(&mut self, t: *mut Table, key: Value) -> Value {
        // SAFETY: the caller's promise.
        unsafe {
            let value = (*t).get(key);
            if (*t).is_weak() && value.is_object() && !self.heap.read_weak(value.header()) {
                return Value::NIL;
            }
            value
        }
    }

    /// Raw store; retries after a collection if memory is short.
    ///
    /// # Errors
    /// A nil or NaN key; "not enough memory".
    ///
    /// # Safety
    /// Live values, all in slots.
    pub(crate) unsafe fn raw_set(&mut self, t: *mut Table, key: Value, value: Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let mut result = Table::set(&mut self.heap, t, key, value);
            if let Err(KeyError::Memory) = result {
                self.collect();
                result = Table::set(&mut self.heap, t, key, value);
            }
            match result {
                Ok(()) => {
                    if Table::watches(t) {
                        self.table_changed(t, key);
                    }
                    Ok(())
                }
                Err(KeyError::Nil) => Err(self.error(format_args!("table index is nil"))),
                Err(KeyError::Nan) => Err(self.error(format_args!("table index is NaN"))),
                Err(KeyError::Memory) => Err(crate::error::Error::memory()),
            }
        }
    }

    /// `object[key]` up to the point where a function must be called.
    ///
    /// # Errors
    /// The value cannot be indexed.
    ///
    /// # Safety
    /// Live values.
    pub(crate) unsafe fn find(&mut self, mut object: Value, key: Value) -> Result<Found> {
        // SAFETY: the caller's promise.
        unsafe {
            for _ in 0..MAX_CHAIN {
                let handler = if object.tag == tag::TABLE {
                    let t = object.as_table();
                    let value = self.raw_get(t, key);
                    if !value.is_nil() {
                        return Ok(Found::Value(value));
                    }
                    let handler = self.handler_in((*t).meta, Event::Index);
                    if handler.is_nil() {
                        return Ok(Found::Value(Value::NIL));
                    }
                    handler
                } else {
                    let handler = self.handler(object, Event::Index);
                    if handler.is_nil() {
                        return Err(self.index_error(object, Some(key)));
                    }
                    handler
                };
                if handler.is_function() {
                    return Ok(Found::Handler(handler, object));
                }
                object = handler;
            }
            Err(self.error(format_args!("'__index' chain too long; possible loop")))
        }
    }

    /// `object[key] = value` up to the point where a function must be called.
    ///
    /// # Errors
    /// The value cannot be indexed; a bad key; no memory.
    ///
    /// # Safety
    /// Live values, all in slots.
    pub(crate) unsafe fn store(&mut self, mut object: Value, key: Value, value: Value) -> Result<Found> {
        // SAFETY: the caller's promise.
        unsafe {
            for _ in 0..MAX_CHAIN {
                let handler = if object.tag == tag::TABLE {
                    let t = object.as_table();
                    let handler = if (*t).meta.is_null() { Value::NIL } else { self.handler_in((*t).meta, Event::NewIndex) };
                    if handler.is_nil() || !self.raw_get(t, key).is_nil() {
                        self.raw_set(t, key, value)?;
                        return Ok(Found::Value(Value::NIL));
                    }
                    handler
                } else {
                    let handler = self.handler(object, Event::NewIndex);
                    if handler.is_nil() {
                        return Err(self.index_error(object, Some(key)));
                    }
                    handler
                };
                if handler.is_function() {
                    return Ok(Found::Handler(handler, object));
                }
                object = handler;
            }
            Err(self.error(format_args!("'__newindex' chain too long; possible loop")))
        }
    }

    /// `*to := object[key]` for the running instruction.
    unsafe fn get_into(&mut self, to: *mut Value, object: Value, key: Value) -> Result<Flow> {
        // SAFETY: a register of the running frame, live values.
        unsafe {
            match self.find(object, key)? {
                Found::Value(value) => {
                    *to = value;
                    Ok(Flow::Run)
                }
                Found::Handler(handler, object) => self.call_handler(handler, object, key),
            }
        }
    }

    /// `object[key] := value` for the running instruction.
    unsafe fn set_from(&mut self, object: Value, key: Value, value: Value) -> Result<Flow> {
        // SAFETY: live values, in registers or constants.
        unsafe {
            match self.store(object, key, value)? {
                Found::Value(_) => Ok(Flow::Run),
                Found::Handler(handler, object) => {
                    let to = self.registers_end();
                    *to = handler;
                    *to.add(1) = object;
                    *to.add(2) = key;
                    *to.add(3) = value;
                    self.call_at(to, 3, 0, crate::thread::Then::Finish)
                }
            }
        }
    }
}
