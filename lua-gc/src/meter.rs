//! How long a heap spends on collection: marking, sweeping, and the slow path of the barrier.

use std::time::{Duration, Instant};

use crate::{Heap, Model};

/// Pieces of work so short that reading a clock for each would be felt: one of so many is measured and
/// stands for the others.
const SAMPLED: u32 = 16;

/// Measures while it is on; then, only the outermost piece of work counts.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    on: bool,
    /// A piece of work is being measured, or left out.
    busy: bool,
    pieces: u32,
    /// What a clock tells of a piece in which nothing is done.
    nothing: Duration,
    spent: Duration,
    /// How long the program has waited for other threads that mark or sweep.
    waited: Duration,
}

/// A piece of work that began: when, and how many it stands for.
pub(crate) struct Piece(Option<Instant>, u32);

impl Meter {
    /// The time, if measuring is on.
    pub(crate) fn now(&self) -> Option<Instant> {
        self.on.then(Instant::now)
    }

    /// The program has waited for other threads since then.
    pub(crate) fn waited_since(&mut self, began: Option<Instant>) {
        self.waited += began.map_or(Duration::ZERO, |began| began.elapsed());
    }

    /// A slice of a cycle begins. `None` if it is not to be measured.
    #[inline]
    pub(crate) fn begin(&mut self) -> Option<Piece> {
        if !self.on || self.busy {
            return None;
        }
        self.busy = true;
        Some(Piece(Some(Instant::now()), 1))
    }

    /// Something short begins, such as the sweep of a page.
    #[inline]
    pub(crate) fn begin_short(&mut self) -> Option<Piece> {
        if !self.on || self.busy {
            return None;
        }
        self.busy = true;
        self.pieces = self.pieces.wrapping_add(1);
        Some(Piece(self.pieces.is_multiple_of(SAMPLED).then(Instant::now), SAMPLED))
    }

    /// The work has ended.
    #[inline]
    pub(crate) fn end(&mut self, piece: Option<Piece>) {
        if let Some(Piece(began, weight)) = piece {
            self.busy = false;
            if let Some(began) = began {
                self.spent += began.elapsed().saturating_sub(self.nothing) * weight;
            }
        }
    }

    /// Measures from now on, or no longer.
    fn switch(&mut self, on: bool) {
        self.on = on;
        if on {
            let mut readings: [Duration; 31] = std::array::from_fn(|_| Instant::now().elapsed());
            readings.sort_unstable();
            self.nothing = readings[readings.len() / 2];
        }
    }
}

impl<M: Model> Heap<M> {
    /// Starts or stops measuring [`time_spent`](Heap::time_spent); off at first, since looking at clocks
    /// takes time itself.
    pub fn measure_time(&mut self, on: bool) {
        self.meter.switch(on);
    }

    /// The time that this thread spent on collection while it was measured, sweeping during allocation and the
    /// barrier included; of short pieces of work only some are measured. Finalizers are not in it.
    #[must_use]
    pub fn time_spent(&self) -> Duration {
        self.meter.spent
    }

    /// The time that this thread waited for other threads to put down what they marked or swept, while it was measured.
    #[must_use]
    pub fn time_waited(&self) -> Duration {
        self.meter.waited
    }
}
