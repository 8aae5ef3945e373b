//! Tests of the heap with a toy object model: `toy.rs` is the model, `shadow.rs` the
//! naive twin, the others are tests.
//!
//! Miri runs all but those that it cannot (forks), has to report (what goes wrong on purpose) or takes too long for, with lower counts,
//! each by itself in at most some minutes: `MIRIFLAGS=-Zmiri-ignore-leaks cargo +nightly miri test -p lua-gc --lib -- NAME`. Threads of
//! the pool outlive the tests, which it would report as leaks.

mod anew;
mod apart;
mod basics;
mod finalizers;
mod limits;
pub(crate) mod random;
mod raw;
mod shadow;
mod toy;
mod weak;
