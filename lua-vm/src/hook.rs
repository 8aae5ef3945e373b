//! Hooks (§4.7): functions that are called while another one runs.
//!
//! With hooks on, each instruction first goes through [`before_instruction`], which fires call, count and line hooks.
//! Host functions and returns fire theirs in `flow.rs`. While a hook runs, no other does.

use lua_proto::op::{Instr, Op};
use std::ptr::NonNull;

use crate::error::Result;
use crate::exec;
use crate::string;
use crate::thread::{HOOKED, IN_HOOK, TAIL, Then, Thread};
use crate::value::Value;
use crate::vm::Vm;

/// [`Thread::hook_mask`]: functions that are entered.
pub(crate) const CALL: u8 = 1;
/// [`Thread::hook_mask`]: functions that return.
pub(crate) const RETURN: u8 = 2;
/// [`Thread::hook_mask`]: new lines.
pub(crate) const LINE: u8 = 4;
/// [`Thread::hook_mask`]: so many instructions.
pub(crate) const COUNT: u8 = 8;

/// The hook of a thread.
pub(crate) struct Hook {
    /// Nil: switched off by itself.
    function: Value,
    /// Instructions between two count events.
    count: i32,
    countdown: i32,
    /// The last instruction that was looked at for a line event. It may belong to another function, which costs at most a
    /// superfluous event.
    last_pc: usize,
    /// It runs at this moment.
    running: bool,
    /// The next instruction ran before and was interrupted by a `__close`.
    again: bool,
    /// Of the event that runs: the frame, the first and the number of values passed or returned.
    transfer: Option<(usize, u32, u32)>,
}

impl Hook {
    /// The function, for tracing and `debug.gethook`.
    pub(crate) fn function(&self) -> Value {
        self.function
    }

    /// Instructions between two count events.
    pub(crate) fn count(&self) -> i32 {
        self.count
    }

    /// The first index and the number of the values that the frame with this index passes or returns.
    pub(crate) fn transfer(&self, frame: usize) -> (u32, u32) {
        match self.transfer {
            Some((of, first, count)) if of == frame && count != 0 => (first, count),
            _ => (0, 0),
        }
    }
}

/// What a hook is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Call,
    TailCall,
    Return,
    /// With the line, if it is known.
    Line(Option<u32>),
    Count,
}

impl Event {
    fn name(self) -> &'static str {
        match self {
            Event::Call => "call",
            Event::TailCall => "tail call",
            Event::Return => "return",
            Event::Line(_) => "line",
            Event::Count => "count",
        }
    }
}

/// Whether an instruction takes what lies below the top.
fn uses_top(i: Instr) -> bool {
    matches!(i.op(), Op::Call | Op::TailCall | Op::Return | Op::SetList) && i.b() == 0
}

/// Counts an instruction, if counting is all that is to be done before it runs; false if it is not, and then nothing has happened.
///
/// # Safety
/// A Lua frame runs.
#[inline(always)]
pub(crate) unsafe fn only_counts(vm: &mut Vm, i: Instr) -> bool {
    // SAFETY: the running frame and thread.
    unsafe {
        let thread = vm.roots.thread;
        if (*thread).hook_mask != COUNT || (*vm.frame).flags & HOOKED == 0 {
            return false;
        }
        let Some(hook) = (*thread).hook.as_deref_mut() else { return false };
        if hook.running || hook.again || hook.countdown <= 1 || matches!(i.op(), Op::Link | Op::VarArgPrep | Op::TForCall) {
            return false;
        }
        hook.countdown -= 1;
        true
    }
}

/// Fires the hooks that are due before an instruction runs. The pc of the frame stands behind it.
///
/// # Errors
/// What a hook raises.
///
/// # Safety
/// A Lua frame runs.
pub(crate) unsafe fn before_instruction(vm: &mut Vm, i: Instr) -> Result<()> {
    // SAFETY: the running frame and thread.
    unsafe {
        let thread = vm.roots.thread;
        let Some(hook) = (*thread).hook.as_deref_mut() else {
            vm.update_hooks();
            return Ok(());
        };
        if hook.running || i.op() == Op::Link || std::mem::take(&mut hook.again) {
            return Ok(());
        }
        let function = &*(*vm.frame).function;
        let proto = function.proto();
        let pc = function.index_of((*vm.frame).pc) - 1;
        // Where a call begins: behind the instruction that arranges the arguments, if there is one.
        let entry = proto.is_vararg() as usize;
        if pc < entry {
            return Ok(());
        }
        if i.op() == Op::TForCall && proto.code().get(hook.last_pc).is_some_and(|last| last.op() == Op::TForPrep) {
            // The first call of an iterator belongs to what prepared the loop, as in the reference.
            hook.last_pc = pc;
            return Ok(());
        }
        if !uses_top(i) {
            vm.top = vm.registers_end();
        }
        if pc == entry && (*vm.frame).flags & HOOKED == 0 {
            (*vm.frame).flags |= HOOKED;
            hook.last_pc = entry;
            if (*thread).hook_mask & CALL != 0 {
                let event = if (*vm.frame).flags & TAIL != 0 { Event::TailCall } else { Event::Call };
                vm.run_hook(event, 1, u32::from(proto.params()))?;
                if let Some(hook) = (*thread).hook.as_deref_mut() {
                    hook.last_pc = entry;
                }
            }
        }
        // From here on each hook may have changed or removed itself.
        let mask = (*thread).hook_mask;
        if mask & COUNT != 0
            && let Some(hook) = (*thread).hook.as_deref_mut()
        {
            hook.countdown = hook.countdown.wrapping_sub(1);
            if hook.countdown == 0 {
                hook.countdown = hook.count;
                vm.run_hook(Event::Count, 0, 0)?;
            }
        }
        if mask & LINE != 0
            && let Some(hook) = (*thread).hook.as_deref_mut()
        {
            let last = if hook.last_pc < proto.code().len() { hook.last_pc } else { 0 };
            let line = proto.line_at(pc);
            if pc <= last || line != proto.line_at(last) {
                vm.run_hook(Event::Line(line), 0, 0)?;
            }
            if let Some(hook) = (*thread).hook.as_deref_mut() {
                hook.last_pc = pc;
            }
        }
    }
    Ok(())
}

impl Vm {
    /// Runs hooked or plain, as the running thread wants it.
    pub(crate) fn update_hooks(&mut self) {
        // SAFETY: the running thread.
        let hooked = unsafe { (*self.roots.thread).hook_mask } != 0;
        if hooked != self.hooked {
            self.hooked = hooked;
            self.handlers = exec::handlers(hooked);
        }
    }

    /// Keeps hooks from running, for a finalizer; returns whether they already were.
    pub(crate) fn silence_hooks(&mut self) -> bool {
        // SAFETY: the running thread.
        let hook = unsafe { (*self.roots.thread).hook.as_deref_mut() };
        hook.is_some_and(|hook| std::mem::replace(&mut hook.running, true))
    }

    /// Undoes [`Vm::silence_hooks`].
    pub(crate) fn unsilence_hooks(&mut self, before: bool) {
        // SAFETY: the running thread.
        if let Some(hook) = unsafe { (*self.roots.thread).hook.as_deref_mut() } {
            hook.running = before;
        }
    }

    /// Sets the hook of a thread; a nil function or an empty mask takes it away. The count must be positive if the mask has
    /// [`COUNT`].
    ///
    /// # Safety
    /// `thread` and `function` are live.
    pub(crate) unsafe fn set_hook(&mut self, thread: *mut Thread, function: Value, mask: u8, count: i32) {
        // SAFETY: the caller's promise. Tracing reads the hook, hence the barrier.
        unsafe {
            self.heap.barrier(NonNull::new_unchecked(thread.cast()));
            let off = function.is_nil() || mask == 0;
            let running = (*thread).hook.as_ref().is_some_and(|h| h.running);
            let was_off = (*thread).hook_mask == 0;
            (*thread).hook_mask = if off { 0 } else { mask };
            match (*thread).hook.as_deref_mut() {
                // A hook that changes itself stays the one that runs.
                Some(hook) if running || !off => {
                    hook.function = if off { Value::NIL } else { function };
                    hook.count = count;
                    hook.countdown = count;
                }
                _ if off => (*thread).hook = None,
                _ => {
                    let hook = Hook { function, count, countdown: count, last_pc: 0, running: false, again: false, transfer: None };
                    (*thread).hook = Some(Box::new(hook));
                }
            }
            if was_off && !off {
                // What runs already has been called.
                let mut frame = (*thread).frames;
                while frame <= self.top_frame(thread) {
                    (*frame).flags |= HOOKED;
                    frame = frame.add(1);
                }
            }
        }
        self.update_hooks();
    }

    /// The call hook of the host function whose frame is on top.
    ///
    /// # Errors
    /// What the hook raises.
    #[cold]
    #[inline(never)]
    pub(crate) fn call_hook(&mut self) -> Result<()> {
        // SAFETY: the running host frame.
        unsafe {
            if (*self.roots.thread).hook_mask & CALL == 0 {
                return Ok(());
            }
            let given = self.top.offset_from((*self.frame).base) as u32;
            self.run_hook(Event::Call, 1, given)
        }
    }

    /// The return hook of the running frame, which returns `count` values from `first` on. The top is restored; the stack may
    /// move.
    ///
    /// # Errors
    /// What the hook raises.
    ///
    /// # Safety
    /// The values lie on the running stack.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn return_hook(&mut self, first: *mut Value, count: usize) -> Result<()> {
        // SAFETY: the running frame; below it is at least the base frame of the thread.
        unsafe {
            let thread = self.roots.thread;
            if (*thread).hook_mask & RETURN != 0 {
                let end = first.add(count);
                if self.top < end {
                    self.top = end;
                }
                let index = first.offset_from((*self.frame).base) + 1;
                // As wide as the field of the reference.
                self.run_hook(Event::Return, index as u16 as u32, count as u32)?;
            }
            let caller = self.frame.sub(1);
            if (*caller).is_lua() {
                let pc = self.current_pc(thread, caller);
                if let Some(hook) = (*thread).hook.as_deref_mut().filter(|h| !h.running) {
                    hook.last_pc = pc;
                    hook.again = (*self.frame).then == Then::Again;
                }
            }
        }
        Ok(())
    }

    /// Calls the hook function, unless it is running.
    #[cold]
    unsafe fn run_hook(&mut self, event: Event, first: u32, count: u32) -> Result<()> {
        // SAFETY: the running thread and frame; all pointers into the stack are taken anew after what may move it.
        unsafe {
            let thread = self.roots.thread;
            let function = match (*thread).hook.as_deref_mut() {
                Some(hook) if !hook.running && !hook.function.is_nil() => hook.function,
                _ => return Ok(()),
            };
            let frame_index = self.frame.offset_from((*thread).frames);
            let top = self.top.offset_from((*thread).stack);
            self.top = self.top.max(self.registers_end());
            if self.top.add(3) > self.stack_end {
                self.grow_stack(self.top, 8)?;
            }
            let text = Value::str(self.with_memory(|vm| string::name(&mut vm.heap, event.name().as_bytes()))?);
            let to = self.top;
            *to = function;
            *to.add(1) = text;
            *to.add(2) = match event {
                Event::Line(Some(line)) => Value::int(i64::from(line)),
                _ => Value::NIL,
            };
            self.top = to.add(3);
            if let Some(hook) = (*thread).hook.as_deref_mut() {
                hook.running = true;
                hook.transfer = Some((frame_index as usize, first, count));
            }
            (*self.frame).flags |= IN_HOOK;
            let result = self.call_nested(to, 2, 0);
            (*(*thread).frames.offset(frame_index)).flags &= !IN_HOOK;
            if let Some(hook) = (*thread).hook.as_deref_mut() {
                hook.running = false;
                hook.transfer = None;
                if hook.function.is_nil() {
                    (*thread).hook = None;
                }
            }
            self.top = (*thread).stack.offset(top);
            result
        }
    }
}
