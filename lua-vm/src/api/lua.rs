//! A VM as a host holds it.

use lua_gc::{BuildCollector, Collector, CollectorKind, HugePages, PageSource};
use lua_proto::{CacheMode, ChunkMode, Loader, Proto};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::clock::thread_time;
use super::{Cx, FromLuaMulti, Function, IntoLuaMulti, Table, Userdata, UserdataHandle};
use crate::error::{Error, Result};
use crate::object;
use crate::value::Value;
use crate::vm::{Options, POLL_SLICE, Vm};

/// One isolated Lua VM.
///
/// `Send`: it can move between threads, and runs on one at a time.
pub struct Lua {
    vm: Box<Vm>,
    measured: bool,
    cpu_time: Duration,
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
    collector: Box<dyn Collector<object::Lua>>,
    memory_limit: usize,
    looped: bool,
    stress_stack: bool,
    private_code: bool,
}

impl Builder {
    /// Where pages come from; by default the system, see [`HugePages`].
    pub fn pages(mut self, pages: Box<dyn PageSource>) -> Builder {
        self.pages = pages;
        self
    }

    /// Which collector runs first: a [`CollectorKind`], or what the host brings.
    pub fn collector(mut self, collector: impl BuildCollector) -> Builder {
        self.collector = collector.build_collector();
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

    /// Moves the stack at every check, one of more than 8,192 slots at some, for tests.
    pub fn stress_stack(mut self, stress: bool) -> Builder {
        self.stress_stack = stress;
        self
    }

    /// Gives the VM its own copies of all strings and constants of its code, and a function of its own for each prototype at once:
    /// to measure what sharing them costs.
    pub fn private_code(mut self, private: bool) -> Builder {
        self.private_code = private;
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
            private_code: self.private_code,
        })
        .map_err(|_| OpenError)?;
        Ok(Lua { vm, measured: false, cpu_time: Duration::ZERO })
    }
}

/// What [`Lua::omit`] leaves out.
#[cfg(feature = "sabotage")]
#[derive(Clone, Copy, Debug)]
pub enum Omission {
    /// The barrier before stores.
    Barrier,
    /// The list of old objects that are stored to, for collections of the young.
    Remembering,
    /// Removing dead entries from weak tables.
    Clearing,
    /// Strings that had died are found again in the table of strings, but not revived.
    RevivalOfStrings,
    /// Open upvalues that had died are found again on a stack, but not revived.
    RevivalOfUpvalues,
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
            pages: Box::new(HugePages::default()),
            collector: CollectorKind::Incremental.build(),
            memory_limit: usize::MAX,
            looped: false,
            stress_stack: false,
            private_code: false,
        }
    }

    pub(crate) fn vm_ref(&self) -> &Vm {
        &self.vm
    }

    /// Runs Rust code with a [`Cx`]: an empty stack of its own, dropped at the end.
    ///
    /// # Errors
    /// What `f` returns; errors get the value and traceback that they carry when they leave the VM.
    pub fn with<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> Result<R, Error>) -> Result<R, Error> {
        let window = Window::open(self);
        // SAFETY: nothing else runs in the VM; the base frame of the main thread is a host frame, and on top.
        let mut cx = unsafe { Cx::new(&raw mut *window.lua.vm) };
        let result = f(&mut cx);
        let result = result.map_err(|e| window.lua.vm.own_error(e));
        window.close();
        result
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

    /// Loads a chunk: source or binary, with its name (`@file` or `=text`, §4.6 `lua_load`).
    ///
    /// # Errors
    /// A syntax error; a damaged binary chunk; "not enough memory".
    pub fn load(&mut self, chunk: &[u8], name: &str) -> Result<Function, Error> {
        self.with(|cx| {
            if !cx.load(chunk, name.as_bytes(), ChunkMode::Both)? {
                return Err(cx.throw_value());
            }
            cx.read(0)
        })
    }

    /// The table of globals.
    pub fn globals(&mut self) -> Table {
        let globals = Value::table(self.vm.roots.globals);
        Table::new(&mut self.vm, globals)
    }

    /// A new table.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn create_table(&mut self) -> Result<Table, Error> {
        self.with(|cx| {
            cx.push_table(0, 0)?;
            cx.read(0)
        })
    }

    /// A function that runs a Rust closure with converted arguments and results.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn create_function<A, R, F>(&mut self, f: F) -> Result<Function, Error>
    where
        A: FromLuaMulti,
        R: IntoLuaMulti,
        F: Fn(&mut Cx<'_>, A) -> Result<R, Error> + Send + 'static,
    {
        self.with(|cx| {
            cx.push_function(f)?;
            cx.read(0)
        })
    }

    /// A userdata that holds a Rust value.
    ///
    /// # Errors
    /// "not enough memory"; what [`Userdata::register`] returned.
    pub fn create_userdata<T: Userdata>(&mut self, value: T) -> Result<UserdataHandle, Error> {
        self.with(|cx| {
            cx.push_value(value)?;
            cx.read(0)
        })
    }

    /// Starts or stops the count of processor time ([`Lua::cpu_time`]); off at first, because asking the system takes longer
    /// than a short call.
    pub fn measure_cpu_time(&mut self, on: bool) {
        self.measured = on;
    }

    /// The processor time that was spent in this VM while it was measured, on whichever threads; 0 on systems that do not
    /// tell (Windows, WebAssembly). Collections on other threads are not in it.
    pub fn cpu_time(&self) -> Duration {
        self.cpu_time
    }

    /// Exchanges the collector, also in the midst of a cycle: the new one goes on with it.
    pub fn set_collector(&mut self, collector: impl BuildCollector) {
        self.vm.heap.set_collector(collector.build_collector());
    }

    /// Starts or stops measuring [`Lua::collection_time`]; off at first.
    pub fn measure_collection(&mut self, on: bool) {
        self.vm.heap.measure_time(on);
    }

    /// The time that the VM's own thread has spent on collecting garbage while it was measured: marking, sweeping (also what
    /// allocation sweeps) and the slow path of the barrier. Finalizers are not in it, nor what other threads do.
    pub fn collection_time(&self) -> Duration {
        self.vm.heap.time_spent()
    }

    /// The time that the VM's thread waited for other threads to put down what they marked or swept, while it was measured.
    pub fn collection_wait(&self) -> Duration {
        self.vm.heap.time_waited()
    }

    /// Whether a full collection has begun and not ended.
    pub fn is_collecting(&self) -> bool {
        self.vm.heap.phase() != lua_gc::Phase::Idle
    }

    /// How many full collections have found out what lives since the VM was opened; minor ones do not count.
    pub fn collections(&self) -> u64 {
        self.vm.heap.cycles()
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
        Ok(Function::new(&mut self.vm, Value::closure(c)))
    }

    /// What this VM loads code with.
    pub fn loader(&self) -> Arc<dyn Loader> {
        Arc::clone(&self.vm.loader)
    }

    /// How this VM uses a code cache, if its loader is one ([`lua_proto::Cached`]).
    pub fn cache_mode(&self) -> CacheMode {
        self.vm.cache_mode
    }

    /// Sets how this VM uses a code cache; [`CacheMode::On`] at first.
    pub fn set_cache_mode(&mut self, mode: CacheMode) {
        self.vm.cache_mode = mode;
    }

    /// For tests: the `n`-th charge from now on is refused once.
    pub fn refuse_charge_after(&mut self, n: usize) {
        self.vm.heap.refuse_charge_after(n as _);
    }

    /// For tests: the `n`-th charge from now on is refused, and those after it, `count` in all. One refusal makes the VM collect and
    /// ask again; two in a row raise "not enough memory".
    pub fn refuse_charges(&mut self, n: usize, count: usize) {
        self.vm.heap.refuse_charges(n, count);
    }

    /// For tests: how many charges may still be made up to the one that is refused; 0 if none is going to be.
    pub fn charges_to_refusal(&self) -> usize {
        self.vm.heap.charges_to_refusal()
    }

    /// For tests: has the collector leave out something that keeps objects alive.
    ///
    /// # Safety
    /// Memory that is in use will be freed: the process does nothing but find that out.
    #[cfg(feature = "sabotage")]
    pub unsafe fn omit(&mut self, what: super::Omission) {
        let heap = &mut self.vm.heap;
        // SAFETY: the caller's promise.
        unsafe {
            match what {
                super::Omission::Barrier => heap.omit_barrier(),
                super::Omission::Remembering => heap.omit_remembering(),
                super::Omission::Clearing => heap.omit_clearing(),
                super::Omission::RevivalOfStrings => heap.omit_revival(object::kind::STRING),
                super::Omission::RevivalOfUpvalues => heap.omit_revival(object::kind::UPVALUE),
            }
        }
    }

    /// Where warnings go.
    pub fn set_warn(&mut self, sink: impl FnMut(&[u8], bool) + Send + 'static) {
        self.vm.warn.set_sink(Box::new(sink));
    }
}

/// A stack of its own for Rust code that enters the VM. It goes when it is closed, or when a panic of that code drops it.
struct Window<'l> {
    lua: &'l mut Lua,
    /// Where base and top of the main thread's base frame stood, in slots.
    base: isize,
    top: isize,
    began: Option<Duration>,
}

impl<'l> Window<'l> {
    fn open(lua: &'l mut Lua) -> Window<'l> {
        let began = if lua.measured { thread_time() } else { None };
        let vm = &mut *lua.vm;
        // SAFETY: nothing runs in the VM: the base frame of the main thread is on top.
        unsafe {
            let stack = (*vm.roots.thread).stack;
            let (base, top) = ((*vm.frame).base.offset_from(stack), vm.top.offset_from(stack));
            (*vm.frame).base = vm.top;
            Window { lua, base, top, began }
        }
    }

    /// Drops the stack.
    fn close(self) -> &'l mut Lua {
        let this = std::mem::ManuallyDrop::new(self);
        // SAFETY: `this` is not used any more, and not dropped.
        let lua = unsafe { std::ptr::read(&raw const this.lua) };
        lua.leave(this.base, this.top, this.began);
        lua
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        self.lua.vm.abandon();
        self.lua.leave(self.base, self.top, self.began);
    }
}

impl Lua {
    #[inline]
    fn leave(&mut self, base: isize, top: isize, began: Option<Duration>) {
        let vm = &mut *self.vm;
        // SAFETY: the base frame of the main thread is on top again; its stack may have moved but holds what it held.
        unsafe {
            let stack = (*vm.roots.thread).stack;
            (*vm.frame).base = stack.offset(base);
            vm.top = stack.offset(top);
        }
        let charged = std::mem::take(&mut vm.charged);
        if charged != 0 {
            vm.heap.discharge(charged);
        }
        if let (Some(began), Some(now)) = (began, began.and_then(|_| thread_time())) {
            self.cpu_time += now.saturating_sub(began);
        }
    }
}

// A VM moves between threads, and so does what it hands out.
const _: () = {
    const fn is_send<T: Send>() {}
    const fn is_shared<T: Send + Sync>() {}
    is_send::<Lua>();
    is_shared::<Error>();
    is_shared::<Table>();
    is_shared::<Function>();
    is_shared::<UserdataHandle>();
    is_shared::<super::AnyValue>();
    is_shared::<super::HeldStr>();
    is_shared::<Interrupt>();
};

impl fmt::Debug for Lua {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lua").field("memory", &self.memory()).finish_non_exhaustive()
    }
}
