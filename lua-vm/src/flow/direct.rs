//! Protected calls and switches between coroutines without their Rust functions ([`Shortcut`](crate::api::Shortcut)).
//!
//! Each of these does what the library's function would do, if the case is plain and there is room; otherwise it answers
//! false, and nothing has happened. The host frame of the function stands on the stack as ever, marked [`DIRECT`], for
//! errors, tracebacks, and whoever ends it in another way.

use std::ptr;

use super::finish::move_results;
use crate::api::Continuation;
use crate::thread::{DIRECT, Frame, PROTECTED, State, Then, Thread, YIELDED};
use crate::value::{Value, tag};
use crate::vm::{MAX_NATIVE, Vm};

/// Nested coroutines end here, as in `switch_to`.
const MAX_RESUMED: u32 = MAX_NATIVE - 5;

impl Vm {
    /// `pcall` of the closure behind `func`, or `xpcall` if `handled`.
    ///
    /// # Safety
    /// `func` and `given` arguments are those of a call by the running Lua frame, whose pc is saved; no hooks.
    pub(crate) unsafe fn protect(&mut self, func: *mut Value, given: usize, wanted: i32, handled: bool) -> bool {
        // SAFETY: the caller's promise; the arguments are read only as far as there are any.
        unsafe {
            let before = handled as usize;
            if given <= before || (*func.add(1)).tag != tag::CLOSURE || handled && !(*func.add(2)).is_function() {
                return false;
            }
            let callee = func.add(1 + before);
            let passed = given - 1 - before;
            let registers = (*(*(*func.add(1)).as_closure()).function).frame_bytes as usize / 16;
            let thread = self.roots.thread;
            if self.frame.add(2) >= self.frame_end
                || callee.add(1 + registers.max(passed)) > self.stack_end
                || self.native_depth + (*thread).protected >= MAX_NATIVE
            {
                return false;
            }
            (*thread).protected += 1;
            self.enter_host(func, given, wanted, Then::Plain, PROTECTED | DIRECT);
            if handled {
                ptr::swap(func.add(1), func.add(2));
                (*self.frame).handler = 1;
                (*self.frame).kept = 1;
            }
            // One of the results that the caller wants is the boolean.
            self.enter_closure(callee, passed, if wanted > 0 { wanted - 1 } else { wanted }, Then::Protected);
            true
        }
    }

    /// Ends a function that [`Vm::protect`] called: its results go to the caller of `pcall`.
    ///
    /// # Safety
    /// The running frame is marked [`Then::Protected`]; the results lie on the running stack; no hooks.
    #[inline(always)]
    pub(crate) unsafe fn finish_protected(&mut self, first: *mut Value, count: usize) {
        // SAFETY: the frame below is that of `pcall`, below it a Lua frame.
        unsafe {
            let host = self.frame.sub(1);
            (*self.roots.thread).protected -= 1;
            self.frame = host.sub(1);
            self.give((*host).func, first, count, (*host).wanted, true);
        }
    }

    /// Moves the results of a direct frame to the Lua frame on top, behind `true` if `flagged`.
    #[inline(always)]
    unsafe fn give(&mut self, to: *mut Value, first: *mut Value, count: usize, wanted: i32, flagged: bool) {
        // SAFETY: there is room at `to`, which is not above `first` if both are on the same stack.
        unsafe {
            if wanted == 0 {
                return;
            }
            let flag = flagged as usize;
            let end = move_results(to.add(flag), first, count, if wanted < 0 { -1 } else { wanted - flag as i32 });
            if flagged {
                *to = Value::bool(true);
            }
            if wanted < 0 {
                self.top = end;
            }
        }
    }

    /// Makes thread `to` the running one instead of `from`, with `frame` on top and its stack usable up to `end`.
    #[inline(always)]
    unsafe fn switch(&mut self, from: *mut Thread, to: *mut Thread, frame: *mut Frame, end: *mut Value) {
        // SAFETY: the state of the running thread is stored; neither thread has hooks.
        unsafe {
            Thread::leave(&mut self.heap, from);
            self.roots.thread = to;
            self.frame = frame;
            self.frame_end = (*to).frame_end();
            self.stack_end = end;
            self.top = (*to).top;
        }
    }

    /// Resumes `thread` with the `count` values from `arguments` on. The call stands at `func`; without a continuation it is
    /// that of `coroutine.resume`, with one that of a function which sees only failures, with the thread in slot 0 and the error behind it.
    ///
    /// # Safety
    /// As for [`Vm::protect`]; the arguments lie among the given ones; `thread` is live.
    #[inline(always)]
    pub(crate) unsafe fn resume_directly(
        &mut self,
        call: (*mut Value, usize, i32),
        thread: *mut Thread,
        arguments: (*mut Value, usize),
        continuation: Option<Continuation>,
    ) -> bool {
        // SAFETY: the caller's promise. The arguments are copied before anything is written to their stack.
        unsafe {
            let (func, given, wanted) = call;
            let (first, count) = arguments;
            if (*thread).state != State::Suspended
                || (*thread).hook_mask != 0
                || self.native_depth >= MAX_RESUMED
                || self.frame.add(1) >= self.frame_end
                || func.add(2) > self.stack_end
            {
                return false;
            }
            Thread::enter(&mut self.heap, thread);
            let inner = (*thread).frame;
            let started = inner > (*thread).frames;
            let end = (*thread).usable_end((*thread).top);
            let to = if started {
                // It waits in a `yield` that a Lua function called, and whose results are what it is resumed with.
                if (*inner).flags != YIELDED || !(*inner).pc.is_null() || (*inner).then != Then::Plain {
                    return false;
                }
                (*inner).func
            } else {
                if (*thread).top.offset_from((*thread).stack) < 2 || (*(*thread).top.sub(1)).tag != tag::CLOSURE {
                    return false;
                }
                (*thread).top
            };
            let registers = if started { 0 } else { (*(*(*to.sub(1)).as_closure()).function).frame_bytes as usize / 16 };
            if to.add(1 + registers.max(count)) > end || !started && inner.add(1) >= (*thread).frame_end() {
                return false;
            }
            let resumer = self.roots.thread;
            let mut host = Frame::host(func, given, wanted, Then::Plain, DIRECT);
            host.set_continuation(continuation);
            host.kept = continuation.is_some() as u32;
            let waiting = self.frame.add(1);
            waiting.write(host);
            (*resumer).frame = waiting;
            // The arguments count as live until they are copied.
            (*resumer).top = func.add(1 + given);
            self.native_depth += 1;
            (*thread).resumer = resumer;
            (*thread).state = State::Active;
            if started {
                self.switch(resumer, thread, inner.sub(1), end);
                self.give(to, first, count, (*inner).wanted, false);
            } else {
                self.switch(resumer, thread, inner, end);
                move_results(to, first, count, -1);
                self.enter_closure(to.sub(1), count, -1, Then::Coroutine);
            }
            (*resumer).top = func.add(1);
            if continuation.is_some() {
                *func.add(1) = Value::thread(thread);
                (*resumer).top = func.add(2);
            }
            true
        }
    }

    /// Resumes the coroutine of a function that `coroutine.wrap` made, which is called at `func`.
    ///
    /// # Safety
    /// As for [`Vm::protect`]; a closure of `coroutine.wrap` stands at `func`.
    pub(crate) unsafe fn resume_wrapped_directly(&mut self, func: *mut Value, given: usize, wanted: i32) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let closure = (*func).as_ptr::<crate::function::HostClosure>();
            let thread = *crate::function::HostClosure::upvalue(closure, 0);
            thread.tag == tag::THREAD
                && self.resume_directly((func, given, wanted), thread.as_ptr(), (func.add(1), given), Some(crate::api::wrapped_resumed))
        }
    }

    /// Yields the `given` values behind `func`, which is called by the running Lua frame, to a direct `resume`.
    ///
    /// # Safety
    /// As for [`Vm::protect`].
    #[inline(always)]
    pub(crate) unsafe fn yield_directly(&mut self, func: *mut Value, given: usize, wanted: i32) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let thread = self.roots.thread;
            let frame = self.frame.add(1);
            if (*thread).runs != 0 || frame >= self.frame_end {
                return false;
            }
            let Some(end) = self.resumer_takes(given) else { return false };
            frame.write(Frame::host(func, given, wanted, Then::Plain, YIELDED));
            self.leave_directly((frame, end), func.add(1), given, State::Suspended);
            true
        }
    }

    /// Ends the running coroutine, whose first function returns `count` values from `first` on, if it was resumed directly.
    ///
    /// # Safety
    /// The running frame is marked [`Then::Coroutine`]; the values lie on the running stack; no hooks.
    pub(crate) unsafe fn finish_directly(&mut self, first: *mut Value, count: usize) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let Some(end) = self.resumer_takes(count) else { return false };
            self.leave_directly((self.frame.sub(1), end), first, count, State::Dead);
            true
        }
    }

    /// If the running thread is a coroutine whose resumer takes `count` values directly, and has room for them: where the resumer's
    /// stack ends.
    #[inline(always)]
    unsafe fn resumer_takes(&self, count: usize) -> Option<*mut Value> {
        // SAFETY: the running thread; a resumer's frame on top is the host frame that waits for it.
        unsafe {
            let resumer = (*self.roots.thread).resumer;
            if resumer.is_null() || (*resumer).hook_mask != 0 || (*(*resumer).frame).flags & DIRECT == 0 {
                return None;
            }
            let end = (*resumer).usable_end((*resumer).top);
            ((*(*resumer).frame).func.add(count + 2) <= end).then_some(end)
        }
    }

    /// Goes back to the direct resumer with `count` values from `first` on. The coroutine is left with a frame on top; the resumer's
    /// stack has the end that `resumer_takes` told.
    #[inline(always)]
    unsafe fn leave_directly(&mut self, (frame, end): (*mut Frame, *mut Value), first: *mut Value, count: usize, state: State) {
        // SAFETY: `resumer_takes` has answered. The values stay where they are until they are copied.
        unsafe {
            let thread = self.roots.thread;
            let resumer = (*thread).resumer;
            (*thread).frame = frame;
            (*thread).top = first.add(count);
            (*thread).resumer = ptr::null_mut();
            (*thread).state = state;
            self.native_depth -= 1;
            let host = (*resumer).frame;
            self.switch(thread, resumer, host.sub(1), end);
            self.give((*host).func, first, count, (*host).wanted, (*host).pc.is_null());
            (*thread).top = first;
        }
    }
}
