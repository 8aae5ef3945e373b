//! How control moves between frames: calls, returns, host functions, coroutines, errors.
//!
//! Everything here works on the array of frames and never recurses, except where Rust asks for a
//! nested run ([`Vm::call_nested`]). Handlers call in with the pc saved, and go on with whatever frame is on top.
//!
//! - [`Vm::call_at`] begins a call: a Lua function gets a frame and runs later, a host function runs at once.
//! - [`Vm::finish_frame`] ends one: its [`Then`] says where the results go.
//! - [`Vm::raise`] unwinds to the nearest protected call, closing variables on the way.

use lua_proto::op::Op;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{self, NonNull};

use crate::api::{Cx, HostFn, Native, Outcome, Resumed, Step};
use crate::error::{Error, Result};
use crate::exec::{self, ExitReason, index::Found};
use crate::function::{HostClosure, Upvalue};
use crate::meta::Event;
use crate::thread::{FINALIZER, Frame, LUA, PROTECTED, SPARE, State, Then, Thread, YIELDED};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

/// What the dispatch does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    /// Runs the Lua frame on top.
    Run,
    /// Ends the run; `Vm::exit` says why.
    Exit,
}

/// A value whose `__call` handler is called through its own `__call` handler, and so on: a chain may be this long. Each link moves
/// all arguments, and a value that is its own handler never ends.
const MAX_CALL_HANDLERS: u32 = 200;

/// Where the results of a finished frame went.
enum Delivered {
    Flow(Flow),
    /// To the host frame on top, whose continuation must run.
    Continue {
        ok: bool,
        yielded: bool,
    },
}

impl Vm {
    /// The first slot above the registers of the running Lua frame, or the top of a host frame.
    #[inline(always)]
    pub(crate) fn registers_end(&self) -> *mut Value {
        // SAFETY: the running frame.
        unsafe {
            if (*self.frame).is_lua() { (*self.frame).base.byte_add((*(*self.frame).function).frame_bytes as usize) } else { self.top }
        }
    }

    /// Calls what stands at `func` with the `given` values behind it.
    ///
    /// # Errors
    /// The value cannot be called; stack overflow; what a host function raised.
    ///
    /// # Safety
    /// `func` lies on the running stack; the running Lua frame has its pc saved.
    pub(crate) unsafe fn call_at(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let (mut func, mut given) = (func, given);
            let mut handlers = 0;
            loop {
                match (*func).tag {
                    tag::CLOSURE => {
                        self.poll -= 1;
                        if self.poll < 0 {
                            func = self.poll_before_call(func, given)?;
                        }
                        self.push_lua_frame(func, given, wanted, then)?;
                        return Ok(Flow::Run);
                    }
                    tag::NATIVE => {
                        let call = (*(*func).as_ptr::<Native>()).call;
                        self.push_host_frame(func, given, wanted, then)?;
                        return self.run_host(call);
                    }
                    tag::HOST_CLOSURE => {
                        let call = (*(*func).as_ptr::<HostClosure>()).call;
                        self.push_host_frame(func, given, wanted, then)?;
                        return self.run_host(call);
                    }
                    _ => {
                        let offset = func.offset_from((*self.roots.thread).stack);
                        self.top = func.add(given + 1);
                        handlers += 1;
                        if handlers > MAX_CALL_HANDLERS {
                            return Err(self.error(format_args!("'__call' chain too long")));
                        }
                        given = self.insert_call_handler(func, given)?;
                        func = (*self.roots.thread).stack.offset(offset);
                    }
                }
            }
        }
    }

    /// Looks at what is due before a call that no instruction counted, such as that of a metamethod; answers where the function stands now.
    ///
    /// # Errors
    /// As for [`Vm::poll_slow`].
    ///
    /// # Safety
    /// As for [`Vm::call_at`].
    #[cold]
    #[inline(never)]
    unsafe fn poll_before_call(&mut self, func: *mut Value, given: usize) -> Result<*mut Value> {
        // SAFETY: the caller's promise. Finalizers run above both the registers and the arguments, and may move the stack.
        unsafe {
            let offset = func.offset_from((*self.roots.thread).stack);
            self.top = self.registers_end().max(func.add(given + 1));
            self.poll_slow()?;
            Ok((*self.roots.thread).stack.offset(offset))
        }
    }

    /// Puts the `__call` handler of the value at `func` before it; returns the new number of arguments.
    ///
    /// # Errors
    /// The value has none.
    ///
    /// # Safety
    /// As for [`Vm::call_at`].
    pub(crate) unsafe fn insert_call_handler(&mut self, func: *mut Value, given: usize) -> Result<usize> {
        // SAFETY: the caller's promise; SPARE slots stand above every frame.
        unsafe {
            let handler = self.handler(*func, Event::Call);
            if handler.is_nil() {
                return Err(self.call_error(*func));
            }
            let mut func = func;
            if func.add(given + 2) > self.stack_end {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.top = func.add(given + 1);
                self.grow_stack(func, given + 2)?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            let mut at = given + 1;
            while at > 0 {
                copy(func.add(at), func.add(at - 1));
                at -= 1;
            }
            *func = handler;
            self.top = func.add(given + 2);
            Ok(given + 1)
        }
    }

    /// Enters a Lua function.
    #[inline]
    unsafe fn push_lua_frame(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<()> {
        // SAFETY: as for `call_at`.
        unsafe {
            let function = (*(*func).as_closure()).function;
            let registers = (*function).frame_bytes as usize / 16;
            let mut func = func;
            if self.stress_stack || func.add(1 + registers.max(given)) > self.stack_end {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.top = func.add(given + 1);
                self.grow_stack(func, 1 + registers.max(given))?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            if self.frame.add(1) >= self.frame_end {
                self.top = func.add(given + 1);
                self.grow_frames()?;
            }
            let base = func.add(1);
            let mut at = given;
            while at < (*function).params as usize {
                (*base.add(at)).tag = tag::NIL;
                at += 1;
            }
            self.frame = self.frame.add(1);
            self.frame.write(Frame {
                base,
                func,
                pc: (*function).code,
                function,
                wanted,
                then,
                flags: LUA,
                handler: 0,
                extra: given as u32,
                kept: 0,
                state: 0,
            });
        }
        Ok(())
    }

    /// Replaces the running frame by a call of the closure at its `func` slot.
    ///
    /// # Errors
    /// Stack overflow.
    ///
    /// # Safety
    /// The arguments stand behind `func`.
    pub(crate) unsafe fn reenter(&mut self, func: *mut Value, given: usize, flags: u8) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            let (wanted, then, kept_flags) = ((*self.frame).wanted, (*self.frame).then, (*self.frame).flags & FINALIZER);
            self.frame = self.frame.sub(1);
            let pushed = self.push_lua_frame(func, given, wanted, then);
            if pushed.is_err() {
                self.frame = self.frame.add(1);
            }
            pushed?;
            (*self.frame).flags |= flags | kept_flags;
            Ok(Flow::Run)
        }
    }

    /// Enters a host function.
    #[inline]
    unsafe fn push_host_frame(&mut self, func: *mut Value, given: usize, wanted: i32, then: Then) -> Result<()> {
        // SAFETY: as for `call_at`.
        unsafe {
            let mut func = func;
            self.top = func.add(given + 1);
            if self.top > self.stack_end || self.stress_stack {
                let offset = func.offset_from((*self.roots.thread).stack);
                self.grow_stack(func, given + 1)?;
                func = (*self.roots.thread).stack.offset(offset);
            }
            if self.frame.add(1) >= self.frame_end {
                self.grow_frames()?;
            }
            self.top = func.add(given + 1);
            self.frame = self.frame.add(1);
            self.frame.write(Frame {
                base: func.add(1),
                func,
                pc: ptr::null(),
                function: ptr::null_mut(),
                wanted,
                then,
                flags: 0,
                handler: 0,
                extra: given as u32,
                kept: 0,
                state: 0,
            });
        }
        Ok(())
    }

    /// Runs the host function whose frame is on top.
    #[inline]
    unsafe fn run_host(&mut self, call: HostFn) -> Result<Flow> {
        // SAFETY: as for `call_at`.
        unsafe {
            if self.hooked {
                self.call_hook()?;
            }
            let outcome = self.door(call)?;
            self.settle_host(outcome)
        }
    }

    /// The one door through which host functions are entered: what one charged for its buffers is given back when it returns.
    ///
    /// A panic passes through; the run that it happens in unwinds its frames and lets it go on ([`Vm::call_protected`]).
    #[inline(always)]
    pub(crate) unsafe fn door(&mut self, call: HostFn) -> Result<Outcome> {
        let before = self.charged;
        // SAFETY: the function sees the VM through `Cx` alone, while no other reference to it is used.
        let result = unsafe { call(&mut Cx::new(self)) };
        if self.charged != before {
            self.release_charges(before);
        }
        result
    }

    #[cold]
    fn release_charges(&mut self, before: usize) {
        self.heap.discharge(self.charged.saturating_sub(before));
        self.charged = before;
    }

    /// Runs the continuation of the host frame on top.
    unsafe fn continue_host(&mut self, ok: bool, yielded: bool) -> Result<Outcome> {
        // SAFETY: a host frame that waited is on top.
        unsafe {
            let frame = self.frame;
            (*self.roots.thread).protected -= ((*frame).flags & PROTECTED != 0) as u32;
            (*frame).flags &= !(PROTECTED | YIELDED);
            let state = (*frame).state;
            match (*frame).continuation() {
                None => {
                    let kept = (*frame).base.add((*frame).kept as usize);
                    Ok(Outcome::new(Step::Return, self.top.offset_from(kept) as u32, 0))
                }
                Some(k) => {
                    let before = self.charged;
                    let result = k(&mut Cx::new(self), Resumed { state, ok, yielded });
                    if self.charged != before {
                        self.release_charges(before);
                    }
                    result
                }
            }
        }
    }

    /// Checks an outcome other than a return against the `have` slots of the host frame on top, and notes in the frame what
    /// it waits for. An [`Outcome`] is a plain value: nothing else keeps a host function from returning one that was made
    /// elsewhere, or earlier.
    ///
    /// # Errors
    /// "C stack overflow" if too many protected calls wait.
    unsafe fn accept(&mut self, step: Step, count: u32, other: i32, have: u32) -> Result<bool> {
        // SAFETY: the frame of the host function is on top.
        unsafe {
            let frame = &mut *self.frame;
            let needs = count as u64 + matches!(step, Step::Call | Step::TailCall) as u64;
            if step == Step::TailCall {
                return Ok(needs <= have as u64);
            }
            let wait = std::mem::take(&mut self.wait);
            let fits = wait.kept as u64 + needs <= have as u64 && wait.handler as u32 <= wait.kept;
            let possible = match step {
                Step::Yield => self.roots.thread != self.roots.main && (*self.roots.thread).runs == 0,
                Step::Resume => (other as u32) < wait.kept && (*frame.base.add(other as u32 as usize)).tag == tag::THREAD,
                _ => true,
            };
            if fits && possible {
                if wait.flags & PROTECTED != 0 {
                    self.enter_protected()?;
                }
                frame.kept = wait.kept;
                frame.state = wait.state;
                frame.handler = wait.handler;
                frame.flags |= wait.flags;
                frame.set_continuation(wait.continuation);
            }
            Ok(fits && possible)
        }
    }

    /// Does what the host function on top asked for when it returned, until a Lua frame is on top or the run ends.
    pub(crate) unsafe fn settle_host(&mut self, mut outcome: Outcome) -> Result<Flow> {
        // SAFETY: the frame of the host function is on top.
        unsafe {
            loop {
                let (step, count, other) = outcome.parts();
                let have = self.top.offset_from((*self.frame).base) as u32;
                if step == Step::Return && count > have || step != Step::Return && !self.accept(step, count, other, have)? {
                    return Err(self.error(format_args!("host function asked for what it cannot have")));
                }
                let delivered = match step {
                    Step::Return => {
                        let first = self.top.sub(count as usize);
                        self.deliver(first, count as usize)?
                    }
                    Step::Call => {
                        let func = self.top.sub(count as usize + 1);
                        return self.call_at(func, count as usize, other, Then::Host);
                    }
                    Step::TailCall => {
                        // The host frame goes; its callee takes its place.
                        let frame = self.frame;
                        let from = self.top.sub(count as usize + 1);
                        let (func, wanted, then) = ((*frame).func, (*frame).wanted, (*frame).then);
                        for at in 0..=count as usize {
                            copy(func.add(at), from.add(at));
                        }
                        self.frame = frame.sub(1);
                        return self.call_at(func, count as usize, wanted, then);
                    }
                    Step::Yield => self.switch_back(self.top.sub(count as usize), count as usize, true),
                    Step::Resume => match self.switch_to(other as usize, count as usize)? {
                        Switched::Flow(flow) => return Ok(flow),
                        Switched::Delivered(d) => d,
                    },
                };
                match delivered {
                    Delivered::Flow(flow) => return Ok(flow),
                    Delivered::Continue { ok, yielded } => outcome = self.continue_host(ok, yielded)?,
                }
            }
        }
    }

    /// Ends the running frame with `count` results from `first` on.
    ///
    /// # Errors
    /// What a host continuation or a return hook raises.
    ///
    /// # Safety
    /// The results lie on the running stack.
    pub(crate) unsafe fn finish_frame(&mut self, first: *mut Value, count: usize) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            match self.deliver(first, count)? {
                Delivered::Flow(flow) => Ok(flow),
                Delivered::Continue { ok, yielded } => {
                    let outcome = self.continue_host(ok, yielded)?;
                    self.settle_host(outcome)
                }
            }
        }
    }

    /// Pops the running frame and takes its results where they belong.
    unsafe fn deliver(&mut self, mut first: *mut Value, count: usize) -> Result<Delivered> {
        // SAFETY: as for `finish_frame`.
        unsafe {
            if self.hooked {
                self.top = first.add(count);
                let offset = first.offset_from((*self.roots.thread).stack);
                self.return_hook(first, count)?;
                first = (*self.roots.thread).stack.offset(offset);
            }
            loop {
                let frame = self.frame;
                let func = (*frame).func;
                match (*frame).then {
                    Then::Plain => {
                        self.frame = frame.sub(1);
                        let end = move_results(func, first, count, (*frame).wanted);
                        if (*frame).wanted < 0 {
                            self.top = end;
                        }
                        return Ok(Delivered::Flow(Flow::Run));
                    }
                    Then::Return => {
                        self.frame = frame.sub(1);
                        if self.hooked {
                            self.top = first.add(count);
                            let offset = first.offset_from((*self.roots.thread).stack);
                            self.return_hook(first, count)?;
                            first = (*self.roots.thread).stack.offset(offset);
                        }
                    }
                    Then::Finish => {
                        let value = if count > 0 { *first } else { Value::NIL };
                        self.frame = frame.sub(1);
                        return Ok(Delivered::Flow(self.finish_instruction(value)?));
                    }
                    Then::Again => {
                        self.frame = frame.sub(1);
                        return Ok(Delivered::Flow(Flow::Run));
                    }
                    Then::Host => {
                        if (*frame).wanted > SPARE as i32 / 2 && func.add((*frame).wanted as usize) > self.stack_end {
                            let offset = first.offset_from((*self.roots.thread).stack);
                            self.top = first.add(count);
                            self.grow_stack(func, (*frame).wanted as usize)?;
                            first = (*self.roots.thread).stack.offset(offset);
                            continue;
                        }
                        self.frame = frame.sub(1);
                        self.top = move_results(func, first, count, (*frame).wanted);
                        return Ok(Delivered::Continue { ok: true, yielded: false });
                    }
                    Then::Exit | Then::ExitProtected => {
                        self.frame = frame.sub(1);
                        self.top = move_results(func, first, count, (*frame).wanted);
                        self.exit = ExitReason::Done;
                        return Ok(Delivered::Flow(Flow::Exit));
                    }
                    Then::Coroutine => {
                        let thread = self.roots.thread;
                        self.frame = frame.sub(1);
                        (*thread).state = State::Dead;
                        return Ok(self.switch_back(first, count, true));
                    }
                    Then::Unwind => {
                        // The error waits below the call of `__close`.
                        let error = *func.sub(1);
                        self.frame = frame.sub(1);
                        let e = self.throw(error);
                        return self.unwind(e);
                    }
                }
            }
        }
    }

    /// Completes the instruction of the Lua frame on top that called a metamethod.
    unsafe fn finish_instruction(&mut self, value: Value) -> Result<Flow> {
        // SAFETY: the frame's pc stands behind the instruction that called.
        unsafe {
            let frame = &mut *self.frame;
            let i = *frame.pc.sub(1);
            match i.op() {
                Op::SetTabUp | Op::SetTabUpK | Op::SetTable | Op::SetTableK | Op::SetInt | Op::SetIntK | Op::SetField | Op::SetFieldK => {}
                Op::JmpEq
                | Op::JmpNe
                | Op::JmpLt
                | Op::JmpNlt
                | Op::JmpLe
                | Op::JmpNle
                | Op::JmpLtI
                | Op::JmpNltI
                | Op::JmpLeI
                | Op::JmpNleI
                | Op::JmpGtI
                | Op::JmpNgtI
                | Op::JmpGeI
                | Op::JmpNgeI => {
                    if value.truthy() != exec::is_negated(i.op()) {
                        frame.pc = frame.pc.offset(i.sc());
                    }
                }
                Op::Concat => return self.finish_concat(i, value),
                _ => *frame.base.byte_add(i.a()) = value,
            }
            Ok(Flow::Run)
        }
    }

    /// Calls a metamethod of the running instruction with two arguments; its result completes the instruction.
    ///
    /// # Safety
    /// A Lua frame runs, its pc is saved.
    pub(crate) unsafe fn call_handler(&mut self, handler: Value, x: Value, y: Value) -> Result<Flow> {
        // SAFETY: SPARE slots stand above the registers.
        unsafe {
            let to = self.registers_end();
            *to = handler;
            *to.add(1) = x;
            *to.add(2) = y;
            self.call_at(to, 2, 1, Then::Finish)
        }
    }

    // ---- nested runs ----

    /// Calls what stands at `func` from Rust and runs it to its end; the results replace it and set the top.
    ///
    /// # Errors
    /// What the call raised; its to-be-closed variables are closed.
    ///
    /// # Safety
    /// As for [`Vm::call_at`]. Pointers into the stack are stale afterwards.
    pub(crate) unsafe fn call_nested(&mut self, func: *mut Value, given: usize, wanted: i32) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.call_protected(func, given, wanted, false) }
    }

    /// As [`Vm::call_nested`]; if `protected`, message handlers further out do not see its errors.
    ///
    /// # Errors
    /// What the call raised.
    ///
    /// # Safety
    /// As for [`Vm::call_nested`].
    pub(crate) unsafe fn call_protected(&mut self, func: *mut Value, given: usize, wanted: i32, protected: bool) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            self.enter_native()?;
            let thread = self.roots.thread;
            let depth = self.frame.offset_from((*thread).frames);
            let func_offset = func.offset_from((*thread).stack);
            let native_depth = self.native_depth;
            let charged = self.charged;
            (*thread).runs += 1;
            let vm = ptr::from_mut(self);
            // A panic of a host function must not leave frames behind that nobody returns from.
            let ended = catch_unwind(AssertUnwindSafe(|| {
                let vm = &mut *vm;
                let then = if protected { Then::ExitProtected } else { Then::Exit };
                let flow = match vm.call_at(func, given, wanted, then) {
                    Ok(flow) => flow,
                    Err(e) if vm.roots.thread == thread && vm.frame.offset_from((*thread).frames) == depth => return Err(e),
                    Err(e) => vm.raise(e),
                };
                if flow == Flow::Run {
                    exec::run(vm);
                }
                match vm.exit {
                    ExitReason::Done => Ok(()),
                    ExitReason::Failed => Err(vm.failure.take().unwrap_or_else(Error::in_handler)),
                }
            }));
            let result = match ended {
                Ok(result) => result,
                Err(panic) => {
                    self.abandon_frames(thread, depth, func_offset);
                    (*thread).runs -= 1;
                    self.native_depth = native_depth - 1;
                    self.release_charges(charged);
                    resume_unwind(panic);
                }
            };
            (*thread).runs -= 1;
            self.native_depth -= 1;
            if result.is_err() {
                self.top = (*thread).stack.offset(func_offset);
            }
            result
        }
    }

    /// After a panic: gives up all frames above `depth` of `thread` and everything on the stack from `level` on.
    unsafe fn abandon_frames(&mut self, thread: *mut Thread, depth: isize, level: isize) {
        // SAFETY: every thread between the running one and `thread` was resumed by the next.
        unsafe {
            while self.roots.thread != thread {
                let running = self.roots.thread;
                Upvalue::close_from(&mut self.heap, running, (*running).stack);
                (*running).tbc.clear();
                (*running).state = State::Dead;
                self.frame = (*running).frames;
                self.top = (*running).stack.add(1);
                self.store_thread();
                let resumer = (*running).resumer;
                (*running).resumer = ptr::null_mut();
                self.load_thread(resumer);
            }
            let level = (*thread).stack.offset(level);
            Upvalue::close_from(&mut self.heap, thread, level);
            while self.has_to_be_closed(level) {
                self.take_to_be_closed();
            }
            self.frame = (*thread).frames.offset(depth);
            self.top = level;
        }
    }

    /// Calls a function with these arguments from Rust, for its first result.
    ///
    /// # Errors
    /// What the call raised.
    ///
    /// # Safety
    /// Live values. Pointers into the stack are stale afterwards.
    pub(crate) unsafe fn call_for_value(&mut self, function: Value, arguments: &[Value]) -> Result<Value> {
        // SAFETY: the caller's promise.
        unsafe {
            let top = self.top.offset_from((*self.roots.thread).stack);
            let mut to = self.registers_end();
            if to.add(arguments.len() + 1) > self.stack_end.add(SPARE - 4) {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.grow_stack(to, arguments.len() + 1)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            *to = function;
            for (at, &v) in arguments.iter().enumerate() {
                *to.add(at + 1) = v;
            }
            let result = self.call_nested(to, arguments.len(), 1);
            let value = if result.is_ok() { *self.top.sub(1) } else { Value::NIL };
            self.top = (*self.roots.thread).stack.offset(top);
            result.map(|()| value)
        }
    }

    /// `object[key]` from Rust.
    ///
    /// # Errors
    /// The value cannot be indexed; what a metamethod raised.
    ///
    /// # Safety
    /// Live values in slots.
    pub(crate) unsafe fn index(&mut self, object: Value, key: Value) -> Result<Value> {
        // SAFETY: the caller's promise.
        unsafe {
            match self.find(object, key)? {
                Found::Value(v) => Ok(v),
                Found::Handler(f, object) => self.call_for_value(f, &[object, key]),
            }
        }
    }

    /// `object[key] = value` from Rust.
    ///
    /// # Errors
    /// The value cannot be indexed; what a metamethod raised.
    ///
    /// # Safety
    /// Live values in slots.
    pub(crate) unsafe fn set_index(&mut self, object: Value, key: Value, value: Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            if let Found::Handler(f, object) = self.store(object, key, value)? {
                self.call_for_value(f, &[object, key, value])?;
            }
        }
        Ok(())
    }

    // ---- errors ----

    /// Raises an error: asks the message handler, then unwinds to the nearest protected call of this run.
    pub(crate) fn raise(&mut self, e: Error) -> Flow {
        // SAFETY: the frames and the stack are consistent whenever an error is raised.
        unsafe {
            let mut e = self.handle_message(e);
            loop {
                match self.unwind(e).and_then(|d| self.after_unwind(d)) {
                    Ok(flow) => return flow,
                    Err(next) => e = self.handle_message(next),
                }
            }
        }
    }

    unsafe fn after_unwind(&mut self, delivered: Delivered) -> Result<Flow> {
        // SAFETY: as for `settle_host`.
        unsafe {
            match delivered {
                Delivered::Flow(flow) => Ok(flow),
                Delivered::Continue { ok, yielded } => {
                    let outcome = self.continue_host(ok, yielded)?;
                    self.settle_host(outcome)
                }
            }
        }
    }

    /// Lets the handler of the nearest protected call (`xpcall`, §2.3) replace the error's value.
    unsafe fn handle_message(&mut self, mut e: Error) -> Error {
        // SAFETY: frames of the running thread.
        unsafe {
            if e.is_handled() {
                return e;
            }
            e.set_handled();
            let mut frame = self.frame;
            let first = (*self.roots.thread).frames;
            // Errors of finalizers become warnings: no handler of what they interrupted sees them.
            while frame > first && (*frame).then != Then::ExitProtected && (*frame).flags & FINALIZER == 0 {
                if (*frame).flags & PROTECTED != 0 {
                    if (*frame).handler != 0 {
                        let handler = *(*frame).base.add((*frame).handler as usize - 1);
                        let value = self.error_value(&e);
                        if self.top < self.registers_end() || (*self.frame).is_lua() {
                            self.top = self.registers_end();
                        }
                        // At the limit, the handler is beyond it.
                        let beyond = (self.native_depth == crate::vm::MAX_NATIVE) as u32;
                        self.native_depth += beyond;
                        let handled = self.call_for_value(handler, &[value]);
                        self.native_depth -= beyond;
                        return match handled {
                            Ok(value) => {
                                let mut e = self.throw(value);
                                e.set_handled();
                                e
                            }
                            Err(mut inner) => {
                                inner.set_handled();
                                inner
                            }
                        };
                    }
                    return e;
                }
                frame = frame.sub(1);
            }
            // Nobody catches it before it leaves the VM.
            if frame == first && self.roots.thread == self.roots.main {
                e.set_traceback(self.traceback(self.roots.main, None, 0));
            }
        }
        e
    }

    /// Unwinds to the nearest frame that catches errors. Variables that are to be closed are closed one after the
    /// other; each `__close` runs as a frame of its own and comes back here.
    unsafe fn unwind(&mut self, mut e: Error) -> Result<Delivered> {
        // SAFETY: frames of the running thread. Nothing runs before the arms below return.
        unsafe {
            let raised_in = self.frame;
            loop {
                let frame = self.frame;
                if (*frame).flags & PROTECTED != 0 {
                    return self.catch(e);
                }
                match (*frame).then {
                    Then::Exit | Then::ExitProtected => {
                        let func = (*frame).func;
                        let thread = self.roots.thread;
                        Upvalue::close_from(&mut self.heap, thread, func);
                        let offset = func.offset_from((*thread).stack);
                        while self.has_to_be_closed((*thread).stack.offset(offset)) {
                            e = self.close_nested(e);
                        }
                        self.frame = (*thread).frames.offset(self.frame.offset_from((*thread).frames)).sub(1);
                        self.top = (*thread).stack.offset(offset);
                        self.leave_overflow(self.top);
                        self.exit = ExitReason::Failed;
                        self.failure = Some(self.own_error(e));
                        return Ok(Delivered::Flow(Flow::Exit));
                    }
                    Then::Coroutine => {
                        let thread = self.roots.thread;
                        (*thread).state = State::Failed;
                        // Its frames stay, for tracebacks.
                        let value = self.error_value(&e);
                        self.frame = raised_in;
                        let mut at = self.registers_end();
                        if at > self.stack_end.add(SPARE - 2) {
                            at = self.stack_end;
                        }
                        *at = value;
                        (*thread).frame = self.frame;
                        self.handling_overflow = false;
                        return Ok(self.switch_back(at, 1, false));
                    }
                    _ => self.frame = frame.sub(1),
                }
            }
        }
    }

    /// The host frame on top catches an error of the call that it made.
    unsafe fn catch(&mut self, e: Error) -> Result<Delivered> {
        // SAFETY: a protected host frame is on top; its callee stood at `kept`.
        unsafe {
            let frame = self.frame;
            let level = (*frame).base.add((*frame).kept as usize);
            let thread = self.roots.thread;
            Upvalue::close_from(&mut self.heap, thread, level);
            let value = self.error_value(&e);
            drop(e);
            // The handler has run; what `__close` does may overflow on its own account.
            self.leave_overflow(level);
            if self.has_to_be_closed(level) {
                let slot = self.take_to_be_closed();
                // The error waits above the variable, the call stands above the error.
                let variable = *slot;
                let mut to = slot.add(1);
                self.top = to.add(5);
                if self.top > self.stack_end {
                    let offset = to.offset_from((*thread).stack);
                    *to = value;
                    self.grow_stack(to, 6)?;
                    to = (*thread).stack.offset(offset);
                }
                *to = value;
                let handler = self.handler(variable, Event::Close);
                *to.add(1) = handler;
                *to.add(2) = variable;
                *to.add(3) = value;
                self.top = to.add(4);
                let flow = self.call_at(to.add(1), 2, 0, Then::Unwind)?;
                return Ok(Delivered::Flow(flow));
            }
            *level = value;
            self.top = level.add(1);
            Ok(Delivered::Continue { ok: false, yielded: false })
        }
    }

    /// Closes the topmost variable in a nested run, while an error unwinds; returns the error to go on with.
    unsafe fn close_nested(&mut self, e: Error) -> Error {
        // SAFETY: there is a variable to be closed on the running thread.
        unsafe {
            let e = self.own_error(e);
            let slot = self.take_to_be_closed();
            let variable = *slot;
            let handler = self.handler(variable, Event::Close);
            let value = self.error_value(&e);
            self.top = slot.add(1);
            let frame_offset = self.frame.offset_from((*self.roots.thread).frames);
            let result = self.call_above(handler, &[variable, value]);
            self.frame = (*self.roots.thread).frames.offset(frame_offset);
            match result {
                Ok(()) => e,
                Err(next) => next,
            }
        }
    }

    /// Calls a function above `top`, whatever frame runs.
    pub(crate) unsafe fn call_above(&mut self, function: Value, arguments: &[Value]) -> Result<()> {
        // SAFETY: as for `call_for_value`.
        unsafe {
            let mut to = self.top;
            if to.add(arguments.len() + 1) > self.stack_end {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.grow_stack(to, arguments.len() + 2)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            *to = function;
            for (at, &v) in arguments.iter().enumerate() {
                *to.add(at + 1) = v;
            }
            self.call_nested(to, arguments.len(), 0)
        }
    }

    // ---- to-be-closed variables (§3.3.8) ----

    /// Notes that the variable at `slot` must be closed.
    ///
    /// # Errors
    /// Its value is neither false nor nil and has no `__close`.
    ///
    /// # Safety
    /// A slot of the running frame.
    pub(crate) unsafe fn mark_to_be_closed(&mut self, slot: *mut Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let value = *slot;
            if !value.truthy() {
                return Ok(());
            }
            if self.handler(value, Event::Close).is_nil() {
                let name = self.local_name_at(slot);
                return Err(self.error(format_args!("variable '{}' got a non-closable value", String::from_utf8_lossy(&name))));
            }
            let thread = self.roots.thread;
            let index = slot.offset_from((*thread).stack) as u32;
            (*thread).tbc.push(index);
            Ok(())
        }
    }

    unsafe fn local_name_at(&self, slot: *mut Value) -> Vec<u8> {
        // SAFETY: a slot of the running Lua frame.
        unsafe {
            if !(*self.frame).is_lua() {
                return b"?".to_vec();
            }
            let register = slot.offset_from((*self.frame).base) as usize;
            let function = &*(*self.frame).function;
            let pc = function.index_of((*self.frame).pc);
            function.proto().local_name(register, pc).map_or_else(|| b"?".to_vec(), |n| n.as_bytes().to_vec())
        }
    }

    /// Whether a variable at or above `level` must be closed.
    pub(crate) unsafe fn has_to_be_closed(&self, level: *mut Value) -> bool {
        // SAFETY: the running thread.
        unsafe {
            let thread = &*self.roots.thread;
            thread.tbc.last().is_some_and(|&i| thread.stack.add(i as usize) >= level)
        }
    }

    /// Takes the topmost variable off the list.
    unsafe fn take_to_be_closed(&mut self) -> *mut Value {
        // SAFETY: the list is not empty, as the callers checked.
        unsafe {
            let thread = &mut *self.roots.thread;
            let index = thread.tbc.pop().unwrap_or(0);
            thread.stack.add(index as usize)
        }
    }

    /// Closes the topmost variable at or above `level` and runs the instruction again, or goes on if there is none.
    ///
    /// # Errors
    /// What a host `__close` raised.
    ///
    /// # Safety
    /// A Lua frame runs, its pc is saved; `to` is above everything that it needs.
    pub(crate) unsafe fn close_next(&mut self, level: *mut Value, mut to: *mut Value) -> Result<Flow> {
        // SAFETY: the caller's promise.
        unsafe {
            if !self.has_to_be_closed(level) {
                return Ok(Flow::Run);
            }
            if to.add(4) > self.stack_end {
                let offset = to.offset_from((*self.roots.thread).stack);
                self.top = to;
                self.grow_stack(to, 5)?;
                to = (*self.roots.thread).stack.offset(offset);
            }
            let slot = self.take_to_be_closed();
            let variable = *slot;
            let handler = self.handler(variable, Event::Close);
            if !handler.is_function() && self.handler(handler, Event::Call).is_nil() {
                // The metatable changed since.
                return Err(self.error(format_args!("attempt to call a {} value (metamethod 'close')", handler.type_name())));
            }
            (*self.frame).pc = (*self.frame).pc.sub(1);
            *to = handler;
            *to.add(1) = variable;
            *to.add(2) = Value::NIL;
            self.call_at(to, 2, 0, Then::Again)
        }
    }

    // ---- coroutines (§2.6) ----

    /// Resumes the coroutine in slot `slot` of the running host frame with the top `count` values.
    unsafe fn switch_to(&mut self, slot: usize, count: usize) -> Result<Switched> {
        // SAFETY: a host frame is on top and waits; the API checked that the slot holds a thread.
        unsafe {
            let resumer = self.roots.thread;
            let thread = (*(*self.frame).base.add(slot)).as_ptr::<Thread>();
            let arguments = self.top.sub(count);
            let started = (*thread).frame > (*thread).frames;
            let problem = match (*thread).state {
                State::Suspended if !started && (*thread).top.offset_from((*thread).stack) < 2 => Some("cannot resume dead coroutine"),
                State::Suspended => None,
                State::Active => Some("cannot resume non-suspended coroutine"),
                State::Dead | State::Failed => Some("cannot resume dead coroutine"),
            };
            if let Some(text) = problem {
                self.top = arguments;
                return self.resume_failed(Error::text(text));
            }
            if self.native_depth >= crate::vm::MAX_NATIVE - 5 {
                self.top = arguments;
                return self.resume_failed(Error::text("C stack overflow"));
            }
            self.native_depth += 1;
            self.heap.barrier(NonNull::new_unchecked(thread.cast()));
            self.top = arguments;
            self.store_thread();
            (*thread).resumer = resumer;
            (*thread).state = State::Active;
            self.load_thread(thread);
            // The arguments stay readable on the resumer's stack, which nothing moves in between.
            if self.top.add(count + 2) > self.stack_end {
                if let Err(e) = self.grow_stack(self.top, count + 2) {
                    (*thread).state = State::Suspended;
                    (*thread).resumer = ptr::null_mut();
                    self.store_thread();
                    self.load_thread(resumer);
                    self.native_depth -= 1;
                    return self.resume_failed(e);
                }
            }
            for at in 0..count {
                copy(self.top.add(at), arguments.add(at));
            }
            self.top = self.top.add(count);
            if started {
                // The frame on top yielded; it gets the values.
                return Ok(Switched::Delivered(Delivered::Continue { ok: true, yielded: true }));
            }
            let func = self.top.sub(count + 1);
            match self.call_at(func, count, -1, Then::Coroutine) {
                Ok(flow) => Ok(Switched::Flow(flow)),
                Err(e) if self.frame > (*thread).frames => Err(e),
                Err(e) => {
                    // Not even a frame: the function cannot be called.
                    (*thread).state = State::Failed;
                    *self.top = self.error_value(&e);
                    Ok(Switched::Delivered(self.switch_back(self.top, 1, false)))
                }
            }
        }
    }

    unsafe fn resume_failed(&mut self, e: Error) -> Result<Switched> {
        // SAFETY: the waiting host frame is on top.
        unsafe {
            *self.top = self.error_value(&e);
            self.top = self.top.add(1);
        }
        Ok(Switched::Delivered(Delivered::Continue { ok: false, yielded: false }))
    }

    /// Leaves the running coroutine for the one that resumed it, with `count` values from `first` on.
    unsafe fn switch_back(&mut self, first: *mut Value, count: usize, ok: bool) -> Delivered {
        // SAFETY: the running thread has a resumer, whose host frame waits on top of it.
        unsafe {
            let thread = self.roots.thread;
            let resumer = (*thread).resumer;
            self.top = first;
            self.store_thread();
            (*thread).resumer = ptr::null_mut();
            if (*thread).state == State::Active {
                (*thread).state = State::Suspended;
            }
            self.native_depth -= 1;
            // The values stay where they are until they are copied: nothing below allocates from the heap except the stack's growth.
            (*thread).top = first.add(count);
            self.load_thread(resumer);
            let mut ok = ok;
            let mut count = count;
            if self.top.add(count) > self.stack_end {
                if let Err(e) = self.grow_stack(self.top, count + 1) {
                    ok = false;
                    count = 0;
                    *self.top = self.error_value(&e);
                    self.top = self.top.add(1);
                }
            }
            for at in 0..count {
                copy(self.top.add(at), first.add(at));
            }
            self.top = self.top.add(count);
            // The error of a failed coroutine stays on its stack.
            (*thread).top = if (*thread).state == State::Failed { first.add(1) } else { first };
            Delivered::Continue { ok, yielded: false }
        }
    }

    /// Closes a suspended or failed coroutine (`coroutine.close`, §6.2).
    ///
    /// # Errors
    /// What a `__close` raised, or the error that the coroutine failed with if there is nothing to close.
    ///
    /// # Safety
    /// `thread` is live and does not run.
    pub(crate) unsafe fn close_thread(&mut self, thread: *mut Thread) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let failed = (*thread).state == State::Failed;
            let before = self.roots.thread;
            self.heap.barrier(NonNull::new_unchecked(thread.cast()));
            self.store_thread();
            (*thread).resumer = before;
            self.load_thread(thread);
            let level = (*thread).stack.add(1);
            let mut error = if failed {
                // The error stands where `unwind` left it.
                let value = *self.top.sub(1);
                Some(self.throw(value))
            } else {
                None
            };
            if let Some(e) = error.take() {
                error = Some(self.own_error(e));
            }
            Upvalue::close_from(&mut self.heap, thread, level);
            self.frame = (*thread).frames;
            (*thread).protected = 0;
            while self.has_to_be_closed((*thread).stack.add(1)) {
                let slot = self.take_to_be_closed();
                let variable = *slot;
                let handler = self.handler(variable, Event::Close);
                let value = error.as_ref().map_or(Value::NIL, |e| e.handle().and_then(|h| h.value(self)).unwrap_or(Value::NIL));
                self.top = slot.add(1);
                if let Err(e) = self.call_above(handler, &[variable, value]) {
                    error = Some(self.own_error(e));
                }
            }
            self.top = (*thread).stack.add(1);
            (*thread).state = State::Dead;
            self.store_thread();
            (*thread).resumer = ptr::null_mut();
            self.load_thread(before);
            error.map_or(Ok(()), Err)
        }
    }

    // ---- finalizers (§2.5.3) ----

    /// Runs up to `limit` finalizers that are due; errors become warnings.
    pub(crate) fn run_finalizers(&mut self, limit: usize) {
        let before = std::mem::replace(&mut self.in_finalizer, true);
        for _ in 0..limit {
            let Some(object) = self.heap.next_finalizable() else { break };
            // SAFETY: the object is alive again; it is rooted on the stack before anything can collect.
            unsafe {
                let value = if object.as_ref().kind() == crate::object::kind::TABLE {
                    Value::table(object.as_ptr().cast())
                } else {
                    Value::userdata(object.as_ptr().cast())
                };
                let handler = self.handler(value, Event::Gc);
                if !handler.is_function() && self.handler(handler, Event::Call).is_nil() {
                    continue;
                }
                let top = self.top.offset_from((*self.roots.thread).stack);
                self.top = self.registers_end().max(self.top);
                *self.top = value;
                self.top = self.top.add(1);
                let running = self.heap.is_running();
                self.heap.stop();
                let result = self.call_finalizer(handler, value);
                if running {
                    self.heap.restart();
                }
                self.top = (*self.roots.thread).stack.offset(top);
                if let Err(e) = result {
                    let mut text = b"error in __gc".to_vec();
                    text.extend_from_slice(b" (");
                    text.extend_from_slice(e.message());
                    text.extend_from_slice(b")");
                    self.warn.warn(&text, false);
                }
            }
        }
        self.in_finalizer = before;
    }

    unsafe fn call_finalizer(&mut self, handler: Value, value: Value) -> Result<()> {
        // SAFETY: live values; the running frame, which may move.
        unsafe {
            let thread = self.roots.thread;
            let frame = self.frame.offset_from((*thread).frames);
            let silent = self.silence_hooks();
            (*self.frame).flags |= FINALIZER;
            let result = self.call_above(handler, &[value]);
            (*(*thread).frames.offset(frame)).flags &= !FINALIZER;
            self.unsilence_hooks(silent);
            result
        }
    }

    /// Ends the VM: to-be-closed variables of the main thread, then every finalizer.
    ///
    /// Nothing of what ran before may go on: the frames are given up. A finalizer or a `__close` may end the VM once more
    /// (`os.exit`): that goes on with what is left.
    pub(crate) fn close(&mut self) {
        if self.roots.main.is_null() {
            return;
        }
        if !self.in_finalizer {
            // SAFETY: nothing goes on running; the main thread is the one to run on.
            unsafe {
                if self.roots.thread != self.roots.main {
                    self.store_thread();
                    self.load_thread(self.roots.main);
                }
                self.limits.budget = u64::MAX;
                self.frame = (*self.roots.main).frames;
                self.top = (*self.roots.main).stack.add(1);
                while self.has_to_be_closed((*self.roots.main).stack) {
                    let slot = self.take_to_be_closed();
                    let variable = *slot;
                    let handler = self.handler(variable, Event::Close);
                    self.top = slot.add(1);
                    let _ = self.call_above(handler, &[variable, Value::NIL]);
                }
                self.top = (*self.roots.main).stack.add(1);
            }
        }
        // Objects that finalizers make from now on have no finalizer.
        if !std::mem::replace(&mut self.closing, true) {
            self.heap.finalize_all();
        }
        while self.heap.has_finalizable() {
            self.run_finalizers(64);
        }
    }
}

/// What resuming a coroutine led to.
enum Switched {
    Flow(Flow),
    Delivered(Delivered),
}

/// Whether an instruction that called a metamethod is complete when its result stands in `R[A]`.
#[inline(always)]
pub(crate) fn puts_value_in_register(op: Op) -> bool {
    matches!(
        op,
        Op::GetTabUp
            | Op::GetTable
            | Op::GetInt
            | Op::GetField
            | Op::SelfField
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Mod
            | Op::IDiv
            | Op::Pow
            | Op::Unm
            | Op::Len
            | Op::AddK
            | Op::SubK
            | Op::MulK
            | Op::DivK
            | Op::AddI
    )
}

/// Moves results to where the caller wants them; returns their end.
#[inline(always)]
pub(crate) unsafe fn move_results(to: *mut Value, from: *mut Value, count: usize, wanted: i32) -> *mut Value {
    // SAFETY: both lie on the running stack, `to` at or below `from`.
    unsafe {
        if wanted < 0 {
            for at in 0..count {
                copy(to.add(at), from.add(at));
            }
            return to.add(count);
        }
        let wanted = wanted as usize;
        for at in 0..count.min(wanted) {
            copy(to.add(at), from.add(at));
        }
        for at in count..wanted {
            (*to.add(at)).tag = tag::NIL;
        }
        to.add(wanted)
    }
}
