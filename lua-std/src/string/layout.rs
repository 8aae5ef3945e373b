//! The layout of binary data: formats of `string.pack` (§6.4.2), free of any VM.

/// What a format is at fault for, in the words that a script sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LayoutError {
    #[error("integral size ({0}) out of limits [1,16]")]
    Size(i64),
    #[error("missing size for format option 'c'")]
    MissingSize,
    #[error("invalid format option '{}'", char::from(*.0))]
    Option(u8),
    /// An error of the format argument rather than a plain one.
    #[error("invalid next option for option 'X'")]
    Next,
    /// As [`LayoutError::Next`].
    #[error("format asks for alignment not power of 2")]
    Alignment,
}

impl LayoutError {
    /// Whether the message is one about the argument that holds the format.
    pub(crate) fn is_about_argument(self) -> bool {
        matches!(self, LayoutError::Next | LayoutError::Alignment)
    }
}

/// The kind of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A signed integer of `size` bytes.
    Int,
    /// An unsigned integer of `size` bytes.
    Unsigned,
    /// `f`: 4 bytes.
    Float,
    /// `d` and `n`: 8 bytes.
    Double,
    /// `c`: exactly `size` bytes.
    Fixed,
    /// `s`: the length in `size` bytes, then the bytes.
    Counted,
    /// `z`: up to a zero.
    Zero,
    /// `x`: one byte.
    Padding,
    /// `X`: only alignment.
    Align,
    /// Configuration, or a space.
    Nothing,
}

/// One item of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    /// Bytes of the item's fixed part.
    pub(crate) size: usize,
    /// Bytes of alignment before it.
    pub(crate) padding: usize,
    pub(crate) little: bool,
}

/// Reads a format item by item.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    at: usize,
    little: bool,
    max_align: usize,
}

/// The largest size that a format may ask for.
pub(crate) const MAX_SIZE: usize = i32::MAX as usize;

impl Reader {
    pub(crate) fn new() -> Reader {
        Reader { at: 0, little: cfg!(target_endian = "little"), max_align: 1 }
    }

    /// The next item of `format`, where `total` bytes come before it; `None` at the end.
    pub(crate) fn next(&mut self, format: &[u8], total: usize) -> Result<Option<Item>, LayoutError> {
        if self.at >= format.len() {
            return Ok(None);
        }
        let (kind, size) = self.option(format)?;
        let mut align = size;
        if kind == Kind::Align {
            if self.at >= format.len() {
                return Err(LayoutError::Next);
            }
            let (next, next_size) = self.option(format)?;
            if next == Kind::Fixed || next_size == 0 {
                return Err(LayoutError::Next);
            }
            align = next_size;
        }
        let mut padding = 0;
        if align > 1 && kind != Kind::Fixed {
            align = align.min(self.max_align);
            if !align.is_power_of_two() {
                return Err(LayoutError::Alignment);
            }
            padding = total.wrapping_neg() & (align - 1);
        }
        Ok(Some(Item { kind, size, padding, little: self.little }))
    }

    fn option(&mut self, format: &[u8]) -> Result<(Kind, usize), LayoutError> {
        let option = format[self.at];
        self.at += 1;
        Ok(match option {
            b'b' => (Kind::Int, 1),
            b'B' => (Kind::Unsigned, 1),
            b'h' => (Kind::Int, 2),
            b'H' => (Kind::Unsigned, 2),
            b'l' | b'j' => (Kind::Int, 8),
            b'L' | b'J' | b'T' => (Kind::Unsigned, 8),
            b'f' => (Kind::Float, 4),
            b'n' | b'd' => (Kind::Double, 8),
            b'i' => (Kind::Int, self.limited(format, 4)?),
            b'I' => (Kind::Unsigned, self.limited(format, 4)?),
            b's' => (Kind::Counted, self.limited(format, 8)?),
            b'c' => (Kind::Fixed, self.numeral(format).ok_or(LayoutError::MissingSize)?),
            b'z' => (Kind::Zero, 0),
            b'x' => (Kind::Padding, 1),
            b'X' => (Kind::Align, 0),
            b' ' => (Kind::Nothing, 0),
            b'<' => self.set_order(true),
            b'>' => self.set_order(false),
            b'=' => self.set_order(cfg!(target_endian = "little")),
            b'!' => {
                self.max_align = self.limited(format, 8)?;
                (Kind::Nothing, 0)
            }
            other => return Err(LayoutError::Option(other)),
        })
    }

    fn set_order(&mut self, little: bool) -> (Kind, usize) {
        self.little = little;
        (Kind::Nothing, 0)
    }

    fn numeral(&mut self, format: &[u8]) -> Option<usize> {
        let digit = |at: usize| format.get(at).filter(|byte| byte.is_ascii_digit());
        digit(self.at)?;
        let mut value = 0;
        while let Some(digit) = digit(self.at).filter(|_| value <= (MAX_SIZE - 9) / 10) {
            value = value * 10 + usize::from(digit - b'0');
            self.at += 1;
        }
        Some(value)
    }

    fn limited(&mut self, format: &[u8], default: usize) -> Result<usize, LayoutError> {
        match self.numeral(format) {
            None => Ok(default),
            Some(size @ 1..=16) => Ok(size),
            Some(size) => Err(LayoutError::Size(size as i64)),
        }
    }
}

/// The bytes of an integer, sign-extended beyond 8 if `value` is `negative`.
pub(crate) fn write_int(value: u64, negative: bool, size: usize, little: bool) -> ([u8; 16], usize) {
    let mut bytes = [if negative { 0xff } else { 0 }; 16];
    bytes[..8].copy_from_slice(&value.to_le_bytes());
    if !little {
        bytes[..size].reverse();
    }
    (bytes, size)
}

/// The integer that `bytes` (1 to 16 of them) are; `None` if it does not fit in 64 bits.
pub(crate) fn read_int(bytes: &[u8], little: bool, signed: bool) -> Option<i64> {
    let at = |index: usize| bytes[if little { index } else { bytes.len() - 1 - index }];
    let size = bytes.len();
    let mut value = (0..size.min(8)).rev().fold(0u64, |value, index| value << 8 | u64::from(at(index)));
    if size < 8 {
        if signed {
            let unused = 64 - 8 * size as u32;
            value = ((value << unused) as i64 >> unused) as u64;
        }
    } else {
        let extension = if signed && (value as i64) < 0 { 0xff } else { 0 };
        if (8..size).any(|index| at(index) != extension) {
            return None;
        }
    }
    Some(value as i64)
}

/// Whether `value` fits in `size` bytes, signed or unsigned.
pub(crate) fn fits(value: i64, size: usize, signed: bool) -> bool {
    if size >= 8 {
        return true;
    }
    let bits = 8 * size as u32;
    match signed {
        true => {
            let limit = 1i64 << (bits - 1);
            (-limit..limit).contains(&value)
        }
        false => (value as u64) < 1 << bits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn items(format: &str) -> Result<Vec<(Kind, usize, usize)>, LayoutError> {
        let mut reader = Reader::new();
        let mut total = 0;
        let mut items = Vec::new();
        while let Some(item) = reader.next(format.as_bytes(), total)? {
            total += item.padding + item.size;
            items.push((item.kind, item.size, item.padding));
        }
        Ok(items)
    }

    #[test]
    fn formats() {
        use Kind::{Align, Counted, Double, Fixed, Int, Nothing};
        assert_eq!(items("i4 d"), Ok(vec![(Int, 4, 0), (Nothing, 0, 0), (Double, 8, 0)]));
        assert_eq!(items("!8 bd").unwrap().last(), Some(&(Double, 8, 7)));
        assert_eq!(items("!4 bXi4s2"), Ok(vec![(Nothing, 0, 0), (Nothing, 0, 0), (Int, 1, 0), (Align, 0, 3), (Counted, 2, 0)]));
        assert_eq!(items("c10"), Ok(vec![(Fixed, 10, 0)]));
        assert_eq!(items("i17"), Err(LayoutError::Size(17)));
        assert_eq!(items("i0"), Err(LayoutError::Size(0)));
        assert_eq!(items("c"), Err(LayoutError::MissingSize));
        assert_eq!(items("X"), Err(LayoutError::Next));
        assert_eq!(items("Xz"), Err(LayoutError::Next));
        assert_eq!(items("Xc4"), Err(LayoutError::Next));
        assert_eq!(items("!3 i4"), Err(LayoutError::Alignment));
        assert_eq!(items("c99999999999"), Err(LayoutError::Option(b'9')));
    }

    proptest! {
        #[test]
        fn integers_come_back(value: i64, size in 1usize..=16, little: bool, signed: bool) {
            let (bytes, size) = write_int(value as u64, signed && value < 0, size, little);
            let back = read_int(&bytes[..size], little, signed);
            if fits(value, size, signed) {
                prop_assert_eq!(back, Some(value));
            } else {
                prop_assert!(back.is_some_and(|back| back != value));
            }
        }

        #[test]
        fn any_format_is_answered(format in prop::collection::vec(prop::sample::select(b"bBhHiIlLjJTfdnsczxX<>=! 0123456789".to_vec()), 0..12)) {
            let _ = items(std::str::from_utf8(&format).unwrap());
        }
    }
}
