//! Work that a host asks for while the program rests.

use crate::cycle::Phase;
use crate::{Heap, Model};

/// What may be garbage between cycles is worth a cycle when it exceeds this part of the heap.
const WORTH: usize = 16;
/// Less is never worth one.
const LEAST: usize = 2 * 1024;

impl<M: Model> Heap<M> {
    /// How much idle work there is, in bytes of memory to be looked at, roughly; 0 if
    /// there is none worth it: little has been allocated since the last cycle ended.
    #[must_use]
    pub fn idle_work(&self) -> usize {
        match self.phase {
            Phase::Idle => {
                let grown = self.bytes.saturating_sub(self.settled_bytes);
                if grown > (self.settled_bytes / WORTH).max(LEAST) { 2 * self.bytes } else { 0 }
            }
            Phase::Marking => 2 * self.bytes,
            Phase::Sweeping => self.bytes,
        }
    }

    /// Does about `work` bytes of idle work, whatever thresholds say; returns whether that ended a cycle. Then empty
    /// pages have gone back to their source.
    pub fn idle(&mut self, roots: &mut M::Roots, work: usize) -> bool {
        let mut ended = false;
        self.with_collector(|collector, heap| ended = collector.idle(heap, roots, work));
        if ended {
            self.release_empty_pages();
        }
        ended
    }

    /// One slice of a cycle on this thread: begins one, marks for about `work` bytes, or sweeps somewhat
    /// more. Returns whether a cycle has ended. For collectors.
    pub fn cycle_slice(&mut self, roots: &mut M::Roots, work: usize) -> bool {
        match self.phase {
            Phase::Idle => {
                self.begin_marking(roots);
                if self.should_mark_at_once() {
                    self.end_marking();
                }
            }
            Phase::Marking => {
                if self.mark_slice(work) {
                    self.end_marking();
                }
            }
            Phase::Sweeping => {
                self.sweep_slice(work.saturating_mul(SWEEP_RATE));
            }
        }
        self.phase == Phase::Idle
    }
}

/// Bytes of pages swept for a byte of marking: sweeping is faster.
const SWEEP_RATE: usize = 4;
