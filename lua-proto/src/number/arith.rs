//! Arithmetic where Lua's differs from Rust's.

/// 2^63, the first float beyond the integers.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

/// `a // b` for integers, rounding down; wraps for `mininteger // -1`.
///
/// # Panics
///
/// If `b` is 0; callers raise "attempt to perform 'n//0'" before.
#[inline(always)]
pub fn int_floor_div(a: i64, b: i64) -> i64 {
    let quotient = a.wrapping_div(b);
    let inexact = a.wrapping_rem(b) != 0;
    quotient - ((inexact && (a ^ b) < 0) as i64)
}

/// `a % b` for integers, with the sign of `b`.
///
/// # Panics
///
/// If `b` is 0; callers raise "attempt to perform 'n%%0'" before.
#[inline(always)]
pub fn int_mod(a: i64, b: i64) -> i64 {
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest ^ b) < 0 { rest + b } else { rest }
}

/// `a // b` for floats: the quotient, rounded down.
#[inline(always)]
pub fn float_floor_div(a: f64, b: f64) -> f64 {
    (a / b).floor()
}

/// `a % b` for floats: exact, with the sign of `b`.
#[inline(always)]
pub fn float_mod(a: f64, b: f64) -> f64 {
    let rest = remainder(a, b);
    // Comparing signs, not a product, which may underflow.
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

/// `a % b` of C: exact, with the sign of `a`. Dividing integers is many times faster, and both stand for integers most of the time.
#[inline(always)]
fn remainder(a: f64, b: f64) -> f64 {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let (int_a, int_b) = (a as i64, b as i64);
    if int_a as f64 == a && int_b as f64 == b && int_b != 0 && a.abs() < EXACT && b.abs() < EXACT {
        ((int_a % int_b) as f64).copysign(a)
    } else {
        a % b
    }
}

/// `a ^ b`.
#[inline(always)]
pub fn pow(a: f64, b: f64) -> f64 {
    if b == 2.0 { a * a } else { a.powf(b) }
}

/// `a << n`: filled with zeros, all out at 64; a negative `n` shifts to the right.
#[inline(always)]
pub fn shift_left(a: i64, n: i64) -> i64 {
    let bits = a as u64;
    let shifted = match n {
        0..=63 => bits << n,
        -63..=-1 => bits >> -n,
        _ => 0,
    };
    shifted as i64
}

/// `a >> n`: logical; a negative `n` shifts to the left.
#[inline(always)]
pub fn shift_right(a: i64, n: i64) -> i64 {
    // The one number without an opposite shifts everything out either way.
    shift_left(a, n.wrapping_neg())
}

/// The integer equal to this float, if there is one (§3.4.3).
#[inline(always)]
pub fn float_to_int(f: f64) -> Option<i64> {
    let int = f as i64;
    // `as` saturates: NaN becomes 0, which is not equal to it; what is too large becomes
    // `maxinteger`, which as a float is 2^63.
    (int as f64 == f && f < BEYOND).then_some(int)
}

/// The largest integer not above this float, if there is one.
#[inline(always)]
pub fn float_floor_to_int(f: f64) -> Option<i64> {
    float_to_int(f.floor())
}

/// The smallest integer not below this float, if there is one.
#[inline(always)]
pub fn float_ceil_to_int(f: f64) -> Option<i64> {
    float_to_int(f.ceil())
}

/// Whether the float stands for this integer: `i == f` mathematically.
#[inline(always)]
pub fn int_eq_float(i: i64, f: f64) -> bool {
    i as f64 == f && float_to_int(f) == Some(i)
}

/// `i < f`, mathematically; false for NaN.
#[inline(always)]
pub fn int_lt_float(i: i64, f: f64) -> bool {
    if is_exact(i) {
        return (i as f64) < f;
    }
    match float_ceil_to_int(f) {
        Some(f) => i < f,
        None => f > 0.0,
    }
}

/// `i <= f`, mathematically; false for NaN.
#[inline(always)]
pub fn int_le_float(i: i64, f: f64) -> bool {
    if is_exact(i) {
        return i as f64 <= f;
    }
    match float_floor_to_int(f) {
        Some(f) => i <= f,
        None => f > 0.0,
    }
}

/// `f < i`, mathematically; false for NaN.
#[inline(always)]
pub fn float_lt_int(f: f64, i: i64) -> bool {
    if is_exact(i) {
        return f < i as f64;
    }
    match float_floor_to_int(f) {
        Some(f) => f < i,
        None => f < 0.0,
    }
}

/// `f <= i`, mathematically; false for NaN.
#[inline(always)]
pub fn float_le_int(f: f64, i: i64) -> bool {
    if is_exact(i) {
        return f <= i as f64;
    }
    match float_ceil_to_int(f) {
        Some(f) => f <= i,
        None => f < 0.0,
    }
}

/// Whether the integer is so small that its float is surely the same number.
#[inline(always)]
fn is_exact(i: i64) -> bool {
    const LIMIT: u64 = 1 << 53;
    (i as u64).wrapping_add(LIMIT) <= 2 * LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    const INTS: [i64; 17] = [
        i64::MIN,
        i64::MIN + 1,
        -(1 << 53) - 1,
        -(1 << 53),
        -7,
        -3,
        -1,
        0,
        1,
        2,
        3,
        7,
        1 << 53,
        (1 << 53) + 1,
        i64::MAX - 512,
        i64::MAX - 1,
        i64::MAX,
    ];

    #[test]
    fn integer_division_rounds_down() {
        for a in INTS {
            for b in INTS {
                if b == 0 {
                    continue;
                }
                let (a_wide, b_wide) = (i128::from(a), i128::from(b));
                let rest = a_wide.rem_euclid(b_wide.abs());
                let rest = if b < 0 && rest != 0 { rest + b_wide } else { rest };
                let quotient = (a_wide - rest) / b_wide;
                assert_eq!(int_floor_div(a, b), quotient as i64, "{a} // {b}");
                assert_eq!(int_mod(a, b), rest as i64, "{a} % {b}");
            }
        }
    }

    #[test]
    fn float_modulo_has_the_sign_of_the_divisor() {
        assert_eq!(float_mod(5.5, 2.0), 1.5);
        assert_eq!(float_mod(-5.5, 2.0), 0.5);
        assert_eq!(float_mod(5.5, -2.0), -0.5);
        assert_eq!(float_mod(1.0, f64::INFINITY), 1.0);
        assert_eq!(float_mod(-1.0, f64::INFINITY), f64::INFINITY);
        assert_eq!(float_mod(1.0, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert!(float_mod(1.0, 0.0).is_nan());
        assert!(float_mod(1.0, f64::NAN).is_nan());
        assert_eq!(float_mod(-1e-200, 3e-200), 2e-200);
        assert_eq!(float_floor_div(-7.0, 2.0), -4.0);
        assert_eq!(pow(3.0, 2.0), 9.0);
        assert_eq!(pow(2.0, 0.5), 2f64.sqrt());
    }

    #[test]
    fn shifts_fill_with_zeros_and_reverse() {
        for n in -70i64..=70 {
            let wide = u128::from(0x8000_0000_0000_0081u64);
            let left = if n >= 0 { wide << n.min(64) } else { wide >> (-n).min(64) };
            assert_eq!(shift_left(0x8000_0000_0000_0081u64 as i64, n), left as u64 as i64);
            assert_eq!(shift_right(0x8000_0000_0000_0081u64 as i64, -n), left as u64 as i64);
        }
        for n in [i64::MIN, i64::MAX] {
            assert_eq!((shift_left(-1, n), shift_right(-1, n)), (0, 0));
        }
    }

    #[test]
    fn floats_become_integers_only_exactly() {
        assert_eq!(float_to_int(3.0), Some(3));
        assert_eq!(float_to_int(-0.0), Some(0));
        assert_eq!(float_to_int(3.5), None);
        assert_eq!(float_to_int(f64::NAN), None);
        assert_eq!(float_to_int(f64::INFINITY), None);
        assert_eq!(float_to_int(BEYOND), None);
        assert_eq!(float_to_int(-BEYOND), Some(i64::MIN));
        assert_eq!(float_floor_to_int(-3.5), Some(-4));
        assert_eq!(float_ceil_to_int(-3.5), Some(-3));
        assert_eq!(float_floor_to_int(1e300), None);
    }

    /// Compares by halves of units in 128 bits, which is exact for floats below 2^100.
    fn naive(i: i64, f: f64) -> Option<Ordering> {
        if f.is_nan() {
            return None;
        }
        let clamped = f.clamp(-1e20, 1e20);
        let (whole, part) = (clamped.floor() as i128, clamped - clamped.floor());
        let order = i128::from(i).cmp(&whole);
        Some(if order == Ordering::Equal && part > 0.0 { Ordering::Less } else { order })
    }

    #[test]
    fn comparisons_are_exact() {
        let mut floats = vec![f64::NAN, f64::INFINITY, -f64::INFINITY, 0.5, -0.5, 1e300, -1e300];
        for i in INTS {
            let f = i as f64;
            floats.extend([f, f.next_up(), f.next_down(), f + 0.5]);
        }
        for i in INTS {
            for &f in &floats {
                let order = naive(i, f);
                let is = |orders: &[Ordering]| order.is_some_and(|o| orders.contains(&o));
                use Ordering::{Equal, Greater, Less};
                assert_eq!(int_lt_float(i, f), is(&[Less]), "{i} < {f}");
                assert_eq!(int_le_float(i, f), is(&[Less, Equal]), "{i} <= {f}");
                assert_eq!(float_lt_int(f, i), is(&[Greater]), "{f} < {i}");
                assert_eq!(float_le_int(f, i), is(&[Greater, Equal]), "{f} <= {i}");
                assert_eq!(int_eq_float(i, f), is(&[Equal]), "{i} == {f}");
            }
        }
    }
}
