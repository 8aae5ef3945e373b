//! Jumps and loops (§3.3.4, §3.3.5). Backward jumps are where limits are polled.

use lua_proto::number;
use lua_proto::op::Instr;

use super::dispatch::{op, slow, taken};
use crate::error::Result;
use crate::flow::Flow;
use crate::thread::Then;
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

op! { jmp(vm, pc, i, delta, base, k) {
    D::next(vm, pc.offset(i.sbx()), delta, base, k)
} }

op! { r#loop(vm, pc, i, delta, base, k) {
    (*vm).poll -= 1;
    if (*vm).poll < 0 {
        return loop_slow::<D>(vm, pc, i);
    }
    D::next(vm, pc.offset(i.sbx()), delta, base, k)
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
    }
    for_prep_slow::<D>(vm, pc, i)
} }

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
                    let count = if step > 0 {
                        (limit as u64).wrapping_sub(init as u64) / step as u64
                    } else {
                        (init as u64).wrapping_sub(limit as u64) / (step.wrapping_neg() as u64)
                    };
                    *a.add(1) = Value::int(count as i64);
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
            (*a.add(1)).payload = count - 1;
            (*a).payload = next as u64;
            *a.add(3) = Value::int(next);
            (*vm).poll -= 1;
            if (*vm).poll < 0 {
                return loop_slow::<D>(vm, pc, i);
            }
            taken();
            return D::next(vm, pc.offset(i.sbx()), delta, base, k);
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
            return D::next(vm, pc.offset(i.sbx()), delta, base, k);
        }
        D::next(vm, pc, delta, base, k)
    }
}

op! { t_for_prep(vm, pc, i, delta, base, k) {
    if (*base.byte_add(i.a()).add(3)).truthy() {
        return t_for_prep_slow::<D>(vm, pc, i);
    }
    D::next(vm, pc.offset(i.sbx()), delta, base, k)
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
    if (*a).tag == tag::NATIVE && (*a.add(1)).tag == tag::TABLE && (*vm).roots.is_next(*a) && !(*vm).hooked {
        let t = (*a.add(1)).as_table();
        if !(*t).is_weak() {
            if let Ok(found) = (*t).next(*a.add(2)) {
                match found {
                    Some((key, value)) => {
                        *a.add(4) = key;
                        *a.add(5) = value;
                        let mut extra = i.c();
                        while extra > 2 {
                            (*a.add(3 + extra)).tag = tag::NIL;
                            extra -= 1;
                        }
                    }
                    None => (*a.add(4)).tag = tag::NIL,
                }
                return D::next(vm, pc, delta, base, k);
            }
        }
    }
    t_for_call_slow::<D>(vm, pc, i)
} }

unsafe fn call_iterator(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the operands of the running instruction; the verifier reserves three registers behind the four.
    unsafe {
        let a = (*vm.frame).base.byte_add(i.a());
        copy(a.add(4), a);
        copy(a.add(5), a.add(1));
        copy(a.add(6), a.add(2));
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
        D::next(vm, pc.offset(i.sbx()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

slow! {
    loop_slow => loop_poll;
    for_prep_slow => prepare;
    t_for_prep_slow => mark_closing_value;
    t_for_call_slow => call_iterator;
}
