//! Marking and sweeping on other threads, while the program runs.
//!
//! Three rules keep the threads apart:
//!
//! - While workers mark, whoever wants to trace an object claims it first, and so does the
//!   program before it first writes to one (`claim.rs`, `mark.rs`). Objects that are new
//!   need no claim; nobody else looks at them.
//! - While workers sweep, the heap uses only pages that they have put back (`sweep.rs`).
//! - Roots, weak tables, finalizers, and whatever an index of the VM can find again belong to
//!   the VM's thread.
//!
//! What both sides know is behind one lock (`shared.rs`). The threads themselves serve all heaps
//! of the process (`pool.rs`); without any, the VM's thread does their work.

pub(crate) mod claim;
mod freed;
mod huge;
mod mark;
#[cfg(all(test, not(miri)))]
mod model;
pub(crate) mod pool;
mod shared;
mod sweep;

use std::ptr::NonNull;
use std::sync::Arc;

pub use freed::{FreeRaw, Freed};
pub use pool::{PoolPolicy, pool_policy, set_pool_policy, shut_down_pool};
pub(crate) use shared::Shared;
pub(crate) use sweep::TAKE_BACK;

use crate::cycle::Phase;
use crate::mark_stack::Batch;
use crate::{Header, Heap, Model, Tracer};
use huge::SharedHuge;
use shared::Task;

/// What workers that mark have left when they are stopped.
pub(crate) struct Left<M: Model> {
    /// References whose objects nobody has looked at.
    batches: Vec<Batch>,
    /// Grey objects that only the VM's thread can trace.
    late: Vec<NonNull<Header>>,
    huge: Vec<Arc<SharedHuge<M>>>,
}

impl<M: Model> Default for Left<M> {
    fn default() -> Self {
        Left { batches: Vec::new(), late: Vec::new(), huge: Vec::new() }
    }
}

impl<M: Model> Left<M> {
    /// The grey objects.
    pub(crate) fn grey(&self) -> impl Iterator<Item = NonNull<Header>> {
        self.late.iter().copied().chain(self.huge.iter().map(|huge| huge.object))
    }
}

impl<M: Model> Heap<M> {
    /// What workers see of this heap.
    pub(crate) fn share(&mut self) -> Arc<Shared<M>> {
        Arc::clone(self.shared.get_or_insert_with(Shared::new))
    }

    /// Begins a cycle in which other threads mark. Does nothing unless idle.
    pub(crate) fn begin_marking_apart(&mut self, roots: &mut M::Roots) {
        if self.phase != Phase::Idle {
            return;
        }
        let shared = self.share();
        self.begin(roots, Some(NonNull::from(&*shared)));
        let mut state = shared.lock();
        state.task = Task::Mark;
        state.white = self.marking.white;
        state.black = self.marking.black;
        drop(state);
        self.pass_log();
    }

    /// Whether workers have nothing left to mark. What the program has logged they get now; if they wait for
    /// nothing else, this thread does about `work` bytes of it.
    pub(crate) fn is_marked_apart(&mut self, work: usize) -> bool {
        let Some(shared) = self.shared.clone() else {
            return true;
        };
        if !shared.lock().is_done() {
            self.pass_log();
            return false;
        }
        self.pass_log();
        shared.work(work);
        shared.lock().is_done()
    }

    /// Takes over from workers that mark: all that is left, this thread does.
    pub(crate) fn end_marking_apart(&mut self) {
        let left = self.stop_marking_apart();
        self.go_on_with(left);
    }

    /// No worker marks any more. Returns what is left to be traced.
    pub(crate) fn stop_marking_apart(&mut self) -> Left<M> {
        let mut left = Left::default();
        let Some(shared) = self.marking.shared.take().and(self.shared.clone()) else {
            return left;
        };
        left.batches.extend(self.marking.stack.take_all());
        let began = self.meter.now();
        let mut state = shared.stop();
        self.meter.waited_since(began);
        state.task = Task::Nothing;
        for mut marking in state.markings.drain(..) {
            left.batches.extend(marking.stack.take_all());
            left.late.append(&mut marking.late);
            self.marking.stack_overflowed |= marking.stack_overflowed;
            self.marking.weak.extend(marking.weak);
            self.marking.ephemerons.extend(marking.ephemerons);
            M::merge_reached(&mut self.marking.reached, marking.reached);
        }
        left.batches.append(&mut state.batches);
        left.huge.append(&mut state.huge);
        drop(state);
        shared.resume();
        left
    }

    /// Remembers what workers have left.
    pub(crate) fn go_on_with(&mut self, left: Left<M>) {
        for huge in left.huge {
            if self.marking.huge.insert(huge.object, huge.slots, huge.view) {
                huge.traced().for_each(|segment| self.marking.huge.skip(huge.object, segment));
            } else {
                // SAFETY: the object and the blocks that it had live until marking ends.
                unsafe {
                    M::trace_slots(huge.object, &huge.view, 0, huge.slots, &mut Tracer::new(&mut self.marking));
                    claim::finish_huge(huge.object.as_ref().cell(), self.marking.black);
                }
            }
        }
        let mut tracer = Tracer::new(&mut self.marking);
        // SAFETY: what was logged was reachable in this cycle.
        unsafe {
            left.batches.into_iter().flatten().for_each(|object| tracer.mark(object));
            left.late.into_iter().for_each(|object| tracer.push(object));
        }
    }

    /// No other thread has anything to do with this heap afterwards.
    pub(crate) fn work_alone(&mut self) {
        self.end_marking_apart();
        self.end_sweep_apart();
    }
}
