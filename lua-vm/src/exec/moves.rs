//! Loads, upvalues, constructors, closures.

use lua_proto::op::Instr;
use std::ptr::NonNull;

use super::Dispatch;
use super::dispatch::{Exit, op, slow};
use crate::error::Result;
use crate::flow::Flow;
use crate::function::{Closure, Function, Upvalue};
use crate::meta::Event;
use crate::table::Table;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

op! { r#move(vm, pc, i, delta, base, k) {
    copy(base.byte_add(i.a()), base.byte_add(i.b()));
    D::next(vm, pc, delta, base, k)
} }

op! { load_i(vm, pc, i, delta, base, k) {
    *base.byte_add(i.a()) = Value::int(i.sbx() as i64);
    D::next(vm, pc, delta, base, k)
} }

op! { load_f(vm, pc, i, delta, base, k) {
    *base.byte_add(i.a()) = Value::float(super::arith::float_of(i.sbx() as i64));
    D::next(vm, pc, delta, base, k)
} }

op! { load_k(vm, pc, i, delta, base, k) {
    copy(base.byte_add(i.a()), k.byte_add(i.bx()));
    D::next(vm, pc, delta, base, k)
} }

op! { load_false(vm, pc, i, delta, base, k) {
    (*base.byte_add(i.a())).tag = tag::FALSE;
    D::next(vm, pc, delta, base, k)
} }

op! { load_false_skip(vm, pc, i, delta, base, k) {
    (*base.byte_add(i.a())).tag = tag::FALSE;
    D::next(vm, pc.add(1), delta, base, k)
} }

op! { load_true(vm, pc, i, delta, base, k) {
    (*base.byte_add(i.a())).tag = tag::TRUE;
    D::next(vm, pc, delta, base, k)
} }

op! { load_nil(vm, pc, i, delta, base, k) {
    let mut at = base.byte_add(i.a());
    let last = base.byte_add(i.b());
    while at <= last {
        (*at).tag = tag::NIL;
        at = at.add(1);
    }
    D::next(vm, pc, delta, base, k)
} }

op! { not(vm, pc, i, delta, base, k) {
    (*base.byte_add(i.a())).tag = tag::FALSE + !(*base.byte_add(i.b())).truthy() as u8;
    D::next(vm, pc, delta, base, k)
} }

/// Bytes of the operand for each byte that a pointer takes here: operands count eight for an upvalue on every target.
const OPERAND_PER_POINTER: usize = 8 / size_of::<*mut Upvalue>();

/// The upvalue in field `offset` (scaled) of the running closure.
#[inline(always)]
pub(super) unsafe fn upvalue(base: *mut Value, offset: usize) -> *mut Upvalue {
    // SAFETY: the slot below the base holds the running closure; the verifier bounds the offset.
    unsafe { *(*(*base.sub(1)).as_closure()).upvalues.byte_add(offset / OPERAND_PER_POINTER) }
}

op! { get_upval(vm, pc, i, delta, base, k) {
    copy(base.byte_add(i.a()), (*upvalue(base, i.b())).value);
    D::next(vm, pc, delta, base, k)
} }

op! { set_upval(vm, pc, i, delta, base, k) {
    let u = upvalue(base, i.b());
    if (*vm).heap.needs_barrier_for(NonNull::new_unchecked(u.cast()), || (*base.byte_add(i.a())).is_object()) {
        return set_upval_slow::<D>(vm, pc, i);
    }
    copy((*u).value, base.byte_add(i.a()));
    D::next(vm, pc, delta, base, k)
} }

unsafe fn set_upval_barrier(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let base = (*vm.frame).base;
        let u = upvalue(base, i.b());
        Upvalue::barrier(&mut vm.heap, u);
        copy((*u).value, base.byte_add(i.a()));
    }
    Ok(Flow::Run)
}

op! { new_table(vm, pc, i, delta, base, k) {
    if (*vm).heap.wants_step() {
        return new_table_slow::<D>(vm, pc, i);
    }
    match Table::new(&mut (*vm).heap, i.b(), i.c()) {
        Ok(t) => *base.byte_add(i.a()) = Value::table(t),
        Err(_) => return new_table_slow::<D>(vm, pc, i),
    }
    D::next(vm, pc, delta, base, k)
} }

unsafe fn new_table_collecting(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: an operand of the running instruction. A compiler makes a table in the first free register.
    unsafe { vm.safepoint_below((*vm.frame).base.byte_add(i.a())) };
    let t = vm.with_memory(|vm| Table::new(&mut vm.heap, i.b(), i.c()))?;
    // SAFETY: the operands of the running instruction.
    unsafe { *(*vm.frame).base.byte_add(i.a()) = Value::table(t) };
    Ok(Flow::Run)
}

op! { closure(vm, pc, i, delta, base, k) {
    if (*vm).heap.wants_step() {
        return closure_slow::<D>(vm, pc, i);
    }
    match make_closure(vm, i) {
        Some(c) => *base.byte_add(i.a()) = Value::closure(c),
        None => return closure_slow::<D>(vm, pc, i),
    }
    D::next(vm, pc, delta, base, k)
} }

/// The closure that a `Closure` instruction of the running frame makes.
#[inline(never)]
unsafe fn make_closure(vm: *mut Vm, i: Instr) -> Option<*mut Closure> {
    // SAFETY: the operands of the running instruction; upvalue descriptors are verified. A closure that fails half-way is
    // unreachable, so its unset upvalues are never read.
    unsafe {
        let base = (*(*vm).frame).base;
        let thread = (*vm).roots.thread;
        let heap = &mut (*vm).heap;
        let function = Function::child_of_closure(heap, (*(*vm).frame).function, i.bx()).ok()?;
        let upvalues = (*function).proto().upvalues();
        let running = (*base.sub(1)).as_closure();
        if upvalues.len() <= 8 {
            let mut found = [std::ptr::null_mut::<Upvalue>(); 8];
            for (at, desc) in upvalues.iter().enumerate() {
                found[at] = if desc.in_stack {
                    Upvalue::find(heap, thread, base.add(desc.index as usize)).ok()?
                } else {
                    (*running).upvalue(desc.index as usize)
                };
            }
            let c = Closure::new(heap, function, upvalues.len()).ok()?;
            for (at, &u) in found[..upvalues.len()].iter().enumerate() {
                *(*c).upvalues.add(at) = u;
            }
            return Some(c);
        }
        let mut found = Vec::with_capacity(upvalues.len());
        for desc in upvalues {
            found.push(if desc.in_stack {
                Upvalue::find(heap, thread, base.add(desc.index as usize)).ok()?
            } else {
                (*running).upvalue(desc.index as usize)
            });
        }
        let c = Closure::new(heap, function, upvalues.len()).ok()?;
        for (at, &u) in found.iter().enumerate() {
            *(*c).upvalues.add(at) = u;
        }
        Some(c)
    }
}

unsafe fn closure_collecting(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the running instruction. A closure may go straight to a variable, so what is dead lies above that and above all
    // variables; without names it is not known.
    unsafe {
        let function = &*(*vm.frame).function;
        let proto = function.proto();
        if proto.is_stripped() {
            vm.safepoint();
        } else {
            // The scope of a variable may end with this very instruction, which captures it.
            let next = function.index_of((*vm.frame).pc);
            let active = proto.active_locals(next - 1).chain(proto.active_locals(next));
            let variables = active.map(|l| l.register as usize + 1).max().unwrap_or(0);
            let base = (*vm.frame).base;
            vm.safepoint_below(base.add(variables).max(base.byte_add(i.a()).add(1)));
        }
    }
    // SAFETY: the operands of the running instruction.
    let c = vm.with_memory(|vm| unsafe { make_closure(vm, i) }.ok_or(lua_gc::OutOfMemory))?;
    // SAFETY: as above.
    unsafe { *(*vm.frame).base.byte_add(i.a()) = Value::closure(c) };
    Ok(Flow::Run)
}

op! { set_list(vm, pc, i, delta, base, k) {
    let first = base.byte_add(i.a()).add(1);
    let target = *first.sub(1);
    if target.tag == tag::TABLE {
        let t = target.as_table();
        let count = if i.b() == 0 { (*vm).top.offset_from(first) as usize } else { i.b() };
        let start = i.c() + ((i.x() as usize) << 16);
        let fits = start + count <= (*t).array_len as usize;
        if fits && !(*vm).heap.needs_barrier(NonNull::new_unchecked(t.cast())) {
            for at in 0..count {
                Table::array_set(t, start + at, *first.add(at));
            }
            return D::next(vm, pc, delta, base, k);
        }
    }
    set_list_slow::<D>(vm, pc, i)
} }

unsafe fn set_list_items(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction; the table is fresh (a constructor).
    unsafe {
        let first = (*vm.frame).base.byte_add(i.a()).add(1);
        let count = if i.b() == 0 { vm.top.offset_from(first) as usize } else { i.b() };
        let start = i.c() + ((i.x() as usize) << 16);
        let target = *first.sub(1);
        if target.tag != tag::TABLE {
            // `debug.setlocal` reaches every register.
            return Err(vm.index_error(target, None));
        }
        let t = target.as_table();
        if start + count > (*t).array_len as usize && !(*t).is_weak() {
            vm.with_memory(|vm| Table::resize(&mut vm.heap, t, start + count, Table::used_nodes(t)))?;
        }
        for at in 0..count {
            let value = *first.add(at);
            vm.with_memory(|vm| Table::set_int(&mut vm.heap, t, (start + at + 1) as i64, value))?;
        }
    }
    Ok(Flow::Run)
}

op! { close(vm, pc, i, delta, base, k) {
    close_here::<D>(vm, pc, i)
} }

/// Closes variables, and calls the handler of the topmost that must be closed if it is a Lua function. Then the instruction runs again.
#[inline(never)]
unsafe fn close_here<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let frame = (*vm).frame;
        let level = (*frame).base.byte_add(i.a());
        Upvalue::close_from(&mut (*vm).heap, (*vm).roots.thread, level);
        (*frame).pc = pc;
        if !(*vm).has_to_be_closed(level) {
            return D::resume(vm);
        }
        (*frame).pc = pc.sub(1);
        if (*vm).enter_close_handler() {
            return D::resume(vm);
        }
        close_slow::<D>(vm, pc, i)
    }
}

unsafe fn close_variables(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let level = (*vm.frame).base.byte_add(i.a());
        let thread = vm.roots.thread;
        Upvalue::close_from(&mut vm.heap, thread, level);
        let to = vm.registers_end();
        vm.close_next(level, to)
    }
}

op! { tbc(vm, pc, i, delta, base, k) {
    tbc_here::<D>(vm, pc, i, delta, base, k)
} }

/// Notes a variable that must be closed, if nothing is wrong with its value.
#[inline(never)]
unsafe fn tbc_here<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let slot = base.byte_add(i.a());
        if (*slot).truthy() {
            if (*vm).handler(*slot, Event::Close).is_nil() {
                return tbc_slow::<D>(vm, pc, i);
            }
            (*vm).list_to_be_closed(slot);
        }
        D::next(vm, pc, delta, base, k)
    }
}

unsafe fn mark_tbc(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let slot = (*vm.frame).base.byte_add(i.a());
        vm.mark_to_be_closed(slot)?;
    }
    Ok(Flow::Run)
}

slow! {
    set_upval_slow => set_upval_barrier;
    new_table_slow => new_table_collecting;
    closure_slow => closure_collecting;
    set_list_slow => set_list_items;
    close_slow => close_variables;
    tbc_slow => mark_tbc;
}
