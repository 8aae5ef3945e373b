//! The garbage-collected heap.
//!
//! A [`Heap`] owns every object of one VM. It knows objects only through
//! [`Model`], which the VM implements, and leaves when to mark and sweep
//! to a [`Collector`], which can be replaced while the VM runs.
//!
//! Nothing here knows Lua: no values, no metatables, no stacks.
//!
//! Start at [`Heap::alloc`] and [`Heap::barrier`], the two hot paths; then
//! `cycle.rs`, the phases of a cycle, and `collector/mark_sweep.rs`, the
//! smallest collector.

mod blocks;
mod collector;
mod cycle;
mod finalize;
mod header;
mod heap;
mod model;
mod pages;
mod refill;
mod size_class;
mod sweep;
#[cfg(test)]
mod tests;
mod tracer;
mod weak;

pub use collector::{Collector, CollectorKind, Demand, Tuning};
pub use cycle::Phase;
pub use header::{COLOUR_A, COLOUR_B, FINALIZER, GREY, Header, OLD, SHARED};
pub use heap::{Heap, OutOfMemory};
pub use model::{Model, WeakPhase};
pub use pages::{ArenaPages, CountingPages, PageCounts, PageSource, SystemPages};
pub use tracer::Tracer;
pub use weak::Marks;
