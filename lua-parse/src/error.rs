//! What is wrong with a chunk.

/// A chunk that is not Lua.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", String::from_utf8_lossy(message))]
pub struct SyntaxError {
    /// The whole message in the words of the reference: `chunk:line: … near 'x'`.
    pub message: Vec<u8>,
    /// Line that it names, from 1.
    pub line: u32,
    /// Byte offset in the source where the offending token begins.
    pub start: u32,
    /// Byte offset where it ends.
    pub end: u32,
    /// Whether the chunk ends too early, so that more lines could make it right.
    pub incomplete: bool,
}
