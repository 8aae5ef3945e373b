//! `math.random`: xoshiro256**, by David Blackman and Sebastiano Vigna.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use lua_vm::{Answer, Args, Cx, Error, Outcome};

/// A generator of pseudo-random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Xoshiro([u64; 4]);

impl Xoshiro {
    /// The state that the reference makes of two seeds.
    pub(super) fn new(first: u64, second: u64) -> Xoshiro {
        let mut generator = Xoshiro([first, 0xff, second, 0]);
        for _ in 0..16 {
            generator.next();
        }
        generator
    }

    pub(super) fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ b << 17, d.rotate_left(45)];
        b.wrapping_mul(5).rotate_left(7).wrapping_mul(9)
    }

    /// A float from 0 up to 1, of 53 bits.
    pub(super) fn float(bits: u64) -> f64 {
        (bits >> 11) as f64 * (0.5 / (1u64 << 52) as f64)
    }

    /// `bits` projected into `0..=limit` without bias.
    pub(super) fn project(&mut self, mut bits: u64, limit: u64) -> u64 {
        if limit & limit.wrapping_add(1) == 0 {
            return bits & limit;
        }
        let mask = u64::MAX >> limit.leading_zeros();
        loop {
            bits &= mask;
            if bits <= limit {
                return bits;
            }
            bits = self.next();
        }
    }
}

/// Seeds the generator of a VM that opens the library.
pub(super) fn open(cx: &Cx<'_>) {
    let (first, second) = fresh_seeds();
    cx.random_state().set(Xoshiro::new(first, second).0);
}

fn fresh_seeds() -> (u64, u64) {
    // The keys of a `RandomState` come from the system's random source.
    let keys = RandomState::new();
    (keys.hash_one(1u8), keys.hash_one(2u8))
}

/// Lets `work` use the generator with this state.
#[inline]
fn with_state<R>(state: &Cell<[u64; 4]>, work: impl FnOnce(&mut Xoshiro) -> R) -> R {
    let mut generator = Xoshiro(state.get());
    let result = work(&mut generator);
    state.set(generator.0);
    result
}

/// A number from `low` to `high`.
#[inline]
fn between(state: &Cell<[u64; 4]>, low: i64, high: i64) -> i64 {
    let limit = (high as u64).wrapping_sub(low as u64);
    let offset = with_state(state, |generator| {
        let bits = generator.next();
        generator.project(bits, limit)
    });
    offset.wrapping_add(low as u64) as i64
}

/// `random` with integers that leave something to choose from, or with nothing.
pub(super) fn shortcut(args: &Args<'_>) -> Option<Answer> {
    let (low, high) = match args.count() {
        0 => return Some(Answer::float(Xoshiro::float(with_state(args.random_state(), Xoshiro::next)))),
        1 => (1, args.int(0)?),
        2 => (args.int(0)?, args.int(1)?),
        _ => return None,
    };
    (low <= high).then(|| Answer::int(between(args.random_state(), low, high)))
}

pub(super) fn random(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (low, high) = match interval(cx) {
        Ok(interval) => interval,
        Err(error) => {
            // Even a call that fails takes a number.
            with_state(cx.random_state(), Xoshiro::next);
            return Err(error);
        }
    };
    match (low, high) {
        (0, None) => {
            let bits = with_state(cx.random_state(), Xoshiro::next);
            cx.push_float(Xoshiro::float(bits));
        }
        (_, None) => {
            let bits = with_state(cx.random_state(), Xoshiro::next);
            cx.push_int(bits as i64);
        }
        (low, Some(high)) => {
            let number = between(cx.random_state(), low, high);
            cx.push_int(number);
        }
    }
    Ok(cx.returns(1))
}

/// What the arguments ask for: an integer between two limits; without the second, a float
/// (0) or an integer of all bits (1).
fn interval(cx: &mut Cx<'_>) -> Result<(i64, Option<i64>), Error> {
    let (low, high) = match cx.arg_count() {
        0 => return Ok((0, None)),
        1 => match cx.check_int(0)? {
            0 => return Ok((1, None)),
            high => (1, high),
        },
        2 => (cx.check_int(0)?, cx.check_int(1)?),
        _ => return Err(cx.error(format_args!("wrong number of arguments"))),
    };
    if low > high {
        return Err(cx.arg_error(0, "interval is empty"));
    }
    Ok((low, Some(high)))
}

pub(super) fn randomseed(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (first, second) = match cx.is_none(0) {
        true => fresh_seeds(),
        false => {
            let first = cx.check_int(0)?;
            (first as u64, cx.opt_int(1, 0)? as u64)
        }
    };
    cx.random_state().set(Xoshiro::new(first, second).0);
    cx.push_int(first as i64);
    cx.push_int(second as i64);
    Ok(cx.returns(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_sequence() {
        // math.randomseed(42): the first two of `math.random(0)`.
        let mut generator = Xoshiro::new(42, 0);
        let first = generator.next();
        let second = generator.next();
        assert_eq!((first as i64, second as i64), (-1_276_290_044_721_465_627, 8_333_941_968_102_511_665));
    }

    #[test]
    fn projections_stay_inside() {
        let mut generator = Xoshiro::new(1, 2);
        for limit in [0, 1, 2, 6, 7, 100, u64::MAX - 1, u64::MAX] {
            for _ in 0..100 {
                let bits = generator.next();
                assert!(generator.project(bits, limit) <= limit);
            }
        }
        assert!((0.0..1.0).contains(&Xoshiro::float(u64::MAX)));
    }
}
