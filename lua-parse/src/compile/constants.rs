//! The constants of one function, each once.

use lua_proto::{DraftConstant, StringId};

use super::Generator;
use crate::ast::StrId;

/// A constant, comparable: a float by its bits, a string by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConstantKey {
    Nil,
    Bool(bool),
    Int(i64),
    Float(u64),
    Str(StrId),
}

impl ConstantKey {
    fn hash(self) -> usize {
        let (bits, salt) = match self {
            ConstantKey::Nil => (0, 1),
            ConstantKey::Bool(b) => (u64::from(b), 3),
            ConstantKey::Int(i) => (i as u64, 5),
            ConstantKey::Float(bits) => (bits, 7),
            ConstantKey::Str(id) => (u64::from(id.0), 9),
        };
        let mixed = (bits ^ (salt << 60)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ (mixed >> 32)) as usize
    }
}

/// Constants by index, and indices by constant: an open-addressing table of `index + 1`.
#[derive(Default)]
pub(super) struct ConstantTable {
    keys: Vec<ConstantKey>,
    /// A power of two long, at most half full; zero is free.
    table: Vec<u32>,
}

impl ConstantTable {
    const START: usize = 32;

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.table.truncate(4 * Self::START);
        self.table.fill(0);
    }

    /// The index of a constant, which is added if it is new.
    pub(super) fn index(&mut self, key: ConstantKey) -> u32 {
        if self.keys.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut slot = key.hash() & mask;
        loop {
            match self.table[slot] {
                0 => break,
                found if self.keys[found as usize - 1] == key => return found - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        self.keys.push(key);
        self.table[slot] = self.keys.len() as u32;
        self.keys.len() as u32 - 1
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(Self::START);
        self.table.clear();
        self.table.resize(len, 0);
        for (index, key) in self.keys.iter().enumerate() {
            let mut slot = key.hash() & (len - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (len - 1);
            }
            self.table[slot] = index as u32 + 1;
        }
    }

    /// The constants in the order of their indices.
    pub(super) fn keys(&self) -> &[ConstantKey] {
        &self.keys
    }
}

impl Generator<'_> {
    /// A constant as the function gets it.
    pub(super) fn constant(&mut self, key: ConstantKey) -> DraftConstant<StringId> {
        match key {
            ConstantKey::Nil => DraftConstant::Nil,
            ConstantKey::Bool(b) => DraftConstant::Bool(b),
            ConstantKey::Int(i) => DraftConstant::Int(i),
            ConstantKey::Float(bits) => DraftConstant::Float(f64::from_bits(bits)),
            ConstantKey::Str(id) => DraftConstant::Str(self.string(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_constants_have_one_index() {
        let mut table = ConstantTable::default();
        let mut naive: Vec<ConstantKey> = Vec::new();
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let n = state >> 54;
            let key = match n % 4 {
                0 => ConstantKey::Int(n as i64 / 4),
                1 => ConstantKey::Float((n as f64 / 4.0).to_bits()),
                2 => ConstantKey::Str(StrId(n as u32 / 4)),
                _ => ConstantKey::Bool(n & 4 != 0),
            };
            let expected = naive.iter().position(|&k| k == key).unwrap_or_else(|| {
                naive.push(key);
                naive.len() - 1
            });
            assert_eq!(table.index(key), expected as u32);
        }
        assert!(naive.len() > 300);
        table.clear();
        assert_eq!(table.index(ConstantKey::Nil), 0);
    }

    #[test]
    fn zeros_and_kinds_differ() {
        let mut table = ConstantTable::default();
        let keys = [
            ConstantKey::Int(0),
            ConstantKey::Float(0.0f64.to_bits()),
            ConstantKey::Float((-0.0f64).to_bits()),
            ConstantKey::Str(StrId(0)),
            ConstantKey::Bool(false),
            ConstantKey::Nil,
        ];
        for (index, key) in keys.into_iter().enumerate() {
            assert_eq!(table.index(key), index as u32);
        }
    }
}
