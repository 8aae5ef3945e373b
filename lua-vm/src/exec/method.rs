//! The instruction that gets a method (§3.4.10): `object:name(…)`.

use lua_proto::op::Instr;

use super::Dispatch;
use super::dispatch::{Exit, op, slow};
use super::index::{cached, cached_node, remember};
use super::metamethod::{self, Step};
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::{Event, INDEX_CALLS};
use crate::string::Str;
use crate::table::{Behind, Node, Table};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

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

slow! {
    self_field_slow => self_instruction;
}
