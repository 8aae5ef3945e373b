//! Numerals to numbers (§3.1).

use crate::scan::{DIGIT, HEX, is};

/// What a numeral denotes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A decimal numeral without point and exponent that fits, or a hexadecimal one, which wraps.
    Int(i64),
    /// Any other.
    Float(f64),
}

/// Converts a whole numeral, without sign and without white space around it. `None` if
/// it is malformed.
///
/// Decimal integers that do not fit become floats, hexadecimal ones wrap around modulo 2^64;
/// floats of either base are rounded to nearest, ties to even.
///
/// ```
/// use lua_lex::{Number, parse_numeral};
/// assert_eq!(parse_numeral(b"0xff"), Some(Number::Int(255)));
/// assert_eq!(parse_numeral(b"0xA.8p1"), Some(Number::Float(21.0)));
/// assert_eq!(parse_numeral(b"9223372036854775808"), Some(Number::Float(9223372036854775808.0)));
/// assert_eq!(parse_numeral(b"3e"), None);
/// ```
pub fn parse_numeral(text: &[u8]) -> Option<Number> {
    match text {
        [b'0', b'x' | b'X', digits @ ..] => parse_hexadecimal(digits),
        _ => parse_decimal(text),
    }
}

/// Where a numeral ends that begins at `start` with a digit, or with a point and a digit. Like the
/// reference it takes too much rather than too little, so that `3x` is one malformed
/// numeral and not two tokens.
pub(crate) fn numeral_end(source: &[u8], start: usize) -> usize {
    let byte = |at: usize| source.get(at).copied().unwrap_or(0);
    let first = if byte(start) == b'.' { start + 1 } else { start };
    let mut at = first + 1;
    let mut exponent_mark = b'e';
    if byte(first) == b'0' && byte(at) | 0x20 == b'x' {
        exponent_mark = b'p';
        at += 1;
    }
    loop {
        if byte(at) | 0x20 == exponent_mark {
            at += 1;
            if matches!(byte(at), b'+' | b'-') {
                at += 1;
            }
        } else if is(byte(at), HEX) || byte(at) == b'.' {
            at += 1;
        } else {
            break;
        }
    }
    if is(byte(at), crate::scan::ALPHA) {
        at += 1;
    }
    at
}

fn parse_decimal(text: &[u8]) -> Option<Number> {
    if text.iter().all(|&byte| is(byte, DIGIT)) {
        let digit = |sum: i64, byte: &u8| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
        if let Some(value) = text.iter().try_fold(0, digit) {
            return (!text.is_empty()).then_some(Number::Int(value));
        }
    }
    // `f64::from_str` also takes signs, `inf` and `nan`: none begins like this.
    if !matches!(text, [b'0'..=b'9' | b'.', ..]) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok().map(Number::Float)
}

/// What stands behind `0x`.
fn parse_hexadecimal(text: &[u8]) -> Option<Number> {
    if text.iter().all(|&byte| is(byte, HEX)) {
        let value = text.iter().fold(0_u64, |sum, &byte| sum << 4 | hexadecimal_digit(byte));
        return (!text.is_empty()).then_some(Number::Int(value as i64));
    }
    let (digits, exponent) = match text.iter().position(|&byte| byte | 0x20 == b'p') {
        Some(at) => (&text[..at], parse_exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let mut mantissa = 0_u64;
    let mut scale = 0_i64;
    let mut any = false;
    let mut fraction = false;
    for &byte in digits {
        if byte == b'.' && !fraction {
            fraction = true;
            continue;
        }
        if !is(byte, HEX) {
            return None;
        }
        any = true;
        let digit = hexadecimal_digit(byte);
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            scale -= if fraction { 4 } else { 0 };
        } else {
            // Bits that do not fit matter to rounding only as "more than nothing".
            mantissa |= u64::from(digit != 0);
            scale += if fraction { 0 } else { 4 };
        }
    }
    any.then(|| Number::Float(scaled(mantissa, scale.saturating_add(exponent))))
}

/// A decimal exponent with optional sign. Huge ones saturate far beyond what any text can undo.
fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(|&byte| is(byte, DIGIT)) {
        return None;
    }
    let limit = 1_i64 << 60;
    let value = digits.iter().fold(0, |sum: i64, &byte| (sum * 10 + i64::from(byte - b'0')).min(limit / 16));
    Some(if negative { -value } else { value })
}

/// `mantissa * 2^exponent`, rounded to nearest, ties to even.
fn scaled(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = mantissa.leading_zeros();
    let mantissa = u128::from(mantissa << shift);
    // The value lies in 2^magnitude .. 2^(magnitude + 1).
    let magnitude = exponent - i64::from(shift) + 63;
    if magnitude > 1023 {
        return f64::INFINITY;
    }
    let subnormal = (-1022 - magnitude).max(0);
    if subnormal > 54 {
        return 0.0;
    }
    let dropped = 11 + subnormal as u32;
    let half = 1_u128 << (dropped - 1);
    let rest = mantissa & ((1 << dropped) - 1);
    let mut bits = (mantissa >> dropped) as u64;
    bits += u64::from(rest > half || (rest == half && bits & 1 == 1));
    // A carry out of the mantissa moves into the exponent, which is just right. The implicit bit
    // adds one to the exponent field, hence 1022.
    if subnormal == 0 {
        bits += ((magnitude + 1022) as u64) << 52;
    }
    f64::from_bits(bits)
}

/// The value of a byte that is a hexadecimal digit.
pub(crate) fn hexadecimal_digit(byte: u8) -> u64 {
    u64::from(match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    })
}
