//! Files as a loader sees them: what is asked for, what can go wrong, and which version it is.

use std::fs::Metadata;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::cache::CacheMode;
use crate::{ChunkMode, LoadError, Loader, SIGNATURE};

/// A file that a VM asks a [`Loader`] to load.
#[derive(Clone, Copy, Debug)]
pub struct FileRequest<'a> {
    /// Where it is, as the script gave it.
    pub path: &'a Path,
    /// The chunk's name, with its `@` or `=` (§4.6 `lua_load`).
    pub name: &'a [u8],
    /// Which kinds of chunks are welcome.
    pub mode: ChunkMode,
    /// How a cache is used.
    pub caching: CacheMode,
    /// The most bytes that may be read.
    pub max_bytes: usize,
}

impl<'a> FileRequest<'a> {
    /// A request for both kinds of chunks, through the cache, of any length.
    pub fn new(path: &'a Path, name: &'a [u8]) -> FileRequest<'a> {
        FileRequest { path, name, mode: ChunkMode::Both, caching: CacheMode::On, max_bytes: usize::MAX }
    }

    /// All bytes of the file.
    ///
    /// # Errors
    ///
    /// The loader does not open it, reading fails, or it is longer than allowed.
    pub fn read(&self, loader: &(impl Loader + ?Sized)) -> Result<Vec<u8>, FileError> {
        let mut file = loader.open(self.path).map_err(|error| FileError::Open(Arc::new(error)))?;
        let mut bytes = Vec::new();
        let read = match self.max_bytes {
            // Without a limit the reader may know how much room to make.
            usize::MAX => file.read_to_end(&mut bytes),
            limit => file.take(limit as u64 + 1).read_to_end(&mut bytes),
        };
        read.map_err(|error| FileError::Read(Arc::new(error)))?;
        if bytes.len() > self.max_bytes { Err(FileError::TooLong) } else { Ok(bytes) }
    }
}

/// Why a file could not be loaded.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened.
    #[error("cannot open: {0}")]
    Open(#[source] Arc<io::Error>),
    /// It was opened, and reading it failed.
    #[error("cannot read: {0}")]
    Read(#[source] Arc<io::Error>),
    /// It is longer than the request allows.
    #[error("not enough memory")]
    TooLong,
    /// What it holds cannot be loaded.
    #[error(transparent)]
    Load(LoadError),
}

/// Which version of a file it is: size and time of the last change.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    size: u64,
    changed: u128,
    settled: bool,
}

impl Stamp {
    /// A stamp that no other version of the file has: `version` may be a time, a revision, or
    /// anything else that differs.
    pub fn new(size: u64, version: u128) -> Stamp {
        Stamp { size, changed: version, settled: true }
    }

    /// The stamp of a file of the system, to the nanosecond.
    ///
    /// The times of a file system may come in steps of up to two seconds. So a file that was
    /// changed just now, or in the future, may change again and get the same stamp, if its size
    /// stays: such a stamp is not [settled](Stamp::is_settled).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] if it is no regular file: what comes out of a pipe or a terminal does not come
    /// again. [`ErrorKind::Other`] if the system does not tell when files were changed.
    pub fn of(metadata: &Metadata) -> io::Result<Stamp> {
        const STEP: Duration = Duration::from_secs(2);
        if !metadata.is_file() {
            return Err(io::Error::new(ErrorKind::Unsupported, "not a regular file"));
        }
        let changed = metadata.modified().map_err(io::Error::other)?;
        let age = SystemTime::now().duration_since(changed).unwrap_or_default();
        let since_epoch = match changed.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(time) => time.as_nanos(),
            Err(before) => !before.duration().as_nanos(),
        };
        Ok(Stamp { size: metadata.len(), changed: since_epoch, settled: age > STEP })
    }

    /// Whether these stand for the same version, if both were taken from the same file.
    pub fn equals(self, other: Stamp) -> bool {
        self.size == other.size && self.changed == other.changed
    }

    /// Whether every later version has another stamp.
    pub fn is_settled(self) -> bool {
        self.settled
    }
}

/// `source` without byte order mark and without a first line that is a comment of the
/// shell; its line feed stays, so that lines count right (except before binary chunks).
pub fn skip_first_line(source: &[u8]) -> &[u8] {
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    if source.first() != Some(&b'#') {
        return source;
    }
    let Some(end) = source.iter().position(|byte| *byte == b'\n') else {
        return b"";
    };
    match source.get(end + 1) {
        Some(first) if *first == SIGNATURE[0] => &source[end + 1..],
        _ => &source[end..],
    }
}

#[cfg(test)]
mod tests {
    use super::skip_first_line;

    #[test]
    fn first_lines() {
        assert_eq!(skip_first_line(b"return 1"), b"return 1");
        assert_eq!(skip_first_line(b"\xEF\xBB\xBFreturn 1"), b"return 1");
        assert_eq!(skip_first_line(b"#!lua\nreturn 1"), b"\nreturn 1");
        assert_eq!(skip_first_line(b"\xEF\xBB\xBF#!lua\nreturn 1"), b"\nreturn 1");
        assert_eq!(skip_first_line(b"#!lua\n\x1bLua"), b"\x1bLua");
        assert_eq!(skip_first_line(b"#!lua"), b"");
        assert_eq!(skip_first_line(b""), b"");
    }
}
