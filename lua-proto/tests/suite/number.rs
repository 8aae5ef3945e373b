//! Numbers and their text, against twins that are slow and obvious.

use lua_proto::Number;
use lua_proto::number::*;
use proptest::prelude::*;

/// A number in decimal, exactly: digits, and how many of them stand behind the point.
struct Decimal {
    digits: Vec<u8>,
    behind: usize,
}

impl Decimal {
    /// Doubles or halves digit by digit, as on paper.
    fn new(integer: &[u8], exponent: i64) -> Decimal {
        let mut number = Decimal { digits: integer.to_vec(), behind: 0 };
        for _ in 0..exponent.unsigned_abs() {
            if exponent < 0 {
                // Halving is multiplying by five and moving the point.
                number.multiply(5);
                number.behind += 1;
            } else {
                number.multiply(2);
            }
        }
        number
    }

    fn multiply(&mut self, by: u8) {
        let mut carry = 0;
        for digit in self.digits.iter_mut().rev() {
            let product = *digit * by + carry;
            *digit = product % 10;
            carry = product / 10;
        }
        if carry > 0 {
            self.digits.insert(0, carry);
        }
    }

    fn of(value: f64) -> Decimal {
        let bits = value.to_bits();
        let (biased, fraction) = ((bits >> 52) as i64 & 0x7ff, bits & ((1 << 52) - 1));
        let mantissa = if biased == 0 { fraction } else { fraction | 1 << 52 };
        let digits: Vec<u8> = mantissa.to_string().bytes().map(|b| b - b'0').collect();
        Decimal::new(&digits, biased.max(1) - 1075)
    }

    /// All digits with `places` of them behind the point, rounded to even, at least one in front.
    fn round(mut self, places: usize) -> String {
        while self.digits.len() <= self.behind {
            self.digits.insert(0, 0);
        }
        while self.behind < places {
            self.digits.push(0);
            self.behind += 1;
        }
        let rest = self.digits.split_off(self.digits.len() - (self.behind - places));
        let odd = self.digits.last().is_some_and(|d| d % 2 == 1);
        let (first, others) = rest.split_first().map_or((0, false), |(first, others)| (*first, others.iter().any(|d| *d > 0)));
        if first > 5 || (first == 5 && (others || odd)) {
            let mut at = self.digits.len();
            loop {
                if at == 0 {
                    self.digits.insert(0, 1);
                    break;
                }
                at -= 1;
                if self.digits[at] < 9 {
                    self.digits[at] += 1;
                    break;
                }
                self.digits[at] = 0;
            }
        }
        let text: String = self.digits.iter().map(|d| char::from(b'0' + d)).collect();
        let (whole, part) = text.split_at(text.len() - places);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
    }

    /// `d.ddde±dd`
    fn scientific(mut self, places: usize) -> String {
        let zeros = self.digits.iter().take_while(|d| **d == 0).count();
        self.digits.drain(..zeros);
        if self.digits.is_empty() {
            return Decimal { digits: vec![0], behind: 0 }.round(places) + "e+00";
        }
        let mut exponent = self.digits.len() as i64 - 1 - self.behind as i64;
        self.behind = self.digits.len() - 1;
        let mut text = self.round(places);
        if text.starts_with("10") {
            // Rounded up to the next power of ten.
            exponent += 1;
            text = Decimal { digits: vec![1], behind: 0 }.round(places);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.abs())
    }

    /// `%g` by the definition in the C standard.
    fn general(value: f64, precision: usize) -> String {
        let precision = precision.max(1);
        let text = Decimal::of(value).scientific(precision - 1);
        let (mantissa, exponent) = text.split_once('e').unwrap();
        let x: i64 = exponent.parse().unwrap();
        let trim = |text: &str| match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text.to_owned(),
        };
        if x < -4 || x >= precision as i64 {
            format!("{}e{exponent}", trim(mantissa))
        } else {
            trim(&Decimal::of(value).round((precision as i64 - 1 - x) as usize))
        }
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = b"<".to_vec();
    write(&mut out);
    assert_eq!(out[0], b'<', "text is appended");
    String::from_utf8(out.split_off(1)).unwrap()
}

fn with_precision(precision: usize) -> Spec {
    Spec { precision: Some(precision), ..Spec::default() }
}

fn tostring(value: f64) -> String {
    text(|out| write_float(out, value))
}

/// Finite floats that are not negative: any bits, and those of everyday size.
fn magnitudes() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(|bits| f64::from_bits(bits >> 1)),
        (0..1_000_000u32, 0..8i32).prop_map(|(n, places)| f64::from(n) / 10f64.powi(places)),
        (any::<u32>(), -80..80i32).prop_map(|(n, e)| (f64::from(n) + 0.5) * 2f64.powi(e)),
        (1..100u8, -40..40i32).prop_map(|(n, e)| f64::from(n) * 10f64.powi(e)),
        Just(0.0),
    ]
    .prop_filter("finite", |f| f.is_finite())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn fixed_is_exact(value in magnitudes(), precision in 0..100usize) {
        let twin = Decimal::of(value).round(precision);
        prop_assert_eq!(text(|out| format_f(out, value, &with_precision(precision))), twin);
    }

    #[test]
    fn fixed_of_few_places_is_exact(value in magnitudes(), precision in 0..10usize) {
        let twin = Decimal::of(value).round(precision);
        prop_assert_eq!(text(|out| format_f(out, value, &with_precision(precision))), twin);
    }

    #[test]
    fn scientific_is_exact(value in magnitudes(), precision in 0..30usize) {
        let twin = Decimal::of(value).scientific(precision);
        prop_assert_eq!(text(|out| format_e(out, value, &with_precision(precision))), twin);
    }

    #[test]
    fn general_is_exact(value in magnitudes(), precision in 0..30usize) {
        let twin = Decimal::general(value, precision);
        prop_assert_eq!(text(|out| format_g(out, value, &with_precision(precision))), twin);
    }

    #[test]
    fn tostring_is_general_with_14_digits(value in magnitudes()) {
        let mut twin = Decimal::general(value, 14);
        if twin.bytes().all(|b| b.is_ascii_digit()) {
            twin += ".0";
        }
        prop_assert_eq!(tostring(value), twin.clone());
        prop_assert_eq!(tostring(-value), format!("-{twin}"));
    }

    #[test]
    fn seventeen_digits_come_back(value in magnitudes()) {
        let written = text(|out| format_e(out, value, &with_precision(16)));
        prop_assert_eq!(parse_number(written.as_bytes()), Some(Number::Float(value)));
    }

    #[test]
    fn hexadecimal_comes_back(value in magnitudes()) {
        let written = text(|out| format_a(out, value, &Spec::default()));
        prop_assert_eq!(parse_number(written.as_bytes()), Some(Number::Float(value)));
    }

    /// A hexadecimal float, written out in decimal, is what the standard library reads.
    #[test]
    fn hexadecimal_floats_round_once(
        whole in "[0-9a-fA-F]{0,25}",
        part in "[0-9a-fA-F]{1,25}",
        exponent in -200..200i64,
    ) {
        let written = format!("0x{whole}.{part}p{exponent}");
        let mut digits = Decimal { digits: vec![0], behind: 0 };
        for digit in whole.chars().chain(part.chars()) {
            (0..4).for_each(|_| digits.multiply(2));
            // Multiples of 16 plus a digit: carry at most once past the last place.
            for _ in 0..digit.to_digit(16).unwrap() {
                let mut at = digits.digits.len();
                loop {
                    if at == 0 {
                        digits.digits.insert(0, 1);
                        break;
                    }
                    at -= 1;
                    if digits.digits[at] < 9 {
                        digits.digits[at] += 1;
                        break;
                    }
                    digits.digits[at] = 0;
                }
            }
        }
        let exact = Decimal::new(&digits.digits, exponent - 4 * part.len() as i64);
        let places = exact.behind;
        let twin: f64 = exact.round(places).parse().unwrap();
        prop_assert_eq!(parse_number(written.as_bytes()), Some(Number::Float(twin)));
    }

    #[test]
    fn integers_are_written_and_read(value: i64) {
        for value in [value, value >> 32, value >> 56] {
            let written = text(|out| write_int(out, value));
            prop_assert_eq!(&written, &value.to_string());
            prop_assert_eq!(parse_number(written.as_bytes()), Some(Number::Int(value)));
            let hexadecimal = format!("{value:#x}");
            prop_assert_eq!(parse_number(hexadecimal.as_bytes()), Some(Number::Int(value)));
        }
    }

    #[test]
    fn any_bytes_are_judged(text: Vec<u8>, near in "[ +-]?(0x)?[0-9a-fpe.+-]{0,12} ?") {
        parse_number(&text);
        // Where the standard library reads a decimal, so does Lua, and the same.
        if let Some(Number::Float(value)) = parse_number(near.as_bytes())
            && !near.contains('x')
        {
            prop_assert_eq!(near.trim().parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn integer_conversions_are_those_of_rust(value: i64, width in 0..40usize) {
        let spec = |spec: Spec| Spec { width, ..spec };
        let none = Spec::default();
        let d = |s: Spec| text(|out| format_int(out, value, &spec(s)));
        prop_assert_eq!(d(none), format!("{value:width$}"));
        prop_assert_eq!(d(Spec { left: true, ..none }), format!("{value:<width$}"));
        prop_assert_eq!(d(Spec { zero: true, ..none }), format!("{value:0width$}"));
        prop_assert_eq!(d(Spec { plus: true, ..none }), format!("{value:+width$}"));
        let u = |radix, s: Spec| text(|out| format_uint(out, value as u64, radix, &spec(s)));
        prop_assert_eq!(u(16, none), format!("{value:width$x}"));
        prop_assert_eq!(u(16, Spec { upper: true, ..none }), format!("{value:width$X}"));
        prop_assert_eq!(u(8, none), format!("{value:width$o}"));
        let prefixed = Spec { alternate: true, zero: true, ..none };
        if value != 0 {
            prop_assert_eq!(u(16, prefixed), format!("{value:#0width$x}"));
        }
    }
}

#[test]
fn tostring_of_floats() {
    let check = |value: f64, expected: &str| assert_eq!(tostring(value), expected);
    check(0.0, "0.0");
    check(-0.0, "-0.0");
    check(1.0, "1.0");
    check(-1.5, "-1.5");
    check(0.1, "0.1");
    check(1e14, "1e+14");
    check(99999999999999.0, "99999999999999.0");
    check(1e15, "1e+15");
    check(1e100, "1e+100");
    check(1e-5, "1e-05");
    check(0.0001, "0.0001");
    check(std::f64::consts::PI, "3.1415926535898");
    check(2f64.powi(53), "9.007199254741e+15");
    check(f64::from_bits(1), "4.9406564584125e-324");
    check(f64::INFINITY, "inf");
    check(f64::NEG_INFINITY, "-inf");
    check(f64::NAN.copysign(1.0), "nan");
    check(f64::NAN.copysign(-1.0), "-nan");
}

/// What C's `printf` gives, conversion by conversion.
#[test]
fn conversions_of_floats() {
    let check = |flags: &str, width, precision, letter: char, value: f64, expected: &str| {
        let spec = Spec {
            left: flags.contains('-'),
            plus: flags.contains('+'),
            space: flags.contains(' '),
            alternate: flags.contains('#'),
            zero: flags.contains('0'),
            width,
            precision,
            upper: letter.is_uppercase(),
        };
        let format = match letter.to_ascii_lowercase() {
            'g' => format_g,
            'e' => format_e,
            'f' => format_f,
            _ => format_a,
        };
        assert_eq!(text(|out| format(out, value, &spec)), expected, "%{flags}{width}{letter}");
    };
    check("", 0, None, 'f', 1.5, "1.500000");
    check("+", 10, Some(2), 'f', 1.005, "     +1.00");
    check("-", 8, Some(1), 'f', -2.25, "-2.2    ");
    check("0", 8, Some(1), 'f', -2.35, "-00002.4");
    check(" ", 0, Some(0), 'f', 0.5, " 0");
    check("#", 0, Some(0), 'f', 1.5, "2.");
    check("0", 6, None, 'f', f64::INFINITY, "   inf");
    check("-", 6, None, 'F', f64::NEG_INFINITY, "-INF  ");
    check("", 0, None, 'e', 0.0, "0.000000e+00");
    check("", 0, Some(3), 'E', 12345.0, "1.234E+04");
    check("", 0, Some(0), 'e', 9.6e100, "1e+101");
    check("", 0, None, 'g', 100000.0, "100000");
    check("", 0, None, 'g', 1000000.0, "1e+06");
    check("#", 0, None, 'g', 1.0, "1.00000");
    check("#", 0, None, 'g', 999999.5, "1.00000e+06");
    check("", 0, Some(0), 'g', 15.0, "2e+01");
    check("", 0, None, 'G', 1e-10, "1E-10");
    check("", 0, None, 'a', 1.0, "0x1p+0");
    check("", 0, None, 'a', 0.0, "0x0p+0");
    check("", 0, None, 'a', -0.1, "-0x1.999999999999ap-4");
    check("", 0, None, 'A', 0.1, "0X1.999999999999AP-4");
    check("", 0, Some(1), 'a', 1.96875, "0x2.0p+0");
    check("", 0, Some(0), 'a', 1.5, "0x2p+0");
    check("#", 0, Some(0), 'a', 1.0, "0x1.p+0");
    check("", 0, Some(15), 'a', 0.5, "0x1.000000000000000p-1");
    check("0", 12, None, 'a', 1.0, "0x0000001p+0");
    check("", 0, None, 'a', f64::from_bits(1), "0x0.0000000000001p-1022");
    check("", 0, None, 'a', f64::NAN.copysign(1.0), "nan");
}

#[test]
fn conversions_of_integers() {
    let spec = Spec { precision: Some(5), width: 8, zero: true, ..Spec::default() };
    assert_eq!(text(|out| format_int(out, -42, &spec)), "  -00042");
    assert_eq!(text(|out| format_int(out, i64::MIN, &Spec::default())), i64::MIN.to_string());
    let nothing = Spec { precision: Some(0), ..Spec::default() };
    assert_eq!(text(|out| format_int(out, 0, &nothing)), "");
    let octal = Spec { alternate: true, ..Spec::default() };
    assert_eq!(text(|out| format_uint(out, 8, 8, &octal)), "010");
    assert_eq!(text(|out| format_uint(out, 0, 8, &octal)), "0");
    assert_eq!(text(|out| format_uint(out, 0, 16, &octal)), "0");
    assert_eq!(text(|out| format_uint(out, u64::MAX, 10, &Spec::default())), u64::MAX.to_string());
}
