//! Numerals against other ways to compute the same.

use lua_lex::{Number, parse_numeral};

fn check(text: &str, expected: Option<Number>) {
    assert_eq!(parse_numeral(text.as_bytes()), expected, "{text}");
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn what_is_no_numeral() {
    for text in [
        "", ".", "..", "e", "0x", "0x.", "0xg", "1e", "1e+", "1e+-1", "1.2.3", "0x1.2.3", "0x1p", "0x1p+", "0x1p1.", "0xp1", "0x.p1", "1x",
        "-1", "+1", " 1", "1 ", "inf", "nan", "1f", "0x1pa", "1_000", ".e1", "0b1", "1e1e1", "\u{663}",
    ] {
        check(text, None);
    }
}

#[test]
fn integers_fit_or_become_floats() {
    check("9223372036854775807", Some(Number::Int(i64::MAX)));
    check("9223372036854775808", Some(Number::Float(9223372036854775808.0)));
    check("00000000000000000000000000000000000000012", Some(Number::Int(12)));
    check("100000000000000000000000000000", Some(Number::Float(1e29)));
}

#[test]
fn hexadecimal_integers_wrap() {
    check("0xffffffffffffffff", Some(Number::Int(-1)));
    check("0x123456789abcdef0123456789ABCDEF0", Some(Number::Int(0x0123_4567_89AB_CDEF_u64.rotate_left(4) as i64)));
    check("0X8000000000000000", Some(Number::Int(i64::MIN)));
}

#[test]
fn hexadecimal_floats_round_to_even() {
    let check = |text: &str, expected: f64| check(text, Some(Number::Float(expected)));
    check("0x.8", 0.5);
    check("0x1.", 1.0);
    check("0xA.8p1", 21.0);
    check("0x1p-1074", f64::from_bits(1));
    check("0x1p-1075", 0.0);
    check("0x1.8p-1075", f64::from_bits(1));
    check("0x1.00000000000000000001p-1075", f64::from_bits(1));
    check("0x3p-1075", f64::from_bits(2));
    check("0x1p-1100", 0.0);
    check("0x0.fffffffffffff8p-1022", f64::MIN_POSITIVE);
    check("0x0.fffffffffffff7p-1022", f64::from_bits(f64::MIN_POSITIVE.to_bits() - 1));
    check("0x1.fffffffffffffp1023", f64::MAX);
    check("0x1.fffffffffffff7p1023", f64::MAX);
    check("0x1.fffffffffffff8p1023", f64::INFINITY);
    check("0x1p1024", f64::INFINITY);
    check("0x1.00000000000008p0", 1.0);
    check("0x1.000000000000080000000000001p0", 1.0 + f64::EPSILON);
    check("0x1.00000000000018p0", 1.0 + 2.0 * f64::EPSILON);
    check("0x0p99999999999999999999", 0.0);
    check("0x1p99999999999999999999", f64::INFINITY);
    check("0x1p-99999999999999999999", 0.0);
    check(&format!("0x{}p-4000", "0".repeat(900) + "1" + &"0".repeat(1000)), 1.0);
    check(&format!("0x0.{}1p4004", "0".repeat(1000)), 1.0);
}

/// Integers of up to 128 bits are exact in `u128`, whose conversion to `f64` rounds to even.
#[test]
fn hexadecimal_floats_agree_with_wide_integers() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..20_000 {
        let wide = u128::from(random.next()) << 64 | u128::from(random.next());
        let wide = wide >> (random.next() % 128) & !0 << (random.next() % 70);
        check(&format!("0x{wide:x}p0"), Some(Number::Float(wide as f64)));
        check(&format!("0x{wide:x}.p+0"), Some(Number::Float(wide as f64)));
        check(&format!("0x.{wide:032x}P128"), Some(Number::Float(wide as f64)));
    }
}

#[test]
fn decimals_come_back() {
    let mut random = Random(88_172_645_463_325_252);
    for _ in 0..20_000 {
        let value = f64::from_bits(random.next() >> 1);
        if value.is_finite() {
            // Rust prints the shortest text that reads back as the same number.
            let text = format!("{value:e}");
            check(&text, Some(Number::Float(value)));
        }
        let value = (random.next() >> 1 >> (random.next() % 63)) as i64;
        check(&value.to_string(), Some(Number::Int(value)));
        check(&format!("0x{value:x}"), Some(Number::Int(value)));
    }
}
