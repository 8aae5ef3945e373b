//! The threads that mark and sweep for all heaps of the process, and prepare memory for large ones.
//!
//! They start when the first heap asks for help and wait when there is nothing to do. Heaps that ask stand in a
//! queue; a few at a time are served in turn. A heap relies on nobody: what no thread does in time, its own does.

#[cfg(feature = "threads")]
mod fork;

use std::collections::VecDeque;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Work for a thread of the pool.
pub(crate) trait Job: Send + Sync {
    /// Does about `budget` bytes of it; returns whether there is more.
    fn run(&self, budget: usize) -> bool;

    /// Whether it is in the queue, or in hand.
    fn queued(&self) -> &AtomicBool;
}

/// How many threads work for the heaps of this process, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolPolicy {
    /// Threads; 0 leaves all work to the threads that VMs run on, and large heaps without [`HugePages`](crate::HugePages).
    pub threads: usize,
    /// VMs that are served at a time; others wait for their turn, so that some get ready soon rather than all late.
    pub vms_at_once: usize,
    /// The part of its time, in percent, that a thread works at most; between slices of about a millisecond it sleeps.
    pub percent: usize,
}

impl Default for PoolPolicy {
    /// A quarter of the processors, but at least one.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if cfg!(feature = "threads") { processors.div_ceil(4) } else { 0 };
        PoolPolicy { threads, vms_at_once: 2 * threads.max(1), percent: 100 }
    }
}

/// Bytes of work after which a thread looks who else is waiting.
const SLICE: usize = 1 << 20;

struct Pool {
    state: Mutex<State>,
    /// There is something to do, or to stop.
    wake: Condvar,
    /// A thread has put a job down, or has ended.
    idle: Condvar,
}

struct State {
    policy: Option<PoolPolicy>,
    /// Being served.
    current: VecDeque<Arc<dyn Job>>,
    waiting: VecDeque<Arc<dyn Job>>,
    /// Threads that exist, that wait, and that have a job in hand.
    threads: usize,
    sleeping: usize,
    busy: usize,
    /// Nobody may take a job: the process forks.
    frozen: bool,
    /// This process was forked: the threads are in the parent.
    orphaned: bool,
}

static POOL: Pool = Pool {
    state: Mutex::new(State {
        policy: None,
        current: VecDeque::new(),
        waiting: VecDeque::new(),
        threads: 0,
        sleeping: 0,
        busy: 0,
        frozen: false,
        orphaned: false,
    }),
    wake: Condvar::new(),
    idle: Condvar::new(),
};

/// How the pool works.
#[must_use]
pub fn pool_policy() -> PoolPolicy {
    *POOL.lock().policy.get_or_insert_default()
}

/// Changes how the pool works; also takes it up again after [`shut_down_pool`], and in a process that was forked.
pub fn set_pool_policy(policy: PoolPolicy) {
    let mut state = POOL.lock();
    state.policy = Some(policy);
    state.orphaned = false;
    POOL.wake.notify_all();
}

/// Ends all threads of the pool, as soon as each has done its slice, and waits for that. None starts any more until
/// [`set_pool_policy`]; VMs work alone.
pub fn shut_down_pool() {
    let mut state = POOL.lock();
    let policy = state.policy.get_or_insert_default();
    policy.threads = 0;
    POOL.wake.notify_all();
    while state.threads > 0 {
        state = POOL.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    let state = &mut *state;
    for job in state.current.drain(..).chain(state.waiting.drain(..)) {
        job.queued().store(false, Release);
    }
}

/// Threads that exist, as far as one can see without the lock.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Asks for help with a job; false if there is none.
pub(crate) fn submit<J: Job + 'static>(job: &Arc<J>) -> bool {
    if THREADS.load(Relaxed) > 0 && job.queued().load(Acquire) {
        return true;
    }
    let mut state = POOL.lock();
    let threads = state.policy.get_or_insert_default().threads;
    if threads == 0 || state.orphaned || !POOL.has_thread(&mut state, threads) {
        return false;
    }
    if !job.queued().swap(true, Acquire) {
        state.waiting.push_back(Arc::clone(job) as Arc<dyn Job>);
        if state.sleeping > 0 {
            POOL.wake.notify_one();
        }
    }
    true
}

impl Pool {
    /// Nothing unwinds while the lock is held, so it is never poisoned.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a thread if all are at work and there may be another; returns whether there is one at all.
    #[cfg(feature = "threads")]
    fn has_thread(&'static self, state: &mut State, most: usize) -> bool {
        if state.sleeping == 0 && state.threads < most {
            fork::prepare();
            let made = std::thread::Builder::new().name("lua-gc".into()).spawn(|| self.serve());
            state.add_threads(made.is_ok() as isize);
        }
        state.threads > 0
    }

    #[cfg(not(feature = "threads"))]
    fn has_thread(&'static self, _: &mut State, _: usize) -> bool {
        false
    }

    /// What a thread does.
    #[cfg_attr(not(feature = "threads"), expect(dead_code))]
    fn serve(&self) {
        let mut state = self.lock();
        while let Some(policy) = state.policy.filter(|policy| state.threads <= policy.threads) {
            let Some(job) = state.next_job(policy) else {
                state.sleeping += 1;
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.sleeping -= 1;
                continue;
            };
            state.busy += 1;
            drop(state);
            let began = Instant::now();
            let more = job.run(SLICE);
            let worked = began.elapsed();
            state = self.lock();
            state.busy -= 1;
            self.idle.notify_all();
            if more && policy.threads > 0 {
                state.current.push_back(job);
            } else {
                job.queued().store(false, Release);
            }
            if policy.percent < 100 {
                drop(state);
                let rest = (100 - policy.percent) as u32 * 100 / policy.percent.max(1) as u32;
                std::thread::sleep((worked * rest / 100).min(Duration::from_secs(1)));
                state = self.lock();
            }
        }
        state.add_threads(-1);
        self.idle.notify_all();
    }
}

impl State {
    fn add_threads(&mut self, more: isize) {
        self.threads = self.threads.saturating_add_signed(more);
        THREADS.store(self.threads, Relaxed);
    }

    fn next_job(&mut self, policy: PoolPolicy) -> Option<Arc<dyn Job>> {
        if self.frozen {
            return None;
        }
        while self.current.len() + self.busy < policy.vms_at_once.max(1)
            && let Some(job) = self.waiting.pop_front()
        {
            self.current.push_back(job);
        }
        self.current.pop_front()
    }
}
