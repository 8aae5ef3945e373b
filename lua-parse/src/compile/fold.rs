//! Folding of operations on numeric literals.
//!
//! Never to NaN or to a zero float, because constants do not tell 0.0 from -0.0, and never where
//! the operation would raise an error at run time.

use lua_proto::number::{float_floor_div, float_mod, float_to_int, int_floor_div, int_mod, pow, shift_left, shift_right};

use super::value::{Exp, Kind};
use crate::ast::{BinaryOp, UnaryOp};

/// The value of an operation on two numerals.
pub(super) fn binary(op: BinaryOp, lhs: &Exp, rhs: &Exp) -> Option<Kind> {
    let (lhs, rhs) = (lhs.numeral()?, rhs.numeral()?);
    match op {
        BinaryOp::BAnd | BinaryOp::BOr | BinaryOp::BXor | BinaryOp::Shl | BinaryOp::Shr => {
            Some(Kind::Int(bitwise(op, integer(lhs)?, integer(rhs)?)))
        }
        _ => match (lhs, rhs) {
            (Kind::Int(a), Kind::Int(b)) if !matches!(op, BinaryOp::Div | BinaryOp::Pow) => integers(op, a, b).map(Kind::Int),
            _ => floats(op, float(lhs)?, float(rhs)?),
        },
    }
}

/// The value of an operation on one numeral.
pub(super) fn unary(op: UnaryOp, operand: &Exp) -> Option<Kind> {
    let operand = operand.numeral()?;
    match (op, operand) {
        (UnaryOp::Neg, Kind::Int(i)) => Some(Kind::Int(i.wrapping_neg())),
        (UnaryOp::Neg, Kind::Float(f)) => folded_float(-f),
        (UnaryOp::BNot, _) => Some(Kind::Int(!integer(operand)?)),
        _ => None,
    }
}

fn integers(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    Some(match op {
        BinaryOp::Add => a.wrapping_add(b),
        BinaryOp::Sub => a.wrapping_sub(b),
        BinaryOp::Mul => a.wrapping_mul(b),
        BinaryOp::IDiv if b != 0 => int_floor_div(a, b),
        BinaryOp::Mod if b != 0 => int_mod(a, b),
        _ => return None,
    })
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<Kind> {
    folded_float(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Pow => pow(a, b),
        BinaryOp::Div if b != 0.0 => a / b,
        BinaryOp::IDiv if b != 0.0 => float_floor_div(a, b),
        BinaryOp::Mod if b != 0.0 => float_mod(a, b),
        _ => return None,
    })
}

fn bitwise(op: BinaryOp, a: i64, b: i64) -> i64 {
    match op {
        BinaryOp::BAnd => a & b,
        BinaryOp::BOr => a | b,
        BinaryOp::BXor => a ^ b,
        BinaryOp::Shl => shift_left(a, b),
        _ => shift_right(a, b),
    }
}

fn folded_float(f: f64) -> Option<Kind> {
    (f != 0.0 && !f.is_nan()).then_some(Kind::Float(f))
}

fn integer(kind: Kind) -> Option<i64> {
    match kind {
        Kind::Int(i) => Some(i),
        Kind::Float(f) => float_to_int(f),
        _ => None,
    }
}

fn float(kind: Kind) -> Option<f64> {
    match kind {
        Kind::Int(i) => Some(i as f64),
        Kind::Float(f) => Some(f),
        _ => None,
    }
}
