//! Hot update: new code for closures that live, while their variables stay.
//!
//! ```text
//!   before                                 after
//!   closure ──► Function (old)             closure ──► Function (new)     the object is the same
//!      └─[a][b]                               └──────► version [a][c][b]  upvalues joined by name, `c` is new
//!   frame ──► closure, Function (old)      frame ──► version [a][b], Function (old)
//! ```
//!
//! 1. What lives is found by a full collection and a walk over the heap ([`survey`]). A function whose counterpart is missing or
//!    ambiguous ends the update before anything ran.
//! 2. The new chunk runs, as `require` would run it. What it makes are the new functions, and the values of new variables.
//! 3. [`plan`] finds the upvalues for each closure, and makes all objects that are needed.
//! 4. [`apply`] gives closures their new code. From here on only `__update` can fail; then everything is taken back.
//!
//! A frame finds its upvalues through its closure, in the slot below its base. When the closure gets other upvalues, the frames that run
//! it get a *version* of it instead, with the code and the upvalues that it had ([`Closure::new_version`]). The
//! debug interface shows the closure in its place.
//!
//! [`Closure::new_version`]: crate::function::Closure::new_version

mod apply;
mod counterpart;
mod merge;
mod needed;
mod plan;
mod replace;
mod report;
mod run;
mod survey;
mod variables;

use lua_proto::Proto;
use std::sync::Arc;

use crate::api::Cx;
use crate::error::{Error, Result};
use crate::vm::Vm;

pub use report::{Obstacle, ObstacleKind, Outdated, UpdateError, Updated};

/// The field of a module's table that says how its state is carried over.
const UPDATE: &str = "__update";

/// A module and its new code.
#[derive(Clone, Debug)]
pub struct ModuleUpdate {
    /// What `require` was given.
    pub name: Vec<u8>,
    /// The new main function. Its chunk must have the name that the old one had: that tells which closures are the module's.
    pub proto: Arc<Proto>,
    /// The second argument of the chunk: where the module was found.
    pub origin: Vec<u8>,
    /// Functions that the new code lacks keep their old code; otherwise they are an obstacle.
    pub keep_missing: bool,
}

impl ModuleUpdate {
    /// An update of a module, whose chunk gets its file as the second argument, if its name is that of a file.
    pub fn new(name: impl Into<Vec<u8>>, proto: &Arc<Proto>) -> ModuleUpdate {
        let source = proto.source();
        let origin = source.strip_prefix(b"@").unwrap_or(source).to_vec();
        ModuleUpdate { name: name.into(), proto: Arc::clone(proto), origin, keep_missing: false }
    }
}

/// Why the steps of an update end early.
enum Stop {
    Refused(Vec<Obstacle>),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Stop {
        Stop::Failed(e)
    }
}

impl Cx<'_> {
    /// Gives the closures of loaded modules new code; see [`Lua::update`](crate::Lua::update).
    ///
    /// # Errors
    /// The update is refused, or a chunk or an `__update` failed. Closures and tables of modules are as they were.
    pub fn update(&mut self, modules: &[ModuleUpdate]) -> Result<Updated, UpdateError> {
        if std::mem::replace(&mut self.vm().updating, true) {
            return Err(UpdateError::Failed(self.error(format_args!("an update is going on"))));
        }
        let top = self.top();
        let result = self.update_steps(modules);
        self.vm().updating = false;
        self.set_top(top).map_err(UpdateError::Failed)?;
        result.map_err(|stop| match stop {
            Stop::Refused(obstacles) => UpdateError::Refused(obstacles),
            Stop::Failed(e) => UpdateError::Failed(e),
        })
    }

    fn update_steps(&mut self, modules: &[ModuleUpdate]) -> Result<Updated, Stop> {
        self.reserve(16 + 4 * modules.len() as u32)?;
        let mut session = run::Session::new(self, modules)?;
        session.refuse_unloaded()?;
        session.survey_before()?;
        match session.run_chunks().and_then(|()| session.plan()) {
            Ok(plan) => session.carry_out(&plan),
            Err(stop) => {
                session.put_back();
                Err(stop)
            }
        }
    }

    /// The closures that still have code from before the last update of their module: made by frames that were running then, or
    /// without a counterpart and kept. The next update takes them along.
    pub fn outdated(&mut self) -> Vec<Outdated> {
        self.vm().outdated()
    }
}

impl Vm {
    fn outdated(&mut self) -> Vec<Outdated> {
        if self.updated.is_empty() {
            return Vec::new();
        }
        self.collect();
        let mut found: Vec<Outdated> = Vec::new();
        for closure in survey::all_closures(self) {
            // SAFETY: closures of the walk are live, and nothing collects in between.
            let proto = unsafe { (*(*closure).function).proto() };
            let current = self.updated.get(proto.source());
            if current.is_none_or(|&current| current == proto.image().identity()) {
                continue;
            }
            let function = counterpart::path(proto.image(), proto.position());
            match found.iter_mut().find(|o| o.chunk == proto.source() && o.function == function && o.line == proto.line_defined()) {
                Some(outdated) => outdated.count += 1,
                None => found.push(Outdated { chunk: proto.source().to_vec(), function, line: proto.line_defined(), count: 1 }),
            }
        }
        found.sort_by(|a, b| (&a.chunk, a.line, &a.function).cmp(&(&b.chunk, b.line, &b.function)));
        found
    }
}
