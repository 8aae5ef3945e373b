//! How control moves between frames: calls, returns, host functions, coroutines, errors.
//!
//! Everything here works on the array of frames and never recurses, except where Rust asks for a
//! nested run ([`Vm::call_nested`]). Handlers call in with the pc saved, and go on with whatever frame is on top.
//!
//! - [`Vm::call_at`] begins a call: a Lua function gets a frame and runs later, a host function runs at once.
//! - [`Vm::finish_frame`] ends one: its [`Then`](crate::thread::Then) says where the results go.
//! - [`Vm::raise`] unwinds to the nearest protected call, closing variables on the way.

mod call;
mod closing;
mod coroutine;
mod direct;
mod finalize;
mod finish;
mod host;
mod nested;
mod unwind;

use crate::value::Value;
use crate::vm::Vm;

pub(crate) use finish::move_results;

/// What the dispatch does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    /// Runs the Lua frame on top.
    Run,
    /// Ends the run; `Vm::exit` says why.
    Exit,
}

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
}
