//! Arithmetic and bitwise operations (§3.4.1–§3.4.3).
//!
//! Each operation has three stages: numbers inline; whatever would make the handler save registers outlined; strings, metamethods
//! and errors in [`Vm::arith`].

use lua_proto::number;
use lua_proto::op::{Instr, Op};

use super::Dispatch;
use super::dispatch::{in_register, op, slow, taken};
use super::metamethod::{Step, binary, call_handler, function, put};
use crate::error::Result;
use crate::flow::Flow;
use crate::meta::{Event, type_index};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// An arithmetic or bitwise operator, named by its event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    Mod,
    Pow,
    Div,
    IDiv,
    BAnd,
    BOr,
    BXor,
    Shl,
    Shr,
    Unm,
    BNot,
}

impl ArithOp {
    const fn event(self) -> Event {
        match self {
            ArithOp::Add => Event::Add,
            ArithOp::Sub => Event::Sub,
            ArithOp::Mul => Event::Mul,
            ArithOp::Mod => Event::Mod,
            ArithOp::Pow => Event::Pow,
            ArithOp::Div => Event::Div,
            ArithOp::IDiv => Event::IDiv,
            ArithOp::BAnd => Event::BAnd,
            ArithOp::BOr => Event::BOr,
            ArithOp::BXor => Event::BXor,
            ArithOp::Shl => Event::Shl,
            ArithOp::Shr => Event::Shr,
            ArithOp::Unm => Event::Unm,
            ArithOp::BNot => Event::BNot,
        }
    }

    fn is_bitwise(self) -> bool {
        matches!(self, ArithOp::BAnd | ArithOp::BOr | ArithOp::BXor | ArithOp::Shl | ArithOp::Shr | ArithOp::BNot)
    }
}

/// The operation of an instruction.
const fn operation(op: Op) -> ArithOp {
    match op {
        Op::AddI | Op::AddK | Op::Add => ArithOp::Add,
        Op::SubK | Op::Sub => ArithOp::Sub,
        Op::MulK | Op::Mul => ArithOp::Mul,
        Op::ModK | Op::Mod => ArithOp::Mod,
        Op::PowK | Op::Pow => ArithOp::Pow,
        Op::DivK | Op::Div => ArithOp::Div,
        Op::IDivK | Op::IDiv => ArithOp::IDiv,
        Op::BAndK | Op::BAnd => ArithOp::BAnd,
        Op::BOrK | Op::BOr => ArithOp::BOr,
        Op::BXorK | Op::BXor => ArithOp::BXor,
        Op::ShlI | Op::Shl => ArithOp::Shl,
        Op::ShrI | Op::Shr => ArithOp::Shr,
        Op::Unm => ArithOp::Unm,
        _ => ArithOp::BNot,
    }
}

/// An integer as a float. On x86-64 the instruction for that writes one half of its register and waits for whoever wrote the
/// other, which may be a long division of the iteration before; so the register is cleared first.
#[inline(always)]
pub(super) fn float_of(i: i64) -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        let f: f64;
        // SAFETY: two instructions on registers.
        unsafe {
            std::arch::asm!("xorps {f}, {f}", "cvtsi2sd {f}, {i}", f = out(xmm_reg) f, i = in(reg) i,
                options(pure, nomem, nostack, preserves_flags));
        }
        f
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        i as f64
    }
}

/// The second operand: a register or a constant.
macro_rules! operand {
    (reg, $base:ident, $k:ident, $i:ident) => {
        $base.byte_add($i.c()).cast_const()
    };
    (konst, $base:ident, $k:ident, $i:ident) => {
        $k.byte_add($i.c())
    };
}

/// What takes the operands that are not plain.
macro_rules! others {
    (reg, $next:ty, $($state:ident),*) => {
        arith_objects::<$next>($($state),*)
    };
    (konst, $next:ty, $($state:ident),*) => {
        arith_object::<$next>($($state),*)
    };
}

/// Declares an operation on two registers and its form with a constant: integers, floats, then one of each, which leaves a pair.
macro_rules! arithmetic {
    ($name:ident, $name_k:ident, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {
        arithmetic!(@one $name, reg, |$x, $y| $int, |$f, $g| $float);
        arithmetic!(@one $name_k, konst, |$x, $y| $int, |$f, $g| $float);
    };
    (@one $name:ident, $from:ident, |$x:ident, $y:ident| $int:expr, |$f:ident, $g:ident| $float:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), operand!($from, base, k, i));
            if (*a).tag == tag::INT {
                if (*b).tag == tag::INT {
                    let ($x, $y) = ((*a).as_int(), (*b).as_int());
                    *base.byte_add(i.a()) = Value::int($int);
                    return D::next(vm, pc, delta, base, k);
                }
                // Loaded once more, so that the usual case compares it where it is.
                let b = in_register(b.cast_mut());
                if (*b).tag == tag::FLOAT {
                    let ($f, $g) = (float_of((*a).as_int()), (*b).as_float());
                    *base.byte_add(i.a()) = Value::float($float);
                    taken();
                    return D::Plain::next(vm, pc, delta, base, k);
                }
            } else if (*a).tag == tag::FLOAT {
                if (*b).tag == tag::FLOAT {
                    let ($f, $g) = ((*a).as_float(), (*b).as_float());
                    *base.byte_add(i.a()) = Value::float($float);
                    return D::next(vm, pc, delta, base, k);
                }
                let b = in_register(b.cast_mut());
                if (*b).tag == tag::INT {
                    let ($f, $g) = ((*a).as_float(), float_of((*b).as_int()));
                    *base.byte_add(i.a()) = Value::float($float);
                    taken();
                    return D::Plain::next(vm, pc, delta, base, k);
                }
            }
            others!($from, D::Plain, vm, pc, i, delta, base, k)
        } }
    };
}

arithmetic!(add, add_k, |x, y| x.wrapping_add(y), |f, g| f + g);
arithmetic!(sub, sub_k, |x, y| x.wrapping_sub(y), |f, g| f - g);
arithmetic!(mul, mul_k, |x, y| x.wrapping_mul(y), |f, g| f * g);

op! { add_i(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.b());
    if (*a).tag == tag::INT {
        *base.byte_add(i.a()) = Value::int((*a).as_int().wrapping_add(i.sc() as i64));
        D::next(vm, pc, delta, base, k)
    } else if (*a).tag == tag::FLOAT {
        *base.byte_add(i.a()) = Value::float((*a).as_float() + float_of(i.sc() as i64));
        D::next(vm, pc, delta, base, k)
    } else {
        add_object::<D::Plain>(vm, pc, i, delta, base, k)
    }
} }

/// Declares a division-like operation: two integers inline, unless the divisor is 0 or -1. What else there is calls functions, for
/// which a handler would save registers, and is outlined.
macro_rules! dividing {
    ($name:ident, $name_k:ident, $other:ident, $other_k:ident, $int:path, $float:path) => {
        dividing!(@one $name, $other, reg, $int, $float);
        dividing!(@one $name_k, $other_k, konst, $int, $float);
    };
    (@one $name:ident, $other:ident, $from:ident, $int:path, $float:path) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), operand!($from, base, k, i));
            if (*a).tag == tag::INT && (*b).tag == tag::INT {
                let (x, y) = ((*a).as_int(), (*b).as_int());
                if y != 0 && y != -1 {
                    *base.byte_add(i.a()) = Value::int($int(x, y));
                    return D::next(vm, pc, delta, base, k);
                }
            }
            $other::<D>(vm, pc, i, delta, base, k)
        } }

        #[inline(never)]
        unsafe fn $other<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr, delta: isize, base: *mut Value, k: *const Value) -> super::dispatch::Exit {
            // SAFETY: as for the handler that called.
            unsafe {
                let (a, b) = (*base.byte_add(i.b()), *operand!($from, base, k, i));
                if a.tag == tag::INT && b.tag == tag::INT {
                    if b.as_int() == 0 {
                        return others!($from, D, vm, pc, i, delta, base, k);
                    }
                    *base.byte_add(i.a()) = Value::int($int(a.as_int(), b.as_int()));
                } else if let (Some(f), Some(g)) = (a.number(), b.number()) {
                    *base.byte_add(i.a()) = Value::float($float(f, g));
                } else {
                    return others!($from, D, vm, pc, i, delta, base, k);
                }
                D::next(vm, pc, delta, base, k)
            }
        }
    };
}

dividing!(r#mod, mod_k, mod_other, mod_k_other, number::int_mod, number::float_mod);
dividing!(idiv, idiv_k, idiv_other, idiv_k_other, number::int_floor_div, number::float_floor_div);

/// Declares the operation that always works on floats and is short: any two numbers inline.
macro_rules! quotient {
    ($name:ident, $from:ident) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), operand!($from, base, k, i));
            let (f, g);
            if (*a).tag == tag::FLOAT {
                f = (*a).as_float();
            } else if (*a).tag == tag::INT {
                f = float_of((*a).as_int());
            } else {
                return others!($from, D, vm, pc, i, delta, base, k);
            }
            if (*b).tag == tag::FLOAT {
                g = (*b).as_float();
            } else if (*b).tag == tag::INT {
                g = float_of((*b).as_int());
            } else {
                return others!($from, D, vm, pc, i, delta, base, k);
            }
            *base.byte_add(i.a()) = Value::float(f / g);
            D::next(vm, pc, delta, base, k)
        } }
    };
}

quotient!(div, reg);
quotient!(div_k, konst);

/// Declares the operation that always works on floats and calls a function, for which a handler would save more registers if it
/// converted integers, too.
macro_rules! power {
    ($name:ident, $mixed:ident, $from:ident) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), operand!($from, base, k, i));
            if (*a).tag == tag::FLOAT && (*b).tag == tag::FLOAT {
                let (f, g) = ((*a).as_float(), (*b).as_float());
                *base.byte_add(i.a()) = Value::float(number::pow(f, g));
                D::next(vm, pc, delta, base, k)
            } else {
                $mixed::<D>(vm, pc, i, delta, base, k)
            }
        } }

        #[inline(never)]
        unsafe fn $mixed<D: Dispatch>(
            vm: *mut Vm,
            pc: *const Instr,
            i: Instr,
            delta: isize,
            base: *mut Value,
            k: *const Value,
        ) -> super::dispatch::Exit {
            // SAFETY: as for the handler that called.
            unsafe {
                let (a, b) = (*base.byte_add(i.b()), *operand!($from, base, k, i));
                let (Some(f), Some(g)) = (a.number(), b.number()) else { return others!($from, D, vm, pc, i, delta, base, k) };
                *base.byte_add(i.a()) = Value::float(number::pow(f, g));
                D::next(vm, pc, delta, base, k)
            }
        }
    };
}

power!(pow, pow_mixed, reg);
power!(pow_k, pow_k_mixed, konst);

/// Declares a bitwise operation on two registers.
macro_rules! bitwise {
    ($name:ident, $from:ident, |$x:ident, $y:ident| $int:expr) => {
        op! { $name(vm, pc, i, delta, base, k) {
            let (a, b) = (base.byte_add(i.b()), operand!($from, base, k, i));
            if (*a).tag == tag::INT && (*b).tag == tag::INT {
                let ($x, $y) = ((*a).as_int(), (*b).as_int());
                *base.byte_add(i.a()) = Value::int($int);
                D::next(vm, pc, delta, base, k)
            } else {
                others!($from, D, vm, pc, i, delta, base, k)
            }
        } }
    };
}

bitwise!(band, reg, |x, y| x & y);
bitwise!(bor, reg, |x, y| x | y);
bitwise!(bxor, reg, |x, y| x ^ y);
bitwise!(band_k, konst, |x, y| x & y);
bitwise!(bor_k, konst, |x, y| x | y);
bitwise!(bxor_k, konst, |x, y| x ^ y);
bitwise!(shl, reg, |x, y| number::shift_left(x, y));
bitwise!(shr, reg, |x, y| number::shift_right(x, y));

op! { shr_i(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.b());
    if (*a).tag == tag::INT {
        *base.byte_add(i.a()) = Value::int(number::shift_right((*a).as_int(), i.sc() as i64));
        return D::next(vm, pc, delta, base, k);
    }
    arith_slow::<D>(vm, pc, i)
} }

op! { shl_i(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.b());
    if (*a).tag == tag::INT {
        *base.byte_add(i.a()) = Value::int(number::shift_left(i.sc() as i64, (*a).as_int()));
        return D::next(vm, pc, delta, base, k);
    }
    arith_slow::<D>(vm, pc, i)
} }

op! { unm(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.b());
    if (*a).tag == tag::INT {
        *base.byte_add(i.a()) = Value::int((*a).as_int().wrapping_neg());
        D::next(vm, pc, delta, base, k)
    } else if (*a).tag == tag::FLOAT {
        *base.byte_add(i.a()) = Value::float(-(*a).as_float());
        D::next(vm, pc, delta, base, k)
    } else {
        arith_objects::<D>(vm, pc, i, delta, base, k)
    }
} }

op! { bnot(vm, pc, i, delta, base, k) {
    let a = base.byte_add(i.b());
    if (*a).tag == tag::INT {
        *base.byte_add(i.a()) = Value::int(!(*a).as_int());
        return D::next(vm, pc, delta, base, k);
    }
    arith_objects::<D>(vm, pc, i, delta, base, k)
} }

slow! { arith_settle => arith_instruction; }

/// The event of each opcode.
static EVENTS: [Event; 256] = {
    let mut events = [Event::BNot; 256];
    let mut at = 0;
    while at < Op::COUNT {
        events[at] = operation(Op::ALL[at]).event();
        at += 1;
    }
    events
};

/// Two registers (or one) of which the first holds a table with a Lua function as a handler, or the second beside a number, or
/// whatever else is no plain arithmetic.
#[inline(never)]
unsafe fn arith_objects<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    _: isize,
    base: *mut Value,
    _: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let op = i.op();
        let unary = matches!(op, Op::Unm | Op::BNot);
        let (x, y) = (base.byte_add(i.b()), base.byte_add(if unary { i.b() } else { i.c() }));
        let object = if (*x).tag != tag::TABLE && has_no_handlers(vm, *x) { y } else { x };
        if (*object).tag == tag::TABLE
            && i.x() == 0
            && let Some(handler) = function(vm, (*(*object).as_table()).meta, EVENTS[op as usize])
        {
            (*(*vm).frame).pc = pc;
            put(vm, handler, *x, *y);
            return call_handler::<D>(vm);
        }
        arith_slow::<D>(vm, pc, i)
    }
}

/// As [`arith_objects`], of a register and a constant, in either order.
#[inline(never)]
unsafe fn arith_object<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    _: isize,
    base: *mut Value,
    k: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe { arith_with::<D>(vm, pc, i, base, *k.byte_add(i.c()), EVENTS[i.op() as usize]) }
}

/// As [`arith_object`], of a sum or difference with an integer in the instruction.
#[inline(never)]
unsafe fn add_object<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    _: isize,
    base: *mut Value,
    _: *const Value,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        if i.x() == 2 {
            return arith_with::<D>(vm, pc, i, base, Value::int(-(i.sc() as i64)), Event::Sub);
        }
        arith_with::<D>(vm, pc, i, base, Value::int(i.sc() as i64), Event::Add)
    }
}

/// As [`arith_objects`], of a register and a value that is a constant; `X` of the instruction says whether that comes first.
#[inline(always)]
unsafe fn arith_with<D: Dispatch>(
    vm: *mut Vm,
    pc: *const Instr,
    i: Instr,
    base: *mut Value,
    constant: Value,
    event: Event,
) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        let object = *base.byte_add(i.b());
        let first = i.x() == 1;
        if object.tag == tag::TABLE
            && (!first || has_no_handlers(vm, constant))
            && let Some(handler) = function(vm, (*object.as_table()).meta, event)
        {
            (*(*vm).frame).pc = pc;
            if first {
                put(vm, handler, constant, object);
            } else {
                put(vm, handler, object, constant);
            }
            return call_handler::<D>(vm);
        }
        arith_slow::<D>(vm, pc, i)
    }
}

/// Whether a value is a number, and numbers have no metatable.
#[inline(always)]
unsafe fn has_no_handlers(vm: *const Vm, value: Value) -> bool {
    // SAFETY: the VM is live.
    unsafe { value.is_number() && (*vm).roots.type_metatables[type_index(tag::INT)].is_null() }
}

/// What is no plain arithmetic: metamethods that are Lua functions first.
#[inline(never)]
unsafe fn arith_slow<D: Dispatch>(vm: *mut Vm, pc: *const Instr, i: Instr) -> super::dispatch::Exit {
    // SAFETY: as for the handler that called.
    unsafe {
        (*(*vm).frame).pc = pc;
        let (x, y) = operands(&*vm, i);
        if let Some(bits) = bits_of_floats(operation_of(i), x, y) {
            *(*(*vm).frame).base.byte_add(i.a()) = Value::int(bits);
            return D::resume(vm);
        }
        if binary(&mut *vm, operation_of(i).event(), x, y) == Step::Call {
            return call_handler::<D>(vm);
        }
        if (x.is_str() || y.is_str()) && super::native::compute_handler(&mut *vm, i, operation_of(i).event(), x, y) {
            return D::resume(vm);
        }
        arith_settle::<D>(vm, pc, i)
    }
}

/// A bitwise operation on numbers of which one is a float, and both are integers in value.
#[inline(always)]
fn bits_of_floats(op: ArithOp, x: Value, y: Value) -> Option<i64> {
    if !op.is_bitwise() {
        return None;
    }
    Some(bits(op, to_integer(x)?, to_integer(y)?))
}

fn bits(op: ArithOp, a: i64, b: i64) -> i64 {
    match op {
        ArithOp::BAnd => a & b,
        ArithOp::BOr => a | b,
        ArithOp::BXor => a ^ b,
        ArithOp::Shl => number::shift_left(a, b),
        ArithOp::Shr => number::shift_right(a, b),
        _ => !a,
    }
}

/// The operation that an instruction stands for in the source.
fn operation_of(i: Instr) -> ArithOp {
    match i.op() {
        Op::AddI if i.x() == 2 => ArithOp::Sub,
        Op::ShrI if i.x() == 2 => ArithOp::Shl,
        op => operation(op),
    }
}

/// The operands of an arithmetic instruction as the source had them.
pub(crate) unsafe fn operands(vm: &Vm, i: Instr) -> (Value, Value) {
    // SAFETY: the operands of the running instruction.
    unsafe {
        let base = (*vm.frame).base;
        let k = (*(*vm.frame).function).constants;
        let b = *base.byte_add(i.b());
        let (x, y) = match i.op() {
            Op::AddI | Op::ShrI if i.x() == 2 => (b, Value::int(-(i.sc() as i64))),
            Op::AddI | Op::ShrI => (b, Value::int(i.sc() as i64)),
            Op::ShlI => (Value::int(i.sc() as i64), b),
            Op::AddK | Op::SubK | Op::MulK | Op::ModK | Op::PowK | Op::DivK | Op::IDivK | Op::BAndK | Op::BOrK | Op::BXorK => {
                (b, *k.byte_add(i.c()))
            }
            Op::Unm | Op::BNot => (b, b),
            _ => (b, *base.byte_add(i.c())),
        };
        if i.x() == 1 { (y, x) } else { (x, y) }
    }
}

unsafe fn arith_instruction(vm: &mut Vm, i: Instr) -> Result<Flow> {
    // SAFETY: the running instruction.
    unsafe {
        let (x, y) = operands(vm, i);
        let operation = operation_of(i);
        if let Some(result) = vm.arith_raw(operation, x, y)? {
            *(*vm.frame).base.byte_add(i.a()) = result;
            return Ok(Flow::Run);
        }
        vm.arith_event(operation, x, y)
    }
}

impl Vm {
    /// The result of an operation on numbers, or strings that are numerals; `None` if a metamethod is needed.
    ///
    /// # Errors
    /// Division by zero; a number without integer representation.
    pub(crate) fn arith_raw(&mut self, op: ArithOp, x: Value, y: Value) -> Result<Option<Value>> {
        if op.is_bitwise() {
            // Strings take part through the string metatable (§3.4.3), so only numbers count here.
            let (Some(a), Some(b)) = (to_integer(x), to_integer(y)) else {
                if x.is_number() && y.is_number() && !self.has_bitwise_handler(op, x, y) {
                    // SAFETY: numbers.
                    return Err(unsafe { self.int_representation_error(x, y) });
                }
                return Ok(None);
            };
            return Ok(Some(Value::int(bits(op, a, b))));
        }
        if x.tag == tag::INT && y.tag == tag::INT {
            let (a, b) = (x.as_int(), y.as_int());
            let int = match op {
                ArithOp::Add => a.wrapping_add(b),
                ArithOp::Sub => a.wrapping_sub(b),
                ArithOp::Mul => a.wrapping_mul(b),
                ArithOp::Unm => a.wrapping_neg(),
                ArithOp::Mod if b == 0 => return Err(self.error(format_args!("attempt to perform 'n%0'"))),
                ArithOp::IDiv if b == 0 => return Err(self.error(format_args!("attempt to divide by zero"))),
                ArithOp::Mod => number::int_mod(a, b),
                ArithOp::IDiv => number::int_floor_div(a, b),
                _ => return Ok(Some(Value::float(float_arith(op, a as f64, b as f64)))),
            };
            return Ok(Some(Value::int(int)));
        }
        Ok(match (x.number(), y.number()) {
            (Some(a), Some(b)) => Some(Value::float(float_arith(op, a, b))),
            _ => None,
        })
    }

    fn has_bitwise_handler(&mut self, op: ArithOp, x: Value, y: Value) -> bool {
        // SAFETY: numbers.
        unsafe { !self.handler(x, op.event()).is_nil() || !self.handler(y, op.event()).is_nil() }
    }

    /// Calls the metamethod of a binary operation; the result completes the running instruction.
    unsafe fn arith_event(&mut self, op: ArithOp, x: Value, y: Value) -> Result<Flow> {
        // SAFETY: live values.
        unsafe {
            let handler = self.binary_handler(op.event(), x, y);
            if handler.is_nil() {
                return Err(self.arith_error(op, x, y));
            }
            self.call_handler(handler, x, y)
        }
    }

    /// The handler of the first operand that has one.
    pub(crate) unsafe fn binary_handler(&mut self, event: Event, x: Value, y: Value) -> Value {
        // SAFETY: live values, as the callers pass them.
        unsafe {
            let handler = self.handler(x, event);
            if handler.is_nil() { self.handler(y, event) } else { handler }
        }
    }

    /// The error of an operation on operands that do not fit.
    pub(crate) unsafe fn arith_error(&mut self, op: ArithOp, x: Value, y: Value) -> crate::error::Error {
        // SAFETY: live values.
        unsafe {
            if op.is_bitwise() {
                if x.is_number() && y.is_number() {
                    return self.int_representation_error(x, y);
                }
                let culprit = if x.is_number() { y } else { x };
                return self.operand_error("perform bitwise operation on", culprit);
            }
            let culprit = if x.is_number() { y } else { x };
            self.operand_error("perform arithmetic on", culprit)
        }
    }

    /// A number as it is, a numeral as the number that it stands for.
    ///
    /// # Safety
    /// `value` is live.
    pub(crate) unsafe fn convert_numeral(&self, value: Value) -> Option<Value> {
        if value.is_number() {
            return Some(value);
        }
        if !value.is_str() {
            return None;
        }
        // SAFETY: a live string.
        Some(match number::parse_number(unsafe { (*value.as_str()).bytes() })? {
            number::Number::Int(i) => Value::int(i),
            number::Number::Float(f) => Value::float(f),
        })
    }

    /// `x op y` for hosts: strings are converted, metamethods run in a nested run.
    ///
    /// # Safety
    /// Live values.
    pub(crate) unsafe fn arith(&mut self, op: ArithOp, x: Value, y: Value) -> Result<Value> {
        if let Some(result) = self.arith_raw(op, x, y)? {
            return Ok(result);
        }
        // SAFETY: the caller's promise.
        unsafe {
            let handler = self.binary_handler(op.event(), x, y);
            if handler.is_nil() {
                return Err(self.arith_error(op, x, y));
            }
            self.call_for_value(handler, &[x, y])
        }
    }
}

/// A number as an integer, if it has that value.
pub(crate) fn to_integer(value: Value) -> Option<i64> {
    match value.tag {
        tag::INT => Some(value.as_int()),
        tag::FLOAT => number::float_to_int(value.as_float()),
        _ => None,
    }
}

fn float_arith(op: ArithOp, a: f64, b: f64) -> f64 {
    match op {
        ArithOp::Add => a + b,
        ArithOp::Sub => a - b,
        ArithOp::Mul => a * b,
        ArithOp::Div => a / b,
        ArithOp::Mod => number::float_mod(a, b),
        ArithOp::IDiv => number::float_floor_div(a, b),
        ArithOp::Pow => number::pow(a, b),
        _ => -a,
    }
}
