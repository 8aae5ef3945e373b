//! Telling the processor which memory is needed soon: marking visits objects in no order
//! that it could guess.

/// Asks for the memory at an address to be brought near. Any address will do: nothing is read.
#[inline(always)]
pub fn prefetch<T>(at: *const T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a prefetch never faults, and every x86-64 has the instruction.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = at;
}

/// As [`prefetch`], for a block of up to 48 bytes, aligned to 16: it may lie in two lines.
#[inline(always)]
pub fn prefetch_block<T>(at: *const T) {
    prefetch(at);
    prefetch(at.wrapping_byte_add(32));
}
