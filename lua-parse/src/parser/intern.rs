//! Equal strings of a chunk to equal ids.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::ast::{Ast, Range32, StrId};

/// A hash table of open addressing over the strings of an [`Ast`].
///
/// The hash is keyed at random per chunk, so that a source cannot be built whose names all meet.
#[derive(Debug)]
pub(super) struct Interner {
    slots: Vec<Slot>,
    seed: u64,
    multiplier: u64,
}

/// `id` plus one, so that zero is an empty slot, and the upper half of the hash.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    id: u32,
}

impl Interner {
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        let seed = random.build_hasher().finish();
        let multiplier = random.hash_one(seed) | 1;
        Interner {
            slots: vec![Slot::default(); 256],
            seed,
            multiplier,
        }
    }

    /// The id of a string, which enters `ast` if it is new.
    #[inline]
    pub(super) fn intern(&mut self, ast: &mut Ast, text: &[u8]) -> StrId {
        let hash = self.hash(text);
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.id == 0 {
                return self.insert(ast, text, hash, at);
            }
            if slot.hash == tag && ast.str(StrId(slot.id - 1)) == text {
                return StrId(slot.id - 1);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn insert(&mut self, ast: &mut Ast, text: &[u8], hash: u64, at: usize) -> StrId {
        let start = ast.string_bytes.len() as u32;
        ast.string_bytes.extend_from_slice(text);
        ast.strings.push(Range32 {
            start,
            end: ast.string_bytes.len() as u32,
        });
        let id = ast.strings.len() as u32;
        self.slots[at] = Slot {
            hash: (hash >> 32) as u32,
            id,
        };
        if ast.strings.len() * 2 > self.slots.len() {
            self.grow(ast);
        }
        StrId(id - 1)
    }

    fn grow(&mut self, ast: &Ast) {
        let mut slots = vec![Slot::default(); self.slots.len() * 4];
        let mask = slots.len() - 1;
        for index in 0..ast.strings.len() as u32 {
            let hash = self.hash(ast.str(StrId(index)));
            let mut at = hash as usize & mask;
            while slots[at].id != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = Slot {
                hash: (hash >> 32) as u32,
                id: index + 1,
            };
        }
        self.slots = slots;
    }

    /// A multiply-and-fold hash; most strings are names of at most eight bytes.
    #[inline(always)]
    fn hash(&self, text: &[u8]) -> u64 {
        let mut state = self.seed ^ text.len() as u64;
        let mut rest = text;
        while rest.len() > 8 {
            let (word, tail) = rest.split_at(8);
            state = self.fold(state ^ u64::from_le_bytes(word.try_into().expect("eight bytes")));
            rest = tail;
        }
        self.fold(state ^ last_word(rest))
    }

    #[inline(always)]
    fn fold(&self, value: u64) -> u64 {
        let product = u128::from(value) * u128::from(self.multiplier);
        (product >> 64) as u64 ^ product as u64
    }
}

/// At most eight bytes as one number; of a given length, different bytes give different numbers.
#[inline(always)]
fn last_word(bytes: &[u8]) -> u64 {
    let half = |at: usize| {
        u64::from(u32::from_le_bytes(
            bytes[at..at + 4].try_into().expect("four bytes"),
        ))
    };
    match bytes.len() {
        0 => 0,
        length @ 1..=3 => {
            u64::from(bytes[0])
                | u64::from(bytes[length / 2]) << 8
                | u64::from(bytes[length - 1]) << 16
        }
        length => half(0) | half(length - 4) << 32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_equal_ids() {
        let mut ast = Ast::default();
        let mut interner = Interner::new();
        let texts: Vec<Vec<u8>> = (0..5000_u32)
            .map(|i| vec![b'a' + (i % 7) as u8; i as usize / 7 % 700])
            .collect();
        let ids: Vec<StrId> = texts
            .iter()
            .map(|text| interner.intern(&mut ast, text))
            .collect();
        for (text, &id) in texts.iter().zip(&ids) {
            assert_eq!(ast.str(id), text);
            assert_eq!(interner.intern(&mut ast, text), id);
        }
        let mut distinct = texts.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(ast.strings.len(), distinct.len());
    }
}
