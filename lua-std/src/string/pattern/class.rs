//! Sets of bytes: the classes of patterns, as the C locale has them.

/// A set of bytes, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) const EMPTY: Set = Set([0; 4]);

    /// Whether `byte` is a member.
    #[inline(always)]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    pub(super) fn add(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(super) fn add_range(&mut self, first: u8, last: u8) {
        (first..=last).for_each(|byte| self.add(byte));
    }

    pub(super) fn add_all(&mut self, other: &Set) {
        self.0.iter_mut().zip(other.0).for_each(|(word, more)| *word |= more);
    }

    pub(super) fn negate(&mut self) {
        self.0.iter_mut().for_each(|word| *word = !*word);
    }

    /// The only member, if there is exactly one.
    pub(super) fn single(&self) -> Option<u8> {
        let count: u32 = self.0.iter().map(|word| word.count_ones()).sum();
        if count != 1 {
            return None;
        }
        (0..=255).find(|&byte| self.has(byte))
    }

    /// The class `%name`, or `None` if `%name` stands for the character itself.
    pub(super) fn named(name: u8) -> Option<Set> {
        let is_member: fn(u8) -> bool = match name.to_ascii_lowercase() {
            b'a' => |byte| byte.is_ascii_alphabetic(),
            b'c' => |byte| byte.is_ascii_control(),
            b'd' => |byte| byte.is_ascii_digit(),
            b'g' => |byte| byte.is_ascii_graphic(),
            b'l' => |byte| byte.is_ascii_lowercase(),
            b'p' => |byte| byte.is_ascii_punctuation(),
            b's' => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
            b'u' => |byte| byte.is_ascii_uppercase(),
            b'w' => |byte| byte.is_ascii_alphanumeric(),
            b'x' => |byte| byte.is_ascii_hexdigit(),
            // Deprecated, still understood.
            b'z' => |byte| byte == 0,
            _ => return None,
        };
        let mut set = Set::EMPTY;
        (0..=255).filter(|&byte| is_member(byte)).for_each(|byte| set.add(byte));
        if name.is_ascii_uppercase() {
            set.negate();
        }
        Some(set)
    }
}
