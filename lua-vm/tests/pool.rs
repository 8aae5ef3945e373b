//! VMs in the midst of cycles that other threads work on, when those threads are lost: the pool is shut down, or the process forks.
//!
//! Here is nothing else, since the pool belongs to the process, and a child has only the thread that forked.

mod busy;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lua_gc::{CollectorKind, PoolPolicy, pool_policy, set_pool_policy, shut_down_pool};
use lua_vm::Lua;

use busy::{SCRIPT, rounds, vm};

/// One test at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the script call this when a hundred rounds, twice as many, ... are done.
fn every_hundred_rounds(lua: &mut Lua, act: impl Fn(i64) + Send + 'static) {
    let act = lua.create_function(move |_, round: i64| {
        act(round);
        Ok(())
    });
    let globals = lua.globals();
    globals.set(lua, "fail", act.unwrap()).unwrap();
}

/// Runs the script with the host function `act` and drops the VM: nothing may be left of it.
fn run_and_drop(collector: CollectorKind, count: i64, act: impl Fn(i64) + Send + 'static) {
    let (mut lua, counts) = vm(collector);
    every_hundred_rounds(&mut lua, act);
    rounds(&mut lua, count);
    lua.run(SCRIPT, "=script").unwrap();
    drop(lua);
    assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
}

const COLLECTORS: [CollectorKind; 2] = [CollectorKind::StressConcurrent, CollectorKind::Concurrent];

#[test]
fn the_pool_is_shut_down_and_taken_up_again_while_a_vm_runs() {
    let _alone = alone();
    for collector in COLLECTORS {
        run_and_drop(collector, 6_000, |round| {
            if round % 200 == 0 {
                shut_down_pool();
                assert_eq!(pool_policy().threads, 0);
            } else {
                set_pool_policy(PoolPolicy::default());
            }
        });
        set_pool_policy(PoolPolicy::default());
    }
}

#[cfg(unix)]
mod forks {
    use std::sync::atomic::{AtomicI32, Ordering};

    use super::*;

    unsafe extern "C" {
        fn fork() -> i32;
        fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
        fn _exit(status: i32) -> !;
        fn alarm(seconds: u32) -> u32;
    }

    /// The VM goes on in both processes, each with a collector that had begun with the other's threads.
    #[test]
    fn the_process_forks_while_a_vm_runs() {
        let _alone = alone();
        for collector in COLLECTORS {
            for at in (100..=2_000).step_by(100) {
                run_in_both(collector, at);
            }
        }
    }

    fn run_in_both(collector: CollectorKind, at: i64) {
        let child = Arc::new(AtomicI32::new(-1));
        let forked = Arc::clone(&child);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            run_and_drop(collector, at + 1_000, move |round| {
                if round == at {
                    // SAFETY: the child uses what its own thread uses, and nothing that another thread may have
                    // locked: the pool's threads have no job in hand when a process forks.
                    let child = unsafe { fork() };
                    if child == 0 {
                        // SAFETY: it cannot go wrong. A child that hangs is a status other than 0.
                        unsafe { alarm(60) };
                    }
                    forked.store(child, Ordering::Relaxed);
                }
            });
        }));
        let child = child.load(Ordering::Relaxed);
        if child == 0 {
            // SAFETY: the child ends here; nothing of the parent's is undone.
            unsafe { _exit(i32::from(ended.is_err())) };
        }
        ended.unwrap();
        let mut status = -1;
        // SAFETY: the status outlives the call.
        assert_eq!(unsafe { waitpid(child, &raw mut status, 0) }, child);
        assert_eq!(status, 0, "{collector:?}, forked in round {at}");
    }
}
