//! Text to number: `tonumber`, arithmetic on strings, `read("n")`.

use super::Number;

/// The number that a text stands for, following the rules of the lexer (§3.4.3): white space
/// around it, a sign, decimal or hexadecimal, integer or float.
///
/// A decimal integer that does not fit becomes a float; a hexadecimal one wraps around. There is
/// no text for infinities and NaN.
#[inline]
pub fn parse_number(text: &[u8]) -> Option<Number> {
    match parse_digits(text) {
        Some(int) => Some(Number::Int(int)),
        None => parse_any(text),
    }
}

/// A numeral that consists of digits alone, few enough for an integer.
#[inline]
fn parse_digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut value = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(value)
}

fn parse_any(text: &[u8]) -> Option<Number> {
    let text = trim(text);
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if let [b'0', b'x' | b'X', hex @ ..] = digits {
        return parse_hex(hex, negative);
    }
    if let Some(int) = parse_decimal_int(digits, negative) {
        return Some(Number::Int(int));
    }
    let value = parse_decimal_float(digits)?;
    Some(Number::Float(if negative { -value } else { value }))
}

/// The float that an unsigned decimal numeral stands for, correctly rounded: digits with at most
/// one point, at least one digit, an optional exponent.
pub fn parse_decimal_float(text: &[u8]) -> Option<f64> {
    let whole = count(text, u8::is_ascii_digit);
    let mut rest = &text[whole..];
    let mut digits = whole;
    if let [b'.', after @ ..] = rest {
        let part = count(after, u8::is_ascii_digit);
        digits += part;
        rest = &after[part..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = strip_sign(exponent).1;
        if exponent.is_empty() || count(exponent, u8::is_ascii_digit) != exponent.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    if digits == 0 {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn parse_decimal_int(digits: &[u8], negative: bool) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    // The magnitude may be one larger below zero.
    let limit = i64::MAX as u64 + u64::from(negative);
    let mut magnitude: u64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        magnitude = magnitude.checked_mul(10)?.checked_add(u64::from(digit))?;
        if magnitude > limit {
            return None;
        }
    }
    Some(if negative { magnitude.wrapping_neg() as i64 } else { magnitude as i64 })
}

/// What follows `0x`.
fn parse_hex(text: &[u8], negative: bool) -> Option<Number> {
    let whole = count(text, u8::is_ascii_hexdigit);
    if whole == text.len() {
        if whole == 0 {
            return None;
        }
        let value = text.iter().fold(0u64, |v, d| v << 4 | u64::from(hex_digit(*d)));
        return Some(Number::Int(if negative { value.wrapping_neg() } else { value } as i64));
    }
    let value = parse_hex_float(text, whole)?;
    Some(Number::Float(if negative { -value } else { value }))
}

/// What follows `0x`, where the first `whole` bytes are digits, as a float: correctly rounded.
fn parse_hex_float(text: &[u8], whole: usize) -> Option<f64> {
    let mut mantissa = Mantissa::default();
    text[..whole].iter().for_each(|d| mantissa.push(hex_digit(*d), false));
    let mut rest = &text[whole..];
    let mut digits = whole;
    if let [b'.', after @ ..] = rest {
        let part = count(after, u8::is_ascii_hexdigit);
        after[..part].iter().for_each(|d| mantissa.push(hex_digit(*d), true));
        digits += part;
        rest = &after[part..];
    }
    if digits == 0 {
        return None;
    }
    let mut exponent: i64 = 0;
    if let [b'p' | b'P', written @ ..] = rest {
        let (negative, written) = strip_sign(written);
        if written.is_empty() || count(written, u8::is_ascii_digit) != written.len() {
            return None;
        }
        for digit in written {
            // Saturates far beyond what any mantissa could make up for.
            exponent = exponent.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        }
        if negative {
            exponent = -exponent;
        }
    } else if !rest.is_empty() {
        return None;
    }
    Some(scale(mantissa.bits, mantissa.exponent.saturating_add(exponent), mantissa.sticky))
}

/// The first 16 significant digits of a hexadecimal numeral, and whether others were not zero.
#[derive(Default)]
struct Mantissa {
    bits: u64,
    exponent: i64,
    sticky: bool,
}

impl Mantissa {
    fn push(&mut self, digit: u8, behind_point: bool) {
        if self.bits >> 60 == 0 {
            self.bits = self.bits << 4 | u64::from(digit);
            self.exponent -= 4 * i64::from(behind_point);
        } else {
            self.sticky |= digit != 0;
            self.exponent += 4 * i64::from(!behind_point);
        }
    }
}

/// `bits * 2^exponent`, rounded once, to even; `sticky` says that the number is a little larger.
fn scale(bits: u64, exponent: i64, sticky: bool) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    // Put the highest bit at the top: value = bits * 2^exponent, bits in [2^63, 2^64).
    let shift = bits.leading_zeros();
    let bits = bits << shift;
    let exponent = exponent.saturating_sub(i64::from(shift));
    // The exponent of the leading bit, and how many bits a float has for such a number.
    let leading = exponent.saturating_add(63);
    if leading > 1023 {
        return f64::INFINITY;
    }
    let kept = if leading >= -1022 { 53 } else { 53 - (-1022 - leading) };
    if kept < 0 {
        return 0.0;
    }
    let dropped = 64 - kept as u32;
    // With 53 bits 11 are dropped, with none all 64.
    let (mut mantissa, rest) = if dropped == 64 { (0, bits) } else { (bits >> dropped, bits & ((1 << dropped) - 1)) };
    let half = 1u64 << (dropped - 1);
    if rest > half || (rest == half && (sticky || mantissa & 1 == 1)) {
        mantissa += 1;
    }
    // A carry out of the mantissa goes into the exponent, as the format is made for.
    let biased = if kept == 53 { (leading + 1022) as u64 } else { 0 };
    f64::from_bits((biased << 52) + mantissa)
}

fn strip_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn trim(mut text: &[u8]) -> &[u8] {
    let space = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    while let [first, rest @ ..] = text
        && space(first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && space(last)
    {
        text = rest;
    }
    text
}

fn count(text: &[u8], is: fn(&u8) -> bool) -> usize {
    text.iter().take_while(|b| is(b)).count()
}

fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn int(text: &str, value: i64) {
        assert_eq!(parse_number(text.as_bytes()), Some(Number::Int(value)), "{text:?}");
    }

    #[track_caller]
    fn float(text: &str, value: f64) {
        let Some(Number::Float(f)) = parse_number(text.as_bytes()) else {
            panic!("{text:?} is no float");
        };
        assert_eq!(f.to_bits(), value.to_bits(), "{text:?}: {f} is not {value}");
    }

    #[track_caller]
    fn none(text: &str) {
        assert_eq!(parse_number(text.as_bytes()), None, "{text:?}");
    }

    #[test]
    fn integers() {
        int("0", 0);
        int(" \t\n\x0b\x0c\r42\r ", 42);
        int("-42", -42);
        int("+42", 42);
        int("9223372036854775807", i64::MAX);
        int("-9223372036854775808", i64::MIN);
        int("000000000000000000000000000000009", 9);
        int("0xA", 10);
        int("-0xff", -255);
        int("0x7fffffffffffffff", i64::MAX);
        int("0xffffffffffffffff", -1);
        int("0x1ffffffffffffffff", -1);
        int("0X8000000000000000", i64::MIN);
    }

    #[test]
    fn floats() {
        float("9223372036854775808", 9223372036854775808.0);
        float("-9223372036854775809", -9223372036854775808.0);
        float("1e1", 10.0);
        float(".5", 0.5);
        float("5.", 5.0);
        float("-0.0", -0.0);
        float("1E+2", 100.0);
        float("1e-400", 0.0);
        float("1e400", f64::INFINITY);
        float("2.2250738585072011e-308", f64::MIN_POSITIVE.next_down());
        float("0.1", 0.1);
    }

    #[test]
    fn hexadecimal_floats() {
        float("0x.1", 0.0625);
        float("0x1.", 1.0);
        float("0x1p4", 16.0);
        float("-0xA.8p-1", -5.25);
        float("0x0p99999999999999999999", 0.0);
        float("0x1p99999999999999999999", f64::INFINITY);
        float("0x1p-99999999999999999999", 0.0);
        float("0x1p-1074", f64::from_bits(1));
        float("0x1p-1075", 0.0);
        float("0x1.8p-1075", f64::from_bits(1));
        float("0x1.0000000000001p-1075", f64::from_bits(1));
        float("0x3p-1075", f64::from_bits(2));
        float("0x1.fffffffffffffp-1023", f64::MIN_POSITIVE);
        float("0x1.fffffffffffffp1023", f64::MAX);
        float("0x1.fffffffffffff7p1023", f64::MAX);
        float("0x1.fffffffffffff8p1023", f64::INFINITY);
        float("0x1.00000000000008p0", 1.0);
        float("0x1.000000000000080000000000000000001p0", 1.0f64.next_up());
        float("0x1.00000000000018p0", 1.0f64.next_up().next_up());
        float(&format!("0x1{}.0p-400", "0".repeat(100)), 1.0);
        float(&format!("0x.{}1p404", "0".repeat(100)), 1.0);
    }

    #[test]
    fn no_numbers() {
        for text in [
            "", " ", "-", "+", "- 1", "--1", "1 2", "1e", "1e+", ".", ".e1", "0x", "0x.", "0xp1", "0x1p", "0x1p+", "0x1pa", "0xg", "1.2.3",
            "inf", "nan", "infinity", "-inf", "1f", "1_0", "1\0", "0x1.8.1", "1e1.0", "0b1", "e1", "\u{a0}1",
        ] {
            none(text);
        }
    }
}
