//! Floats to decimal digits, exactly rounded (ties to even), as C's `printf` does.
//!
//! A float is `m * 2^e`. Scaled by `10^k = 5^k * 2^k` it is an integer product and a shift, which
//! 128 bits hold for all numbers of everyday size: no tables, no approximation. What lies
//! outside goes through the standard library's exact (and slower) formatting.

use std::io::Write;

/// The most digits that [`Digits`] can hold: the precision of `%.99e`, and one.
pub(super) const MAX_DIGITS: usize = 100;

/// Significant digits of a number, most significant first, and the exponent of the first:
/// `d.ddd * 10^exponent`.
pub(super) struct Digits {
    text: [u8; MAX_DIGITS],
    len: usize,
    /// The power of ten of the first digit.
    pub(super) exponent: i32,
}

impl Digits {
    /// The digits in ASCII; as many as were asked for.
    pub(super) fn text(&self) -> &[u8] {
        &self.text[..self.len]
    }
}

/// The first `count` significant digits of a finite number that is not negative.
///
/// `count` is taken to be at least 1 and at most [`MAX_DIGITS`].
pub(super) fn significant(value: f64, count: usize) -> Digits {
    let count = count.clamp(1, MAX_DIGITS);
    let mut digits = Digits { text: [b'0'; MAX_DIGITS], len: count, exponent: 0 };
    if value == 0.0 {
        return digits;
    }
    match fast(value, count) {
        Some((number, exponent)) => {
            put_digits(number, &mut digits.text[..count]);
            digits.exponent = exponent;
        }
        None => slow(value, &mut digits),
    }
    digits
}

/// `value * 10^places` rounded to an integer, if 128 bits suffice to compute it and 64 to hold it.
pub(super) fn scaled(value: f64, places: i32) -> Option<u64> {
    let (down, up) = scale(value, places)?;
    u64::try_from(if up { down + 1 } else { down }).ok()
}

fn fast(value: f64, count: usize) -> Option<(u64, i32)> {
    if count > 17 {
        return None;
    }
    let limit = POWERS_OF_TEN[count];
    // An estimate of the decimal exponent that is exact or one too small: log10(2) in 1/2^20,
    // rounded so that the product is too small.
    let binary = (value.to_bits() >> 52) as i64 - 1023;
    let factor = if binary < 0 { 315_653 } else { 315_652 };
    let mut exponent = ((binary * factor) >> 20) as i32;
    let (mut down, mut up) = scale(value, count as i32 - 1 - exponent)?;
    if down >= u128::from(limit) {
        exponent += 1;
        (down, up) = scale(value, count as i32 - 1 - exponent)?;
    }
    debug_assert!((u128::from(limit / 10)..u128::from(limit)).contains(&down));
    let rounded = down as u64 + u64::from(up);
    // Nines that round up to the next power of ten.
    Some(if rounded == limit { (limit / 10, exponent + 1) } else { (rounded, exponent) })
}

/// `value * 10^power`, rounded down, and whether the nearest integer (or the even one of two) is
/// the one above.
fn scale(value: f64, power: i32) -> Option<(u128, bool)> {
    let bits = value.to_bits();
    let biased = (bits >> 52) as i32;
    if biased == 0 || biased == 0x7ff {
        // Zero, the tiniest numbers, infinity and NaN.
        return None;
    }
    let mantissa = u128::from(bits & ((1 << 52) - 1) | 1 << 52);
    let exponent = biased - 1075 + power;
    if power >= 0 {
        let product = mantissa * u128::from(*POWERS_OF_FIVE.get(power as usize)?);
        if exponent >= 0 {
            let shift = exponent as u32;
            return (product.leading_zeros() > shift).then(|| (product << shift, false));
        }
        let shift = -exponent as u32;
        if shift > 127 {
            // The product is below 2^116, hence the number far below one half.
            return Some((0, false));
        }
        let down = product >> shift;
        let rest = product & ((1 << shift) - 1);
        Some((down, rounds_up(down, rest, 1 << shift)))
    } else {
        let divisor = u128::from(*POWERS_OF_FIVE.get(-power as usize)?);
        let (number, divisor) = if exponent >= 0 {
            if mantissa.leading_zeros() <= exponent as u32 {
                return None;
            }
            (mantissa << exponent, divisor)
        } else {
            if divisor.leading_zeros() <= 1 + -exponent as u32 {
                return None;
            }
            (mantissa, divisor << -exponent)
        };
        let (down, rest) = (number / divisor, number % divisor);
        Some((down, rounds_up(down, rest, divisor)))
    }
}

fn rounds_up(down: u128, rest: u128, whole: u128) -> bool {
    // `whole` is below 2^128 and even or odd; comparing with what is missing avoids doubling.
    let missing = whole - rest;
    rest > missing || (rest == missing && down & 1 == 1)
}

fn slow(value: f64, digits: &mut Digits) {
    // "d.ddde-ddd": never longer than the digits and ten more.
    let mut text = [0u8; MAX_DIGITS + 16];
    let mut rest = &mut text[..];
    write!(rest, "{:.*e}", digits.len - 1, value).expect("the buffer is large enough");
    let left = rest.len();
    let written = &text[..MAX_DIGITS + 16 - left];
    let e = written.iter().position(|b| *b == b'e').expect("an exponent is always written");
    let mantissa = written[..e].iter().filter(|b| **b != b'.');
    digits.text.iter_mut().zip(mantissa).for_each(|(to, from)| *to = *from);
    let exponent = std::str::from_utf8(&written[e + 1..]).expect("ASCII");
    digits.exponent = exponent.parse().expect("a small integer");
}

/// Writes a number with exactly as many digits as there is room for, zeros in front.
pub(super) fn put_digits(mut number: u64, room: &mut [u8]) {
    let mut end = room.len();
    while end >= 2 {
        let pair = (number % 100) as usize * 2;
        number /= 100;
        end -= 2;
        room[end..end + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if end == 1 {
        room[0] = b'0' + (number % 10) as u8;
    }
}

/// How many digits a number has.
pub(super) fn digit_count(number: u64) -> usize {
    if number == 0 { 1 } else { number.ilog10() as usize + 1 }
}

const PAIRS: &[u8; 200] = &{
    let mut pairs = [0; 200];
    let mut i = 0;
    while i < 100 {
        pairs[2 * i] = b'0' + (i / 10) as u8;
        pairs[2 * i + 1] = b'0' + (i % 10) as u8;
        i += 1;
    }
    pairs
};

const POWERS_OF_TEN: [u64; 20] = powers(10);
const POWERS_OF_FIVE: [u64; 28] = powers(5);

const fn powers<const N: usize>(base: u64) -> [u64; N] {
    let mut table = [1; N];
    let mut i = 1;
    while i < N {
        table[i] = table[i - 1] * base;
        i += 1;
    }
    table
}
