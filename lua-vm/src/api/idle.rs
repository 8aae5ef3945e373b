//! Collecting while a VM rests.

use std::time::{Duration, Instant};

use super::Lua;

/// How much idle work to do at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GcBudget {
    /// For so long on this thread, give or take a slice of some tens of microseconds.
    Time(Duration),
    /// So many bytes of memory to be looked at, roughly.
    Work(usize),
}

impl From<Duration> for GcBudget {
    fn from(time: Duration) -> GcBudget {
        GcBudget::Time(time)
    }
}

impl From<usize> for GcBudget {
    fn from(work: usize) -> GcBudget {
        GcBudget::Work(work)
    }
}

/// Bytes that are looked at between two looks at the clock.
const SLICE: usize = 64 * 1024;

impl Lua {
    /// How much idle work there is for [`Lua::gc_step`], in bytes of memory to be looked at, roughly; 0 if so
    /// little has been allocated since the last collection that there is none worth it.
    pub fn gc_work(&self) -> usize {
        self.vm_ref().heap.idle_work()
    }

    /// Uses a pause of the program: goes on with a collection, or begins one if [`Lua::gc_work`] has any, until its
    /// end or that of the budget. At the end of a collection, finalizers run, and empty pages go back to the system. Returns
    /// whether there is nothing left to do.
    ///
    /// # Panics
    ///
    /// With a time, where there is no clock (`wasm32-unknown-unknown`); work can be given everywhere.
    ///
    /// # Examples
    /// ```
    /// # use std::time::Duration;
    /// # fn idle(vms: &mut [lua_vm::Lua]) {
    /// for lua in vms {
    ///     lua.gc_step(Duration::from_micros(200));
    /// }
    /// # }
    /// ```
    pub fn gc_step(&mut self, budget: impl Into<GcBudget>) -> bool {
        let mut left = Left::new(budget.into());
        // A finalizer that fails is a warning.
        self.with(|cx| Ok(cx.vm().rest(|| left.take()))).unwrap_or(false)
    }
}

/// What is left of a budget.
enum Left {
    Until(Instant),
    Work(usize),
}

impl Left {
    fn new(budget: GcBudget) -> Left {
        match budget {
            // A time too long for the clock is no bound at all.
            GcBudget::Time(time) => Instant::now().checked_add(time).map_or(Left::Work(usize::MAX), Left::Until),
            GcBudget::Work(work) => Left::Work(work),
        }
    }

    /// The next slice of work; 0 if the budget is used up.
    fn take(&mut self) -> usize {
        match self {
            Left::Until(end) if Instant::now() < *end => SLICE,
            Left::Until(_) => 0,
            Left::Work(left) => {
                let slice = SLICE.min(*left);
                *left -= slice;
                slice
            }
        }
    }
}
