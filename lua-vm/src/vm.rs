//! The state of one VM.

use lua_gc::{Collector, CollectorKind, OutOfMemory, PageSource, Tracer};
use lua_proto::{CacheMode, Loader};
use std::cell::Cell;
use std::collections::HashMap;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::api::Status;
use crate::api::handle::Released;
use crate::error::{Error, Result};
use crate::exec::{self, Handler};
use crate::homes::Homes;
use crate::meta::{self, EVENTS, TYPES};
use crate::object::{self, Heap, Side};
use crate::own_code::OwnCode;
use crate::string::{Adopted, Str, StringTable};
use crate::table::{Chains, Table};
use crate::thread::{Frame, MAX_STACK, OVERFLOW_ROOM, SPARE, State, Thread};
use crate::value::{Value, tag};

/// How many loop iterations and calls pass between two looks at interrupt and budget.
pub(crate) const POLL_SLICE: i32 = 2_000;
/// Nested runs and coroutines, as in the reference (`LUAI_MAXCCALLS`).
pub(crate) const MAX_NATIVE: u32 = 200;
/// How far a message handler may go beyond [`MAX_NATIVE`].
const MAX_NATIVE_IN_HANDLER: u32 = MAX_NATIVE + MAX_NATIVE / 10;
/// What must be left of the native stack for another nested run.
const NATIVE_RESERVE: usize = 48 * 1024;
/// Under stress, slots of a stack that is moved at every check.
const MOVED_ALWAYS: usize = 8192;

/// What the collector starts from.
pub(crate) struct Roots {
    pub(crate) thread: *mut Thread,
    pub(crate) main: *mut Thread,
    pub(crate) registry: *mut Table,
    pub(crate) globals: *mut Table,
    /// Metatables of nil, booleans, numbers, strings, functions, light userdata, threads.
    pub(crate) type_metatables: [*mut Table; 7],
    /// Fixed names of the pool, as is the next: nothing to trace.
    pub(crate) event_names: [*mut Str; EVENTS],
    /// What `type` gives, by [`type_index`](crate::meta::type_index).
    pub(crate) type_names: [*mut Str; TYPES],
    /// "not enough memory": there before it is needed.
    pub(crate) memory_message: *mut Str,
    /// The value of an error that is being raised.
    pub(crate) thrown: Value,
    /// What owned handles refer to.
    /// The library's `next` and the iterator of its `ipairs`, whose calls in loops need no frame; null until registered.
    pub(crate) next: *const crate::api::Native,
    pub(crate) ipairs: *const crate::api::Native,
    pub(crate) handles: Vec<Value>,
    pub(crate) free_handles: Vec<u32>,
}

impl Roots {
    /// Whether a value is the library's `next`.
    #[inline(always)]
    pub(crate) fn is_next(&self, native: Value) -> bool {
        native.payload == self.next.addr() as u64
    }

    /// Whether a value is the iterator of the library's `ipairs`.
    #[inline(always)]
    pub(crate) fn is_ipairs(&self, native: Value) -> bool {
        native.payload == self.ipairs.addr() as u64
    }

    /// # Safety
    /// All roots are live, the state of the running thread is stored.
    pub(crate) unsafe fn trace(&mut self, tracer: &mut Tracer<'_, object::Lua>) {
        // SAFETY: the caller's promise.
        unsafe {
            // Stacks that are being written are traced now, deep ones in parts.
            let mut t = self.thread;
            while let Some(running) = NonNull::new(t) {
                Thread::trace_running(tracer, running.as_ptr());
                t = (*t).resumer;
            }
            object::mark_pointer(tracer, self.main);
            object::mark_pointer(tracer, self.registry);
            object::mark_pointer(tracer, self.globals);
            for t in self.type_metatables {
                object::mark_pointer(tracer, t);
            }
            object::mark(tracer, self.thrown);
            for &v in &self.handles {
                object::mark(tracer, v);
            }
        }
    }
}

/// Limits that a host sets.
pub(crate) struct Limits {
    /// Loop iterations and calls that are left; `u64::MAX`: no limit.
    pub(crate) budget: u64,
    /// Set by other threads.
    pub(crate) interrupt: Arc<AtomicBool>,
    /// How much of the current slice was handed to `Vm::poll`.
    pub(crate) slice: i32,
}

/// One VM. Reached through raw pointers while it runs: handlers, host functions and the API all hold the same one.
#[repr(C)]
pub(crate) struct Vm {
    /// The running frame.
    pub(crate) frame: *mut Frame,
    /// One past the last frame that fits.
    pub(crate) frame_end: *mut Frame,
    /// Where frames must end; SPARE slots follow.
    pub(crate) stack_end: *mut Value,
    /// The top of the running host function, or of values that are being handed over.
    pub(crate) top: *mut Value,
    /// Loop iterations and calls until the next look at limits.
    pub(crate) poll: i32,
    /// Nested runs and coroutines.
    pub(crate) native_depth: u32,
    /// Of the looped back end: the constants and the cache delta of the running frame.
    pub(crate) constants: *const Value,
    pub(crate) cache_delta: isize,
    pub(crate) handlers: [Handler; exec::HANDLERS],
    pub(crate) heap: Heap,
    pub(crate) roots: Roots,
    pub(crate) limits: Limits,
    pub(crate) loader: Arc<dyn Loader>,
    /// How files are loaded, if the loader is a cache.
    pub(crate) cache_mode: CacheMode,
    pub(crate) released: Arc<Released>,
    /// Bytes that the running host function charged for its buffers.
    pub(crate) charged: usize,
    pub(crate) hooked: bool,
    /// What `collectgarbage` calls the running mode.
    pub(crate) mode: &'static str,
    /// Collect at every safepoint is a collector; this one moves the stack at every check.
    pub(crate) stress_stack: bool,
    pub(crate) looped: bool,
    /// Overflow was reported; error handlers may use the rest.
    pub(crate) handling_overflow: bool,
    pub(crate) in_finalizer: bool,
    pub(crate) closing: bool,
    pub(crate) exit: exec::ExitReason,
    /// The error that ends a run.
    pub(crate) failure: Option<Error>,
    pub(crate) warn: crate::warn::Warn,
    /// What `math.random` goes on from.
    pub(crate) random_state: Cell<[u64; 4]>,
    /// What the host function that runs will wait for, if it says so when it returns.
    pub(crate) wait: crate::thread::Wait,
    /// An update is going on; another one cannot begin.
    pub(crate) updating: bool,
    /// By chunk name: the image that the last update of a module brought.
    pub(crate) updated: HashMap<Box<[u8]>, u64>,
    /// The metatables of the Rust types of which there are userdata.
    pub(crate) userdata_types: HashMap<std::any::TypeId, crate::api::handle::Handle>,
    /// Under stress: [`MOVED_ALWAYS`] for each check since the stack was moved.
    not_moved: usize,
}

/// What `Vm::open` needs.
pub(crate) struct Options {
    pub(crate) loader: Arc<dyn Loader>,
    pub(crate) pages: Box<dyn PageSource>,
    pub(crate) collector: Box<dyn Collector<object::Lua>>,
    pub(crate) memory_limit: usize,
    pub(crate) looped: bool,
    pub(crate) stress_stack: bool,
    pub(crate) private_code: bool,
}

impl Vm {
    /// A VM with an empty globals table.
    pub(crate) fn open(options: Options) -> std::result::Result<Box<Vm>, OutOfMemory> {
        let (event_names, type_names, memory_message) = meta::fixed_names();
        let side = Side {
            strings: StringTable::new(lua_proto::pool::fixed()),
            adopted: Adopted::default(),
            homes: Homes::default(),
            own_code: OwnCode::new(),
            chains: Chains::new(),
            private_code: options.private_code,
        };
        let mut heap = Heap::new(side, options.pages, options.collector);
        let generational = matches!(heap.collector_kind(), CollectorKind::Generational | CollectorKind::StressMinor);
        heap.set_limit(options.memory_limit);
        heap.charge(heap.side.strings.bytes() + size_of::<Vm>())?;
        let mut vm = Box::new(Vm {
            frame: ptr::null_mut(),
            frame_end: ptr::null_mut(),
            stack_end: ptr::null_mut(),
            top: ptr::null_mut(),
            poll: POLL_SLICE,
            native_depth: 0,
            constants: ptr::null(),
            cache_delta: 0,
            handlers: exec::handlers(false),
            heap,
            roots: Roots {
                thread: ptr::null_mut(),
                main: ptr::null_mut(),
                registry: ptr::null_mut(),
                globals: ptr::null_mut(),
                type_metatables: [ptr::null_mut(); 7],
                event_names,
                type_names,
                memory_message,
                thrown: Value::NIL,
                next: ptr::null(),
                ipairs: ptr::null(),
                handles: Vec::new(),
                free_handles: Vec::new(),
            },
            limits: Limits { budget: u64::MAX, interrupt: Arc::new(AtomicBool::new(false)), slice: POLL_SLICE },
            loader: options.loader,
            cache_mode: CacheMode::On,
            released: Arc::new(Released::default()),
            charged: 0,
            hooked: false,
            mode: if generational { "generational" } else { "incremental" },
            stress_stack: options.stress_stack,
            looped: options.looped || !exec::threaded_is_safe(),
            handling_overflow: false,
            in_finalizer: false,
            closing: false,
            exit: exec::ExitReason::Done,
            failure: None,
            warn: crate::warn::Warn::default(),
            random_state: Cell::new([0; 4]),
            wait: crate::thread::Wait::default(),
            updating: false,
            updated: HashMap::new(),
            userdata_types: HashMap::new(),
            not_moved: 0,
        });
        vm.heap.stop();
        let main = Thread::new(&mut vm.heap)?;
        vm.roots.main = main;
        vm.roots.registry = Table::new(&mut vm.heap, 0, 0)?;
        vm.roots.globals = Table::new(&mut vm.heap, 0, 0)?;
        // SAFETY: the thread is fresh and complete.
        unsafe {
            (*main).state = State::Active;
            vm.load_thread(main);
        }
        vm.heap.restart();
        Ok(vm)
    }

    /// The status of a coroutine (§6.2), if the value is one.
    ///
    /// # Safety
    /// The value is live.
    pub(crate) unsafe fn status(&self, value: Value) -> Option<Status> {
        if value.tag != tag::THREAD {
            return None;
        }
        let thread = value.as_ptr::<Thread>();
        if ptr::eq(thread, self.roots.thread) {
            return Some(Status::Running);
        }
        // SAFETY: a live thread.
        Some(match unsafe { (*thread).state } {
            State::Suspended => Status::Suspended,
            State::Active => Status::Normal,
            State::Dead | State::Failed => Status::Dead,
        })
    }

    /// Whether the running function may yield.
    pub(crate) fn is_yieldable(&self) -> bool {
        let thread = self.roots.thread;
        // SAFETY: the running thread.
        thread != self.roots.main && unsafe { (*thread).runs } == 0
    }

    /// Makes `thread` the running one: caches its state.
    ///
    /// # Safety
    /// The thread is live; the state of the one that ran before is stored.
    pub(crate) unsafe fn load_thread(&mut self, thread: *mut Thread) {
        // SAFETY: the caller's promise.
        unsafe {
            if !self.roots.thread.is_null() {
                Thread::leave(&mut self.heap, self.roots.thread);
            }
            self.roots.thread = thread;
            self.frame = (*thread).frame;
            self.frame_end = (*thread).frame_end();
            self.stack_end = (*thread).usable_end((*thread).top);
            self.top = (*thread).top;
        }
        self.update_hooks();
    }

    /// Writes the cached state of the running thread back.
    #[inline(always)]
    pub(crate) fn store_thread(&mut self) {
        // SAFETY: the running thread is live.
        unsafe {
            (*self.roots.thread).frame = self.frame;
            (*self.roots.thread).top = self.top;
        }
    }

    /// A point where the collector may run. All live values are in slots that the top frame covers.
    #[inline(always)]
    pub(crate) fn safepoint(&mut self) {
        if self.heap.wants_step() {
            self.collect_step();
        }
    }

    /// As [`Vm::safepoint`], for an instruction of the running Lua frame that knows that no register from `dead` on holds
    /// anything any more: what temporaries left there does not keep garbage alive.
    ///
    /// # Safety
    /// `dead` lies among the registers of the running frame, or just behind them.
    #[inline(always)]
    pub(crate) unsafe fn safepoint_below(&mut self, mut dead: *mut Value) {
        if self.heap.wants_step() {
            let end = self.registers_end();
            while dead < end {
                // SAFETY: a register of the running frame.
                unsafe {
                    (*dead).tag = crate::value::tag::NIL;
                    dead = dead.add(1);
                }
            }
            self.collect_step();
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn collect_step(&mut self) {
        self.store_thread();
        self.drain_released();
        self.heap.step(&mut self.roots);
        self.after_collection();
    }

    /// A full collection.
    pub(crate) fn collect(&mut self) {
        self.store_thread();
        self.drain_released();
        self.heap.collect(&mut self.roots);
        object::discharge_code(&mut self.heap);
        // SAFETY: the state is stored and loaded again.
        unsafe {
            let thread = self.roots.thread;
            Thread::shrink(&mut self.heap, thread);
            self.frame = (*thread).frame;
            self.frame_end = (*thread).frame_end();
            self.stack_end = (*thread).usable_end((*thread).top);
            self.top = (*thread).top;
        }
        self.after_collection();
    }

    /// A cycle that has begun may have left slots of the running stack to be cleared later.
    pub(crate) fn narrow_stack(&mut self) {
        // SAFETY: the running thread is live.
        self.stack_end = self.stack_end.min(unsafe { (*self.roots.thread).stack_end() });
    }

    /// Idle work in slices, as long as `next_slice` gives any; returns whether nothing is left.
    pub(crate) fn rest(&mut self, mut next_slice: impl FnMut() -> usize) -> bool {
        self.store_thread();
        self.drain_released();
        while self.heap.idle_work() > 0 && !self.in_finalizer {
            let work = next_slice();
            if work == 0 {
                return false;
            }
            let ended = self.heap.idle(&mut self.roots, work);
            self.narrow_stack();
            if ended {
                self.run_finalizers(usize::MAX);
                self.store_thread();
                break;
            }
        }
        self.heap.idle_work() == 0
    }

    fn after_collection(&mut self) {
        self.narrow_stack();
        // Finalizers run at the next poll.
        if self.heap.has_finalizable() {
            self.request_poll();
        }
    }

    /// Makes the next poll look at everything.
    pub(crate) fn request_poll(&mut self) {
        self.limits.slice -= self.poll.max(0);
        self.poll = 0;
    }

    /// Runs `make`; if memory is short, collects everything and tries once more.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline(always)]
    pub(crate) fn with_memory<T>(&mut self, mut make: impl FnMut(&mut Vm) -> std::result::Result<T, OutOfMemory>) -> Result<T> {
        match make(self) {
            Ok(made) => Ok(made),
            Err(OutOfMemory) => self.retry(make),
        }
    }

    #[cold]
    fn retry<T>(&mut self, mut make: impl FnMut(&mut Vm) -> std::result::Result<T, OutOfMemory>) -> Result<T> {
        self.collect();
        make(self).map_err(|_| Error::memory())
    }

    /// Makes sure that the stack has room for `slots` slots from `from` on. Moves the stack.
    ///
    /// # Errors
    /// "stack overflow"; "not enough memory".
    #[cold]
    #[inline(never)]
    pub(crate) fn grow_stack(&mut self, from: *mut Value, slots: usize) -> Result<()> {
        self.store_thread();
        let thread = self.roots.thread;
        // SAFETY: the running thread, its state stored; `from` lies in its stack.
        unsafe {
            let used = from.offset_from((*thread).stack) as usize;
            let needed = used + slots;
            let limit = if self.handling_overflow { MAX_STACK + OVERFLOW_ROOM } else { MAX_STACK };
            // Under stress this is asked of room that there is, too.
            let usable = self.stack_end.offset_from((*thread).stack) as usize;
            if needed > limit.max(usable) {
                return Err(self.overflow("stack overflow"));
            }
            let len = (*thread).stack_len as usize - SPARE;
            if (!self.stress_stack || self.stays(len)) && self.clear_stack(from, needed) {
                return Ok(());
            }
            let new = if self.stress_stack && needed <= len { len } else { (len * 2).clamp(needed, limit.max(needed)) };
            self.with_memory(|vm| {
                vm.store_thread();
                // SAFETY: as above.
                Thread::move_stack(&mut vm.heap, thread, new + SPARE)
            })?;
            let stack = (*thread).stack;
            let usable = if self.handling_overflow { (*thread).stack_end() } else { (*thread).usable_end(stack.add(used)) };
            self.stack_end = usable.max(stack.add(needed));
            self.top = (*thread).top;
        }
        Ok(())
    }

    /// Whether, under stress, a stack of `len` slots stays where it is if it has room. Only a large one does, for so many checks that
    /// a recursion does not cost the square of its depth.
    fn stays(&mut self, len: usize) -> bool {
        self.not_moved += MOVED_ALWAYS;
        let stays = self.not_moved < len;
        if !stays {
            self.not_moved = 0;
        }
        stays
    }

    /// Makes room on the running stack without moving it, if that is only a matter of clearing slots; returns whether
    /// `needed` of them can be used.
    ///
    /// # Safety
    /// The state of the running thread is stored; `from` lies in its stack.
    unsafe fn clear_stack(&mut self, from: *mut Value, needed: usize) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let thread = self.roots.thread;
            Thread::clear_up_to(&mut self.heap, thread, needed);
            self.stack_end = if self.handling_overflow { (*thread).stack_end() } else { (*thread).usable_end(from) };
            self.stack_end.offset_from((*thread).stack) as usize >= needed
        }
    }

    /// An overflow is not being handled any more; the stack is in use up to `top`.
    pub(crate) fn leave_overflow(&mut self, top: *mut Value) {
        self.handling_overflow = false;
        // SAFETY: the running thread is live.
        self.stack_end = unsafe { (*self.roots.thread).usable_end(top) };
    }

    #[cold]
    fn overflow(&mut self, message: &str) -> Error {
        if self.handling_overflow {
            return Error::in_handler();
        }
        self.handling_overflow = true;
        self.error(format_args!("{message}"))
    }

    /// Makes room for another frame.
    ///
    /// Metamethods that call each other without end are noticed here, long before the stack is full: each may make its operands
    /// longer, and the reference, where they nest natively, lets them go much less deep.
    ///
    /// # Errors
    /// "not enough memory"; "stack overflow"; "C stack overflow".
    #[cold]
    #[inline(never)]
    pub(crate) fn grow_frames(&mut self) -> Result<()> {
        self.store_thread();
        let thread = self.roots.thread;
        // SAFETY: the running thread, its state stored.
        unsafe {
            if (*thread).frames_len as usize > MAX_STACK {
                return Err(self.overflow("stack overflow"));
            }
            if !self.handling_overflow && (*thread).metamethods() > MAX_NATIVE as usize {
                return Err(self.overflow("C stack overflow"));
            }
            self.with_memory(|vm| {
                vm.store_thread();
                Thread::grow_frames(&mut vm.heap, thread)
            })?;
            self.frame = (*thread).frame;
            self.frame_end = (*thread).frame_end();
        }
        Ok(())
    }

    /// Enters a nested run or a coroutine. What handles the error at the limit may go a little further.
    ///
    /// # Errors
    /// "C stack overflow", by count or because the native stack is nearly used up; "error in error handling" beyond that.
    pub(crate) fn enter_native(&mut self) -> Result<()> {
        let short = stacker::remaining_stack().is_some_and(|left| left < NATIVE_RESERVE);
        if self.native_depth >= MAX_NATIVE || short {
            if self.native_depth >= MAX_NATIVE_IN_HANDLER || short && self.native_depth > MAX_NATIVE {
                return Err(Error::in_handler());
            }
            if self.native_depth == MAX_NATIVE || short {
                return Err(self.error(format_args!("C stack overflow")));
            }
        }
        self.native_depth += 1;
        Ok(())
    }

    /// Counts a protected call (`pcall`, §6.1) that waits on the running thread. It takes no native stack, but each level may
    /// make its error's message longer: without a bound of its own, deep recursion through `pcall` takes quadratic time.
    ///
    /// # Errors
    /// "C stack overflow", where the reference raises it: handlers may go a little further.
    pub(crate) fn enter_protected(&mut self) -> Result<()> {
        // SAFETY: the running thread is live.
        let waiting = unsafe { &mut (*self.roots.thread).protected };
        let depth = self.native_depth + *waiting;
        if depth >= MAX_NATIVE {
            if depth >= MAX_NATIVE_IN_HANDLER {
                return Err(Error::in_handler());
            }
            if depth == MAX_NATIVE {
                return Err(self.error(format_args!("C stack overflow")));
            }
        }
        *waiting += 1;
        Ok(())
    }

    /// Looks at what is due: interrupt, budget, finalizers.
    ///
    /// # Errors
    /// "interrupted!"; "instruction budget exhausted".
    #[cold]
    #[inline(never)]
    pub(crate) fn poll_slow(&mut self) -> Result<()> {
        let done = (self.limits.slice as i64 - self.poll as i64).max(0) as u64;
        if self.limits.budget != u64::MAX {
            self.limits.budget = self.limits.budget.saturating_sub(done);
        }
        let slice = (POLL_SLICE as u64).min(self.limits.budget) as i32;
        self.limits.slice = slice;
        self.poll = slice;
        if self.limits.interrupt.load(Ordering::Relaxed) {
            self.limits.interrupt.store(false, Ordering::Relaxed);
            return Err(self.error(format_args!("interrupted!")));
        }
        if self.limits.budget == 0 {
            return Err(self.error(format_args!("instruction budget exhausted")));
        }
        // A loop that only lets tables grow passes no other safepoint.
        self.safepoint();
        if self.heap.has_finalizable() && !self.in_finalizer {
            self.run_finalizers(8);
            if self.heap.has_finalizable() {
                self.request_poll();
            }
        }
        Ok(())
    }

    /// Counts work that cannot stop here: the next look at limits comes the sooner.
    #[inline(always)]
    pub(crate) fn count_work(&mut self, units: usize) {
        self.poll = self.poll.saturating_sub(units.min(1 << 20) as i32);
    }

    /// Counts work done in a long builtin.
    ///
    /// # Errors
    /// As for a loop in Lua.
    #[inline]
    pub(crate) fn poll_work(&mut self, work: u32) -> Result<()> {
        self.poll = self.poll.saturating_sub_unsigned(work);
        if self.poll < 0 { self.poll_slow() } else { Ok(()) }
    }

    /// Frees the slots of handles that were dropped.
    pub(crate) fn drain_released(&mut self) {
        for index in self.released.take() {
            self.roots.handles[index as usize] = Value::NIL;
            self.roots.free_handles.push(index);
        }
    }

    /// Roots a value for an owned handle.
    pub(crate) fn new_handle(&mut self, value: Value) -> u32 {
        if self.roots.free_handles.is_empty() {
            self.drain_released();
        }
        if let Some(index) = self.roots.free_handles.pop() {
            self.roots.handles[index as usize] = value;
            return index;
        }
        self.roots.handles.push(value);
        self.roots.handles.len() as u32 - 1
    }
}

impl Vm {
    /// `collectgarbage("incremental")` and `("generational")`: another collector takes over, unless the host chose one that is for
    /// tests or its own. Answers the mode before.
    pub(crate) fn change_mode(&mut self, mode: &'static str, collector: CollectorKind) -> &'static str {
        let running = self.heap.collector_kind();
        let exchangeable =
            !matches!(running, CollectorKind::Stress | CollectorKind::StressMinor | CollectorKind::None | CollectorKind::Other);
        if mode != self.mode && exchangeable {
            self.heap.set_collector(collector.build());
        }
        std::mem::replace(&mut self.mode, mode)
    }
}

impl Vm {
    /// After a panic of Rust code at the bottom: whatever it left behind is given up.
    pub(crate) fn abandon(&mut self) {
        // SAFETY: nothing goes on running. The main thread's base frame is its first; open upvalues above it are closed, so that
        // nothing refers to slots that will be used again.
        unsafe {
            let main = self.roots.main;
            if self.roots.thread != main {
                self.store_thread();
                self.load_thread(main);
            }
            let base = (*(*main).frames).base;
            self.heap.barrier(NonNull::new_unchecked(main.cast()));
            crate::function::Upvalue::close_from(&mut self.heap, main, base);
            (*main).tbc.clear();
            (*main).runs = 0;
            (*main).protected = 0;
            self.frame = (*main).frames;
        }
        self.native_depth = 0;
        self.in_finalizer = false;
        self.handling_overflow = false;
        self.failure = None;
        self.wait = crate::thread::Wait::default();
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        self.close();
    }
}
