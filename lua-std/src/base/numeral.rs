//! Numerals in any base from 2 to 36, as `tonumber` reads them.

/// The integer that `text` is in `base`; wraps around as integers do.
pub(super) fn parse(text: &[u8], base: u32) -> Option<i64> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte))?;
    let end = text.iter().rposition(|byte| !is_space(byte))? + 1;
    let (negative, digits) = match &text[start..end] {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0i64;
    for &digit in digits {
        let digit = char::from(digit).to_digit(base)?;
        value = value.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
    }
    Some(if negative { value.wrapping_neg() } else { value })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numerals() {
        assert_eq!(parse(b"  -7fF \t", 16), Some(-0x7ff));
        assert_eq!(parse(b"+z", 36), Some(35));
        assert_eq!(parse(b"102", 2), None);
        assert_eq!(parse(b"", 10), None);
        assert_eq!(parse(b" ", 10), None);
        assert_eq!(parse(b"-", 10), None);
        assert_eq!(parse(b"- 1", 10), None);
        assert_eq!(parse(b"1 1", 10), None);
        assert_eq!(parse(b"1\0", 10), None);
        assert_eq!(parse(b"ffffffffffffffff", 16), Some(-1));
        assert_eq!(parse("é".as_bytes(), 36), None);
    }
}
