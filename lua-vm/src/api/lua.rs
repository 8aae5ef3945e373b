//! A VM as a host holds it.

use lua_gc::{CollectorKind, PageSource, SystemPages};
use lua_proto::{ChunkMode, Loader, Proto};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Cx;
use crate::error::{Error, Result};
use crate::thread::Then;
use crate::value::Value;
use crate::vm::{Options, POLL_SLICE, Vm};

/// One isolated Lua VM.
///
/// `Send`: it can move between threads, and runs on one at a time.
pub struct Lua {
    vm: Box<Vm>,
}

// SAFETY: everything that a VM reaches belongs to it alone (its heap, its handles' table) or may be shared between threads
// (prototypes, pool strings, the loader); host functions are plain functions or `Send` closures, userdata are `Send`.
unsafe impl Send for Lua {}

/// A VM could not be opened: the memory limit is too small for it.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("not enough memory to open a VM")]
pub struct OpenError;

/// How to open a VM.
pub struct Builder {
    loader: Arc<dyn Loader>,
    pages: Box<dyn PageSource>,
    collector: CollectorKind,
    memory_limit: usize,
    looped: bool,
    stress_stack: bool,
}

impl Builder {
    /// Where pages come from; by default the system.
    pub fn pages(mut self, pages: Box<dyn PageSource>) -> Builder {
        self.pages = pages;
        self
    }

    /// Which collector runs first.
    pub fn collector(mut self, collector: CollectorKind) -> Builder {
        self.collector = collector;
        self
    }

    /// The most bytes that the VM may use.
    pub fn memory_limit(mut self, bytes: usize) -> Builder {
        self.memory_limit = bytes;
        self
    }

    /// Uses the looped dispatch back end also where the threaded one is available.
    pub fn looped(mut self, looped: bool) -> Builder {
        self.looped = looped;
        self
    }

    /// Moves the stack at every check, for tests.
    pub fn stress_stack(mut self, stress: bool) -> Builder {
        self.stress_stack = stress;
        self
    }

    /// Opens the VM. Its globals are empty; libraries are opened with their own functions.
    ///
    /// # Errors
    /// The memory limit is too small.
    pub fn open(self) -> std::result::Result<Lua, OpenError> {
        let vm = Vm::open(Options {
            loader: self.loader,
            pages: self.pages,
            collector: self.collector,
            memory_limit: self.memory_limit,
            looped: self.looped,
            stress_stack: self.stress_stack,
        })
        .map_err(|_| OpenError)?;
        Ok(Lua { vm })
    }
}

/// Stops a VM from another thread.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// The VM raises "interrupted!" at its next poll, within microseconds.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Takes an interrupt back that has not been noticed.
    pub fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// The flag itself, for signal handlers, which can do no more than set one.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Lua {
    /// A VM that loads chunks with this loader, with the defaults of [`Lua::builder`].
    ///
    /// # Errors
    /// None in practice: there is no memory limit.
    pub fn new(loader: Arc<dyn Loader>) -> std::result::Result<Lua, OpenError> {
        Lua::builder(loader).open()
    }

    /// How to open a VM.
    pub fn builder(loader: Arc<dyn Loader>) -> Builder {
        Builder {
            loader,
            pages: Box::new(SystemPages),
            collector: CollectorKind::Incremental,
            memory_limit: usize::MAX,
            looped: false,
            stress_stack: false,
        }
    }

    pub(crate) fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Runs Rust code with a [`Cx`]: an empty stack of its own, dropped at the end.
    ///
    /// # Errors
    /// What `f` returns; errors get the value and traceback that they carry when they leave the VM.
    pub fn with<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> Result<R, Error>) -> Result<R, Error> {
        let vm = &mut *self.vm;
        // SAFETY: nothing runs in the VM; the base frame of the main thread is a host frame.
        unsafe {
            let top = vm.top.offset_from((*vm.roots.thread).stack);
            let base = (*vm.frame).base.offset_from((*vm.roots.thread).stack);
            (*vm.frame).base = vm.top;
            debug_assert!((*vm.frame).then == Then::Exit);
            let mut cx = Cx::new(vm);
            let result = f(&mut cx);
            let vm = &mut *self.vm;
            (*vm.frame).base = (*vm.roots.thread).stack.offset(base);
            vm.top = (*vm.roots.thread).stack.offset(top);
            let result = result.map_err(|e| vm.own_error(e));
            if let Some(panic) = vm.panic.take() {
                std::panic::resume_unwind(panic);
            }
            result
        }
    }

    /// Loads a chunk and calls it without arguments; drops its results.
    ///
    /// # Errors
    /// A syntax error; what the chunk raised.
    pub fn run(&mut self, chunk: &[u8], name: &str) -> Result<(), Error> {
        self.with(|cx| {
            if !cx.load(chunk, name.as_bytes(), ChunkMode::Both)? {
                return Err(cx.throw_value());
            }
            cx.call(0, 0)
        })
    }

    /// Bytes in use.
    pub fn memory(&self) -> usize {
        self.vm.heap.bytes()
    }

    /// Sets the most bytes that the VM may use; `usize::MAX`: no limit.
    pub fn set_memory_limit(&mut self, bytes: usize) {
        self.vm.heap.set_limit(bytes);
    }

    /// Sets how many loop iterations and calls may still run; `u64::MAX`: no limit. Long builtins count their work alike.
    pub fn set_budget(&mut self, polls: u64) {
        let vm = &mut *self.vm;
        vm.limits.budget = polls;
        let slice = (POLL_SLICE as u64).min(polls) as i32;
        vm.limits.slice = slice;
        vm.poll = slice;
    }

    /// What is left of the budget.
    pub fn budget(&self) -> u64 {
        let used = (self.vm.limits.slice as i64 - self.vm.poll as i64).max(0) as u64;
        if self.vm.limits.budget == u64::MAX { u64::MAX } else { self.vm.limits.budget.saturating_sub(used) }
    }

    /// A handle with which other threads stop this VM.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(Arc::clone(&self.vm.limits.interrupt))
    }

    /// A function of a prototype, pushed nowhere: with fresh upvalues and this VM's globals.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn instantiate(&mut self, proto: &Arc<Proto>) -> Result<super::Function, Error> {
        let c = self.vm.instantiate(proto)?;
        Ok(super::Function(super::handle::Handle::new(&mut self.vm, Value::closure(c))))
    }

    /// For tests: the `n`-th charge from now on is refused once.
    pub fn refuse_charge_after(&mut self, n: usize) {
        self.vm.heap.refuse_charge_after(n as _);
    }

    /// Where warnings go.
    pub fn set_warn(&mut self, sink: impl FnMut(&[u8], bool) + Send + 'static) {
        self.vm.warn.set_sink(Box::new(sink));
    }
}

impl fmt::Debug for Lua {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lua").field("memory", &self.memory()).finish_non_exhaustive()
    }
}
