//! Signals: Ctrl-C stops the script, a second one the process.
//!
//! A handler may only set flags. The VM polls its own; whether the next signal kills is
//! a flag here, set whenever no script runs.

use lua_vm::Interrupt;

#[cfg(unix)]
mod system {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use lua_vm::Interrupt;
    use signal_hook::consts::{SIGINT, SIGPIPE};
    use signal_hook::flag;

    /// Whether a signal kills the process. Shared with the signal handler.
    pub(super) struct Deadly(Arc<AtomicBool>);

    impl Deadly {
        pub(super) fn set(&self, deadly: bool) {
            self.0.store(deadly, Ordering::SeqCst);
        }

        pub(super) fn is_set(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }

        /// Installs the handlers, in the order in which they run: the first signal finds the
        /// flag unset, and sets it. If that is refused, signals kill, as they did before.
        pub(super) fn install(interrupt: &Interrupt) -> Deadly {
            let deadly = Arc::new(AtomicBool::new(true));
            let _ = flag::register_conditional_default(SIGINT, Arc::clone(&deadly))
                .and_then(|_| flag::register(SIGINT, interrupt.flag()))
                .and_then(|_| flag::register(SIGINT, Arc::clone(&deadly)));
            Deadly(deadly)
        }
    }

    pub(super) fn die_of_closed_pipes() {
        // If it is refused, writes fail with an error instead.
        let _ = flag::register_conditional_default(SIGPIPE, Arc::new(AtomicBool::new(true)));
    }
}

#[cfg(not(unix))]
mod system {
    /// Signals are left to the system.
    pub(super) struct Deadly;

    impl Deadly {
        pub(super) fn set(&self, _: bool) {}

        pub(super) fn is_set(&self) -> bool {
            false
        }

        pub(super) fn install(_: &lua_vm::Interrupt) -> Deadly {
            Deadly
        }
    }

    pub(super) fn die_of_closed_pipes() {}
}

/// Lets the process end, as other filters do, when nobody reads what it writes any more.
pub(crate) fn die_of_closed_pipes() {
    system::die_of_closed_pipes();
}

/// Stops scripts on Ctrl-C.
pub(crate) struct Guard {
    interrupt: Interrupt,
    deadly: system::Deadly,
}

impl Guard {
    /// Signals go to the VM of this handle from now on.
    pub(crate) fn new(interrupt: Interrupt) -> Guard {
        let deadly = system::Deadly::install(&interrupt);
        Guard { interrupt, deadly }
    }

    /// Whether a signal has come since [`Guard::around`] began.
    pub(crate) fn is_signalled(&self) -> bool {
        self.deadly.is_set()
    }

    /// Runs something that the next signal interrupts.
    pub(crate) fn around<R>(&self, run: impl FnOnce() -> R) -> R {
        self.interrupt.clear();
        self.deadly.set(false);
        let result = run();
        self.deadly.set(true);
        self.interrupt.clear();
        result
    }
}
