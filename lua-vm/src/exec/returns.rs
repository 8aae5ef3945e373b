//! Returns to whoever called (§3.3.4): the forms that are neither the plainest nor rare.

use lua_proto::op::{Instr, Op};

use super::Dispatch;
use super::dispatch::{Exit, ExitReason};
use super::is_comparison;
use crate::flow::{Flow, move_results};
use crate::thread::{Frame, Then};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// Ends the running Lua frame with `count` results from `first` on, whatever waits for them. Nothing must be closed, no hook wants
/// to see it.
#[inline(never)]
pub(super) unsafe fn return_values<D: Dispatch>(vm: *mut Vm, pc: *const Instr, first: *mut Value, count: usize) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let frame = (*vm).frame;
        if (*frame).then.is_metamethod() && complete(vm, frame, first, count) {
            return D::resume(vm);
        }
        return_otherwise::<D>(vm, pc, first, count)
    }
}

/// Ends the running Lua frame with one value: that of a metamethod goes at once where the instruction that called it wants it.
#[inline(never)]
pub(super) unsafe fn return_value<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    _: isize,
    base: *mut Value,
    _: *const Value,
) -> Exit {
    // SAFETY: as for the handler that called. Below the frame of a metamethod lies that of the Lua function whose instruction called it.
    unsafe {
        let frame = (*vm).frame;
        let value = base.byte_add(i.a());
        let caller = frame.sub(1);
        if (*frame).then == Then::Value {
            let interrupted = *(*caller).pc.sub(1);
            copy((*caller).base.byte_add(interrupted.a()), value);
            (*vm).frame = caller;
            return D::resume(vm);
        }
        if (*frame).then == Then::Test {
            let interrupted = *(*caller).pc.sub(1);
            if (*value).truthy() != super::is_negated(interrupted.op()) {
                (*caller).pc = (*caller).pc.offset(interrupted.sc());
            }
            (*vm).frame = caller;
            return D::resume(vm);
        }
        return_values::<D>(vm, pc, value, 1)
    }
}

/// What is no metamethod of a usual instruction.
#[inline(never)]
unsafe fn return_otherwise<D: Dispatch>(vm: *mut Vm, pc: *const Instr, first: *mut Value, count: usize) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let frame = (*vm).frame;
        (*frame).pc = pc;
        if matches!((*frame).then, Then::Exit | Then::ExitProtected) {
            (*vm).frame = frame.sub(1);
            (*vm).top = move_results((*frame).func, first, count, (*frame).wanted);
            (*vm).exit = ExitReason::Done;
            return D::after(vm, false);
        }
        let settled = match (*frame).then {
            Then::Plain | Then::Store => {
                let wanted = (*frame).wanted;
                (*vm).frame = frame.sub(1);
                let end = move_results((*frame).func, first, count, wanted);
                if wanted < 0 {
                    (*vm).top = end;
                }
                true
            }
            Then::Protected => {
                (*vm).finish_protected(first, count);
                true
            }
            Then::Coroutine => (*vm).finish_directly(first, count),
            Then::Again => {
                (*vm).frame = frame.sub(1);
                true
            }
            _ => false,
        };
        let goes_on = settled || finish(vm, first, count);
        D::after(vm, goes_on)
    }
}

/// Takes the value of a metamethod to the instruction that called it, unless that is a rare one.
#[inline(always)]
unsafe fn complete(vm: *mut Vm, frame: *mut Frame, first: *mut Value, count: usize) -> bool {
    // SAFETY: the caller is a Lua frame whose pc stands behind the interrupted instruction.
    unsafe {
        let caller = frame.sub(1);
        let interrupted = *(*caller).pc.sub(1);
        match interrupted.op() {
            Op::SetTabUp | Op::SetTabUpK | Op::SetTable | Op::SetTableK | Op::SetInt | Op::SetIntK | Op::SetField | Op::SetFieldK => {}
            // Of two operands the result is the value.
            Op::Concat if interrupted.b() != 2 => return false,
            op if is_comparison(op) => {
                if (count > 0 && (*first).truthy()) != super::is_negated(op) {
                    (*caller).pc = (*caller).pc.offset(interrupted.sc());
                }
            }
            _ => {
                let to = (*caller).base.byte_add(interrupted.a());
                if count > 0 {
                    copy(to, first);
                } else {
                    (*to).tag = tag::NIL;
                }
            }
        }
        (*vm).frame = caller;
        true
    }
}

/// Everything else.
#[cold]
#[inline(never)]
pub(super) unsafe fn finish(vm: *mut Vm, first: *mut Value, count: usize) -> bool {
    // SAFETY: the results lie on the running stack; no other reference to the VM is used.
    unsafe {
        let vm = &mut *vm;
        let flow = match vm.finish_frame(first, count) {
            Ok(flow) => flow,
            Err(e) => vm.raise(e),
        };
        flow == Flow::Run
    }
}
