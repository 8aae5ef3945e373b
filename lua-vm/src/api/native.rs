//! Host functions: what they are, and what they ask the VM for when they return.

use super::{Answer, Args, Cx};
use crate::error::Error;
use crate::exec::{DirectFn, direct};

/// A function that Lua can call.
///
/// It finds its arguments in slots from 0 on and answers with [`Cx::returns`], or with one of the forms that
/// let the VM call, yield or resume on its behalf without recursion in Rust.
pub type HostFn = fn(&mut Cx<'_>) -> Result<Outcome, Error>;

/// What runs when a call or yield that a host function asked for is over.
pub type Continuation = fn(&mut Cx<'_>, Resumed) -> Result<Outcome, Error>;

/// Computes the result of a library function without a frame, or declines.
///
/// Whatever is not plain (an argument to convert, an error to raise, a metamethod to call) is declined: the function
/// itself is called then, and nothing has happened yet.
pub type ValueFn = for<'a> fn(&'a Args<'a>) -> Option<Answer>;

/// A library function: a plain value in Lua, no heap object. Its identity is its address.
#[derive(Debug)]
pub struct Native {
    /// The name under which libraries register it.
    pub name: &'static str,
    /// The function.
    pub call: HostFn,
    pub(crate) shortcut: Shortcut,
    /// How the VM takes it.
    pub(crate) direct: Option<DirectFn>,
}

impl Native {
    /// A function that is always called with a frame.
    pub const fn new(name: &'static str, call: HostFn) -> Native {
        Native { name, call, shortcut: Shortcut::None, direct: None }
    }

    /// A function with a shortcut: what the VM may do when Lua calls it and no hook wants to see that.
    pub const fn with(name: &'static str, call: HostFn, shortcut: Shortcut) -> Native {
        Native { name, call, shortcut, direct: direct(shortcut) }
    }
}

/// What the VM may do in place of a call of a library function. The effect is the same as that of the function, which is
/// still called wherever the plain case does not apply.
#[derive(Clone, Copy, Debug)]
pub enum Shortcut {
    /// Nothing: the function is called.
    None,
    /// Computes at most one result.
    Value(ValueFn),
    /// Computes at most one result of a closure ([`Cx::push_closure`]), whose upvalues it sees ([`Args::upvalue_bytes`]).
    Closure(ValueFn),
    /// Resumes the coroutine in the closure's upvalue, as the functions of `coroutine.wrap` do (§6.2).
    Wrapper,
    /// Calls the first argument with the others, protected, as `pcall` does (§6.1).
    Protect,
    /// Calls the first argument with those from the third on, protected, with the second as message handler, as `xpcall` does (§6.1).
    ProtectHandled,
    /// Resumes the coroutine that is the first argument with the others, as `coroutine.resume` does (§6.2).
    Resume,
    /// Yields the arguments, as `coroutine.yield` does (§6.2).
    Yield,
    /// Steps through a table, as `next` does (§6.1).
    Next,
    /// Gives the iterator registered as `next` ([`Cx::register_iterators`]), the table and nil, as `pairs` does (§6.1).
    Pairs,
    /// Gives the iterator registered for it, the value and 0, as `ipairs` does (§6.1).
    Ipairs,
}

/// What a continuation is told.
#[derive(Clone, Copy, Debug)]
pub struct Resumed {
    /// What the host function passed on.
    pub state: i64,
    /// False if a protected call failed (or a coroutine did): the error value is on top.
    pub ok: bool,
    /// Whether the values on top come from `coroutine.resume`.
    pub yielded: bool,
}

/// What a host function wants done next; opaque.
#[derive(Clone, Copy, Debug)]
pub struct Outcome(u64);

/// The forms of an [`Outcome`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Step {
    /// The top values are the results.
    Return,
    /// Call; results come to the continuation.
    Call,
    /// Call in place of this function.
    TailCall,
    /// Yield the top values.
    Yield,
    /// Resume the coroutine in a slot.
    Resume,
}

impl Outcome {
    #[inline(always)]
    pub(crate) fn new(step: Step, count: u32, other: i32) -> Outcome {
        Outcome(step as u64 | (count as u64 & 0xff_ffff) << 8 | (other as u32 as u64) << 32)
    }

    /// How many results there are, if that is all that the host function asked for.
    #[inline(always)]
    pub(crate) fn plain_results(self) -> Option<u32> {
        (self.0 as u8 == Step::Return as u8).then_some((self.0 >> 8) as u32 & 0xff_ffff)
    }

    #[inline(always)]
    pub(crate) fn parts(self) -> (Step, u32, i32) {
        let step = match self.0 as u8 {
            0 => Step::Return,
            1 => Step::Call,
            2 => Step::TailCall,
            3 => Step::Yield,
            _ => Step::Resume,
        };
        (step, (self.0 >> 8) as u32 & 0xff_ffff, (self.0 >> 32) as i32)
    }
}
