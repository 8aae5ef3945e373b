//! The longest times, and whether a collector can be the reason.

use std::time::Duration;

/// The longest of some times on a thread's clock. The machine, too, makes threads wait, and some of that is on their clocks: so long
/// as the longest time without a collection, at least.
#[derive(Clone, Copy, Default)]
pub(crate) struct Longest {
    /// While a collection went on.
    pub(crate) collecting: Duration,
    /// While none did.
    pub(crate) idle: Duration,
}

impl Longest {
    /// One more.
    pub(crate) fn add(&mut self, time: Duration, collecting: bool) {
        let longest = if collecting { &mut self.collecting } else { &mut self.idle };
        *longest = time.max(*longest);
    }

    /// The longer ones of two.
    #[allow(dead_code)] // `gc_many` alone has several threads.
    pub(crate) fn or(self, other: Longest) -> Longest {
        Longest { collecting: self.collecting.max(other.collecting), idle: self.idle.max(other.idle) }
    }
}
