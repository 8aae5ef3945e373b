//! Comparisons and conditional jumps (§3.4.4).

use lua_proto::number;
use lua_proto::op::{Instr, Op};
use std::cmp::Ordering;

use super::dispatch::{jump, op, slow, taken};
use super::metamethod::{Step, binary, function, put, test_handler};
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::Event;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// Ends a handler with a conditional jump by `sC`.
macro_rules! branch {
    ($condition:expr, $vm:ident, $pc:ident, $i:ident, $delta:ident, $base:ident, $k:ident) => {
        if $condition {
            taken();
            D::next($vm, jump($pc, $i.sc()), $delta, $base, $k)
        } else {
            D::next($vm, $pc, $delta, $base, $k)
        }
    };
}

/// Declares `if (a op b) == sense then jump` on two registers.
macro_rules! ordering {
    ($name:ident, $sense:literal, $op:tt) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.a()), base.byte_add(i.b()));
            if (*a).tag == tag::INT && (*b).tag == tag::INT {
                branch!(((*a).as_int() $op (*b).as_int()) == $sense, vm, pc, i, delta, base, k)
            } else if (*a).tag == tag::FLOAT && (*b).tag == tag::FLOAT {
                branch!(((*a).as_float() $op (*b).as_float()) == $sense, vm, pc, i, delta, base, k)
            } else {
                order_others::<D>(vm, pc, i, delta, base, k)
            }
        } }
    };
}

ordering!(jmp_lt, true, <);
ordering!(jmp_nlt, false, <);
ordering!(jmp_le, true, <=);
ordering!(jmp_nle, false, <=);

/// Declares `if (a op sB) == sense then jump`.
macro_rules! immediate {
    ($name:ident, $sense:literal, $op:tt) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let a = base.byte_add(i.a());
            if (*a).tag == tag::INT {
                branch!(((*a).as_int() $op i.sb() as i64) == $sense, vm, pc, i, delta, base, k)
            } else if (*a).tag == tag::FLOAT {
                branch!(((*a).as_float() $op super::arith::float_of(i.sb() as i64)) == $sense, vm, pc, i, delta, base, k)
            } else {
                compare_slow::<D>(vm, pc, i)
            }
        } }
    };
}

immediate!(jmp_lt_i, true, <);
immediate!(jmp_nlt_i, false, <);
immediate!(jmp_le_i, true, <=);
immediate!(jmp_nle_i, false, <=);
immediate!(jmp_gt_i, true, >);
immediate!(jmp_ngt_i, false, >);
immediate!(jmp_ge_i, true, >=);
immediate!(jmp_nge_i, false, >=);

/// Declares equality of two registers.
macro_rules! equality {
    ($name:ident, $sense:literal) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.a()), base.byte_add(i.b()));
            let t = (*a).tag;
            if t == (*b).tag {
                if t == tag::FLOAT {
                    return branch!(((*a).as_float() == (*b).as_float()) == $sense, vm, pc, i, delta, base, k);
                }
                if (*a).payload == (*b).payload || t <= tag::TRUE {
                    return branch!($sense, vm, pc, i, delta, base, k);
                }
                // Different payloads of these may still be equal.
                if t != tag::TABLE && t != tag::USERDATA && t != tag::LONG
                    || t == tag::TABLE && (*(*a).as_table()).meta.is_null() && (*(*b).as_table()).meta.is_null()
                {
                    return branch!(!$sense, vm, pc, i, delta, base, k);
                }
            }
            equal_others::<D>(vm, pc, i, delta, base, k)
        } }
    };
}

equality!(jmp_eq, true);
equality!(jmp_ne, false);

/// Declares raw equality with a constant.
macro_rules! constant {
    ($name:ident, $sense:literal) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.a()), k.byte_add(i.b()));
            let t = (*a).tag;
            if t == (*b).tag && ((*a).payload == (*b).payload && t != tag::FLOAT || t <= tag::TRUE) {
                return branch!($sense, vm, pc, i, delta, base, k);
            }
            if t == tag::FLOAT || t == tag::INT || t == tag::LONG {
                return branch!((*a).raw_equal(*b) == $sense, vm, pc, i, delta, base, k);
            }
            branch!(!$sense, vm, pc, i, delta, base, k)
        } }
    };
}

constant!(jmp_eq_k, true);
constant!(jmp_ne_k, false);

op! { jmp_if(vm, pc, i, delta, base, k) {
    if (*base.byte_add(i.a())).truthy() {
        taken();
        D::next(vm, jump(pc, i.sbx()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

op! { jmp_not(vm, pc, i, delta, base, k) {
    if !(*base.byte_add(i.a())).truthy() {
        taken();
        D::next(vm, jump(pc, i.sbx()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

op! { jmp_if_set(vm, pc, i, delta, base, k) {
    let b = *base.byte_add(i.b());
    if b.truthy() {
        *base.byte_add(i.a()) = b;
        D::next(vm, jump(pc, i.sc()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

op! { jmp_not_set(vm, pc, i, delta, base, k) {
    let b = *base.byte_add(i.b());
    if !b.truthy() {
        *base.byte_add(i.a()) = b;
        D::next(vm, jump(pc, i.sc()), delta, base, k)
    } else {
        D::next(vm, pc, delta, base, k)
    }
} }

/// Equality of two registers of different types, or of long strings. The rest is left to the slow path.
#[inline(never)]
unsafe fn equal_others<D: super::Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let (a, b) = (*base.byte_add(i.a()), *base.byte_add(i.b()));
        if a.tag == b.tag && a.tag != tag::LONG {
            return compare_objects::<D>(vm, pc, i);
        }
        branch!(a.raw_equal(b) != is_negated(i.op()), vm, pc, i, delta, base, k)
    }
}

/// The order of two registers that are no numbers of one type: strings, an integer and a float. The rest is left to the slow path.
#[inline(never)]
unsafe fn order_others<D: super::Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    delta: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let (a, b) = (*base.byte_add(i.a()), *base.byte_add(i.b()));
        let less = matches!(i.op(), Op::JmpLt | Op::JmpNlt);
        let holds = if a.is_str() && b.is_str() {
            let order = order((*a.as_str()).bytes(), (*b.as_str()).bytes());
            if less { order == Ordering::Less } else { order != Ordering::Greater }
        } else if let Some(holds) = order_mixed(less, a, b) {
            holds
        } else {
            return compare_objects::<D>(vm, pc, i);
        };
        branch!(holds != is_negated(i.op()), vm, pc, i, delta, base, k)
    }
}

/// The order of two strings: by their bytes. Most differ in the first one.
#[inline(always)]
fn order(x: &[u8], y: &[u8]) -> Ordering {
    match (x.first(), y.first()) {
        (Some(a), Some(b)) if a != b => a.cmp(b),
        _ => x.cmp(y),
    }
}

/// The order of an integer and a float; `None` if they are something else.
#[inline(always)]
fn order_mixed(less: bool, x: Value, y: Value) -> Option<bool> {
    match (x.tag, y.tag) {
        (tag::INT, tag::FLOAT) if less => Some(number::int_lt_float(x.as_int(), y.as_float())),
        (tag::INT, tag::FLOAT) => Some(number::int_le_float(x.as_int(), y.as_float())),
        (tag::FLOAT, tag::INT) if less => Some(number::float_lt_int(x.as_float(), y.as_int())),
        (tag::FLOAT, tag::INT) => Some(number::float_le_int(x.as_float(), y.as_int())),
        _ => None,
    }
}

slow! { compare_settle => compare_instruction; }

/// Two registers that are no numbers of one kind: tables whose handler is a Lua function at once.
#[inline(never)]
unsafe fn compare_objects<D: super::Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let base = (*(*vm).frame).base;
        let (x, y) = (*base.byte_add(i.a()), *base.byte_add(i.b()));
        if x.tag == tag::TABLE && y.tag == tag::TABLE {
            // Of tables that are equal in any case, the handler is not asked whether they are.
            if let Some(handler) = function(vm, (*x.as_table()).meta, compared_event(i.op())) {
                (*(*vm).frame).pc = pc;
                put(vm, handler, x, y);
                return test_handler::<D>(vm);
            }
        }
        compare_slow::<D>(vm, pc, i)
    }
}

/// What is no plain comparison of numbers: strings, identity of tables, metamethods that are Lua functions.
#[inline(never)]
unsafe fn compare_slow<D: super::Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        match compare_here(&mut *vm, i) {
            Step::Done => D::resume(vm),
            Step::Call => test_handler::<D>(vm),
            Step::Nothing => compare_settle::<D>(vm, pc, i),
        }
    }
}

/// Compares what needs no handler, or finds the handler.
#[inline(never)]
unsafe fn compare_here(vm: &mut Vm, i: Instr) -> Step {
    // SAFETY: the running instruction.
    unsafe {
        let (event, x, y) = compared(vm, i);
        match vm.compare_raw(event, x, y) {
            Some(holds) => {
                if holds != is_negated(i.op()) {
                    let frame = &mut *vm.frame;
                    frame.pc = frame.pc.offset(i.sc());
                }
                Step::Done
            }
            None => binary(vm, event, x, y),
        }
    }
}

/// The two values that a comparison instruction compares, in the order of the metamethod's arguments, and its event.
pub(crate) unsafe fn compared(vm: &Vm, i: Instr) -> (Event, Value, Value) {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let base = (*vm.frame).base;
        let a = *base.byte_add(i.a());
        let immediate = if i.x() == 1 { Value::float(i.sb() as f64) } else { Value::int(i.sb() as i64) };
        match i.op() {
            Op::JmpLtI | Op::JmpNltI => (Event::Lt, a, immediate),
            Op::JmpLeI | Op::JmpNleI => (Event::Le, a, immediate),
            Op::JmpGtI | Op::JmpNgtI => (Event::Lt, immediate, a),
            Op::JmpGeI | Op::JmpNgeI => (Event::Le, immediate, a),
            op => (compared_event(op), a, *base.byte_add(i.b())),
        }
    }
}

/// The event of an instruction that compares two registers.
#[inline(always)]
fn compared_event(op: Op) -> Event {
    match op {
        Op::JmpLt | Op::JmpNlt => Event::Lt,
        Op::JmpLe | Op::JmpNle => Event::Le,
        _ => Event::Eq,
    }
}

/// Whether an instruction is a comparison that a metamethod may decide.
pub(crate) fn is_comparison(op: Op) -> bool {
    matches!(
        op,
        Op::JmpEq
            | Op::JmpNe
            | Op::JmpLt
            | Op::JmpNlt
            | Op::JmpLe
            | Op::JmpNle
            | Op::JmpLtI
            | Op::JmpNltI
            | Op::JmpLeI
            | Op::JmpNleI
            | Op::JmpGtI
            | Op::JmpNgtI
            | Op::JmpGeI
            | Op::JmpNgeI
    )
}

/// Whether a comparison instruction jumps when the comparison fails.
pub(crate) fn is_negated(op: Op) -> bool {
    matches!(op, Op::JmpNe | Op::JmpNlt | Op::JmpNle | Op::JmpNeK | Op::JmpNltI | Op::JmpNleI | Op::JmpNgtI | Op::JmpNgeI)
}

/// A comparison that `compare_here` left: through any handler.
unsafe fn compare_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the running instruction.
    unsafe {
        let (event, x, y) = compared(vm, i);
        let handler = vm.comparison_handler(event, x, y);
        if handler.is_nil() {
            return Err(vm.compare_error(x, y));
        }
        vm.call_handler(handler, x, y)
    }
}

impl Vm {
    /// A comparison that needs no metamethod: numbers, strings, and equality of what has no `__eq`.
    ///
    /// # Safety
    /// Live values.
    pub(crate) unsafe fn compare_raw(&mut self, event: Event, x: Value, y: Value) -> Option<bool> {
        // SAFETY: the caller's promise.
        unsafe {
            if event == Event::Eq {
                if x.raw_equal(y) {
                    return Some(true);
                }
                let may_have = x.tag == y.tag && (x.tag == tag::TABLE || x.tag == tag::USERDATA);
                return if may_have && !self.comparison_handler(event, x, y).is_nil() { None } else { Some(false) };
            }
            let less = event == Event::Lt;
            Some(match (x.tag, y.tag) {
                (tag::INT, tag::INT) => {
                    if less {
                        x.as_int() < y.as_int()
                    } else {
                        x.as_int() <= y.as_int()
                    }
                }
                (tag::FLOAT, tag::FLOAT) => {
                    if less {
                        x.as_float() < y.as_float()
                    } else {
                        x.as_float() <= y.as_float()
                    }
                }
                _ if x.is_str() && y.is_str() => {
                    let order = order((*x.as_str()).bytes(), (*y.as_str()).bytes());
                    if less { order == Ordering::Less } else { order != Ordering::Greater }
                }
                _ => return order_mixed(less, x, y),
            })
        }
    }

    unsafe fn comparison_handler(&mut self, event: Event, x: Value, y: Value) -> Value {
        // SAFETY: live values.
        unsafe { self.binary_handler(event, x, y) }
    }

    unsafe fn compare_error(&mut self, x: Value, y: Value) -> crate::error::Error {
        // SAFETY: live values.
        let (a, b) = unsafe { (self.type_name_of(x), self.type_name_of(y)) };
        let (a, b) = (String::from_utf8_lossy(&a).into_owned(), String::from_utf8_lossy(&b).into_owned());
        if a == b {
            self.error(format_args!("attempt to compare two {a} values"))
        } else {
            self.error(format_args!("attempt to compare {a} with {b}"))
        }
    }

    /// A comparison for hosts; metamethods run in a nested run.
    ///
    /// # Safety
    /// Live values.
    pub(crate) unsafe fn compare(&mut self, event: Event, x: Value, y: Value) -> Result<bool> {
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(holds) = self.compare_raw(event, x, y) {
                return Ok(holds);
            }
            let handler = self.comparison_handler(event, x, y);
            if handler.is_nil() {
                return Err(self.compare_error(x, y));
            }
            Ok(self.call_for_value(handler, &[x, y])?.truthy())
        }
    }
}
