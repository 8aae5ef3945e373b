//! Coroutines as functions (`coroutine.wrap`, §6.2).

use super::{Cx, Native, Outcome, Resumed, Shortcut, Status, Type};
use crate::error::{Error, Result};
use crate::function::HostClosure;
use crate::value::Value;

static WRAPPER: Native = Native::with("wrapper", resume_wrapped, Shortcut::Wrapper);

impl Cx<'_> {
    /// Pops a coroutine and pushes a function that resumes it: its arguments and results are those of the resumption, and an error
    /// is raised again.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_wrapper(&mut self) -> Result<()> {
        let vm = self.vm();
        vm.safepoint();
        let closure = vm.with_memory(|vm| HostClosure::new(&mut vm.heap, &WRAPPER, None, 1))?;
        let thread = self.take();
        // SAFETY: a fresh closure with one upvalue.
        unsafe { *HostClosure::upvalue(closure, 0) = thread };
        self.push(Value::host_closure(closure));
        Ok(())
    }
}

fn resume_wrapped(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let arguments = cx.top();
    cx.push_upvalue(0);
    cx.insert(0);
    if cx.type_of(0) != Type::Thread {
        return Err(cx.type_error(0, "thread"));
    }
    Ok(cx.resume_k(0, arguments, 0, wrapped_resumed))
}

/// The values of the coroutine lie above slot 0, its thread.
pub(crate) fn wrapped_resumed(cx: &mut Cx<'_>, result: Resumed) -> Result<Outcome, Error> {
    if result.ok {
        return Ok(cx.returns(cx.top() - 1));
    }
    // The error is on top. One in the coroutine ended it: its pending variables are
    // closed, which may raise another error instead.
    // (If it was dead before, the error says so, and this does nothing.)
    if cx.thread_status(0) == Status::Dead {
        cx.close_thread(0)?;
    }
    if cx.type_of(cx.top() - 1) == Type::String && cx.bytes(cx.top() - 1) != b"not enough memory" {
        let message = [&*cx.position_text(1), cx.bytes(cx.top() - 1)].concat();
        cx.push_bytes(&message)?;
    }
    Err(cx.throw_value())
}
