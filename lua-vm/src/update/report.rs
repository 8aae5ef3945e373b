//! What an update tells about itself.

use std::fmt;

use crate::error::Error;

/// What an update did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// Closures that have new code.
    pub closures: usize,
    /// Closures among them that an earlier update had not reached.
    pub outdated: usize,
    /// Calls that go on with old code until they return, in all coroutines.
    pub running: usize,
    /// Fields that were added to the modules' tables and to tables in them.
    pub added: usize,
    /// Functions that the new code lacks, and that keep their old code because that was asked for.
    pub kept: Vec<Obstacle>,
}

/// Closures that have old code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// The name of their chunk as it was given, with its `@` or `=`.
    pub chunk: Vec<u8>,
    /// The names on the way to the function, with `/` between them.
    pub function: String,
    /// The line of `function` in the old source.
    pub line: u32,
    /// How many closures of this function there are.
    pub count: usize,
}

/// Why a module was not updated.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// There is no code for some function, or no value for some variable. Nothing has changed.
    #[error("{}", Obstacles(.0))]
    Refused(Vec<Obstacle>),
    /// The new chunk or an `__update` raised an error, or memory is short. Closures and the tables of modules are as they were.
    #[error(transparent)]
    Failed(Error),
}

/// One reason to refuse an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The module, as `require` knows it.
    pub module: Vec<u8>,
    /// The names on the way to the function, with `/` between them; empty if it is the module itself.
    pub function: String,
    /// The line of `function` in the old source; 0 for a main chunk.
    pub line: u32,
    /// What is wrong.
    pub kind: ObstacleKind,
}

/// What is wrong with a function or a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// The module is not loaded.
    NotLoaded,
    /// The new code, or the function's, was a binary chunk, which names no functions.
    Binary,
    /// The new code has no function in this place.
    Missing,
    /// The new code has more or fewer functions of this name.
    Ambiguous,
    /// The function has a new upvalue of this name, and there is no value for it.
    NoValue(Vec<u8>),
    /// The function has a new upvalue of this name, and several variables could be meant.
    SeveralVariables(Vec<u8>),
}

impl ObstacleKind {
    /// One word that names the kind to scripts.
    pub fn name(&self) -> &'static str {
        match self {
            ObstacleKind::NotLoaded => "not loaded",
            ObstacleKind::Binary => "binary",
            ObstacleKind::Missing => "missing",
            ObstacleKind::Ambiguous => "ambiguous",
            ObstacleKind::NoValue(_) => "no value",
            ObstacleKind::SeveralVariables(_) => "several variables",
        }
    }

    /// The variable that it is about, if it is about one.
    pub fn variable(&self) -> Option<&[u8]> {
        match self {
            ObstacleKind::NoValue(name) | ObstacleKind::SeveralVariables(name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let module = String::from_utf8_lossy(&self.module);
        write!(f, "module '{module}'")?;
        if !self.function.is_empty() {
            write!(f, ", function '{}' (line {})", self.function, self.line)?;
        }
        let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        match &self.kind {
            ObstacleKind::NotLoaded => write!(f, ": not loaded"),
            ObstacleKind::Binary => write!(f, ": from a binary chunk"),
            ObstacleKind::Missing => write!(f, ": missing in the new source"),
            ObstacleKind::Ambiguous => write!(f, ": the new source has another number of functions of this name"),
            ObstacleKind::NoValue(name) => write!(f, ": no value for the new upvalue '{}'", text(name)),
            ObstacleKind::SeveralVariables(name) => write!(f, ": several variables could be the new upvalue '{}'", text(name)),
        }
    }
}

struct Obstacles<'a>(&'a [Obstacle]);

impl fmt::Display for Obstacles<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot update:")?;
        self.0.iter().try_for_each(|obstacle| write!(f, "\n\t{obstacle}"))
    }
}
