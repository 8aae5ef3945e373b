//! Random numbers that a seed and the number of a case determine.

/// Marsaglia's xorshift, 64 bits, with a multiplication at the end.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one case.
    pub(crate) fn new(seed: u64, case: u64) -> Random {
        // Neighbouring cases must not start alike.
        let mut state = (seed ^ case.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(1);
        for _ in 0..2 {
            state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            state ^= state >> 27;
        }
        Random(state | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From 0 to `limit - 1`; 0 if there is no such number.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these, which are not empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
