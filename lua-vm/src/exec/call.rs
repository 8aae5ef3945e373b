//! Calls and returns (§3.4.10).

use lua_proto::op::Instr;

use super::dispatch::{op, slow};
use super::returns::{return_value, return_values};
use crate::error::Result;
use crate::flow::Flow;
use crate::function::{Function, Upvalue};
use crate::meta::Event;
use crate::thread::{Frame, LUA, RETURNING, TAIL, Then};
use crate::value::{copy, tag};
use crate::vm::Vm;

op! { call(vm, pc, i, delta, base, k) {
    let func = base.byte_add(i.a());
    if (*func).tag != tag::CLOSURE {
        return super::native::call_host::<D>(vm, pc, i);
    }
    let function = (*(*func).as_closure()).function;
    let new_base = func.add(1);
    let caller = (*vm).frame;
    let frame = caller.add(1);
    // Whatever happens now, the pc is saved.
    (*caller).pc = pc;
    (*vm).poll -= 1;
    // One test for everything that is rare: no room for the frame or its registers, a poll that is due.
    let end = new_base.addr() + (*function).frame_bytes as usize;
    if frame >= (*vm).frame_end || end > (*vm).stack_end.addr() || (*vm).poll < 0 {
        return call_otherwise::<D>(vm, D::again(pc, i));
    }
    let i = D::again(pc, i);
    (*frame).base = new_base;
    (*frame).func = func;
    (*frame).function = function;
    (*frame).wanted = i.c() as i32 - 1;
    (*frame).then = Then::Plain;
    (*frame).flags = LUA;
    let given = (i.b() as u32).wrapping_sub(1);
    (*frame).extra = given;
    (*vm).frame = frame;
    if given != (*function).params as u32 {
        return call_adjusting::<D>(vm);
    }
    D::enter(vm, (*function).code, (*function).cache_delta, new_base, (*function).constants)
} }

/// Enters a function whose frame is there, but whose arguments are not as many as its parameters, or run up to the top.
#[inline(never)]
unsafe fn call_adjusting<D: super::Dispatch>(vm: *mut Vm) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called, whose instruction stands before the saved pc.
    unsafe {
        let frame = (*vm).frame;
        let (base, function) = ((*frame).base, (*frame).function);
        let i = *(*frame.sub(1)).pc.sub(1);
        let given = if i.b() != 0 { i.b() - 1 } else { (*vm).top.offset_from(base) as usize };
        (*frame).extra = given as u32;
        let params = (*function).params as usize;
        let mut at = given;
        while at < params {
            (*base.add(at)).tag = tag::NIL;
            at += 1;
            super::dispatch::taken();
        }
        D::enter(vm, (*function).code, (*function).cache_delta, base, (*function).constants)
    }
}

/// Calls a table: the usual `__call` is a Lua function. The pc is saved.
#[inline(never)]
pub(super) unsafe fn call_table<D: super::Dispatch>(vm: *mut Vm, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let caller = (*vm).frame;
        let func = (*caller).base.byte_add(i.a());
        let Some(handler) = super::metamethod::function(vm, (*(*func).as_table()).meta, Event::Call) else {
            return super::native::call_frame::<D>(vm, i);
        };
        let end = if i.b() != 0 { func.add(i.b()) } else { (*vm).top };
        let function = (*handler.as_closure()).function;
        let frame = caller.add(1);
        // All arguments may lie above the registers of the handler.
        let registers = (*function).frame_bytes as usize + 16;
        let room = func.addr() + registers <= (*vm).stack_end.addr() && end < (*vm).stack_end;
        if !room || frame >= (*vm).frame_end || (*vm).poll <= 0 || (*vm).stress_stack {
            return super::native::call_frame::<D>(vm, i);
        }
        (*vm).poll -= 1;
        // The value that is called becomes the first argument.
        let mut at = end;
        while at > func {
            copy(at, at.sub(1));
            at = at.sub(1);
            super::dispatch::taken();
        }
        *func = handler;
        let base = func.add(1);
        let given = end.offset_from(func);
        let mut at = end;
        while at < func.add((*function).params as usize) {
            at = at.add(1);
            (*at).tag = tag::NIL;
            super::dispatch::taken();
        }
        (*frame).base = base;
        (*frame).func = func;
        (*frame).function = function;
        (*frame).wanted = i.c() as i32 - 1;
        (*frame).then = Then::Plain;
        (*frame).flags = LUA;
        (*frame).extra = given as u32;
        (*vm).frame = frame;
        D::enter(vm, (*function).code, (*function).cache_delta, base, (*function).constants)
    }
}

/// A call for which there is no room, or before which something else is due; the pc is saved.
#[cold]
#[inline(never)]
unsafe fn call_otherwise<D: super::Dispatch>(vm: *mut Vm, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let goes_on = super::dispatch::settle(vm, i, call_instruction);
        D::after(vm, goes_on)
    }
}

pub(super) unsafe fn call_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        if vm.poll < 0 {
            if i.b() != 0 {
                vm.top = vm.registers_end();
            }
            let above = vm.top.offset_from((*vm.frame).base);
            vm.poll_slow()?;
            vm.top = (*vm.frame).base.offset(above);
        }
        let func = (*vm.frame).base.byte_add(i.a());
        let given = if i.b() != 0 { i.b() - 1 } else { vm.top.offset_from(func) as usize - 1 };
        vm.call_at(func, given, i.c() as i32 - 1, Then::Plain)
    }
}

op! { tail_call(vm, pc, i, delta, base, k) {
    let from = base.byte_add(i.a());
    if (*from).tag == tag::CLOSURE && i.x() == 0 {
        let function = (*(*from).as_closure()).function;
        let given = if i.b() != 0 { i.b() - 1 } else { (*vm).top.offset_from(from) as usize - 1 };
        let frame = (*vm).frame;
        let func = (*frame).func;
        (*vm).poll -= 1;
        let room = (*vm).stack_end.byte_offset_from(func.add(1)) - (*function).frame_bytes as isize;
        if room < 0 || (*vm).poll < 0 {
            return tail_call_slow::<D>(vm, pc, i);
        }
        let mut at = 0;
        while at <= given {
            copy(func.add(at), from.add(at));
            at += 1;
            super::dispatch::taken();
        }
        let new_base = func.add(1);
        let params = (*function).params as usize;
        let mut at = given;
        while at < params {
            (*new_base.add(at)).tag = tag::NIL;
            at += 1;
            super::dispatch::taken();
        }
        (*frame).base = new_base;
        (*frame).function = function;
        (*frame).flags = LUA | TAIL;
        (*frame).extra = given as u32;
        return D::enter(vm, (*function).code, (*function).cache_delta, new_base, (*function).constants);
    }
    if (*from).tag == tag::NATIVE && i.x() == 0 {
        return super::native::tail_call_host::<D>(vm, pc, i);
    }
    tail_call_slow::<D>(vm, pc, i)
} }

pub(super) unsafe fn tail_call_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction. The frame's slots from `func` on are given up.
    unsafe {
        vm.poll -= 1;
        if vm.poll < 0 {
            if i.b() != 0 {
                vm.top = vm.registers_end();
            }
            let above = vm.top.offset_from((*vm.frame).base);
            vm.poll_slow()?;
            vm.top = (*vm.frame).base.offset(above);
        }
        let frame = vm.frame;
        let from = (*frame).base.byte_add(i.a());
        let mut given = if i.b() != 0 { i.b() - 1 } else { vm.top.offset_from(from) as usize - 1 };
        if i.x() != 0 {
            Upvalue::close_from(&mut vm.heap, vm.roots.thread, (*frame).base);
        }
        if (*from).tag != tag::CLOSURE {
            // A host function, or `__call`: a plain call whose results are returned.
            vm.top = from.add(given + 1);
            if !(*from).is_function() {
                given = vm.insert_call_handler(from, given)?;
            }
            let from = (*vm.frame).base.byte_add(i.a());
            if (*from).tag != tag::CLOSURE {
                // The frame stays below it, for messages and tracebacks, and returns what the call returns.
                return vm.call_at(from, given, -1, Then::Return);
            }
        }
        let frame = vm.frame;
        let from = (*frame).base.byte_add(i.a());
        let func = (*frame).func;
        for at in 0..=given {
            copy(func.add(at), from.add(at));
        }
        vm.reenter(func, given, TAIL)
    }
}

op! { r#return(vm, pc, i, delta, base, k) {
    if i.x() != 0 {
        return return_slow::<D>(vm, pc, i);
    }
    let frame = (*vm).frame;
    let first = base.byte_add(i.a());
    let count = if i.b() != 0 { i.b() - 1 } else { (*vm).top.offset_from(first) as usize };
    if plain(frame) {
        let to = (*frame).func;
        let wanted = (*frame).wanted;
        let moved = if wanted < 0 { count } else { count.min(wanted as usize) };
        let mut at = 0;
        while at < moved {
            copy(to.add(at), first.add(at));
            at += 1;
            super::dispatch::taken();
        }
        if wanted < 0 {
            (*vm).top = to.add(count);
        } else {
            while at < wanted as usize {
                (*to.add(at)).tag = tag::NIL;
                at += 1;
                super::dispatch::taken();
            }
        }
        return leave::<D>(vm, frame);
    }
    return_values::<D>(vm, pc, first, count)
} }

unsafe fn return_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let frame = vm.frame;
        let first = (*frame).base.byte_add(i.a());
        let count = if (*frame).flags & RETURNING != 0 {
            (*frame).state as usize
        } else if i.b() != 0 {
            i.b() - 1
        } else {
            vm.top.offset_from(first) as usize
        };
        if i.x() != 0 {
            let level = (*frame).base;
            Upvalue::close_from(&mut vm.heap, vm.roots.thread, level);
            if vm.has_to_be_closed(level) {
                // This instruction runs again after each `__close`, with the results kept below.
                (*frame).flags |= RETURNING;
                (*frame).state = count as i64;
                let to = first.add(count).max(vm.registers_end());
                vm.top = to;
                return vm.close_next(level, to);
            }
        }
        vm.finish_frame(first, count)
    }
}

/// Whether the running frame can return without ceremony: to a Lua caller.
#[inline(always)]
unsafe fn plain(frame: *mut Frame) -> bool {
    // SAFETY: the running frame.
    unsafe { (*frame).then as u8 <= Then::Store as u8 }
}

/// Goes on in the Lua frame below `frame`, the running one.
#[inline(always)]
unsafe fn leave<D: super::Dispatch>(vm: *mut Vm, frame: *mut Frame) -> super::dispatch::Exit {
    // SAFETY: the running frame is plain.
    unsafe {
        let caller = frame.sub(1);
        (*vm).frame = caller;
        let function = (*caller).function;
        D::enter(vm, (*caller).pc, (*function).cache_delta, (*caller).base, (*function).constants)
    }
}

op! { return0(vm, pc, i, delta, base, k) {
    let frame = (*vm).frame;
    if plain(frame) && (*frame).wanted <= 1 {
        if (*frame).wanted == 1 {
            (*(*frame).func).tag = tag::NIL;
        } else if (*frame).wanted < 0 {
            (*vm).top = (*frame).func;
        }
        return leave::<D>(vm, frame);
    }
    return_values::<D>(vm, pc, base, 0)
} }

op! { return1(vm, pc, i, delta, base, k) {
    let frame = (*vm).frame;
    if (*frame).wanted == 1 && plain(frame) {
        copy((*frame).func, base.byte_add(i.a()));
        return leave::<D>(vm, frame);
    }
    if (*frame).wanted <= 0 && plain(frame) {
        if (*frame).wanted < 0 {
            copy((*frame).func, base.byte_add(i.a()));
            (*vm).top = (*frame).func.add(1);
        }
        return leave::<D>(vm, frame);
    }
    return_value::<D>(vm, pc, i, delta, base, k)
} }

unsafe fn return0_instruction(vm: &mut Vm, _: Instr) -> Result<Flow> {
    // SAFETY: no results: the slot is not read.
    unsafe { vm.finish_frame((*vm.frame).base, 0) }
}

unsafe fn return1_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operand of the running instruction.
    unsafe { vm.finish_frame((*vm.frame).base.byte_add(i.a()), 1) }
}

op! { var_arg(vm, pc, i, delta, base, k) {
    let extra = (*(*vm).frame).extra as usize;
    let to = base.byte_add(i.a());
    if i.c() != 0 {
        let wanted = i.c() - 1;
        let from = base.sub(1 + extra);
        let mut at = 0;
        while at < wanted.min(extra) {
            copy(to.add(at), from.add(at));
            at += 1;
        }
        while at < wanted {
            (*to.add(at)).tag = tag::NIL;
            at += 1;
        }
        return D::next(vm, pc, delta, base, k);
    }
    if to.add(extra) <= (*vm).stack_end {
        let from = base.sub(1 + extra);
        let mut at = 0;
        while at < extra {
            copy(to.add(at), from.add(at));
            at += 1;
        }
        (*vm).top = to.add(extra);
        return D::next(vm, pc, delta, base, k);
    }
    var_arg_slow::<D>(vm, pc, i)
} }

unsafe fn all_var_args(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction; the extra arguments stand below the function's copy.
    unsafe {
        let extra = (*vm.frame).extra as usize;
        vm.top = vm.registers_end();
        vm.grow_stack((*vm.frame).base.byte_add(i.a()), extra + 1)?;
        let base = (*vm.frame).base;
        let to = base.byte_add(i.a());
        let from = base.sub(1 + extra);
        for at in 0..extra {
            copy(to.add(at), from.add(at));
        }
        vm.top = to.add(extra);
    }
    Ok(Flow::Run)
}

op! { var_arg_prep(vm, pc, i, delta, base, k) {
    let frame = (*vm).frame;
    let (given, params) = ((*frame).extra as usize, i.a());
    if given <= params {
        (*frame).extra = 0;
        return D::next(vm, pc, delta, base, k);
    }
    var_arg_prep_slow::<D>(vm, pc, i)
} }

/// Copies function and fixed parameters above the extra arguments, which stay below the new base.
unsafe fn shift_arguments(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the running frame has just been entered with `extra` arguments.
    unsafe {
        let frame = vm.frame;
        let (given, params) = ((*frame).extra as usize, i.a());
        let registers = (*(*frame).function).frame_bytes as usize / 16;
        vm.top = (*frame).base.add(given);
        if vm.stress_stack || vm.top.add(1 + registers) > vm.stack_end {
            vm.grow_stack(vm.top, 1 + registers)?;
        }
        let frame = vm.frame;
        let base = (*frame).base;
        let new_base = base.add(given + 1);
        copy(new_base.sub(1), base.sub(1));
        for at in 0..params {
            copy(new_base.add(at), base.add(at));
            (*base.add(at)).tag = tag::NIL;
        }
        (*frame).base = new_base;
        // The extra arguments stand directly below the function's copy.
        (*frame).extra = (given - params) as u32;
    }
    Ok(Flow::Run)
}

op! { link(vm, pc, i, delta, base, k) {
    link_slow::<D>(vm, pc, i)
} }

unsafe fn link_function(vm: &mut Vm, _: Instr) -> Result<Flow> {
    // SAFETY: a frame that was just entered; its function is live.
    unsafe {
        // Until the code is there the frame must not name a position in it.
        vm.top = vm.registers_end();
        let (function, closure) = ((*vm.frame).function, (*(*vm.frame).base.sub(1)).as_closure());
        let own = vm.with_memory(|vm| Function::own(&mut vm.heap, function, closure));
        let linked = own.and_then(|own| {
            (*vm.frame).function = own;
            vm.with_memory(|vm| Function::link(&mut vm.heap, own))
        });
        let function = (*vm.frame).function;
        (*vm.frame).pc = if linked.is_ok() { (*function).proto().code().as_ptr() } else { (*function).code };
        linked?;
    }
    Ok(Flow::Run)
}

op! { halt(vm, pc, i, delta, base, k) {
    unreachable_code()
} }

/// Verified code does not fall off its end and holds no internal opcode.
#[cold]
#[inline(never)]
pub(super) fn unreachable_code() -> ! {
    panic!("internal instruction reached")
}

slow! {
    tail_call_slow => tail_call_instruction;
    return_slow => return_instruction;
    return0_slow => return0_instruction;
    return1_slow => return1_instruction;
    var_arg_slow => all_var_args;
    var_arg_prep_slow => shift_arguments;
    link_slow => link_function;
}
