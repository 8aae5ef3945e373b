//! Rust closures with typed arguments and results as Lua functions.

use std::any::Any;

use super::{Cx, FromLuaMulti, IntoLuaMulti, Native, Outcome};
use crate::error::{Error, Result};
use crate::function::HostClosure;
use crate::value::Value;

impl Cx<'_> {
    /// Pushes a function that runs a Rust closure, which may be entered again while it runs.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_shared_closure<F>(&mut self, f: F) -> Result<()>
    where
        F: Fn(&mut Cx<'_>) -> Result<Outcome, Error> + Send + 'static,
    {
        fn trampoline<F>(cx: &mut Cx<'_>) -> Result<Outcome, Error>
        where
            F: Fn(&mut Cx<'_>) -> Result<Outcome, Error> + Send + 'static,
        {
            // SAFETY: the closure stands in the function slot of the running frame, which no slot of `Cx` reaches, so it lives
            // until this call returns. Its state is written once, before anybody can call it, and only closures that are
            // `FnMut`, which have another trampoline, ever take theirs out.
            let state = cx.running_closure().and_then(|closure| unsafe { (*closure).state.as_deref() });
            match state.and_then(|state| state.downcast_ref::<F>()) {
                Some(f) => f(cx),
                None => Err(Error::text("not a Rust closure")),
            }
        }
        let mut state: Option<Box<dyn Any + Send>> = Some(Box::new(f));
        let vm = self.vm();
        vm.safepoint();
        let closure = vm.with_memory(|vm| {
            let closure = HostClosure::new(&mut vm.heap, const { &Native::new("closure", trampoline::<F>) }, None, 0)?;
            // SAFETY: fresh.
            unsafe { (*closure).state = state.take() };
            Ok(closure)
        })?;
        self.push(Value::host_closure(closure));
        Ok(())
    }

    /// Pushes a function that runs a Rust closure with converted arguments and results. Further arguments are ignored; missing
    /// ones are nil.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_function<A, R, F>(&mut self, f: F) -> Result<()>
    where
        A: FromLuaMulti,
        R: IntoLuaMulti,
        F: Fn(&mut Cx<'_>, A) -> Result<R, Error> + Send + 'static,
    {
        self.push_shared_closure(move |cx| {
            let arguments = cx.arguments(0)?;
            let results = f(cx, arguments)?;
            let count = results.into_lua_multi(cx)?;
            Ok(cx.returns(count))
        })
    }
}
