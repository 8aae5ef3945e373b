//! Conversion specifications of `string.format`, read and checked as the reference does.

use lua_proto::number::{self, Spec};

/// One specification: `%-08.3f` without its `%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conversion<'a> {
    /// The specification as written, for messages.
    pub(crate) text: &'a [u8],
    /// The last character, or NUL where the format ended.
    pub(crate) letter: u8,
}

/// Flags that a conversion accepts.
pub(crate) const FLAGS_FLOAT: &[u8] = b"-+#0 ";
/// See [`FLAGS_FLOAT`].
pub(crate) const FLAGS_HEX: &[u8] = b"-#0";
/// See [`FLAGS_FLOAT`].
pub(crate) const FLAGS_INT: &[u8] = b"-+0 ";
/// See [`FLAGS_FLOAT`].
pub(crate) const FLAGS_UNSIGNED: &[u8] = b"-0";
/// See [`FLAGS_FLOAT`].
pub(crate) const FLAGS_TEXT: &[u8] = b"-";

/// The longest specification, its `%` not counted.
const MAX_LENGTH: usize = 21;

/// Reads the specification at the start of `format`, which follows a `%`. `None` if it
/// is too long.
pub(crate) fn read(format: &[u8]) -> Option<Conversion<'_>> {
    let modifiers = format.iter().take_while(|byte| b"-+#0 123456789.".contains(byte)).count();
    if modifiers + 1 > MAX_LENGTH {
        return None;
    }
    let letter = format.get(modifiers).copied().unwrap_or(0);
    let end = (modifiers + 1).min(format.len());
    Some(Conversion { text: &format[..end], letter })
}

impl Conversion<'_> {
    /// Whether nothing stands between `%` and the conversion.
    pub(crate) fn is_bare(&self) -> bool {
        self.text.len() <= 1
    }

    /// Whether a precision is written.
    pub(crate) fn has_point(&self) -> bool {
        self.text.contains(&b'.')
    }

    /// Flags (of `flags`), width and precision (if `precision` allows one); `None` if
    /// the specification is not made of those.
    pub(crate) fn spec(&self, flags: &[u8], precision: bool) -> Option<Spec> {
        let mut spec = Spec { upper: self.letter.is_ascii_uppercase(), ..Spec::default() };
        let mut rest = &self.text[..self.text.len().saturating_sub(1)];
        while let Some((flag, tail)) = rest.split_first().filter(|(flag, _)| flags.contains(flag)) {
            match flag {
                b'-' => spec.left = true,
                b'+' => spec.plus = true,
                b' ' => spec.space = true,
                b'#' => spec.alternate = true,
                _ => spec.zero = true,
            }
            rest = tail;
        }
        // A width does not begin with zero.
        if rest.first() != Some(&b'0') {
            (spec.width, rest) = two_digits(rest);
            if let Some(tail) = rest.strip_prefix(b".").filter(|_| precision) {
                let (value, tail) = two_digits(tail);
                spec.precision = Some(value);
                rest = tail;
            }
        }
        (rest.is_empty() && self.letter.is_ascii_alphabetic()).then_some(spec)
    }
}

/// At most two digits and what follows.
fn two_digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    (digits.iter().fold(0, |value, digit| value * 10 + usize::from(digit - b'0')), rest)
}

/// Appends a text, cut to the precision and filled to the width.
pub(crate) fn format_text(out: &mut Vec<u8>, text: &[u8], spec: &Spec) {
    let text = &text[..spec.precision.map_or(text.len(), |most| most.min(text.len()))];
    let spaces = spec.width.saturating_sub(text.len());
    if !spec.left {
        out.resize(out.len() + spaces, b' ');
    }
    out.extend_from_slice(text);
    if spec.left {
        out.resize(out.len() + spaces, b' ');
    }
}

/// Appends an integer by `letter`, one of `d i u o x X`.
pub(crate) fn format_int(out: &mut Vec<u8>, value: i64, letter: u8, spec: &Spec) {
    match letter {
        b'd' | b'i' => number::format_int(out, value, spec),
        b'o' => number::format_uint(out, value as u64, 8, spec),
        b'u' => number::format_uint(out, value as u64, 10, spec),
        _ => number::format_uint(out, value as u64, 16, spec),
    }
}

/// Appends a float by `letter`, one of `a A e E f F g G`.
pub(crate) fn format_float(out: &mut Vec<u8>, value: f64, letter: u8, spec: &Spec) {
    match letter.to_ascii_lowercase() {
        b'a' => number::format_a(out, value, spec),
        b'e' => number::format_e(out, value, spec),
        b'f' => number::format_f(out, value, spec),
        _ => number::format_g(out, value, spec),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: f64, expected: &str) {
        let conversion = read(text.as_bytes()).unwrap();
        let spec = conversion.spec(FLAGS_FLOAT, true).unwrap();
        let mut out = Vec::new();
        match conversion.letter {
            b's' => format_text(&mut out, value.to_string().as_bytes(), &spec),
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => format_int(&mut out, value as i64, conversion.letter, &spec),
            letter => format_float(&mut out, value, letter, &spec),
        }
        assert_eq!(String::from_utf8(out).unwrap(), expected, "%{text} of {value}");
    }

    #[test]
    fn integers() {
        check("d", -42.0, "-42");
        check("5d", 42.0, "   42");
        check("-5d", 42.0, "42   ");
        check("05d", -42.0, "-0042");
        check("+d", 5.0, "+5");
        check(" d", 5.0, " 5");
        check("08.3d", 5.0, "     005");
        check(".0d", 0.0, "");
        check("x", -1.0, "ffffffffffffffff");
        check("#08X", 255.0, "0X0000FF");
        check("#o", 8.0, "010");
        check("#o", 0.0, "0");
        check("#x", 0.0, "0");
        check("u", -1.0, "18446744073709551615");
    }

    #[test]
    fn floats_and_texts() {
        check(".3f", 2.0005, "2.001");
        check("#.0f", 3.0, "3.");
        check("010.2f", -1.0, "-000001.00");
        check("E", 0.0, "0.000000E+00");
        check("g", 1e20, "1e+20");
        check("#g", 1.0, "1.00000");
        check("G", f64::NEG_INFINITY, "-INF");
        check("05g", f64::INFINITY, "  inf");
        check("a", 1.5, "0x1.8p+0");
        check("+.3a", 1.5, "+0x1.800p+0");
        check("A", 255.0, "0X1.FEP+7");
        check("5.2s", 123.0, "   12");
        check("-5s", 123.0, "123  ");
    }

    #[test]
    fn malformed_specifications() {
        let spec = |text: &str| read(text.as_bytes()).and_then(|conversion| conversion.spec(FLAGS_INT, true));
        assert_eq!(spec("123d"), None);
        assert_eq!(spec("1.123d"), None);
        assert_eq!(spec("#d"), None);
        assert_eq!(spec("-"), None);
        assert!(spec("-05.2d").is_some());
        assert_eq!(read(&[b'0'; 30]), None);
    }
}
