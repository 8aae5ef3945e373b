//! Functions: drafted, then frozen.
//!
//! ```text
//!   Draft, Body    verify, intern
//!     ImageBuilder ---------------> Arc<Proto> --+--> Arc<Image>   one per chunk: name,
//!                                     protos: [Arc<Proto>] --^     counts of pool strings
//! ```
//!
//! A [`Proto`] is never written after it is published: no reference counts of strings, no caches,
//! no hashes computed late. **Invariant:** it exists only if `verify.rs` accepted it.

mod build;
mod draft;
mod freeze;
mod unlinked;

use std::fmt;
use std::ops::{Deref, Range};
use std::ptr::NonNull;
use std::sync::Arc;

use crate::constant::{Constant, ConstantRef};
use crate::op::{Instr, Op};
use crate::pool::{self, MAX_SHORT, PoolRef, PoolStr};

pub use build::{Body, ImageBuilder, Part, StringId};
pub use draft::{Draft, DraftConstant, LocalDesc, UpvalueDesc, VarKind, Variable};
pub use unlinked::{KIND_FUNCTION, LINK, Unlinked};

/// One function of a chunk: verified, immutable, shared by all VMs.
///
/// Nested functions are `Arc`s of their own, so that a closure keeps only its own code and what
/// is nested in it; the strings of the whole chunk live in its [`Image`], which each function holds.
pub struct Proto {
    unlinked: Unlinked,
    code: Box<[Instr]>,
    constants: Box<[Constant]>,
    protos: Box<[Arc<Proto>]>,
    upvalues: Box<[UpvalueDesc<ImageStr>]>,
    variables: Box<[Variable]>,
    locals: Box<[LocalDesc<ImageStr>]>,
    line_runs: Box<[LineRun]>,
    line_defined: u32,
    last_line: u32,
    position: u32,
    is_vararg: bool,
    image: Arc<Image>,
}

/// The lines of the instructions from `pc` up to the next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRun {
    /// The first instruction of the run.
    pub pc: u32,
    /// Its line in the source, and that of those that follow.
    pub line: u32,
}

/// A string that the [`Image`] of the function counts; it cannot be taken out of the function.
pub struct ImageStr(NonNull<PoolStr>);

// SAFETY: as for `PoolRef`: immutable but for an atomic count. The image holds the count.
unsafe impl Send for ImageStr {}
// SAFETY: as above.
unsafe impl Sync for ImageStr {}

impl ImageStr {
    /// The pointer, valid as long as a function of the chunk lives or somebody counts the string.
    pub fn as_ptr(&self) -> NonNull<PoolStr> {
        self.0
    }
}

impl Deref for ImageStr {
    type Target = PoolStr;

    fn deref(&self) -> &PoolStr {
        // SAFETY: only `ImageBuilder` makes an `ImageStr`, of a string that it lists in the image, and
        // puts it in a `Proto` that holds this image. It is neither `Clone` nor given out by
        // value, so whoever borrows it borrows the `Proto`.
        unsafe { self.0.as_ref() }
    }
}

impl fmt::Debug for ImageStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Proto {
    /// The instructions; at least one. Some are the first of a [`Pair`](crate::op::Pair); [`Instr::alone`] gives what was verified.
    #[inline(always)]
    pub fn code(&self) -> &[Instr] {
        &self.code
    }

    /// The constants, laid out as a VM's values and used in place.
    ///
    /// The strings that they point to live as long as any function of this chunk.
    #[inline(always)]
    pub fn constants(&self) -> &[Constant] {
        &self.constants
    }

    /// Constant number `index`, if there is one.
    pub fn constant(&self, index: usize) -> Option<ConstantRef<'_>> {
        let constant = self.constants.get(index)?;
        // SAFETY: `ImageBuilder` made the constant, of a string that this function's image counts.
        Some(unsafe { constant.read() })
    }

    /// The functions nested directly in this one.
    #[inline(always)]
    pub fn protos(&self) -> &[Arc<Proto>] {
        &self.protos
    }

    /// Where a closure finds its upvalues, and their names.
    pub fn upvalues(&self) -> &[UpvalueDesc<ImageStr>] {
        &self.upvalues
    }

    /// Which variable each upvalue is, in the order of [`Proto::upvalues`]; empty if it was a binary chunk.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Local variables in order of declaration; empty if stripped.
    pub fn locals(&self) -> &[LocalDesc<ImageStr>] {
        &self.locals
    }

    /// The chunk's name as it was given, with its `@` or `=`.
    pub fn source(&self) -> &[u8] {
        self.image.source()
    }

    /// The line of the instruction at `pc`; `None` if stripped or outside of the code.
    pub fn line_at(&self, pc: usize) -> Option<u32> {
        if pc >= self.code.len() {
            return None;
        }
        let behind = self.line_runs.partition_point(|run| run.pc as usize <= pc);
        behind.checked_sub(1).map(|run| self.line_runs[run].line)
    }

    /// The lines of the code, in runs; empty if stripped.
    pub fn line_runs(&self) -> &[LineRun] {
        &self.line_runs
    }

    /// The lines that have code, as `debug.getinfo` gives them for `L`, not sorted, with
    /// repetitions. The instruction that prepares a vararg function has none.
    pub fn active_lines(&self) -> impl Iterator<Item = u32> + '_ {
        let first = self.is_vararg as u32;
        let ends = self.line_runs.iter().skip(1).map(|run| run.pc).chain([u32::MAX]);
        self.line_runs.iter().zip(ends).filter(move |(_, end)| *end > first).map(|(run, _)| run.line)
    }

    /// The line of `function`; 0 for a main chunk.
    pub fn line_defined(&self) -> u32 {
        self.line_defined
    }

    /// The line of the function's `end`; 0 for a main chunk.
    pub fn last_line(&self) -> u32 {
        self.last_line
    }

    /// How many fixed parameters there are.
    #[inline(always)]
    pub fn params(&self) -> u8 {
        self.unlinked.params
    }

    /// Whether there is a `...` behind the parameters.
    #[inline(always)]
    pub fn is_vararg(&self) -> bool {
        self.is_vararg
    }

    /// How many registers a frame needs.
    #[inline(always)]
    pub fn max_stack(&self) -> u8 {
        (self.unlinked.frame_bytes / 16) as u8
    }

    /// What closures of the function refer to as long as the VM has not linked it.
    #[inline(always)]
    pub fn unlinked(&self) -> &Unlinked {
        &self.unlinked
    }

    /// Whether there is no line information.
    pub fn is_stripped(&self) -> bool {
        self.line_runs.is_empty()
    }

    /// What the functions of one chunk have in common.
    #[inline(always)]
    pub fn image(&self) -> &Arc<Image> {
        &self.image
    }

    /// Where the function stands in its chunk: 0 is the outermost, then in the order in which
    /// they are written.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// A number for this frozen function, the same in every VM that uses it.
    pub fn identity(&self) -> u64 {
        // A finalizer that maps different inputs to different outputs (positions stay below 2^24
        // in practice; the image's number is mixed in above them).
        let mut x = self.image.identity.rotate_left(24) ^ u64::from(self.position);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// Bytes that this function takes, without those nested in it and without its strings.
    pub fn bytes(&self) -> usize {
        size_of::<Proto>()
            + size_of_val(&*self.code)
            + size_of_val(&*self.constants)
            + size_of_val(&*self.protos)
            + size_of_val(&*self.upvalues)
            + size_of_val(&*self.variables)
            + size_of_val(&*self.locals)
            + size_of_val(&*self.line_runs)
    }

    /// The name of the local variable that `register` holds when the instruction at `pc` is next.
    pub fn local_name(&self, register: usize, pc: usize) -> Option<&PoolStr> {
        let mut named = self.active_locals(pc).filter(|l| usize::from(l.register) == register);
        named.next_back().map(|l| &*l.name)
    }

    /// The local variables that are active at `pc`, in the order in which `debug.getlocal`
    /// counts them.
    pub fn active_locals(&self, pc: usize) -> impl DoubleEndedIterator<Item = &LocalDesc<ImageStr>> + '_ {
        let active = move |l: &&LocalDesc<ImageStr>| (l.start_pc as usize..l.end_pc as usize).contains(&pc);
        self.locals.iter().filter(active)
    }

    /// The opcode at `pc`, if that is inside of the code.
    pub fn op_at(&self, pc: usize) -> Option<Op> {
        self.code.get(pc).map(|i| i.op())
    }
}

impl fmt::Debug for Proto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proto")
            .field("source", &self.source().escape_ascii().to_string())
            .field("lines", &(self.line_defined..=self.last_line))
            .field("instructions", &self.code.len())
            .field("identity", &self.identity())
            .finish()
    }
}

/// What the functions of one chunk have in common.
#[derive(Default)]
pub struct Image {
    source: Source,
    /// One count for each string that a function of the chunk names; sorted by address.
    strings: Box<[PoolRef]>,
    outline: Box<[Outline]>,
    names: Box<[u8]>,
    identity: u64,
    bytes: usize,
}

/// The name of a chunk.
enum Source {
    /// A short one is cheaper alone than in the pool.
    Short(Box<[u8]>),
    /// In the pool: where the name is the text itself, as with `load`, VMs that load the same have it once.
    Long(PoolRef),
}

impl Source {
    fn new(name: &[u8]) -> Source {
        if name.len() <= MAX_SHORT { Source::Short(name.into()) } else { Source::Long(pool::intern(name)) }
    }

    /// Bytes that it takes in memory.
    fn bytes(&self) -> usize {
        match self {
            Source::Short(name) => name.len(),
            Source::Long(name) => name.bytes(),
        }
    }
}

impl Default for Source {
    fn default() -> Source {
        Source::Short(Box::default())
    }
}

/// Where a function of a chunk stands, and what it is called.
#[derive(Debug)]
pub struct Outline {
    /// The [position](Proto::position) of the function around it; its own if it is the outermost.
    pub parent: u32,
    /// Where its name stands, see [`Image::name`].
    name: Range<u32>,
}

impl Image {
    /// The chunk's name as it was given, with its `@` or `=`.
    pub fn source(&self) -> &[u8] {
        match &self.source {
            Source::Short(name) => name,
            Source::Long(name) => name.as_bytes(),
        }
    }

    /// The strings that the functions of the chunk use, each once.
    pub fn strings(&self) -> &[PoolRef] {
        &self.strings
    }

    /// All functions of the chunk by [position](Proto::position); empty if it was a binary chunk, which names no functions.
    pub fn outline(&self) -> &[Outline] {
        &self.outline
    }

    /// What the function at a [position](Proto::position) is called; empty if it has no name.
    pub fn name(&self, position: u32) -> &[u8] {
        let entry = self.outline.get(position as usize);
        entry.map_or(b"", |entry| &self.names[entry.name.start as usize..entry.name.end as usize])
    }

    /// A number that no other image of this process has.
    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// Bytes that the name and the strings of the chunk take in the pool, where others may use them as well.
    pub fn string_bytes(&self) -> usize {
        self.source.bytes() + self.strings.iter().map(|string| string.bytes()).sum::<usize>()
    }

    /// Bytes that the image and all functions of the chunk take, without the pool's strings.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("source", &self.source().escape_ascii().to_string()).field("identity", &self.identity).finish()
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Proto>();
    shared::<Image>();
};
