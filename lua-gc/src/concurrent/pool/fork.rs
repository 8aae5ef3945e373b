//! A process that forks: the child has the heaps, but none of the pool's threads.
//!
//! So nobody may have a job in hand at that moment. The thread that forks waits until all
//! jobs are put down, and holds the lock meanwhile. In the child VMs work alone.

/// Sees to it that the pool notices a fork.
pub(super) fn prepare() {
    #[cfg(all(unix, not(miri)))]
    handlers::install();
}

#[cfg(all(unix, not(miri)))]
mod handlers {
    use std::cell::RefCell;
    use std::sync::{MutexGuard, Once, PoisonError};

    use super::super::{POOL, State};

    unsafe extern "C" {
        fn pthread_atfork(prepare: extern "C" fn(), parent: extern "C" fn(), child: extern "C" fn()) -> i32;
    }

    thread_local! {
        /// The pool's lock, while this thread forks.
        static HELD: RefCell<Option<MutexGuard<'static, State>>> = const { RefCell::new(None) };
    }

    pub(super) fn install() {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            // SAFETY: the handlers neither unwind nor call what a handler must not call. Should the system
            // refuse them, a fork is what it is without this module: VMs of the child must not go on with a cycle.
            unsafe { pthread_atfork(before, in_parent, in_child) };
        });
    }

    extern "C" fn before() {
        let mut state = POOL.lock();
        state.frozen = true;
        while state.busy > 0 {
            state = POOL.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let _ = HELD.try_with(|held| *held.borrow_mut() = Some(state));
    }

    extern "C" fn in_parent() {
        release(|_| {});
        POOL.wake.notify_all();
    }

    extern "C" fn in_child() {
        release(|state| {
            state.orphaned = true;
            state.add_threads(-(state.threads as isize));
            state.sleeping = 0;
        });
    }

    fn release(change: impl FnOnce(&mut State)) {
        let held = HELD.try_with(|held| held.borrow_mut().take());
        if let Some(mut state) = held.ok().flatten() {
            state.frozen = false;
            change(&mut state);
        }
    }
}
