//! Who traces an object, when several threads might: whoever claims it.
//!
//! ```text
//! white, or GREY --claim--> GREY | black --finish--> black
//!                              │
//!                              └--put back--> GREY, or GREY | HUGE
//! ```
//!
//! A claim is one compare-and-swap, and everybody makes it the same way: the workers
//! that mark, and the program before it first writes to an object. So an object is
//! traced once, by one thread, as it was when the cycle began, and slots need not be
//! atomic. The program waits while another thread traces the object that it wants
//! to write to; that takes as long as copying its references, unless the other thread has lost its processor.

use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Release};
use std::time::Duration;

use crate::header::{COLOURS, GREY, HUGE, SHARED};

/// A mark byte. The protocol is generic over it, so that a model checker can run
/// the code below.
pub(crate) trait Cell {
    fn load(&self, order: Ordering) -> u8;
    fn store(&self, mark: u8, order: Ordering);
    fn compare_exchange(&self, current: u8, new: u8, success: Ordering, failure: Ordering) -> Result<u8, u8>;
    /// Called between two looks at a byte that another thread is about to change.
    fn wait(turn: u32);
}

/// How often a thread that waits looks again at once: for about as long as a segment takes to be traced.
const SPINS: u32 = 256;
/// How long it sleeps between two looks afterwards; systems make more of it, about 70 µs.
const NAP: Duration = Duration::from_micros(20);

impl Cell for AtomicU8 {
    #[inline(always)]
    fn load(&self, order: Ordering) -> u8 {
        AtomicU8::load(self, order)
    }

    #[inline(always)]
    fn store(&self, mark: u8, order: Ordering) {
        AtomicU8::store(self, mark, order);
    }

    #[inline(always)]
    fn compare_exchange(&self, current: u8, new: u8, success: Ordering, failure: Ordering) -> Result<u8, u8> {
        AtomicU8::compare_exchange(self, current, new, success, failure)
    }

    fn wait(turn: u32) {
        if turn < SPINS {
            std::hint::spin_loop();
        } else {
            // The other thread waits for a processor. Left idle, this one can take it over from the queue of another one, which
            // yielding alone would not bring about.
            std::thread::sleep(NAP);
        }
    }
}

/// What became of an attempt to claim an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is the caller's, who traces it and passes this mark to [`finish`] or [`put_back`].
    Mine(u8),
    /// It has been traced, or is new.
    Done,
    /// Another thread traces it.
    Busy,
    /// It is traced in segments, each claimed by itself.
    Huge,
    /// No heap owns it.
    Shared,
}

/// Whether a thread is tracing the object.
fn is_busy(mark: u8) -> bool {
    mark & GREY != 0 && mark & COLOURS != 0
}

/// Tries to claim an object.
#[inline]
pub(crate) fn claim(cell: &impl Cell, white: u8, black: u8) -> Claim {
    let mut mark = cell.load(Acquire);
    loop {
        if mark & (white | GREY) == 0 {
            return if mark & SHARED == 0 { Claim::Done } else { Claim::Shared };
        }
        if mark & HUGE != 0 {
            return Claim::Huge;
        }
        if is_busy(mark) {
            return Claim::Busy;
        }
        let mine = mark & !COLOURS | GREY | black;
        match cell.compare_exchange(mark, mine, AcqRel, Acquire) {
            Ok(_) => return Claim::Mine(mine),
            Err(now) => mark = now,
        }
    }
}

/// As [`claim`]; never [`Claim::Busy`]: waits until the other thread is through.
pub(crate) fn claim_or_wait<C: Cell>(cell: &C, white: u8, black: u8) -> Claim {
    let mut turn = 0;
    loop {
        match claim(cell, white, black) {
            Claim::Busy => C::wait(turn),
            claim => return claim,
        }
        turn += 1;
    }
}

/// The claimed object has been traced.
#[inline]
pub(crate) fn finish(cell: &impl Cell, mine: u8) {
    cell.store(mine & !GREY, Release);
}

/// The claimed object is not traced yet: in segments (`flag` is [`HUGE`]), or later (0).
pub(crate) fn put_back(cell: &impl Cell, mine: u8, flag: u8) {
    cell.store(mine & !COLOURS | flag, Release);
}

/// Marks an object without references, or what has been traced otherwise.
#[inline]
pub(crate) fn blacken(cell: &impl Cell, white: u8, black: u8) {
    let mut mark = cell.load(Acquire);
    while mark & white != 0 {
        match cell.compare_exchange(mark, mark & !COLOURS | black, Release, Acquire) {
            Ok(_) => return,
            Err(now) => mark = now,
        }
    }
}

/// All segments of a huge object have been traced.
pub(crate) fn finish_huge(cell: &impl Cell, black: u8) {
    change(cell, |mark| mark & !(GREY | HUGE) | black);
}

/// Changes flags of an object that others may be marking. Whoever has claimed an
/// object stores its mark without looking, hence the wait.
pub(crate) fn change<C: Cell>(cell: &C, new: impl Fn(u8) -> u8) {
    let mut turn = 0;
    loop {
        let mark = cell.load(Acquire);
        if is_busy(mark) {
            C::wait(turn);
            turn += 1;
        } else if cell.compare_exchange(mark, new(mark), AcqRel, Acquire).is_ok() {
            return;
        }
    }
}

/// Makes a white object grey without claiming it: for candidates that nobody has
/// room to remember. A walk of the heap finds them.
pub(crate) fn lose(cell: &impl Cell, white: u8) {
    let mut mark = cell.load(Acquire);
    while mark & white != 0 {
        match cell.compare_exchange(mark, mark & !COLOURS | GREY, Release, Acquire) {
            Ok(_) => return,
            Err(now) => mark = now,
        }
    }
}
