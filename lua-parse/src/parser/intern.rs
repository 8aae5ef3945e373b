//! Equal strings of a chunk to equal ids.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::ast::{Ast, Range32, StrId};

/// A hash table of open addressing over the strings of an [`Ast`], at most three quarters full.
///
/// The hash is keyed at random, so that a source cannot be built whose names all meet.
#[derive(Debug)]
pub(super) struct Interner {
    slots: Vec<Slot>,
    /// What stands for each string: the bytes of one of at most eight, which are compared without looking at the string, else its hash.
    words: Vec<u64>,
    seed: u64,
    multiplier: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The lower half of the hash.
    hash: u32,
    /// The id plus one, so that zero is an empty slot.
    id: u32,
}

impl Interner {
    /// An interner for a source of so many bytes.
    pub(super) fn new(source: usize) -> Self {
        let random = RandomState::new();
        let seed = random.build_hasher().finish();
        let multiplier = random.hash_one(seed) | 1;
        Interner { slots: vec![Slot::default(); (source / 16).next_power_of_two().clamp(16, 256)], words: Vec::new(), seed, multiplier }
    }

    /// The id of the string `source[start..end]`, which enters `ast` if it is new.
    #[inline]
    pub(super) fn intern(&mut self, ast: &mut Ast, source: &[u8], start: usize, end: usize) -> StrId {
        let text = &source[start..end];
        let (word, hash) = if text.len() <= 8 {
            let word = short_word(source, start, text.len());
            (word, self.fold(self.seed ^ word))
        } else {
            let hash = self.hash_long(text);
            (hash, hash)
        };
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.id == 0 {
                return self.insert(ast, text, word, hash, at);
            }
            if slot.hash == hash as u32 && self.is(ast, StrId(slot.id - 1), text, word) {
                return StrId(slot.id - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether this is the string with this text, for which `word` stands.
    #[inline(always)]
    fn is(&self, ast: &Ast, id: StrId, text: &[u8], word: u64) -> bool {
        let at = id.0 as usize;
        self.words[at] == word && ast.strings[at].len() == text.len() && (text.len() <= 8 || ast.str(id) == text)
    }

    #[cold]
    #[inline(never)]
    fn insert(&mut self, ast: &mut Ast, text: &[u8], word: u64, hash: u64, at: usize) -> StrId {
        let start = ast.string_bytes.len() as u32;
        ast.string_bytes.extend_from_slice(text);
        ast.strings.push(Range32 { start, end: ast.string_bytes.len() as u32 });
        let id = ast.strings.len() as u32;
        self.words.push(word);
        self.slots[at] = Slot { hash: hash as u32, id };
        if ast.strings.len() * 4 > self.slots.len() * 3 {
            self.grow(ast);
        }
        StrId(id - 1)
    }

    /// Forgets all strings of the tree but the first `count`.
    pub(super) fn keep(&mut self, ast: &mut Ast, count: usize) {
        ast.strings.truncate(count);
        ast.string_bytes.truncate(ast.strings.last().map_or(0, |last| last.end as usize));
        self.words.truncate(count);
        self.slots.fill(Slot::default());
        self.enter_all(ast);
    }

    fn grow(&mut self, ast: &Ast) {
        self.slots = vec![Slot::default(); self.slots.len() * 2];
        self.enter_all(ast);
    }

    /// Enters all strings of the tree into the table, which is empty.
    fn enter_all(&mut self, ast: &Ast) {
        let mask = self.slots.len() - 1;
        for (id, text) in (1..).zip(&ast.strings) {
            let word = self.words[id as usize - 1];
            let hash = if text.len() <= 8 { self.fold(self.seed ^ word) } else { word };
            let mut at = hash as usize & mask;
            while self.slots[at].id != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = Slot { hash: hash as u32, id };
        }
    }

    /// A multiply-and-fold hash of more than eight bytes.
    fn hash_long(&self, text: &[u8]) -> u64 {
        let word = |at: usize| u64::from_le_bytes(text[at..at + 8].try_into().expect("eight bytes"));
        let mut state = self.seed ^ text.len() as u64;
        for at in (0..text.len() - 8).step_by(8) {
            state = self.fold(state ^ word(at));
        }
        self.fold(state ^ word(text.len() - 8))
    }

    #[inline(always)]
    fn fold(&self, value: u64) -> u64 {
        let product = u128::from(value) * u128::from(self.multiplier);
        (product >> 64) as u64 ^ product as u64
    }
}

/// At most eight bytes of the source as one number, with zeros behind them.
#[inline(always)]
fn short_word(source: &[u8], start: usize, length: usize) -> u64 {
    if length == 0 {
        return 0;
    }
    match source.get(start..start + 8) {
        Some(bytes) => {
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            word & (u64::MAX >> (64 - 8 * length))
        }
        None => source[start..start + length].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_equal_ids() {
        let mut ast = Ast::default();
        let mut interner = Interner::new(0);
        let texts: Vec<Vec<u8>> = (0..5000_u32).map(|i| vec![b'a' + (i % 7) as u8; i as usize / 7 % 700]).collect();
        let ids: Vec<StrId> = texts.iter().map(|text| interner.intern(&mut ast, text, 0, text.len())).collect();
        for (text, &id) in texts.iter().zip(&ids) {
            assert_eq!(ast.str(id), text);
            assert_eq!(interner.intern(&mut ast, text, 0, text.len()), id);
        }
        let mut distinct = texts.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(ast.strings.len(), distinct.len());
        for kept in [4000, 40, 3, 0] {
            interner.keep(&mut ast, kept);
            assert_eq!(ast.strings.len(), kept.min(distinct.len()));
            for (text, &id) in texts.iter().zip(&ids).filter(|(_, id)| (id.0 as usize) < kept) {
                assert_eq!(ast.str(id), text);
                assert_eq!(interner.intern(&mut ast, text, 0, text.len()), id);
            }
            let new = interner.intern(&mut ast, b"not there yet", 0, 13);
            assert_eq!(new.0 as usize, ast.strings.len() - 1);
        }
    }
}
