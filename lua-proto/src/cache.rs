//! The code cache: a loader around a loader.
//!
//! [`Cached`] compiles a file once for all VMs that share it. A VM says with its [`CacheMode`] how
//! it takes part; the cache's [`Policy`] says when a file counts as changed. A host, or a script
//! through the module `codecache`, reaches the rest as [`CodeCache`].
//!
//! Start at `protocol.rs`, which decides who compiles and who waits; then `cached.rs`.

mod batch;
mod cached;
mod images;
mod key;
mod protocol;
mod sync;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Chunk, FileError, LoadError, Proto};

pub use cached::Cached;

/// How a VM uses a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheMode {
    /// Take what is there, add what is not.
    #[default]
    On,
    /// Take what is there, add nothing.
    Exist,
    /// Load everything anew, for this VM alone.
    Off,
}

impl CacheMode {
    const NAMES: [(&'static str, CacheMode); 3] = [("ON", CacheMode::On), ("EXIST", CacheMode::Exist), ("OFF", CacheMode::Off)];

    /// Its name: `ON`, `EXIST` or `OFF`.
    pub fn name(self) -> &'static str {
        name_of(&CacheMode::NAMES, self)
    }

    /// The mode of this name.
    pub fn from_name(name: &[u8]) -> Option<CacheMode> {
        named(&CacheMode::NAMES, name)
    }
}

/// When a cached file counts as changed, and is compiled anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Never, until the cache is told. Nothing is asked of the system.
    #[default]
    Pinned,
    /// When its [stamp](crate::Stamp), size and time of the last change, is another.
    Stamp,
    /// When its bytes are others: the file is read every time, and not compiled.
    Content,
}

impl Policy {
    const NAMES: [(&'static str, Policy); 3] = [("pinned", Policy::Pinned), ("stamp", Policy::Stamp), ("content", Policy::Content)];

    /// Its name: `pinned`, `stamp` or `content`.
    pub fn name(self) -> &'static str {
        name_of(&Policy::NAMES, self)
    }

    /// The policy of this name.
    pub fn from_name(name: &[u8]) -> Option<Policy> {
        named(&Policy::NAMES, name)
    }
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |(name, _)| name)
}

fn named<T: Copy>(names: &[(&'static str, T)], name: &[u8]) -> Option<T> {
    names.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| *value)
}

/// What can be done with a cache besides loading files; [`Loader::cache`](crate::Loader::cache) leads to it.
///
/// A *generation* is what was compiled since the last change, and what was kept then. Changes replace
/// it as a whole: a thread sees all of a change or nothing. What began before a change never enters the newer
/// generation; whoever began it still gets the function.
pub trait CodeCache: Send + Sync {
    /// Loads a chunk through the cache. Equal bytes under the same name in the same mode are compiled once.
    ///
    /// # Errors
    ///
    /// As for [`Loader::load`](crate::Loader::load).
    fn load_cached(&self, chunk: Chunk<'_>, caching: CacheMode) -> Result<Arc<Proto>, LoadError>;

    /// Forgets everything.
    fn clear(&self);

    /// Forgets a file, whatever the chunk names and modes that it was loaded with. Returns how many entries there were.
    fn evict(&self, path: &Path) -> usize;

    /// Compiles files anew, and then makes all of them visible together. Files that are not in the cache are added. Returns
    /// how many entries there are of these files.
    ///
    /// # Errors
    ///
    /// What is wrong with which files; the cache is as it was.
    fn replace(&self, paths: &[&Path]) -> Result<usize, ReplaceError>;

    /// When a file counts as changed.
    fn policy(&self) -> Policy;

    /// Sets when a file counts as changed.
    fn set_policy(&self, policy: Policy);

    /// What the cache holds and did.
    fn stats(&self) -> CacheStats;
}

/// The files of a batch that cannot be loaded, and why.
#[derive(Clone, Debug)]
pub struct ReplaceError {
    /// At least one.
    pub failures: Vec<(PathBuf, FileError)>,
}

impl fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (path, error)) in self.failures.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            match error {
                // The message begins with the file's name and the line.
                FileError::Load(error) => write!(f, "{separator}{error}")?,
                error => write!(f, "{separator}{}: {error}", path.display())?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for ReplaceError {}

/// What a cache holds and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    /// The number of the current generation; the first is 1.
    pub generation: u64,
    /// Chunks in the current generation.
    pub entries: usize,
    /// Bytes that their code takes, without strings.
    pub bytes: usize,
    /// How often a chunk was there, or was being compiled by another thread.
    pub hits: u64,
    /// How often a chunk was not there, or had changed.
    pub misses: u64,
    /// How often a chunk was given to the inner loader, batches of `replace` included.
    pub compilations: u64,
    /// Of each generation that has any: its number, and how many images compiled in it are alive, in the cache or in VMs.
    pub alive: Vec<(u64, usize)>,
}
