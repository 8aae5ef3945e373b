//! How a VM asks for code.

mod file;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cache::CodeCache;
use crate::{Proto, SIGNATURE, VerifyError, undump};

pub use file::{FileError, FileRequest, Stamp, skip_first_line};

/// Turns chunks into functions, and says where files come from: all that a VM asks of a
/// compiler.
///
/// A VM holds one as `Arc<dyn Loader>`. Loading is rare, so a virtual call is free, and a VM
/// that only runs binary chunks links no compiler.
///
/// Only [`load`](Loader::load) has to be written. A loader whose files are not those of the
/// system also writes [`open`](Loader::open), [`stamp`](Loader::stamp) and
/// [`directory`](Loader::directory).
///
/// Implementations are pure: equal chunks give equal functions, whichever VM asks and on
/// whichever thread. [`Cached`](crate::Cached) relies on it.
pub trait Loader: Send + Sync {
    /// Loads one chunk.
    ///
    /// # Errors
    ///
    /// [`LoadError::Syntax`] if text is not Lua; [`LoadError::Binary`] if a binary chunk is
    /// damaged or fails verification; [`LoadError::Mode`] if the chunk is of a kind that was not
    /// asked for.
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError>;

    /// Loads one chunk, if that takes about `memory` bytes at most beside the chunk itself. A loader that cannot tell, loads it.
    ///
    /// # Errors
    ///
    /// As [`load`](Loader::load); [`LoadError::Memory`] if it takes more.
    fn load_within(&self, chunk: Chunk<'_>, memory: usize) -> Result<Arc<Proto>, LoadError> {
        let _ = memory;
        self.load(chunk)
    }

    /// Opens a file for reading; by default a file of the system.
    ///
    /// # Errors
    ///
    /// What a script is told behind "cannot open".
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(path)?))
    }

    /// Tells one version of a file from another without reading it.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](io::ErrorKind::Unsupported): what is read cannot be read again, and no cache keeps it. Else there is
    /// no such file, or nothing that would tell.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Stamp::of(&fs::metadata(path)?)
    }

    /// Where relative paths begin; by default the current directory of the process.
    fn directory(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_default()
    }

    /// Whether a file can be opened: what `package.searchpath` asks.
    fn can_open(&self, file: &FileRequest<'_>) -> bool {
        self.open(file.path).is_ok()
    }

    /// Loads a file.
    ///
    /// # Errors
    ///
    /// It cannot be opened or read, is longer than was allowed, or does not [load](Loader::load).
    fn load_file(&self, file: &FileRequest<'_>) -> Result<Arc<Proto>, FileError> {
        let bytes = file.read(self)?;
        let chunk = Chunk { bytes: skip_first_line(&bytes), name: file.name, mode: file.mode };
        self.load_within(chunk, file.max_bytes).map_err(FileError::Load)
    }

    /// The cache, if this loader is one.
    fn cache(&self) -> Option<&dyn CodeCache> {
        None
    }
}

/// A shared loader is a loader.
impl<P> Loader for P
where
    P: Deref<Target: Loader> + Send + Sync,
{
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        (**self).load(chunk)
    }

    fn load_within(&self, chunk: Chunk<'_>, memory: usize) -> Result<Arc<Proto>, LoadError> {
        (**self).load_within(chunk, memory)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + '_>> {
        (**self).open(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        (**self).stamp(path)
    }

    fn directory(&self) -> PathBuf {
        (**self).directory()
    }

    fn can_open(&self, file: &FileRequest<'_>) -> bool {
        (**self).can_open(file)
    }

    fn load_file(&self, file: &FileRequest<'_>) -> Result<Arc<Proto>, FileError> {
        (**self).load_file(file)
    }

    fn cache(&self) -> Option<&dyn CodeCache> {
        (**self).cache()
    }
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
    /// Loading it takes more memory than it may.
    Memory,
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
            LoadError::Memory => b"not enough memory".to_vec(),
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
