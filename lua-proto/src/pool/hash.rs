//! The hash of strings: SipHash-1-3 under one random key per process.
//!
//! All VMs of a process share the key, because the pool's strings carry their hashes. It is
//! random and the hash is keyed, so that a script that sees the order of `pairs` cannot make
//! up strings that collide in another VM.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// The hash of a string, never 0 (which in a VM's own long strings means "not hashed yet").
#[inline]
pub fn hash_bytes(bytes: &[u8]) -> u32 {
    HashKey::process().hash(bytes)
}

/// The key of [`hash_bytes`], for callers that hash often and keep it at hand.
#[derive(Clone, Copy)]
pub struct HashKey {
    k0: u64,
    k1: u64,
}

impl HashKey {
    /// A key that is the same in every process, for what nobody attacks.
    pub(crate) const FIXED: HashKey = HashKey { k0: 0, k1: 0 };

    /// The key of this process.
    #[inline(always)]
    pub fn process() -> HashKey {
        static KEY: OnceLock<HashKey> = OnceLock::new();
        match KEY.get() {
            Some(key) => *key,
            None => *KEY.get_or_init(HashKey::random),
        }
    }

    #[cold]
    fn random() -> HashKey {
        // The standard library seeds `RandomState` from the system; hashing nothing with it
        // gives 64 bits that depend on the seed.
        let word = || RandomState::new().build_hasher().finish();
        HashKey { k0: word(), k1: word() }
    }

    /// As [`hash_bytes`].
    #[inline]
    pub fn hash(self, bytes: &[u8]) -> u32 {
        let wide = self.sip(bytes);
        let hash = (wide ^ (wide >> 32)) as u32;
        hash + (hash == 0) as u32
    }

    /// All 64 bits of the hash.
    pub(crate) fn digest(self, bytes: &[u8]) -> u64 {
        self.sip(bytes)
    }

    /// SipHash-1-3: one round a word, three at the end.
    #[inline]
    fn sip(self, bytes: &[u8]) -> u64 {
        let mut v = [
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ];
        let (words, tail) = bytes.as_chunks::<8>();
        for word in words {
            let word = u64::from_le_bytes(*word);
            v[3] ^= word;
            round(&mut v);
            v[0] ^= word;
        }
        let last = (bytes.len() as u64) << 56 | tail_word(bytes, tail.len());
        v[3] ^= last;
        round(&mut v);
        v[0] ^= last;
        v[2] ^= 0xff;
        round(&mut v);
        round(&mut v);
        round(&mut v);
        v[0] ^ v[1] ^ v[2] ^ v[3]
    }
}

/// The last `count < 8` bytes as one little-endian number, without a loop.
#[inline(always)]
fn tail_word(bytes: &[u8], count: usize) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return (u64::from_le_bytes(*last) >> 8) >> (56 - 8 * count);
    }
    if let (Some(low), Some(high)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (low, high) = (u32::from_le_bytes(*low), u32::from_le_bytes(*high));
        return u64::from(low) | u64::from(high) << (8 * (count - 4));
    }
    let Some(&first) = bytes.first() else {
        return 0;
    };
    let (middle, last) = (count / 2, count - 1);
    u64::from(first) | u64::from(bytes[middle]) << (8 * middle) | u64::from(bytes[last]) << (8 * last)
}

#[inline(always)]
fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::DefaultHasher;

    /// The standard library's `DefaultHasher::new()` is SipHash-1-3 with the key 0, 0.
    #[test]
    fn is_siphash_1_3() {
        let key = HashKey { k0: 0, k1: 0 };
        let text: Vec<u8> = (0..200).map(|i: u32| (i * 37 + 11) as u8).collect();
        for len in 0..text.len() {
            let mut twin = DefaultHasher::new();
            twin.write(&text[..len]);
            assert_eq!(key.sip(&text[..len]), twin.finish(), "length {len}");
        }
    }

    #[test]
    fn the_key_matters_and_stays() {
        let other = HashKey::random();
        assert_eq!(hash_bytes(b"abc"), hash_bytes(b"abc"));
        // One chance in 2^64 of two equal keys, and of equal hashes of all four.
        let texts: [&[u8]; 4] = [b"", b"a", b"ab", b"abcdefghij"];
        assert!(texts.iter().any(|t| other.hash(t) != hash_bytes(t)));
    }
}
