//! How a VM asks for code.

use std::fmt;
use std::sync::Arc;

use crate::{Proto, SIGNATURE, VerifyError, undump};

/// Turns chunks into functions: all that a VM asks of a compiler.
///
/// A VM holds one as `Arc<dyn Loader>`. Loading is rare, so a virtual call is free, and a VM
/// that only runs binary chunks links no compiler.
///
/// Implementations are pure: equal chunks give equal functions, whichever VM asks and on
/// whichever thread. Caches rely on it.
pub trait Loader: Send + Sync {
    /// Loads one chunk.
    ///
    /// # Errors
    ///
    /// [`LoadError::Syntax`] if text is not Lua; [`LoadError::Binary`] if a binary chunk is
    /// damaged or fails verification; [`LoadError::Mode`] if the chunk is of a kind that was not
    /// asked for.
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError>;
}

/// What a VM asks a [`Loader`] to load.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// Source text or a binary chunk.
    pub bytes: &'a [u8],
    /// The chunk's name, with its `@` or `=` (§4.6 `lua_load`).
    pub name: &'a [u8],
    /// Which kinds are welcome.
    pub mode: ChunkMode,
}

impl Chunk<'_> {
    /// Whether this is a binary chunk: it starts with the first byte of [`SIGNATURE`].
    pub fn is_binary(&self) -> bool {
        self.bytes.first() == SIGNATURE.first()
    }

    /// Whether the mode admits this kind of chunk.
    ///
    /// # Errors
    ///
    /// [`LoadError::Mode`] if it does not.
    pub fn check_mode(&self) -> Result<(), LoadError> {
        let binary = self.is_binary();
        match (self.mode, binary) {
            (ChunkMode::Text, true) | (ChunkMode::Binary, false) => Err(LoadError::Mode { binary, mode: self.mode }),
            _ => Ok(()),
        }
    }
}

/// The argument `mode` of `load` (§6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkMode {
    /// `"t"`: source text only.
    Text,
    /// `"b"`: binary chunks only.
    Binary,
    /// `"bt"`: both.
    Both,
}

impl ChunkMode {
    /// The mode that these letters ask for; `None` if neither `b` nor `t` is among them.
    pub fn from_letters(letters: &[u8]) -> Option<ChunkMode> {
        match (letters.contains(&b't'), letters.contains(&b'b')) {
            (true, true) => Some(ChunkMode::Both),
            (true, false) => Some(ChunkMode::Text),
            (false, true) => Some(ChunkMode::Binary),
            (false, false) => None,
        }
    }

    /// The letters, as `load` takes them.
    pub fn letters(self) -> &'static str {
        match self {
            ChunkMode::Text => "t",
            ChunkMode::Binary => "b",
            ChunkMode::Both => "bt",
        }
    }
}

/// Why a chunk could not be loaded. Messages are bytes, because Lua strings are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The text is not Lua; the message has its position.
    Syntax(Vec<u8>),
    /// The binary chunk is damaged, or its code is not well-formed.
    Binary(Vec<u8>),
    /// The chunk is of a kind that the mode excludes.
    Mode {
        /// Whether the chunk was binary.
        binary: bool,
        /// What was asked for.
        mode: ChunkMode,
    },
}

impl LoadError {
    /// The message that a script sees.
    pub fn message(&self) -> Vec<u8> {
        match self {
            LoadError::Syntax(message) | LoadError::Binary(message) => message.clone(),
            LoadError::Mode { binary, mode } => {
                let kind = if *binary { "binary" } else { "text" };
                let mode = mode.letters();
                format!("attempt to load a {kind} chunk (mode is '{mode}')").into_bytes()
            }
        }
    }

    /// The error for a binary chunk of this name whose code the verifier refused.
    pub fn refused(name: &[u8], error: &VerifyError) -> LoadError {
        let reason = format!(": bad binary format ({error})");
        LoadError::Binary([crate::dump::shown_name(name), reason.as_bytes()].concat())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message()))
    }
}

/// Loads binary chunks only; a VM that uses it links no compiler.
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryLoader;

impl Loader for BinaryLoader {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        chunk.check_mode()?;
        if !chunk.is_binary() {
            return Err(LoadError::Mode { binary: false, mode: ChunkMode::Binary });
        }
        let draft = undump(chunk.bytes, chunk.name).map_err(|e| LoadError::Binary(e.message()))?;
        draft.freeze().map_err(|e| LoadError::refused(chunk.name, &e))
    }
}
