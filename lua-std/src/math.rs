//! The mathematical library (§6.7).

mod random;
mod shortcut;

use lua_vm::{CompareOp, Cx, Error, Native, Outcome, Shortcut, Type, Value};

static FUNCTIONS: [Native; 23] = [
    Native::with("abs", abs, Shortcut::Value(shortcut::abs)),
    Native::new("acos", acos),
    Native::new("asin", asin),
    Native::new("atan", atan),
    Native::with("ceil", ceil, Shortcut::Value(shortcut::ceil)),
    Native::with("cos", cos, Shortcut::Value(shortcut::cos)),
    Native::new("deg", deg),
    Native::with("exp", exp, Shortcut::Value(shortcut::exp)),
    Native::with("tointeger", tointeger, Shortcut::Value(shortcut::tointeger)),
    Native::with("floor", floor, Shortcut::Value(shortcut::floor)),
    Native::with("fmod", fmod, Shortcut::Value(shortcut::fmod)),
    Native::new("ult", ult),
    Native::with("log", log, Shortcut::Value(shortcut::log)),
    Native::with("max", max, Shortcut::Value(shortcut::max)),
    Native::with("min", min, Shortcut::Value(shortcut::min)),
    Native::new("modf", modf),
    Native::new("rad", rad),
    Native::with("random", random::random, Shortcut::Value(random::shortcut)),
    Native::new("randomseed", random::randomseed),
    Native::with("sin", sin, Shortcut::Value(shortcut::sin)),
    Native::with("sqrt", sqrt, Shortcut::Value(shortcut::sqrt)),
    Native::new("tan", tan),
    Native::with("type", r#type, Shortcut::Value(shortcut::r#type)),
];

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 4)?;
    let library = cx.top() - 1;
    cx.push_float(std::f64::consts::PI);
    cx.raw_set_name(library, "pi")?;
    cx.push_float(f64::INFINITY);
    cx.raw_set_name(library, "huge")?;
    cx.push_int(i64::MAX);
    cx.raw_set_name(library, "maxinteger")?;
    cx.push_int(i64::MIN);
    cx.raw_set_name(library, "mininteger")?;
    #[cfg(feature = "compat-math")]
    cx.set_natives(library, &compat::FUNCTIONS)?;
    random::open(cx);
    Ok(())
}

/// Pushes a function of one float.
macro_rules! of_float {
    ($($name:ident = |$value:ident| $result:expr;)*) => {
        $(fn $name(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
            let $value = cx.check_number(0)?;
            cx.push_float($result);
            Ok(cx.returns(1))
        })*
    };
}

of_float! {
    sin = |value| value.sin();
    cos = |value| value.cos();
    tan = |value| value.tan();
    asin = |value| value.asin();
    acos = |value| value.acos();
    exp = |value| value.exp();
    sqrt = |value| value.sqrt();
    deg = |value| value * (180.0 / std::f64::consts::PI);
    rad = |value| value * (std::f64::consts::PI / 180.0);
}

fn abs(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.get(0) {
        Value::Int(value) => cx.push_int(value.wrapping_abs()),
        _ => {
            let value = cx.check_number(0)?;
            cx.push_float(value.abs());
        }
    }
    Ok(cx.returns(1))
}

fn atan(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let y = cx.check_number(0)?;
    let x = cx.opt_number(1, 1.0)?;
    cx.push_float(y.atan2(x));
    Ok(cx.returns(1))
}

/// Pushes a float without a fraction, as an integer if it fits.
fn push_integral(cx: &mut Cx<'_>, value: f64) {
    // 2^63 as a float; the range is exact.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) {
        cx.push_int(value as i64);
    } else {
        cx.push_float(value);
    }
}

fn floor(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.get(0) {
        Value::Int(value) => cx.push_int(value),
        _ => {
            let value = cx.check_number(0)?;
            push_integral(cx, value.floor());
        }
    }
    Ok(cx.returns(1))
}

fn ceil(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.get(0) {
        Value::Int(value) => cx.push_int(value),
        _ => {
            let value = cx.check_number(0)?;
            push_integral(cx, value.ceil());
        }
    }
    Ok(cx.returns(1))
}

fn fmod(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match (cx.get(0), cx.get(1)) {
        (Value::Int(_), Value::Int(0)) => return Err(cx.arg_error(1, "zero")),
        // The remainder of the smallest integer by -1 is 0, though the quotient overflows.
        (Value::Int(left), Value::Int(right)) => cx.push_int(left.wrapping_rem(right)),
        _ => {
            // The reference looks at the second argument first.
            let (right, left) = (cx.check_number(1)?, cx.check_number(0)?);
            cx.push_float(left % right);
        }
    }
    Ok(cx.returns(1))
}

fn modf(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.get(0) {
        Value::Int(_) => {
            cx.push_slot(0);
            cx.push_float(0.0);
        }
        _ => {
            let value = cx.check_number(0)?;
            let integral = value.trunc();
            push_integral(cx, integral);
            cx.push_float(if value == integral { 0.0 } else { value - integral });
        }
    }
    Ok(cx.returns(2))
}

fn tointeger(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.to_int(0) {
        Some(value) => cx.push_int(value),
        None => {
            cx.check_any(0)?;
            cx.push_nil();
        }
    }
    Ok(cx.returns(1))
}

fn ult(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (left, right) = (cx.check_int(0)?, cx.check_int(1)?);
    cx.push_bool((left as u64) < right as u64);
    Ok(cx.returns(1))
}

fn log(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let value = cx.check_number(0)?;
    let result = if cx.is_none_or_nil(1) {
        value.ln()
    } else {
        let base = cx.check_number(1)?;
        if base == 2.0 {
            value.log2()
        } else if base == 10.0 {
            value.log10()
        } else {
            value.ln() / base.ln()
        }
    };
    cx.push_float(result);
    Ok(cx.returns(1))
}

fn min(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    extreme(cx, |cx, best, other| cx.compare(CompareOp::Lt, other, best))
}

fn max(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    extreme(cx, |cx, best, other| cx.compare(CompareOp::Lt, best, other))
}

/// Pushes the argument that none of those behind it beats.
fn extreme(cx: &mut Cx<'_>, beats: fn(&mut Cx<'_>, u32, u32) -> Result<bool, Error>) -> Result<Outcome, Error> {
    let count = cx.arg_count();
    if count == 0 {
        return Err(cx.arg_error(0, "value expected"));
    }
    let mut best = 0;
    for slot in 1..count {
        if beats(cx, best, slot)? {
            best = slot;
        }
    }
    cx.push_slot(best);
    Ok(cx.returns(1))
}

fn r#type(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match cx.get(0) {
        Value::Int(_) => cx.push_str("integer")?,
        Value::Float(_) => cx.push_str("float")?,
        _ => {
            if cx.type_of(0) == Type::None {
                cx.check_any(0)?;
            }
            cx.push_nil();
        }
    }
    Ok(cx.returns(1))
}

#[cfg(feature = "compat-math")]
mod compat {
    //! Functions that Lua 5.3 deprecated.

    use super::*;

    pub(super) static FUNCTIONS: [Native; 8] = [
        Native::new("atan2", atan),
        Native::new("cosh", cosh),
        Native::new("sinh", sinh),
        Native::new("tanh", tanh),
        Native::new("pow", pow),
        Native::new("frexp", frexp),
        Native::new("ldexp", ldexp),
        Native::new("log10", log10),
    ];

    of_float! {
        cosh = |value| value.cosh();
        sinh = |value| value.sinh();
        tanh = |value| value.tanh();
        log10 = |value| value.log10();
    }

    fn pow(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
        let (base, exponent) = (cx.check_number(0)?, cx.check_number(1)?);
        cx.push_float(base.powf(exponent));
        Ok(cx.returns(1))
    }

    fn frexp(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
        let value = cx.check_number(0)?;
        let (fraction, exponent) = split(value);
        cx.push_float(fraction);
        cx.push_int(exponent);
        Ok(cx.returns(2))
    }

    /// `value` as a fraction from 0.5 up to 1 and a power of two.
    fn split(value: f64) -> (f64, i64) {
        if value == 0.0 || !value.is_finite() {
            return (value, 0);
        }
        let stored = (value.to_bits() >> 52 & 0x7ff) as i64;
        if stored == 0 {
            let (fraction, exponent) = split(value * (1u64 << 54) as f64);
            return (fraction, exponent - 54);
        }
        (f64::from_bits(value.to_bits() & !(0x7ff << 52) | 1022 << 52), stored - 1022)
    }

    fn ldexp(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
        let mut value = cx.check_number(0)?;
        let mut exponent = cx.check_int(1)?.clamp(-5000, 5000);
        while exponent != 0 {
            let step = exponent.clamp(-1000, 1000);
            value *= f64::powi(2.0, step as i32);
            exponent -= step;
        }
        cx.push_float(value);
        Ok(cx.returns(1))
    }
}
