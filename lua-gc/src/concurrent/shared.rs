//! What a heap shares with the threads that mark and sweep for it.
//!
//! One lock, taken once for a batch of work. While workers mark, the heap's own
//! [`Marking`] only logs: references that the program finds when it claims objects, which go
//! to the workers in batches. Pages that wait to be swept, or are being swept,
//! are in no list of the heap.

use std::ptr::{self, NonNull};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::claim;
use super::freed::Freed;
use super::huge::SharedHuge;
use super::pool::Job;
use super::sweep::Swept;
use crate::blocks::Page;
use crate::mark_stack::Batch;
use crate::marking::Marking;
use crate::size_class::CLASSES;
use crate::{Header, Model};

/// What workers do for the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Nothing,
    Mark,
    Sweep,
}

/// The part of a heap that other threads see.
pub(crate) struct Shared<M: Model> {
    state: Mutex<State<M>>,
    /// A worker has left.
    left: Condvar,
    /// Workers leave as soon as they can, and none comes.
    stop: AtomicBool,
    /// Somebody has looked for a batch in vain.
    hungry: AtomicBool,
    /// Stands in the queue of the pool, or a thread of it is at work here.
    queued: AtomicBool,
}

pub(crate) struct State<M: Model> {
    pub(crate) task: Task,
    /// Threads at work.
    pub(crate) active: usize,
    pub(crate) white: u8,
    pub(crate) black: u8,
    /// What workers that have left know.
    pub(crate) markings: Vec<Marking<M>>,
    pub(crate) batches: Vec<Batch>,
    pub(crate) huge: Vec<Arc<SharedHuge<M>>>,
    /// Pages that nobody has begun to sweep, by class.
    pub(crate) unswept: [*mut Page; CLASSES],
    /// The class that the program needs pages of.
    pub(crate) wanted: usize,
    pub(crate) swept: Vec<Swept>,
    pub(crate) freed: Freed,
}

// SAFETY: the heap's objects and pages may be used on any thread (`Model`); claims and the lock say by
// which one.
unsafe impl<M: Model> Send for State<M> {}

impl<M: Model> State<M> {
    /// Whether a worker would find something to do.
    pub(crate) fn has_work(&self) -> bool {
        match self.task {
            Task::Nothing => false,
            Task::Mark => {
                let stacks = self.markings.iter().any(|marking| !marking.stack.is_empty());
                stacks || !self.batches.is_empty() || self.huge.iter().any(|huge| huge.has_more())
            }
            Task::Sweep => self.unswept.iter().any(|page| !page.is_null()),
        }
    }

    /// Whether the task is done.
    pub(crate) fn is_done(&self) -> bool {
        self.active == 0 && !self.has_work()
    }
}

impl<M: Model> Shared<M> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Shared {
            state: Mutex::new(State {
                task: Task::Nothing,
                active: 0,
                white: 0,
                black: 0,
                markings: Vec::new(),
                batches: Vec::new(),
                huge: Vec::new(),
                unswept: [ptr::null_mut(); CLASSES],
                wanted: 0,
                swept: Vec::new(),
                freed: Freed::new(),
            }),
            left: Condvar::new(),
            stop: AtomicBool::new(false),
            hungry: AtomicBool::new(true),
            queued: AtomicBool::new(false),
        })
    }

    /// Nothing unwinds while the lock is held, so it is never poisoned.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether workers should leave.
    #[inline]
    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.load(Relaxed)
    }

    /// Waits until no worker is left; none comes before [`resume`](Shared::resume). A worker leaves
    /// after one object, or one page.
    pub(crate) fn stop(&self) -> MutexGuard<'_, State<M>> {
        self.stop.store(true, Release);
        let mut state = self.lock();
        while state.active > 0 {
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    /// Workers may come again.
    pub(crate) fn resume(&self) {
        self.stop.store(false, Release);
    }

    /// Does about `budget` bytes of work, on any thread; returns whether there is more.
    pub(crate) fn work(&self, budget: usize) -> bool {
        let mut state = self.lock();
        if self.stop.load(Acquire) || !state.has_work() {
            return false;
        }
        state.active += 1;
        let state = match state.task {
            Task::Mark => self.mark(state, budget),
            _ => self.sweep(state, budget),
        };
        self.leave(state)
    }

    fn leave(&self, mut state: MutexGuard<'_, State<M>>) -> bool {
        state.active -= 1;
        if state.active == 0 {
            self.left.notify_all();
        }
        state.has_work() && !self.is_stopping()
    }

    fn mark<'s>(&'s self, mut state: MutexGuard<'s, State<M>>, budget: usize) -> MutexGuard<'s, State<M>> {
        let index = state.markings.iter().position(|marking| !marking.stack.is_empty()).unwrap_or(0);
        let mut marking = if index < state.markings.len() {
            state.markings.swap_remove(index)
        } else {
            Marking::remote(state.white, state.black, NonNull::from(self))
        };
        drop(state);
        marking.work(self, budget);
        let mut state = self.lock();
        state.markings.push(marking);
        state
    }

    /// References that nobody is looking at.
    pub(crate) fn take_batch(&self) -> Option<Batch> {
        let batch = self.lock().batches.pop();
        if batch.is_none() {
            self.hungry.store(true, Relaxed);
        }
        batch
    }

    /// Whether a worker should give some of its references away.
    #[inline]
    pub(crate) fn is_hungry(&self) -> bool {
        self.hungry.load(Relaxed)
    }

    /// Adds references to be traced.
    pub(crate) fn add_batch(&self, batch: Batch) {
        if !batch.is_empty() {
            self.hungry.store(false, Relaxed);
            self.lock().batches.push(batch);
        }
    }

    /// Adds a huge object before anybody learns that it is one.
    pub(crate) fn add_huge(&self, huge: Arc<SharedHuge<M>>) {
        self.lock().huge.push(huge);
    }

    /// The entry of a huge object, unless all of it has been traced.
    pub(crate) fn find_huge(&self, object: NonNull<Header>) -> Option<Arc<SharedHuge<M>>> {
        self.lock().huge.iter().find(|huge| huge.object == object).cloned()
    }

    /// A segment of any huge object.
    pub(crate) fn take_segment(&self) -> Option<(Arc<SharedHuge<M>>, usize)> {
        let state = self.lock();
        state.huge.iter().find_map(|huge| Some((Arc::clone(huge), huge.claim_next()?)))
    }

    /// A segment has been traced.
    pub(crate) fn segment_done(&self, huge: &SharedHuge<M>, segment: usize, black: u8) {
        if huge.done(segment) {
            // SAFETY: marking has not ended, so the object lives.
            claim::finish_huge(unsafe { huge.object.as_ref() }.cell(), black);
            self.lock().huge.retain(|other| other.object != huge.object);
        }
    }
}

impl<M: Model> Job for Shared<M> {
    fn run(&self, budget: usize) -> bool {
        self.work(budget)
    }

    fn queued(&self) -> &AtomicBool {
        &self.queued
    }
}
