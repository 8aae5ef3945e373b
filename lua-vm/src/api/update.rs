//! Hot update for hosts.

use lua_proto::Proto;
use std::sync::Arc;

use super::{Cx, Lua};
use crate::update::{ModuleUpdate, Outdated, UpdateError, Updated};

impl Lua {
    /// Gives the closures of a loaded module the code of a new version of it, in this VM. Functions stay the objects that
    /// they are; their variables keep their values. Calls that are running end with the old code.
    ///
    /// `new` is the main function of the new version, under the same chunk name. VMs may share it; each is updated by a call of its own,
    /// while nothing runs in it.
    ///
    /// - Functions correspond if they have the same name in the same function (`M.foo`, `local function foo`, the field of a
    ///   constructor). If a function that lives has no counterpart, or not one alone, the update is refused, and nothing runs.
    /// - The new chunk runs once, with the arguments that `require` gives it. Closures get its code. Upvalues are joined by name: what a
    ///   closure had, or what another closure of the module has, stays. Variables that are new have the value that the chunk gave them; those
    ///   of functions that are not running, the constant that they begin with.
    /// - The module's value stays. Fields that are new are added to its table; functions that are new are added to tables that both
    ///   versions have under the same names. Nothing is overwritten or removed.
    /// - In the end, the field `__update` of the new table is called, if there is one, with the value that stays and the new one.
    ///
    /// # Errors
    /// A function has no counterpart, or a variable no value ([`UpdateError::Refused`]); the chunk or its `__update`
    /// failed. Then all closures and tables of the module are as they were; what that code changed elsewhere stays.
    pub fn update(&mut self, module: &str, new: &Arc<Proto>) -> Result<Updated, UpdateError> {
        self.update_all(&[ModuleUpdate::new(module, new)])
    }

    /// As [`Lua::update`], for several modules: all of them, or none.
    ///
    /// # Errors
    /// As for [`Lua::update`].
    pub fn update_all(&mut self, modules: &[ModuleUpdate]) -> Result<Updated, UpdateError> {
        let mut result = None;
        let ended = self.with(|cx| match cx.update(modules) {
            // Leaves the VM with its value and traceback.
            Err(UpdateError::Failed(e)) => Err(e),
            other => {
                result = Some(other);
                Ok(())
            }
        });
        match (ended, result) {
            (Err(e), _) => Err(UpdateError::Failed(e)),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Ok(Updated::default()),
        }
    }

    /// As [`Cx::outdated`].
    pub fn outdated(&mut self) -> Vec<Outdated> {
        self.with(|cx: &mut Cx<'_>| Ok(cx.outdated())).unwrap_or_default()
    }
}
