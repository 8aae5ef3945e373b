//! The length operator (§3.4.7).

use lua_proto::op::Instr;

use super::Dispatch;
use super::dispatch::{Exit, op, slow};
use super::metamethod;
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::Event;
use crate::value::{Value, tag};
use crate::vm::Vm;

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

slow! {
    len_slow => len_instruction;
}
