//! Arithmetic on strings that are numerals: metamethods of the string metatable (§3.4.3).

use lua_proto::number::parse_number;
use lua_vm::{ArithOp, Cx, Error, Native, Outcome, Type, Value};

macro_rules! metamethods {
    ($($function:ident $name:literal $op:ident;)*) => {
        /// The metamethods, without `__index`.
        pub(super) static METAMETHODS: [Native; [$($name),*].len()] = [
            $(Native::new($name, $function),)*
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
