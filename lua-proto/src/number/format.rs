//! Number to text: `tostring`, and the numeric conversions of `string.format`.

use std::io::Write;

use super::decimal::{digit_count, put_digits, scaled, significant};

/// The flags, width and precision of a conversion of `string.format`, as in C's `printf`.
///
/// Width and precision are taken to be at most [`Spec::MAX`], as Lua limits them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `-`: fill on the right.
    pub left: bool,
    /// `+`: a sign in front of numbers that are not negative, too.
    pub plus: bool,
    /// A space in place of that sign.
    pub space: bool,
    /// `#`: keep the point and trailing zeros; `0x` in front of hexadecimal integers.
    pub alternate: bool,
    /// `0`: fill with zeros behind the sign.
    pub zero: bool,
    /// The least number of bytes.
    pub width: usize,
    /// Digits: behind the point, or significant ones for `%g`, or at least for integers.
    pub precision: Option<usize>,
    /// The conversion was written in upper case.
    pub upper: bool,
}

impl Spec {
    /// The largest width and precision.
    pub const MAX: usize = 99;
}

/// Appends an integer, as `tostring` gives it.
#[inline]
pub fn write_int(out: &mut Vec<u8>, value: i64) {
    let mut text = [0; 20];
    let magnitude = value.unsigned_abs();
    let start = text.len() - digit_count(magnitude);
    put_digits(magnitude, &mut text[start..]);
    if value < 0 {
        // 19 digits are the most that a magnitude has.
        text[start - 1] = b'-';
        out.extend_from_slice(&text[start - 1..]);
    } else {
        out.extend_from_slice(&text[start..]);
    }
}

/// Appends a float, as `tostring` gives it: `%.14g`, and `.0` if that looks like an integer.
pub fn write_float(out: &mut Vec<u8>, value: f64) {
    if value.abs() < 1e14 && value.trunc() == value {
        // Such a number has at most 14 digits. The sign of -0.0 is written, too.
        if value.is_sign_negative() {
            out.push(b'-');
        }
        write_int(out, value.abs() as i64);
        out.extend_from_slice(b".0");
    } else if value.is_finite() {
        if value < 0.0 {
            out.push(b'-');
        }
        let start = out.len();
        general(out, value.abs(), 14, false, b'e');
        if out[start..].iter().all(u8::is_ascii_digit) {
            out.extend_from_slice(b".0");
        }
    } else {
        let (sign, name) = not_finite(value, &Spec::default());
        out.extend_from_slice(sign);
        out.extend_from_slice(name);
    }
}

/// Appends a float as `%g` or `%G`.
pub fn format_g(out: &mut Vec<u8>, value: f64, spec: &Spec) {
    let precision = precision(spec, 6).max(1);
    float(out, value, spec, b"", |out, value| {
        general(out, value, precision, spec.alternate, if spec.upper { b'E' } else { b'e' });
    });
}

/// Appends a float as `%e` or `%E`.
pub fn format_e(out: &mut Vec<u8>, value: f64, spec: &Spec) {
    let precision = precision(spec, 6);
    float(out, value, spec, b"", |out, value| {
        let digits = significant(value, precision + 1);
        let e = if spec.upper { b'E' } else { b'e' };
        scientific(out, digits.text(), digits.exponent, spec.alternate, e);
    });
}

/// Appends a float as `%f` or `%F`.
pub fn format_f(out: &mut Vec<u8>, value: f64, spec: &Spec) {
    let precision = precision(spec, 6);
    float(out, value, spec, b"", |out, value| {
        match scaled(value, precision as i32) {
            Some(number) => {
                let mut text = [0; 20];
                let digits = digit_count(number).max(precision + 1);
                if digits <= text.len() {
                    put_digits(number, &mut text[..digits]);
                    let (whole, part) = text[..digits].split_at(digits - precision);
                    fixed(out, whole, part, spec.alternate);
                    return;
                }
            }
            None if value == 0.0 => {
                fixed(out, b"0", &[b'0'; Spec::MAX][..precision], spec.alternate);
                return;
            }
            None => {}
        }
        write!(out, "{value:.precision$}").expect("a vector takes every byte");
        if precision == 0 && spec.alternate {
            out.push(b'.');
        }
    });
}

/// Appends a float as `%a` or `%A`: hexadecimal, with a binary exponent.
pub fn format_a(out: &mut Vec<u8>, value: f64, spec: &Spec) {
    let prefix: &[u8] = if spec.upper { b"0X" } else { b"0x" };
    float(out, value, spec, prefix, |out, value| {
        let start = out.len();
        hexadecimal(out, value, spec.precision.map(|p| p.min(Spec::MAX)), spec.alternate);
        if spec.upper {
            out[start..].make_ascii_uppercase();
        }
    });
}

/// Appends an integer as `%d` or `%i`.
pub fn format_int(out: &mut Vec<u8>, value: i64, spec: &Spec) {
    let sign = sign(value < 0, spec);
    integer(out, value.unsigned_abs(), 10, spec, sign, b"");
}

/// Appends an integer as `%u` (radix 10), `%x` or `%X` (16), `%o` (8).
///
/// # Panics
///
/// If the radix is none of these.
pub fn format_uint(out: &mut Vec<u8>, value: u64, radix: u32, spec: &Spec) {
    let prefix: &[u8] = match (radix, spec.alternate && value != 0, spec.upper) {
        (16, true, false) => b"0x",
        (16, true, true) => b"0X",
        (8 | 10 | 16, ..) => b"",
        _ => panic!("C has no conversion to radix {radix}"),
    };
    integer(out, value, radix, spec, b"", prefix);
}

fn precision(spec: &Spec, default: usize) -> usize {
    spec.precision.unwrap_or(default).min(Spec::MAX)
}

fn sign(negative: bool, spec: &Spec) -> &'static [u8] {
    match (negative, spec.plus, spec.space) {
        (true, ..) => b"-",
        (false, true, _) => b"+",
        (false, false, true) => b" ",
        _ => b"",
    }
}

fn not_finite(value: f64, spec: &Spec) -> (&'static [u8], &'static [u8]) {
    let name: &[u8] = match (value.is_nan(), spec.upper) {
        (true, false) => b"nan",
        (true, true) => b"NAN",
        (false, false) => b"inf",
        (false, true) => b"INF",
    };
    (sign(value.is_sign_negative(), spec), name)
}

/// Sign, prefix, what `body` writes for the magnitude, and filling.
fn float(out: &mut Vec<u8>, value: f64, spec: &Spec, prefix: &[u8], body: impl FnOnce(&mut Vec<u8>, f64)) {
    let start = out.len();
    if !value.is_finite() {
        let (sign, name) = not_finite(value, spec);
        out.extend_from_slice(sign);
        out.extend_from_slice(name);
        fill(out, start, start, &Spec { zero: false, ..*spec });
        return;
    }
    out.extend_from_slice(sign(value.is_sign_negative(), spec));
    out.extend_from_slice(prefix);
    let digits = out.len();
    body(out, value.abs());
    fill(out, start, digits, spec);
}

/// Widens what was written from `start` on; zeros go in front of `digits`.
fn fill(out: &mut Vec<u8>, start: usize, digits: usize, spec: &Spec) {
    let missing = spec.width.min(Spec::MAX).saturating_sub(out.len() - start);
    if missing == 0 {
        return;
    }
    let (place, with) = match (spec.left, spec.zero) {
        (true, _) => (out.len(), b' '),
        (false, true) => (digits, b'0'),
        (false, false) => (start, b' '),
    };
    let end = out.len();
    out.resize(end + missing, with);
    out.copy_within(place..end, place + missing);
    out[place..place + missing].fill(with);
}

/// `%g`: fixed if the exponent is from -4 to below the precision, without trailing zeros.
fn general(out: &mut Vec<u8>, value: f64, precision: usize, keep_zeros: bool, e: u8) {
    let digits = significant(value, precision);
    let exponent = digits.exponent;
    let mut text = digits.text();
    if !keep_zeros {
        while let [rest @ .., b'0'] = text
            && !rest.is_empty()
        {
            text = rest;
        }
    }
    if exponent < -4 || exponent >= precision as i32 {
        scientific(out, text, exponent, keep_zeros, e);
    } else if exponent < 0 {
        out.extend_from_slice(&b"0.000"[..1 + exponent.unsigned_abs() as usize]);
        out.extend_from_slice(text);
    } else {
        let whole = exponent as usize + 1;
        let zeros = whole.saturating_sub(text.len());
        let (whole, part) = text.split_at(whole - zeros);
        out.extend_from_slice(whole);
        out.resize(out.len() + zeros, b'0');
        if !part.is_empty() || keep_zeros {
            out.push(b'.');
            out.extend_from_slice(part);
        }
    }
}

/// `d.ddde+dd`
fn scientific(out: &mut Vec<u8>, digits: &[u8], exponent: i32, keep_point: bool, e: u8) {
    fixed(out, &digits[..1], &digits[1..], keep_point);
    out.push(e);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    let exponent = exponent.unsigned_abs();
    if exponent < 10 {
        out.push(b'0');
    }
    write_int(out, i64::from(exponent));
}

fn fixed(out: &mut Vec<u8>, whole: &[u8], part: &[u8], keep_point: bool) {
    out.extend_from_slice(whole);
    if !part.is_empty() || keep_point {
        out.push(b'.');
        out.extend_from_slice(part);
    }
}

/// `%a` behind its prefix: `h.hhhp±d`, rounded to even if a precision is given.
fn hexadecimal(out: &mut Vec<u8>, value: f64, precision: Option<usize>, keep_point: bool) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    // The leading digit and 13 hexadecimal ones behind the point.
    let (mut mantissa, exponent) = match (bits >> 52, fraction) {
        (0, 0) => (0, 0),
        (0, _) => (fraction, -1022),
        (biased, _) => (fraction | 1 << 52, biased as i64 - 1023),
    };
    let mut shown = 13;
    if let Some(precision) = precision
        && precision < 13
    {
        let dropped = 4 * (13 - precision);
        let rest = mantissa & ((1 << dropped) - 1);
        let half = 1 << (dropped - 1);
        mantissa >>= dropped;
        mantissa += u64::from(rest > half || (rest == half && mantissa & 1 == 1));
        shown = precision;
    }
    let leading = mantissa >> (4 * shown);
    out.push(b'0' + leading as u8);
    let mut part: Vec<u8> = Vec::new();
    for place in (0..shown).rev() {
        part.push(b"0123456789abcdef"[(mantissa >> (4 * place) & 15) as usize]);
    }
    match precision {
        Some(precision) => part.resize(precision, b'0'),
        None => part.truncate(part.iter().rposition(|d| *d != b'0').map_or(0, |last| last + 1)),
    }
    fixed(out, b"", &part, keep_point);
    out.push(b'p');
    out.push(if exponent < 0 { b'-' } else { b'+' });
    write_int(out, exponent.abs());
}

fn integer(out: &mut Vec<u8>, mut value: u64, radix: u32, spec: &Spec, sign: &[u8], prefix: &[u8]) {
    let start = out.len();
    out.extend_from_slice(sign);
    out.extend_from_slice(prefix);
    let mut text = [0; 22];
    let mut at = text.len();
    let letters: &[u8; 16] = if spec.upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    while value != 0 {
        at -= 1;
        text[at] = letters[(value % u64::from(radix)) as usize];
        value /= u64::from(radix);
    }
    let mut least = spec.precision.unwrap_or(1).min(Spec::MAX);
    if radix == 8 && spec.alternate {
        // `#` asks for a leading zero.
        least = least.max(text.len() - at + 1);
    }
    let zeros = out.len();
    out.resize(zeros + least.saturating_sub(text.len() - at), b'0');
    out.extend_from_slice(&text[at..]);
    // A precision switches off filling with zeros.
    fill(out, start, zeros, &Spec { zero: spec.zero && spec.precision.is_none(), ..*spec });
}
