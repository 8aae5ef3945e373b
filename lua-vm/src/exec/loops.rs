//! Jumps and loops (§3.3.4, §3.3.5). Backward jumps are where limits are polled.

use lua_proto::number;
use lua_proto::op::Instr;

use super::dispatch::{jump, op, slow, taken};
use crate::error::Result;
use crate::flow::Flow;
use crate::thread::Then;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

op! { jmp(vm, pc, i, delta, base, k) {
    D::next(vm, jump(pc, i.sbx()), delta, base, k)
} }

op! { r#loop(vm, pc, i, delta, base, k) {
    (*vm).poll -= 1;
    if (*vm).poll < 0 {
        return loop_slow::<D>(vm, pc, i);
    }
    D::next(vm, jump(pc, i.sbx()), delta, base, k)
} }

unsafe fn loop_poll(vm: &mut Vm, i: Instr) -> Result<Flow> {
    vm.poll_slow()?;
    // SAFETY: the running frame and its verified jump.
    unsafe { (*vm.frame).pc = (*vm.frame).pc.offset(i.sbx()) };
    Ok(Flow::Run)
}

op! { for_prep(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.a());
    if (*a).tag == tag::INT && (*a.add(1)).tag == tag::INT && (*a.add(2)).tag == tag::INT {
        let (init, limit, step) = ((*a).as_int(), (*a.add(1)).as_int(), (*a.add(2)).as_int());
        if step == 1 && init <= limit {
            // The number of iterations still to come takes the place of the limit, so that the variable cannot overflow.
            *a.add(1) = Value::int(limit.wrapping_sub(init));
            copy(a.add(3), a);
            return D::next(vm, pc, delta, base, k);
        }
        if step != 0 {
            return integer_prep::<D>(vm, pc, i, delta, base, k);
        }
    }
    for_prep_slow::<D>(vm, pc, i)
} }

/// Prepares a loop over integers with a step that is not 0, or one that does not run.
#[inline(never)]
unsafe fn integer_prep<D: super::Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let a = base.byte_add(i.a());
        let (init, limit, step) = ((*a).as_int(), (*a.add(1)).as_int(), (*a.add(2)).as_int());
        if if step > 0 { init > limit } else { init < limit } {
            return D::next(vm, jump(pc, i.sbx()), delta, base, k);
        }
        *a.add(1) = Value::int(iterations(init, limit, step));
        copy(a.add(3), a);
        D::next(vm, pc, delta, base, k)
    }
}

/// How many iterations follow the first one of a loop that runs.
#[inline(always)]
fn iterations(init: i64, limit: i64, step: i64) -> i64 {
    let count = match step {
        -1 => (init as u64).wrapping_sub(limit as u64),
        step if step > 0 => (limit as u64).wrapping_sub(init as u64) / step as u64,
        step => (init as u64).wrapping_sub(limit as u64) / step.unsigned_abs(),
    };
    count as i64
}

/// Prepares any numeric loop.
unsafe fn prepare(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let a = (*vm.frame).base.byte_add(i.a());
        let (init, limit, step) = (*a, *a.add(1), *a.add(2));
        let runs = if init.tag == tag::INT && step.tag == tag::INT {
            let step = step.as_int();
            if step == 0 {
                return Err(vm.error(format_args!("'for' step is zero")));
            }
            match integer_limit(vm, init.as_int(), limit, step)? {
                None => false,
                Some(limit) => {
                    let init = init.as_int();
                    *a.add(1) = Value::int(iterations(init, limit, step));
                    *a.add(3) = Value::int(init);
                    true
                }
            }
        } else {
            let limit = loop_number(vm, limit, "limit")?;
            let step = loop_number(vm, step, "step")?;
            let init = loop_number(vm, init, "initial value")?;
            if step == 0.0 {
                return Err(vm.error(format_args!("'for' step is zero")));
            }
            *a = Value::float(init);
            *a.add(1) = Value::float(limit);
            *a.add(2) = Value::float(step);
            *a.add(3) = Value::float(init);
            // A loop that begins at NaN runs once, as in the reference.
            !(if step > 0.0 { limit < init } else { init < limit })
        };
        if !runs {
            (*vm.frame).pc = (*vm.frame).pc.offset(i.sbx());
        }
    }
    Ok(Flow::Run)
}

/// The limit of a loop over integers, clipped to them; `None` if the loop does not run.
unsafe fn integer_limit(vm: &mut Vm, init: i64, limit: Value, step: i64) -> Result<Option<i64>> {
    // SAFETY: a live value.
    let limit = match unsafe { vm.convert_numeral(limit) } {
        Some(limit) => limit,
        None => return Err(loop_error(vm, limit, "limit")),
    };
    let limit = match limit.tag {
        tag::INT => limit.as_int(),
        _ => {
            let f = limit.as_float();
            let rounded = if step < 0 { number::float_ceil_to_int(f) } else { number::float_floor_to_int(f) };
            match rounded {
                Some(i) => i,
                None if f.is_nan() => return Ok(None),
                None if f > 0.0 => {
                    if step < 0 {
                        return Ok(None);
                    } else {
                        i64::MAX
                    }
                }
                None => {
                    if step > 0 {
                        return Ok(None);
                    } else {
                        i64::MIN
                    }
                }
            }
        }
    };
    Ok(if step > 0 { init <= limit } else { init >= limit }.then_some(limit))
}

unsafe fn loop_number(vm: &mut Vm, value: Value, what: &str) -> Result<f64> {
    // SAFETY: a live value.
    match unsafe { vm.convert_numeral(value) }.and_then(Value::number) {
        Some(f) => Ok(f),
        None => Err(loop_error(vm, value, what)),
    }
}

fn loop_error(vm: &mut Vm, value: Value, what: &str) -> crate::error::Error {
    // SAFETY: a live value.
    let name = unsafe { vm.type_name_of(value) };
    vm.error(format_args!("bad 'for' {what} (number expected, got {})", String::from_utf8_lossy(&name)))
}

op! { for_loop(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.a());
    if (*a.add(2)).tag == tag::INT {
        let count = (*a.add(1)).payload;
        if count != 0 {
            let next = (*a).as_int().wrapping_add((*a.add(2)).as_int());
            // With their tags: `debug.setlocal` or a binary chunk may have put anything into the hidden variables.
            *a.add(1) = Value::int(count.wrapping_sub(1) as i64);
            *a = Value::int(next);
            *a.add(3) = Value::int(next);
            (*vm).poll -= 1;
            if (*vm).poll < 0 {
                return loop_slow::<D>(vm, pc, i);
            }
            taken();
            return D::next(vm, jump(pc, i.sbx()), delta, base, k);
        }
        D::next(vm, pc, delta, base, k)
    } else {
        float_loop::<D>(vm, pc, i, delta, base, k)
    }
} }

#[inline(never)]
unsafe fn float_loop<D: super::Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called. `debug.setlocal` may have put anything into the hidden variables: their
    // payloads are read as floats whatever they are.
    unsafe {
        let a = base.byte_add(i.a());
        let (step, limit) = ((*a.add(2)).as_float(), (*a.add(1)).as_float());
        let next = (*a).as_float() + step;
        if if step > 0.0 { next <= limit } else { limit <= next } {
            *a = Value::float(next);
            *a.add(3) = Value::float(next);
            (*vm).poll -= 1;
            if (*vm).poll < 0 {
                return loop_slow::<D>(vm, pc, i);
            }
            taken();
            return D::next(vm, jump(pc, i.sbx()), delta, base, k);
        }
        D::next(vm, pc, delta, base, k)
    }
}

op! { t_for_prep(vm, pc, i, delta, base, k) {
    if (*base.byte_add(i.a()).add(3)).truthy() {
        return t_for_prep_slow::<D>(vm, pc, i);
    }
    D::next(vm, jump(pc, i.sbx()), delta, base, k)
} }

unsafe fn mark_closing_value(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let slot = (*vm.frame).base.byte_add(i.a()).add(3);
        vm.mark_to_be_closed(slot)?;
        (*vm.frame).pc = (*vm.frame).pc.offset(i.sbx());
    }
    Ok(Flow::Run)
}

op! { t_for_call(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.a());
    if (*a).tag == tag::NATIVE && (*a.add(1)).tag == tag::TABLE && !(*vm).hooked {
        let t = (*a.add(1)).as_table();
        if (*vm).roots.is_ipairs(*a) && (*a.add(2)).tag == tag::INT {
            let at = (*a.add(2)).payload;
            if at < (*t).array_len as u64 {
                let value = (*t).array_get(at as usize);
                if !value.is_nil() {
                    *a.add(4) = Value::int(at as i64 + 1);
                    *a.add(5) = value;
                    if i.c() > 2 {
                        clear_extra(a, i.c());
                    }
                    return D::next(vm, pc, delta, base, k);
                }
            }
            // The end of a list; what else may stand behind the array part is rare.
            if (*t).meta.is_null() && (at < (*t).array_len as u64 || (*t).has_dummy()) {
                (*a.add(4)).tag = tag::NIL;
                return D::next(vm, pc, delta, base, k);
            }
        } else if (*vm).roots.is_next(*a) && !(*t).is_weak() {
            return step_pairs::<D>(vm, pc, i, delta, base, k);
        }
    }
    t_for_call_host::<D::Plain>(vm, pc, i)
} }

/// Sets the loop variables beyond the second to nil.
#[cold]
#[inline(never)]
unsafe fn clear_extra(a: *mut Value, wanted: usize) {
    // SAFETY: the verifier bounds the window of the loop.
    unsafe {
        for at in 2..wanted {
            (*a.add(4 + at)).tag = tag::NIL;
        }
    }
}

/// One step of `next` over a table that is not weak.
#[inline(never)]
unsafe fn step_pairs<D: super::Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called: R[A+1] is a table.
    unsafe {
        let a = base.byte_add(i.a());
        // The fourth hidden variable is nil, or there would be a variable to be closed: its payload is free for a hint.
        let hint = if (*a.add(3)).is_nil() { (*a.add(3)).payload } else { 0 };
        let found = (*(*a.add(1)).as_table()).next_from(*a.add(2), hint as usize);
        match found {
            Ok(Some((key, value, position))) => {
                if (*a.add(3)).is_nil() {
                    (*a.add(3)).payload = position as u64;
                }
                *a.add(4) = key;
                *a.add(5) = value;
                if i.c() > 2 {
                    clear_extra(a, i.c());
                }
            }
            Ok(None) => (*a.add(4)).tag = tag::NIL,
            Err(_) => return t_for_call_host::<D::Plain>(vm, pc, i),
        }
        D::next(vm, pc, delta, base, k)
    }
}

#[inline(never)]
unsafe fn t_for_call_host<D: super::Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        let a = (*(*vm).frame).base.byte_add(i.a());
        if (*a).tag == tag::CLOSURE {
            copy_iterator(a);
            if (*vm).try_enter(a.add(4), 2, i.c() as i32, Then::Plain) {
                return D::resume(vm);
            }
        }
        if (*a).tag == tag::HOST_CLOSURE {
            copy_iterator(a);
            if super::native::call_directly(vm, a.add(4), 2, i.c() as i32) {
                return D::resume(vm);
            }
        }
        let goes_on = host_iterator(&mut *vm, i);
        D::after(vm, goes_on)
    }
}

/// Arranges the call of a loop's iterator.
#[inline(always)]
unsafe fn copy_iterator(a: *mut Value) {
    // SAFETY: the verifier reserves three registers behind the four of the loop.
    unsafe {
        copy(a.add(4), a);
        copy(a.add(5), a.add(1));
        copy(a.add(6), a.add(2));
    }
}

#[inline(never)]
unsafe fn host_iterator(vm: &mut Vm, i: Instr) -> bool {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let a = (*vm.frame).base.byte_add(i.a());
        copy_iterator(a);
        super::native::host_call(vm, a.add(4), 2, i.c() as i32, Then::Plain, i, call_iterator)
    }
}

unsafe fn call_iterator(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction; the verifier reserves three registers behind the four.
    unsafe {
        let a = (*vm.frame).base.byte_add(i.a());
        copy_iterator(a);
        vm.call_at(a.add(4), 2, i.c() as i32, Then::Plain)
    }
}

op! { t_for_loop(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.a());
    if (*a.add(4)).tag != tag::NIL {
        copy(a.add(2), a.add(4));
        (*vm).poll -= 1;
        if (*vm).poll < 0 {
            return loop_slow::<D>(vm, pc, i);
        }
        taken();
        D::next(vm, jump(pc, i.sbx()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

slow! {
    loop_slow => loop_poll;
    for_prep_slow => prepare;
    t_for_prep_slow => mark_closing_value;
}
