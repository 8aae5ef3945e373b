//! Finalizers (§2.5.3), and the end of a VM.

use crate::error::Result;
use crate::meta::Event;
use crate::thread::FINALIZER;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
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
                    self.heap.resume();
                }
                self.top = (*self.roots.thread).stack.offset(top);
                if let Err(e) = result {
                    let thrown = e.handle().and_then(|handle| handle.value(self));
                    let is_text = thrown.is_none_or(|value| value.is_str());
                    let reason = if is_text { e.message() } else { b"error object is not a string" };
                    self.warn.warn(&[b"error in __gc (", reason, b")"].concat(), false);
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
