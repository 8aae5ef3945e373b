//! Looking at many bytes at once, and the classes of single ones.

/// A letter, digit or underscore: may continue a name.
pub(crate) const NAME: u8 = 1;
/// A letter or underscore: may begin a name.
pub(crate) const ALPHA: u8 = 2;
/// A decimal digit.
pub(crate) const DIGIT: u8 = 4;
/// A hexadecimal digit.
pub(crate) const HEX: u8 = 8;
/// White space, line breaks included.
pub(crate) const SPACE: u8 = 16;

/// The classes of each byte. ASCII only, whatever the locale.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => NAME | DIGIT | HEX,
            b'a'..=b'f' | b'A'..=b'F' => NAME | ALPHA | HEX,
            b'g'..=b'z' | b'G'..=b'Z' | b'_' => NAME | ALPHA,
            b' ' | b'\t'..=b'\r' => SPACE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Whether a byte is of one of the classes.
#[inline(always)]
pub(crate) fn is(byte: u8, classes: u8) -> bool {
    CLASSES[byte as usize] & classes != 0
}

/// The offset of the first of some bytes, from `from` on; the length if there is none.
#[inline(always)]
pub(crate) fn find<const N: usize>(text: &[u8], from: usize, needles: [u8; N]) -> usize {
    let mut at = from;
    while let Some(word) = word(text, at) {
        let mut hits = 0;
        for needle in needles {
            // The lowest set high bit marks the first zero byte of `different`; bits above
            // it may be wrong, which does not matter to `trailing_zeros`.
            let different = word ^ (ONES * u64::from(needle));
            hits |= different.wrapping_sub(ONES) & !different & HIGH;
        }
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < text.len() && !needles.contains(&text[at]) {
        at += 1;
    }
    at
}

/// How many bytes of a word, the lowest first, are letters, digits or underscores.
///
/// Without branches, because nothing predicts how long names are.
#[inline(always)]
pub(crate) fn name_bytes(word: u64) -> usize {
    let low = word & !HIGH;
    let folded = low | (ONES * 0x20);
    // With all bytes below 0x80, adding 0x80 - x sets the high bit of those that are at least x.
    let letter = (folded + ONES * (0x80 - b'a' as u64)) & !(folded + ONES * (0x7F - b'z' as u64));
    let digit = (low + ONES * (0x80 - b'0' as u64)) & !(low + ONES * (0x7F - b'9' as u64));
    let underscore = !((low ^ (ONES * b'_' as u64)) + ONES * 0x7F);
    let others = !((letter | digit | underscore) & !word) & HIGH;
    others.trailing_zeros() as usize / 8
}

/// How many bytes of a word, the lowest first, are blanks.
#[inline(always)]
pub(crate) fn blank_bytes(word: u64) -> usize {
    (word ^ (ONES * b' ' as u64)).trailing_zeros() as usize / 8
}

/// The eight bytes at an offset, the first one lowest; `None` near the end.
#[inline(always)]
pub(crate) fn word(text: &[u8], at: usize) -> Option<u64> {
    let bytes = text.get(at..at + 8)?;
    Some(u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_classified_as_their_bytes() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut bytes = *b"aZ0_9zAy";
                bytes[place] = byte;
                let naive = bytes.iter().take_while(|&&byte| is(byte, NAME)).count();
                assert_eq!(name_bytes(u64::from_le_bytes(bytes)), naive, "{bytes:?}");
                let mut bytes = [b' '; 8];
                bytes[place] = byte;
                let naive = bytes.iter().take_while(|&&byte| byte == b' ').count();
                assert_eq!(blank_bytes(u64::from_le_bytes(bytes)), naive, "{bytes:?}");
            }
        }
    }

    #[test]
    fn find_agrees_with_position() {
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..5000 {
            let mut text = Vec::new();
            for _ in 0..seed % 40 {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                // Neighbours of the needles provoke wrong borrows.
                text.push([b'a', b'"', b'!', b'\n', b'\x0B', 0, 1, 0x80, 0xFF, b'#'][(seed >> 40) as usize % 10]);
            }
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let from = if text.is_empty() { 0 } else { (seed >> 33) as usize % (text.len() + 1) };
            for needles in [[b'"', b'\n'], [0, 0x80], [0xFF, 1]] {
                let naive = text[from..].iter().position(|byte| needles.contains(byte));
                assert_eq!(find(&text, from, needles), naive.map_or(text.len(), |at| from + at));
            }
        }
    }
}
