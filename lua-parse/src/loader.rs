//! The loader with a compiler: what a VM is given to load text and binary chunks.

use std::sync::Arc;

use lua_proto::{Chunk, LoadError, Loader, Proto, undump};

use crate::compile::compile_within;
use crate::parser::Stopped;

/// Loads text by compiling it, and binary chunks by checking them.
///
/// # Examples
///
/// ```
/// use lua_parse::Compiler;
/// use lua_proto::{Chunk, ChunkMode, Loader};
///
/// let chunk = Chunk { bytes: b"return 6 * 7", name: b"=example", mode: ChunkMode::Both };
/// let main = Compiler.load(chunk)?;
/// assert!(main.is_vararg());
///
/// let chunk = Chunk { bytes: b"return +", ..chunk };
/// let error = Compiler.load(chunk).unwrap_err();
/// assert_eq!(error.message(), b"example:1: unexpected symbol near '+'");
/// # Ok::<(), lua_proto::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Compiler;

impl Loader for Compiler {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        self.load_within(chunk, usize::MAX)
    }

    fn load_within(&self, chunk: Chunk<'_>, memory: usize) -> Result<Arc<Proto>, LoadError> {
        chunk.check_mode()?;
        if chunk.is_binary() {
            let draft = undump(chunk.bytes, chunk.name).map_err(|e| LoadError::Binary(e.message()))?;
            return draft.freeze().map_err(|e| LoadError::refused(chunk.name, &e));
        }
        compile_within(chunk.bytes, chunk.name, memory).map_err(|stopped| match stopped {
            Stopped::Syntax(e) => LoadError::Syntax(e.message),
            Stopped::Memory | Stopped::Refused => LoadError::Memory,
        })
    }
}
