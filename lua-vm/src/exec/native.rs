//! Calls of host functions by Lua code: through a shortcut if there is one, else with a frame.

use lua_proto::op::Instr;

use super::Dispatch;
use super::dispatch::{Exit, settle};
use crate::api::{Answer, Args, Native, Outcome, Shortcut, ValueFn};
use crate::error::Result;
use crate::flow::{Flow, move_results};
use crate::function::HostClosure;
use crate::meta::Event;
use crate::thread::Then;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// Does what a library function would do for the call at `func`, with so many arguments given and results wanted. Answers false if
/// that is not as plain, and then nothing has happened.
///
/// # Safety
/// As for [`Vm::protect`]; the function at `func` is the one whose shortcut this is.
pub(crate) type DirectFn = unsafe fn(&mut Vm, *mut Value, usize, i32) -> bool;

/// How the virtual machine takes a shortcut, unless [`call_host`] does so without asking.
pub(crate) const fn direct(shortcut: Shortcut) -> Option<DirectFn> {
    match shortcut {
        Shortcut::None | Shortcut::Resume | Shortcut::Yield => None,
        Shortcut::Value(_) => Some(value),
        Shortcut::Closure(_) => Some(closure_value),
        Shortcut::Wrapper => Some(Vm::resume_wrapped_directly),
        Shortcut::Protect => Some(protect),
        Shortcut::ProtectHandled => Some(protect_handled),
        Shortcut::Next => Some(next),
        Shortcut::Pairs => Some(pairs),
        Shortcut::Ipairs => Some(ipairs),
    }
}

unsafe fn value(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: a library function stands at `func`.
    unsafe {
        let Shortcut::Value(compute) = (*(*func).as_ptr::<Native>()).shortcut else { return false };
        let Some(answer) = compute(&Args::new(vm, func.add(1), given, wanted as u32 <= 1)) else { return false };
        put_answer(vm, func, answer, wanted);
        true
    }
}

unsafe fn closure_value(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: a host closure stands at `func`.
    unsafe {
        let closure = (*func).as_ptr::<HostClosure>();
        let Shortcut::Closure(compute) = (*closure).native.shortcut else { return false };
        let args = Args::new(vm, func.add(1), given, wanted as u32 <= 1).with_closure(closure);
        let Some(answer) = compute(&args) else { return false };
        put_answer(vm, func, answer, wanted);
        true
    }
}

/// The answer of a shortcut becomes the results of the call at `func`.
#[inline(always)]
unsafe fn put_answer(vm: &mut Vm, func: *mut Value, answer: Answer, wanted: i32) {
    // SAFETY: as for [`DirectFn`].
    unsafe {
        let count = match answer.get() {
            Some(value) => {
                *func = value;
                1
            }
            None => 0,
        };
        if wanted != 1 || count != 1 {
            spread(vm, func, count, wanted);
        }
    }
}

unsafe fn protect(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { vm.protect(func, given, wanted, false) }
}

unsafe fn protect_handled(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { vm.protect(func, given, wanted, true) }
}

unsafe fn next(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: the caller's promise; behind the results stand SPARE slots at least.
    unsafe {
        if given == 0 || (*func.add(1)).tag != tag::TABLE || (*(*func.add(1)).as_table()).is_weak() {
            return false;
        }
        let key = if given > 1 { *func.add(2) } else { Value::NIL };
        let Ok(found) = (*(*func.add(1)).as_table()).next(key) else { return false };
        let (key, value) = found.unwrap_or((Value::NIL, Value::NIL));
        *func = key;
        *func.add(1) = value;
        spread(vm, func, 1 + found.is_some() as usize, wanted);
        true
    }
}

unsafe fn pairs(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        given > 0 && (*func.add(1)).tag == tag::TABLE && {
            let meta = (*(*func.add(1)).as_table()).meta;
            vm.handler_in(meta, Event::Pairs).is_nil() && begin(vm, func, vm.roots.next, Value::NIL, wanted)
        }
    }
}

unsafe fn ipairs(vm: &mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { given > 0 && begin(vm, func, vm.roots.ipairs, Value::int(0), wanted) }
}

/// What `pairs` and `ipairs` give: an iterator, the value that it goes through, and where it begins.
#[inline(always)]
unsafe fn begin(vm: &mut Vm, func: *mut Value, iterator: *const Native, first: Value, wanted: i32) -> bool {
    // SAFETY: as for [`DirectFn`]; the iterators of the library are static. Behind the results stand SPARE slots at least.
    unsafe {
        let Some(iterator) = iterator.as_ref() else { return false };
        *func = Value::native(iterator);
        *func.add(2) = first;
        if wanted != 3 {
            spread(vm, func, 3, wanted);
        }
        true
    }
}

/// Calls what is no Lua function: a host function directly if it can be; whatever else there is to call goes the slow way.
#[inline(never)]
pub(super) unsafe fn call_host<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        let func = (*(*vm).frame).base.byte_add(i.a());
        let given = if i.b() != 0 { i.b() - 1 } else { (*vm).top.offset_from(func) as usize - 1 };
        let wanted = i.c() as i32 - 1;
        if (*func).tag == tag::NATIVE {
            match (*(*func).as_ptr::<Native>()).shortcut {
                Shortcut::Value(compute) if wanted as u32 <= 1 => return call_value::<D>(vm, func, given, compute, i),
                Shortcut::Resume => return call_resume::<D>(vm, func, given, wanted, i),
                Shortcut::Yield => return call_yield::<D>(vm, func, given, wanted, i),
                _ => {}
            }
        } else if (*func).tag == tag::TABLE {
            return super::call::call_table::<D>(vm, i);
        }
        call_other::<D>(vm, func, given, wanted, i)
    }
}

/// Calls what computes a value, of which one or none is wanted.
#[inline(never)]
unsafe fn call_value<D: Dispatch>(vm: *mut Vm, func: *mut Value, given: usize, compute: ValueFn, i: Instr) -> Exit {
    // SAFETY: as for `call_host`.
    unsafe {
        if may_shorten(vm) && put_value(&mut *vm, func, given, compute) {
            return D::resume(vm);
        }
        call_frame::<D>(vm, i)
    }
}

/// Calls `coroutine.resume`.
#[inline(never)]
unsafe fn call_resume<D: Dispatch>(vm: *mut Vm, func: *mut Value, given: usize, wanted: i32, i: Instr) -> Exit {
    // SAFETY: as for `call_host`.
    unsafe {
        if given > 0 && (*func.add(1)).tag == tag::THREAD && may_shorten(vm) {
            let thread = (*func.add(1)).as_ptr();
            if (*vm).resume_directly((func, given, wanted), thread, (func.add(2), given - 1), None) {
                (*vm).poll -= 1;
                return D::resume(vm);
            }
        }
        call_frame::<D>(vm, i)
    }
}

/// Calls `coroutine.yield`.
#[inline(never)]
unsafe fn call_yield<D: Dispatch>(vm: *mut Vm, func: *mut Value, given: usize, wanted: i32, i: Instr) -> Exit {
    // SAFETY: as for `call_host`.
    unsafe {
        if may_shorten(vm) && (*vm).yield_directly(func, given, wanted) {
            (*vm).poll -= 1;
            return D::resume(vm);
        }
        call_frame::<D>(vm, i)
    }
}

/// Calls any other host function.
#[inline(never)]
unsafe fn call_other<D: Dispatch>(vm: *mut Vm, func: *mut Value, given: usize, wanted: i32, i: Instr) -> Exit {
    // SAFETY: as for `call_host`.
    unsafe {
        if call_directly(vm, func, given, wanted) {
            return D::resume(vm);
        }
        call_frame::<D>(vm, i)
    }
}

/// Calls a host function with a frame; whatever else there is to call goes the slow way.
#[inline(never)]
pub(super) unsafe fn call_frame<D: Dispatch>(vm: *mut Vm, i: Instr) -> Exit {
    // SAFETY: as for `call_host`.
    unsafe {
        let goes_on = host_instruction(&mut *vm, i);
        D::after(vm, goes_on)
    }
}

/// Computes the value of a call in its register; with no result wanted that is free. Not inlined: `Args` has an address.
#[inline(never)]
unsafe fn put_value(vm: &mut Vm, func: *mut Value, given: usize, compute: ValueFn) -> bool {
    // SAFETY: as for `call_host`.
    unsafe {
        let Some(answer) = compute(&Args::new(vm, func.add(1), given, true)) else { return false };
        *func = answer.get().unwrap_or(Value::NIL);
        vm.poll -= 1;
        true
    }
}

/// Computes the result of an arithmetic instruction whose operand is a string, if the handler is a library function with a shortcut.
#[inline(never)]
pub(super) unsafe fn compute_handler(vm: &mut Vm, i: Instr, event: Event, x: Value, y: Value) -> bool {
    // SAFETY: the running instruction; SPARE slots stand above the registers, where a collection sees the operands.
    unsafe {
        let handler = vm.binary_handler(event, x, y);
        if handler.tag != tag::NATIVE || !may_shorten(vm) {
            return false;
        }
        let Shortcut::Value(compute) = (*handler.as_ptr::<Native>()).shortcut else { return false };
        let to = vm.registers_end();
        *to = x;
        *to.add(1) = y;
        let Some(answer) = compute(&Args::new(vm, to, 2, true)) else { return false };
        vm.poll -= 1;
        *(*vm.frame).base.byte_add(i.a()) = answer.get().unwrap_or(Value::NIL);
        true
    }
}

/// Whether nothing is due that only a call shows.
#[inline(always)]
unsafe fn may_shorten(vm: *const Vm) -> bool {
    // SAFETY: the VM is live.
    unsafe { (*vm).poll > 0 && !(*vm).hooked && !(*vm).stress_stack }
}

/// Takes the shortcut of what stands at `func`, if it has one and nothing else is due.
#[inline(always)]
pub(super) unsafe fn call_directly(vm: *mut Vm, func: *mut Value, given: usize, wanted: i32) -> bool {
    // SAFETY: as for `call_host`.
    unsafe {
        let native: *const Native = match (*func).tag {
            tag::NATIVE => (*func).as_ptr(),
            tag::HOST_CLOSURE => (*(*func).as_ptr::<HostClosure>()).native,
            _ => return false,
        };
        let Some(direct) = (*native).direct else { return false };
        if !may_shorten(vm) {
            return false;
        }
        (*vm).poll -= 1;
        if direct(&mut *vm, func, given, wanted) {
            return true;
        }
        (*vm).poll += 1;
        false
    }
}

#[inline(never)]
unsafe fn host_instruction(vm: &mut Vm, i: Instr) -> bool {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let func = (*vm.frame).base.byte_add(i.a());
        let given = if i.b() != 0 { i.b() - 1 } else { vm.top.offset_from(func) as usize - 1 };
        host_call(vm, func, given, i.c() as i32 - 1, Then::Plain, i, super::call::call_instruction)
    }
}

/// Runs a host function at `func` and takes its results to a Lua caller, or, if `then` says so, lets that return them; true if the
/// frame on top, a Lua frame, goes on. What is not plain is left to `otherwise`.
#[inline(always)]
pub(super) unsafe fn host_call(
    vm: &mut Vm,
    func: *mut Value,
    given: usize,
    wanted: i32,
    then: Then,
    i: Instr,
    otherwise: unsafe fn(&mut Vm, Instr) -> Result<Flow>,
) -> bool {
    // SAFETY: `func` and its arguments lie on the running stack, above them SPARE slots.
    unsafe {
        let call = match (*func).tag {
            tag::NATIVE => (*(*func).as_ptr::<Native>()).call,
            tag::HOST_CLOSURE => (*(*func).as_ptr::<HostClosure>()).native.call,
            _ => return settle(vm, i, otherwise),
        };
        vm.poll -= 1;
        let top = func.add(given + 1);
        let frame = vm.frame.add(1);
        if vm.poll < 0 || vm.hooked || vm.stress_stack || top > vm.stack_end || frame >= vm.frame_end {
            return settle(vm, i, otherwise);
        }
        (*frame).base = func.add(1);
        (*frame).func = func;
        (*frame).pc = std::ptr::null();
        (*frame).function = std::ptr::null_mut();
        (*frame).wanted = wanted;
        (*frame).then = then;
        (*frame).flags = 0;
        (*frame).handler = 0;
        (*frame).extra = given as u32;
        vm.frame = frame;
        vm.top = top;
        match vm.door(call) {
            Ok(outcome) => match outcome.plain_results() {
                // More results than there are is an error, which the slow path raises.
                Some(count) if !vm.hooked && count as isize <= vm.top.offset_from((*vm.frame).base) => {
                    let count = count as usize;
                    if then == Then::Return {
                        return return_results(vm, count);
                    }
                    let first = vm.top.sub(count);
                    let to = (*vm.frame).func;
                    vm.frame = vm.frame.sub(1);
                    if wanted == 1 {
                        if count > 0 {
                            copy(to, first);
                        } else {
                            (*to).tag = tag::NIL;
                        }
                    } else {
                        let end = move_results(to, first, count, wanted);
                        if wanted < 0 {
                            vm.top = end;
                        }
                    }
                    true
                }
                _ => finish_host(vm, outcome),
            },
            Err(e) => vm.raise(e) == Flow::Run,
        }
    }
}

/// The host frame on top ends with the `count` results that stand at the top, and so does the Lua frame below it.
#[inline(always)]
unsafe fn return_results(vm: &mut Vm, count: usize) -> bool {
    // SAFETY: as for `host_call`; no hook wants to see it.
    unsafe {
        let first = vm.top.sub(count);
        let below = vm.frame.sub(1);
        if (*below).then != Then::Plain {
            return super::returns::finish(vm, first, count);
        }
        vm.frame = below.sub(1);
        let end = move_results((*below).func, first, count, (*below).wanted);
        if (*below).wanted < 0 {
            vm.top = end;
        }
        true
    }
}

/// Makes the wanted number of results of the `count` that stand at `to`.
#[inline(never)]
unsafe fn spread(vm: &mut Vm, to: *mut Value, count: usize, wanted: i32) {
    // SAFETY: registers of the running frame, or spare slots.
    unsafe {
        let end = move_results(to, to, count, wanted);
        if wanted < 0 {
            vm.top = end;
        }
    }
}

/// A host function asked for more than to return.
#[cold]
#[inline(never)]
unsafe fn finish_host(vm: &mut Vm, outcome: Outcome) -> bool {
    // SAFETY: its frame is on top.
    unsafe {
        let flow = match vm.settle_host(outcome) {
            Ok(flow) => flow,
            Err(e) => vm.raise(e),
        };
        flow == Flow::Run
    }
}

/// Returns what a library function with a shortcut computes (`return type(x)`), or leaves the tail call to its slow path.
#[inline(never)]
pub(super) unsafe fn tail_call_host<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> Exit {
    // SAFETY: as for the handler that called; the function is a library function, nothing must be closed.
    unsafe {
        (*(*vm).frame).pc = pc;
        match tail_value(&mut *vm, i) {
            Some(count) => {
                let first = (*(*vm).frame).base.byte_add(i.a());
                super::returns::return_values::<D>(vm, pc, first, count)
            }
            None => {
                let goes_on = tail_host_instruction(&mut *vm, i);
                D::after(vm, goes_on)
            }
        }
    }
}

/// Calls a library function, whose results the running frame returns.
#[inline(never)]
unsafe fn tail_host_instruction(vm: &mut Vm, i: Instr) -> bool {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let func = (*vm.frame).base.byte_add(i.a());
        let given = if i.b() != 0 { i.b() - 1 } else { vm.top.offset_from(func) as usize - 1 };
        host_call(vm, func, given, -1, Then::Return, i, super::call::tail_call_instruction)
    }
}

/// Computes the value of a tail call in its register; the number of results.
#[inline(never)]
unsafe fn tail_value(vm: &mut Vm, i: Instr) -> Option<usize> {
    // SAFETY: as for `tail_call_host`.
    unsafe {
        let func = (*vm.frame).base.byte_add(i.a());
        let Shortcut::Value(compute) = (*(*func).as_ptr::<Native>()).shortcut else { return None };
        if vm.poll <= 0 || vm.hooked || vm.stress_stack {
            return None;
        }
        let given = if i.b() != 0 { i.b() - 1 } else { vm.top.offset_from(func) as usize - 1 };
        let answer = compute(&Args::new(vm, func.add(1), given, false))?;
        vm.poll -= 1;
        Some(match answer.get() {
            Some(value) => {
                *func = value;
                1
            }
            None => 0,
        })
    }
}
