//! The garbage-collected heap.
//!
//! A [`Heap`] owns every object of one VM. It knows objects only through
//! [`Model`], which the VM implements, and leaves when to mark and sweep
//! to a [`Collector`], which can be replaced while the VM runs.
//!
//! Nothing here knows Lua: no values, no metatables, no stacks.
//!
//! # Example
//!
//! A model with one kind of object, a pair, and one root:
//!
//! ```
//! use std::ptr::NonNull;
//! use lua_gc::{CollectorKind, Header, Heap, Marks, Model, SystemPages, Tracer, WeakPhase};
//!
//! #[repr(C)]
//! struct Pair {
//!     header: Header,
//!     first: Option<NonNull<Header>>,
//!     second: Option<NonNull<Header>>,
//! }
//!
//! struct Pairs;
//!
//! // SAFETY: `trace` reports both references, and all objects are pairs.
//! unsafe impl Model for Pairs {
//!     /// Counts pairs that have died.
//!     type Side = usize;
//!     type Roots = Option<NonNull<Header>>;
//!     type Reached = ();
//!     type View = ();
//!
//!     unsafe fn trace_roots(root: &mut Self::Roots, tracer: &mut Tracer<'_, Self>) {
//!         if let Some(root) = *root {
//!             // SAFETY: the root is alive.
//!             unsafe { tracer.mark(root) }
//!         }
//!     }
//!
//!     unsafe fn trace(object: NonNull<Header>, tracer: &mut Tracer<'_, Self>) {
//!         // SAFETY: the heap passes a pair, and pairs refer to pairs that are alive.
//!         unsafe {
//!             let pair = object.cast::<Pair>().as_ref();
//!             for reference in [pair.first, pair.second].into_iter().flatten() {
//!                 tracer.mark(reference);
//!             }
//!         }
//!     }
//!
//!     unsafe fn size(_: NonNull<Header>) -> usize {
//!         size_of::<Pair>()
//!     }
//!
//!     unsafe fn free(_: NonNull<Header>, heap: &mut Heap<Self>) {
//!         heap.side += 1;
//!     }
//!
//!     fn merge_reached(_: &mut (), _: ()) {}
//!
//!     unsafe fn weak_slots(_: NonNull<Header>, _: WeakPhase) -> usize {
//!         0
//!     }
//!
//!     unsafe fn clear_weak(_: NonNull<Header>, _: usize, _: usize, _: &mut Marks<'_, Self>, _: WeakPhase) {}
//!
//!     unsafe fn trace_ephemeron(_: NonNull<Header>, _: usize, _: usize, _: &mut Tracer<'_, Self>) -> bool {
//!         false
//!     }
//! }
//!
//! let mut heap = Heap::<Pairs>::new(0, Box::new(SystemPages), CollectorKind::Incremental.build());
//! let mut root = None;
//! // A list of 100,000 pairs, of which the last three stay reachable.
//! for _ in 0..100_000 {
//!     let pair = heap.alloc(size_of::<Pair>(), 1)?;
//!     // SAFETY: the pair is new, and its header is not written.
//!     unsafe {
//!         let pair = pair.cast::<Pair>().as_ptr();
//!         (&raw mut (*pair).first).write(root);
//!         (&raw mut (*pair).second).write(None);
//!     }
//!     root = Some(pair);
//!     // SAFETY: the root is alive, and so is what it leads to.
//!     unsafe {
//!         let second = (*pair.cast::<Pair>().as_ptr()).first;
//!         if let Some(second) = second
//!             && let Some(third) = (*second.cast::<Pair>().as_ptr()).first
//!         {
//!             heap.barrier(third); // before the store
//!             (*third.cast::<Pair>().as_ptr()).first = None;
//!         }
//!     }
//!     // A safepoint: everything that is in use can be reached from the root.
//!     if heap.wants_step() {
//!         heap.step(&mut root);
//!     }
//! }
//! heap.collect(&mut root);
//! assert_eq!(heap.side, 100_000 - 3);
//! # Ok::<(), lua_gc::OutOfMemory>(())
//! ```
//!
//! Start at [`Heap::alloc`] and [`Heap::barrier`], the two hot paths; then
//! `cycle.rs`, the phases of a cycle, and `collector/mark_sweep.rs`, the
//! smallest collector.

mod ages;
mod blocks;
mod collector;
mod concurrent;
mod control;
mod cycle;
mod ending;
mod finalize;
mod header;
mod heap;
mod huge;
mod idle;
mod links;
mod mark_stack;
mod marking;
mod meter;
mod model;
mod pages;
mod prefetch;
mod refill;
#[cfg(feature = "sabotage")]
mod sabotage;
mod size_class;
mod sweep;
#[cfg(test)]
mod tests;
mod tracer;
mod trim;
mod weak;
mod weak_reads;

pub use collector::{BuildCollector, Collector, CollectorKind, Demand, Tuning};
pub use concurrent::{FreeRaw, Freed, PoolPolicy, pool_policy, set_pool_policy, shut_down_pool};
pub use cycle::Phase;
pub use header::{Header, SHARED};
pub use heap::{Heap, OutOfMemory};
pub use model::{Model, WeakPhase};
pub use pages::{ArenaPages, CountingPages, HugePages, PageCounts, PageSource, SystemPages};
pub use prefetch::{prefetch, prefetch_block};
pub use tracer::Tracer;
pub use weak::Marks;
