//! Arithmetic on strings that are numerals: metamethods of the string metatable (§3.4.3).

use lua_proto::number::{self, Number, parse_number};
use lua_vm::{Answer, Args, ArithOp, Cx, Error, Native, Outcome, Shortcut, Type, Value};

macro_rules! metamethods {
    ($($function:ident $name:literal $op:ident;)*) => {
        /// The metamethods, without `__index`.
        pub(super) static METAMETHODS: [Native; [$($name),*].len()] = [
            $(Native::with($name, $function, Shortcut::Value(|args| compute(args, ArithOp::$op))),)*
        ];
        $(fn $function(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
            arith(cx, ArithOp::$op, $name)
        })*
    };
}

metamethods! {
    add "__add" Add;
    sub "__sub" Sub;
    mul "__mul" Mul;
    r#mod "__mod" Mod;
    pow "__pow" Pow;
    div "__div" Div;
    idiv "__idiv" IDiv;
    unm "__unm" Unm;
}

/// Pushes the operand in `slot` as a number; false if it is none.
fn push_operand(cx: &mut Cx<'_>, slot: u32) -> bool {
    let number = match cx.get(slot) {
        Value::Int(_) | Value::Float(_) => {
            cx.push_slot(slot);
            return true;
        }
        Value::Str(text) => parse_number(text),
        _ => None,
    };
    number.map(|number| cx.push_number(number)).is_some()
}

fn arith(cx: &mut Cx<'_>, op: ArithOp, event: &'static str) -> Result<Outcome, Error> {
    // A unary minus is called with its operand twice.
    let operands = if matches!(op, ArithOp::Unm) { 1 } else { 2 };
    if (0..2).all(|slot| slot >= operands || push_operand(cx, slot)) {
        cx.arith(op)?;
        return Ok(cx.returns(1));
    }
    cx.set_top(2)?;
    if cx.type_of(1) == Type::String || cx.get_metafield(1, event) == Type::Nil {
        let (verb, left, right) = (&event[2..], cx.type_name(0), cx.type_name(1));
        return Err(cx.error(format_args!("attempt to {verb} a '{left}' with a '{right}'")));
    }
    cx.insert(0);
    cx.call(2, 1)?;
    Ok(cx.returns(1))
}

/// The result of an operation on numbers and numerals; declines what is none, and a division of integers by zero.
#[inline(always)]
fn compute(args: &Args<'_>, op: ArithOp) -> Option<Answer> {
    let x = numeral(args, 0)?;
    if matches!(op, ArithOp::Unm) {
        return Some(match x {
            Number::Int(x) => Answer::int(x.wrapping_neg()),
            Number::Float(x) => Answer::float(-x),
        });
    }
    let y = numeral(args, 1)?;
    if let (Number::Int(x), Number::Int(y)) = (x, y) {
        match op {
            ArithOp::Add => return Some(Answer::int(x.wrapping_add(y))),
            ArithOp::Sub => return Some(Answer::int(x.wrapping_sub(y))),
            ArithOp::Mul => return Some(Answer::int(x.wrapping_mul(y))),
            ArithOp::Mod | ArithOp::IDiv if y == 0 => return None,
            ArithOp::Mod => return Some(Answer::int(number::int_mod(x, y))),
            ArithOp::IDiv => return Some(Answer::int(number::int_floor_div(x, y))),
            _ => {}
        }
    }
    let (x, y) = (float(x), float(y));
    Some(Answer::float(match op {
        ArithOp::Add => x + y,
        ArithOp::Sub => x - y,
        ArithOp::Mul => x * y,
        ArithOp::Div => x / y,
        ArithOp::Mod => number::float_mod(x, y),
        ArithOp::IDiv => number::float_floor_div(x, y),
        ArithOp::Pow => number::pow(x, y),
        _ => return None,
    }))
}

fn float(number: Number) -> f64 {
    match number {
        Number::Int(int) => int as f64,
        Number::Float(float) => float,
    }
}

/// An argument that is a number or a numeral.
#[inline(always)]
fn numeral(args: &Args<'_>, at: u32) -> Option<Number> {
    args.number(at).or_else(|| parse_number(args.bytes(at)?))
}
