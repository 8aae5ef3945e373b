//! Host functions: the door through which they are entered, and what they ask for when they return.

use super::coroutine::Switched;
use super::{Delivered, Flow};
use crate::api::{Cx, HostFn, Outcome, Resumed, Step};
use crate::error::Result;
use crate::thread::{DIRECT, PROTECTED, Then, YIELDED};
use crate::value::{Value, copy, tag};
use crate::vm::Vm;

impl Vm {
    /// Runs the host function whose frame is on top.
    #[inline]
    pub(super) unsafe fn run_host(&mut self, call: HostFn) -> Result<Flow> {
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
    pub(super) fn release_charges(&mut self, before: usize) {
        self.heap.discharge(self.charged.saturating_sub(before));
        self.charged = before;
    }

    /// Runs the continuation of the host frame on top.
    pub(super) unsafe fn continue_host(&mut self, ok: bool, yielded: bool) -> Result<Outcome> {
        // SAFETY: a host frame that waited is on top.
        unsafe {
            let frame = self.frame;
            (*self.roots.thread).protected -= ((*frame).flags & PROTECTED != 0) as u32;
            let direct = (*frame).flags & DIRECT != 0;
            (*frame).flags &= !(PROTECTED | YIELDED | DIRECT);
            let state = (*frame).state;
            match (*frame).continuation() {
                None => {
                    let kept = (*frame).base.add((*frame).kept as usize);
                    if direct {
                        let mut at = self.top;
                        while at > kept {
                            copy(at, at.sub(1));
                            at = at.sub(1);
                        }
                        *kept = Value::bool(ok);
                        self.top = self.top.add(1);
                    }
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
}
