//! Whether the threaded back end can be trusted in this build.
//!
//! Calls in tail position are no guarantee of stable Rust. The build script picks the
//! targets and optimisation levels where they are known to become jumps; this measures once per process that
//! the native stack does not grow.

use std::hint::black_box;
use std::sync::OnceLock;

type Step = unsafe fn(*mut Probe, *const u64, u64, isize, *mut u64, *const u64) -> Pair;

/// Returned in two registers, as the state of the looped back end is.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "only the way in which it is returned matters")]
struct Pair(usize, usize);

struct Probe {
    steps: [Step; 2],
    left: usize,
    lowest: usize,
    highest: usize,
}

/// Runs a few thousand steps of the same shape as a handler and looks at the stack pointer.
unsafe fn step(p: *mut Probe, at: *const u64, code: u64, delta: isize, base: *mut u64, k: *const u64) -> Pair {
    // SAFETY: `p` is the probe of `measure`, `at` points to its one word of code.
    unsafe {
        if (*p).left == 0 {
            return stop(p, at, code, delta, base, k);
        }
        (*p).left -= 1;
        if (*p).left.is_multiple_of(64) {
            note(p);
        }
        let code = *at;
        let next = (*p).steps[(code & 1) as usize];
        next(p, at, code, delta, base, k)
    }
}

/// The last step: a call too, because a constant result beside those of calls would end the tail position.
#[inline(never)]
unsafe fn stop(_: *mut Probe, _: *const u64, _: u64, _: isize, _: *mut u64, _: *const u64) -> Pair {
    // Opaque as a whole: what is known of a result is put in its place, which ends the tail position.
    black_box(Pair(0, 0))
}

#[inline(never)]
unsafe fn note(p: *mut Probe) {
    let mark = 0u8;
    let here = (&raw const mark).addr();
    // SAFETY: the probe of `measure`.
    unsafe {
        (*p).lowest = (*p).lowest.min(here);
        (*p).highest = (*p).highest.max(here);
    }
    black_box(mark);
}

fn measure() -> bool {
    if !cfg!(lua_threaded) {
        return false;
    }
    let mut probe = Probe { steps: [step, step], left: 4096, lowest: usize::MAX, highest: 0 };
    let code = [0u64];
    // SAFETY: all pointers are to locals that outlive the run.
    black_box(unsafe { step(black_box(&raw mut probe), code.as_ptr(), 0, 0, std::ptr::null_mut(), std::ptr::null()) });
    probe.highest - probe.lowest < 1024
}

/// Whether handlers may call each other in tail position.
pub(crate) fn threaded_is_safe() -> bool {
    static SAFE: OnceLock<bool> = OnceLock::new();
    *SAFE.get_or_init(measure)
}
