//! Calls, coroutines, limits, the collector.

use lua_gc::CollectorKind;
use std::ptr;

use super::native::{Outcome, Step};
use super::{Continuation, Cx, GcRequest, GcResult};
use crate::error::{Error, Result};
use crate::thread::{PROTECTED, SPARE, State, Thread, Wait, YIELDED};
use crate::value::{Value, tag};
use crate::vm::MAX_NATIVE;

impl Cx<'_> {
    /// The top `n` slots are the results.
    #[inline(always)]
    pub fn returns(&self, n: u32) -> Outcome {
        Outcome::new(Step::Return, n.min(self.top()), 0)
    }

    /// Calls the function below the top `args` values, now, in a nested run that cannot yield; `results` values (-1: all) replace
    /// function and arguments.
    ///
    /// # Errors
    /// What the call raised.
    pub fn call(&mut self, args: u32, results: i32) -> Result<()> {
        self.call_now(args, results, false)
    }

    /// Calls the function in a slot with the values in two others, now, and answers whether its first result is true.
    ///
    /// # Errors
    /// What the call raised.
    #[inline]
    pub fn call_test(&mut self, function: u32, first: u32, second: u32) -> Result<bool> {
        self.poll(1)?;
        let values = [self.value(function), self.value(first), self.value(second)];
        let vm = self.vm();
        // SAFETY: function and arguments are on the stack of this call, above which there are spare slots.
        unsafe {
            for (at, v) in values.into_iter().enumerate() {
                *vm.top.add(at) = v;
            }
            let func = vm.top;
            vm.top = func.add(3);
            vm.call_protected(func, 2, 1, false)?;
            vm.top = vm.top.sub(1);
            Ok((*vm.top).truthy())
        }
    }

    #[inline]
    fn call_now(&mut self, args: u32, results: i32, protected: bool) -> Result<()> {
        let top = self.top();
        if args >= top {
            return Err(Error::text("call without a function"));
        }
        // Loops in Rust that do nothing but call are loops all the same.
        self.poll(1)?;
        // More results than the spare slots hold are taken as they come and counted afterwards.
        let many = results > SPARE as i32 / 2;
        let vm = self.vm();
        // SAFETY: function and arguments are on the stack of this call, and the results fit.
        unsafe {
            let func = vm.top.sub(args as usize + 1);
            vm.call_protected(func, args as usize, if many { -1 } else { results }, protected)?;
        }
        if many { self.set_top(top - args - 1 + results as u32) } else { Ok(()) }
    }

    /// As [`Cx::call`], and message handlers further out do not see the error. `handler` is called with it first.
    ///
    /// # Errors
    /// What the call raised; function and arguments are gone.
    pub fn pcall(&mut self, args: u32, results: i32) -> Result<()> {
        self.call_now(args, results, true)
    }

    /// Notes what this function waits for; it counts when it returns with the [`Outcome`] that goes with it.
    fn wait(&mut self, below: u32, state: i64, continuation: Option<Continuation>, flags: u8) {
        let kept = self.top().saturating_sub(below);
        self.vm().wait = Wait { kept, handler: 0, flags, state, continuation };
    }

    /// Calls the function below the top `args` values in place of this one: its results are ours.
    pub fn tail_call(&mut self, args: u32) -> Outcome {
        Outcome::new(Step::TailCall, args, 0)
    }

    /// Calls the function below the top `args` values; then `k` runs, with `results` values (-1: all) on top. May yield.
    pub fn call_k(&mut self, args: u32, results: i32, state: i64, k: Continuation) -> Outcome {
        self.wait(args + 1, state, Some(k), 0);
        Outcome::new(Step::Call, args, results)
    }

    /// As [`Cx::call_k`]; an error comes to `k` with `ok` false and its value on top. The function in slot `handler` sees
    /// it first, where it was raised.
    pub fn pcall_k(&mut self, args: u32, results: i32, handler: Option<u32>, state: i64, k: Continuation) -> Outcome {
        self.wait(args + 1, state, Some(k), PROTECTED);
        self.vm().wait.handler = handler.map_or(0, |slot| slot.min(u16::MAX as u32 - 1) as u16 + 1);
        Outcome::new(Step::Call, args, results)
    }

    /// Yields the top `values` values (`coroutine.yield`); when resumed, `k` runs with the arguments of `resume` on top, or they are
    /// returned.
    ///
    /// # Errors
    /// "attempt to yield from outside a coroutine"; "attempt to yield across a C-call boundary".
    pub fn yield_k(&mut self, values: u32, state: i64, k: Option<Continuation>) -> Result<Outcome> {
        if !self.is_yieldable() {
            let vm = self.vm();
            return Err(if vm.roots.thread == vm.roots.main {
                Error::text("attempt to yield from outside a coroutine")
            } else {
                Error::text("attempt to yield across a C-call boundary")
            });
        }
        self.wait(values, state, k, YIELDED);
        Ok(Outcome::new(Step::Yield, values, 0))
    }

    /// Resumes the coroutine in a slot with the top `args` values; `k` runs with what it yields or returns on top, or with `ok`
    /// false and an error value.
    pub fn resume_k(&mut self, thread: u32, args: u32, state: i64, k: Continuation) -> Outcome {
        if self.value(thread).tag != tag::THREAD {
            // Never resumed: the values are results of a failed resume.
            self.pop(args);
            return Outcome::new(Step::Return, 0, 0);
        }
        self.wait(args, state, Some(k), 0);
        Outcome::new(Step::Resume, args, thread as i32)
    }

    /// Where the values of the last wait begin: the number of slots that this call kept.
    pub fn kept(&self) -> u32 {
        // SAFETY: the frame of this host function.
        unsafe { (*self.vm_ref().frame).kept }
    }

    /// Pushes a new coroutine that will run the function in a slot.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn new_thread(&mut self, function: u32) -> Result<()> {
        let vm = self.vm();
        vm.safepoint();
        let thread = vm.with_memory(|vm| Thread::new(&mut vm.heap))?;
        let f = self.value(function);
        // SAFETY: fresh; its stack has room for the function.
        unsafe {
            *(*thread).top = f;
            (*thread).top = (*thread).top.add(1);
        }
        self.push(Value::thread(thread));
        Ok(())
    }

    /// Closes the coroutine in a slot (§6.2). On failure the error value is pushed and the answer is false.
    ///
    /// # Errors
    /// The coroutine is running or normal.
    pub fn close_thread(&mut self, slot: u32) -> Result<bool> {
        let v = self.value(slot);
        if v.tag != tag::THREAD {
            return Err(self.type_error(slot, "coroutine"));
        }
        let thread = v.as_ptr::<Thread>();
        // SAFETY: a live thread.
        unsafe {
            if (*thread).state == State::Active {
                let what = if ptr::eq(thread, self.vm().roots.thread) { "running" } else { "normal" };
                return Err(self.error(format_args!("cannot close a {what} coroutine")));
            }
            self.vm().enter_native()?;
            let result = self.vm().close_thread(thread);
            self.vm().native_depth -= 1;
            match result {
                Ok(()) => Ok(true),
                Err(e) => {
                    self.push_error(&e);
                    Ok(false)
                }
            }
        }
    }

    /// Charges the VM for a buffer whose size a script decides, until this host function returns.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<()> {
        let vm = self.vm();
        if bytes > isize::MAX as usize {
            return Err(Error::memory());
        }
        vm.with_memory(|vm| vm.heap.charge(bytes))?;
        vm.charged += bytes;
        Ok(())
    }

    /// Charges the VM for bytes that a userdata holds, until [`Cx::release_external`].
    ///
    /// # Errors
    /// "not enough memory".
    pub fn charge_external(&mut self, bytes: usize) -> Result<()> {
        self.vm().with_memory(|vm| vm.heap.charge(bytes))
    }

    /// Takes back what [`Cx::charge_external`] charged.
    pub fn release_external(&mut self, bytes: usize) {
        self.vm().heap.discharge(bytes);
    }

    /// Counts work of a long builtin: interrupt and budget are looked at as in a loop of Lua.
    ///
    /// # Errors
    /// "interrupted!"; "instruction budget exhausted".
    #[inline]
    pub fn poll(&mut self, work: u32) -> Result<()> {
        self.vm().poll_work(work)
    }

    /// Refuses deeper recursion in Rust.
    ///
    /// # Errors
    /// "C stack overflow".
    pub fn native_depth_guard(&mut self) -> Result<()> {
        let vm = self.vm();
        vm.enter_native()?;
        vm.native_depth -= 1;
        Ok(())
    }

    /// The largest number of nested native levels (`debug.setcstacklimit`).
    pub fn native_limit(&self) -> u32 {
        MAX_NATIVE
    }

    /// Emits a warning (§6.1).
    pub fn warn(&mut self, message: &[u8], to_be_continued: bool) {
        self.vm().warn.warn(message, to_be_continued);
    }

    /// Ends the process with a status (`os.exit` with `close`): closes the to-be-closed variables of the main thread, runs every
    /// finalizer, then `last`.
    pub fn exit(&mut self, status: i32, last: impl FnOnce()) -> ! {
        /// Nothing below may go on, whatever panics: the frames are gone.
        struct Exit(i32);
        impl Drop for Exit {
            fn drop(&mut self) {
                std::process::exit(self.0)
            }
        }
        let _exit = Exit(status);
        // `last` may refer to the state of the closure that runs, whose frame goes.
        // SAFETY: the frame of this host function is on top.
        let running = unsafe { *(*self.vm().frame).func };
        let _running = super::handle::Handle::new(self.vm(), running);
        self.vm().close();
        last();
        std::process::exit(status)
    }

    /// Controls the collector. A finalizer cannot: the answer is [`GcResult::Refused`].
    ///
    /// # Errors
    /// None yet; finalizers' errors become warnings.
    pub fn gc(&mut self, request: GcRequest) -> Result<GcResult> {
        let vm = self.vm();
        if vm.in_finalizer {
            return Ok(GcResult::Refused);
        }
        Ok(match request {
            GcRequest::Collect => {
                vm.collect();
                vm.run_finalizers(usize::MAX);
                GcResult::Done
            }
            GcRequest::Stop => {
                vm.heap.stop();
                GcResult::Done
            }
            GcRequest::Restart => {
                vm.heap.restart();
                GcResult::Done
            }
            GcRequest::Count => GcResult::Kilobytes(vm.heap.bytes() as f64 / 1024.0),
            GcRequest::Step(kilobytes) => {
                vm.store_thread();
                vm.drain_released();
                let finished = vm.heap.step_bytes(&mut vm.roots, kilobytes);
                vm.narrow_stack();
                vm.run_finalizers(usize::MAX);
                GcResult::Flag(finished && vm.heap.collector_kind() != CollectorKind::Generational)
            }
            GcRequest::IsRunning => GcResult::Flag(vm.heap.is_running()),
            GcRequest::Incremental { pause, step_multiplier, step_size } => {
                if pause != 0 {
                    vm.heap.set_pause(pause);
                }
                if step_multiplier != 0 {
                    vm.heap.set_stepmul(step_multiplier);
                }
                if step_size != 0 {
                    vm.heap.set_stepsize(step_size);
                }
                GcResult::Mode(vm.change_mode("incremental", CollectorKind::Incremental))
            }
            GcRequest::Generational { minor, major } => {
                let tuning = vm.heap.tuning();
                let or = |new, old| if new == 0 { old } else { new };
                vm.heap.set_generational(or(minor, tuning.minor), or(major, tuning.major));
                GcResult::Mode(vm.change_mode("generational", CollectorKind::Generational))
            }
            GcRequest::SetPause(n) => GcResult::Previous(vm.heap.set_pause(n)),
            GcRequest::SetStepMultiplier(n) => GcResult::Previous(vm.heap.set_stepmul(n)),
        })
    }

    /// Which collector runs.
    pub fn collector(&self) -> CollectorKind {
        self.vm_ref().heap.collector_kind()
    }
}
