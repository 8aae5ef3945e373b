//! The plain cases of mathematical functions, computed without a frame.

use lua_proto::number::Number;
use lua_vm::{Answer, Args};

/// Declares a function of one float.
macro_rules! of_float {
    ($($name:ident = |$value:ident| $result:expr;)*) => {
        $(pub(super) fn $name(args: &Args<'_>) -> Option<Answer> {
            let $value = args.as_float(0)?;
            Some(Answer::float($result))
        })*
    };
}

of_float! {
    sin = |value| value.sin();
    cos = |value| value.cos();
    exp = |value| value.exp();
    sqrt = |value| value.sqrt();
}

pub(super) fn log(args: &Args<'_>) -> Option<Answer> {
    if args.is_none_or_nil(1) { Some(Answer::float(args.as_float(0)?.ln())) } else { None }
}

pub(super) fn abs(args: &Args<'_>) -> Option<Answer> {
    Some(match args.number(0)? {
        Number::Int(value) => Answer::int(value.wrapping_abs()),
        Number::Float(value) => Answer::float(value.abs()),
    })
}

/// A float without a fraction, as an integer if it fits.
fn integral(value: f64) -> Answer {
    lua_proto::number::float_to_int(value).map_or_else(|| Answer::float(value), Answer::int)
}

pub(super) fn floor(args: &Args<'_>) -> Option<Answer> {
    Some(match args.number(0)? {
        Number::Int(value) => Answer::int(value),
        Number::Float(value) => integral(value.floor()),
    })
}

pub(super) fn ceil(args: &Args<'_>) -> Option<Answer> {
    Some(match args.number(0)? {
        Number::Int(value) => Answer::int(value),
        Number::Float(value) => integral(value.ceil()),
    })
}

/// `math.type` of a number.
pub(super) fn r#type(args: &Args<'_>) -> Option<Answer> {
    args.string(match args.number(0)? {
        Number::Int(_) => b"integer",
        Number::Float(_) => b"float",
    })
}

pub(super) fn tointeger(args: &Args<'_>) -> Option<Answer> {
    Some(match args.number(0)? {
        Number::Int(value) => Answer::int(value),
        Number::Float(value) => lua_proto::number::float_to_int(value).map_or_else(Answer::nil, Answer::int),
    })
}

pub(super) fn fmod(args: &Args<'_>) -> Option<Answer> {
    match (args.number(0)?, args.number(1)?) {
        (_, Number::Int(0)) => None,
        (Number::Int(left), Number::Int(right)) => Some(Answer::int(left.wrapping_rem(right))),
        _ => Some(Answer::float(args.as_float(0)? % args.as_float(1)?)),
    }
}

pub(super) fn max(args: &Args<'_>) -> Option<Answer> {
    extreme(args, |best, other| best < other, |best, other| best < other)
}

pub(super) fn min(args: &Args<'_>) -> Option<Answer> {
    extreme(args, |best, other| other < best, |best, other| other < best)
}

/// The argument that none of those behind it beats, if all are integers or all are floats.
#[inline(always)]
fn extreme(args: &Args<'_>, int: fn(i64, i64) -> bool, float: fn(f64, f64) -> bool) -> Option<Answer> {
    let mut at = 1;
    if let Some(mut best) = args.int(0) {
        while at < args.count() {
            let other = args.int(at)?;
            if int(best, other) {
                best = other;
            }
            at += 1;
        }
        return Some(Answer::int(best));
    }
    let mut best = args.float(0)?;
    while at < args.count() {
        let other = args.float(at)?;
        if float(best, other) {
            best = other;
        }
        at += 1;
    }
    Some(Answer::float(best))
}
