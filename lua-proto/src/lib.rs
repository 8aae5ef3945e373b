//! The contract between compiler and VM.
//!
//! A compiler hands function after function to an [`ImageBuilder`], which runs the verifier and turns
//! them into [`Proto`]s: immutable functions of a chunk, shared by every VM of every thread through
//! an `Arc`. Strings of all chunks live once per process, in the [`pool`]. A [`Draft`] is the same as
//! plain data with public fields: what a binary chunk becomes before it is checked.
//!
//! Besides, everything that a compiler (which folds constants) and a VM (which executes) must
//! agree on: the [instruction set](Op), the [arithmetic and the text of numbers](number), the
//! [names of chunks](chunk_id()) in messages. And what can be done with code without running it:
//! [listing](Listing), [`dump()`], [`undump`]. A VM asks for code through a [`Loader`], and [`Cached`] is one
//! that compiles each file once for all of them.
//!
//! Nothing here knows the syntax of Lua, a VM, or a heap.
//!
//! Start at [`op`], the table of instructions; then [`ImageBuilder`], [`Proto`] and `verify.rs`.
//!
//! # Examples
//!
//! ```
//! use lua_proto::{Draft, DraftConstant, Instr, Op, SLOT};
//!
//! // return 42
//! let draft = Draft {
//!     source: b"=example".to_vec(),
//!     code: vec![
//!         Instr::wide(Op::LoadK, 0, 0, 0),
//!         Instr::new(Op::Return1, 0, 0, 0, 0),
//!     ],
//!     lines: vec![1, 1],
//!     constants: vec![DraftConstant::Int(42)],
//!     ..Draft::default()
//! };
//! let proto = draft.clone().freeze()?;
//! assert_eq!(proto.line_at(1), Some(1));
//!
//! // What is dumped comes back as the same draft.
//! let bytes = lua_proto::dump(&proto, false);
//! assert_eq!(lua_proto::undump(&bytes, b"=example")?, draft);
//!
//! // Code that reaches outside of its registers is refused.
//! let mut wild = draft;
//! wild.code[0] = Instr::wide(Op::LoadK, 0, 200 * SLOT as u16, 0);
//! assert!(wild.freeze().is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cache;
mod chunk_id;
mod constant;
mod dump;
mod listing;
mod loader;
pub mod number;
pub mod op;
pub mod pool;
mod proto;
mod verify;

pub use cache::{CacheMode, CacheStats, Cached, CodeCache, Policy, ReplaceError};
pub use chunk_id::chunk_id;
pub use constant::{Constant, ConstantRef, tag};
pub use dump::{SIGNATURE, UndumpError, UndumpReason, dump, fingerprint, undump};
pub use listing::{Listing, listing};
pub use loader::{BinaryLoader, Chunk, ChunkMode, FileError, FileRequest, LoadError, Loader, Stamp, skip_first_line};
pub use number::Number;
pub use op::{Instr, Op, Operand, Pair, SLOT, UP};
pub use pool::{HashKey, MAX_SHORT, PoolRef, PoolStr, hash_bytes};
pub use proto::{
    Body, Draft, DraftConstant, Image, ImageBuilder, ImageStr, KIND_FUNCTION, LINK, LineRun, LocalDesc, Outline, Part, Proto, StringId,
    Unlinked, UpvalueDesc, VarKind, Variable,
};
pub use verify::{MAX_NESTING, VerifyError, VerifyReason};
