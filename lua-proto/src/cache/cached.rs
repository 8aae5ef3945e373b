//! The cache itself: files and strings on top of the protocol.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::batch::Batch;
use super::images::Images;
use super::key::{self, Key};
use super::protocol::{Generation, Generations, How};
use super::{CacheMode, CacheStats, CodeCache, Policy, ReplaceError};
use crate::pool::HashKey;
use crate::{Chunk, FileError, FileRequest, LoadError, Loader, Proto, Stamp};

/// A loader that compiles each file once, for all VMs that share it.
///
/// It asks the inner loader for everything that it does not have: files, their stamps, and code. A VM gets it as its
/// loader (`Lua::new(cache.clone())` with an `Arc<Cached<L>>`); `require`, `loadfile` and `dofile` go through it then.
///
/// - **The key** is the file's absolute path, the chunk's name and the mode. Globals are no part of it: a prototype
///   gets them when a VM makes a function of it.
/// - **One compilation** however many threads ask at once: the first compiles, the others wait for it, and those who ask for
///   another file wait for nobody. No lock is held while compiling. A failure goes to those who waited and is
///   forgotten.
/// - **Relative paths** begin in the loader's [directory](Loader::directory). Under [`Policy::Pinned`], which asks nothing of
///   the system, it is the one that was current when the generation first needed it: a host that changes the
///   directory clears the cache.
/// - **Standard input**, pipes, and what reader functions give is never cached; strings only through [`CodeCache::load_cached`].
/// - **Memory**: entries stay until a change takes them, or until there is more of them than [a limit](Cached::with_limit)
///   allows.
///
/// The inner loader may ask the cache for the same chunk while it compiles it (it then compiles without the
/// cache), but two loaders that wait for each other's files wait for ever.
///
/// # Examples
///
/// ```
/// use lua_proto::{BinaryLoader, Cached, CodeCache, Policy};
/// use std::sync::Arc;
///
/// let cache = Arc::new(Cached::new(BinaryLoader).with_policy(Policy::Stamp));
/// assert_eq!(cache.stats().entries, 0);
/// ```
pub struct Cached<L> {
    inner: L,
    policy: AtomicU8,
    /// The most bytes of code in a generation.
    limit: usize,
    /// At least the bytes of code in the current generation.
    bytes: AtomicUsize,
    chunks: Generations<Entry, FileError, Directory>,
    images: Images,
    hits: AtomicU64,
    misses: AtomicU64,
    compilations: AtomicU64,
}

/// Where relative paths begin, while files are pinned.
type Directory = OnceLock<PathBuf>;

/// What was compiled in one generation.
pub(super) type Chunks = Generation<Entry, FileError, Directory>;

/// Something compiled, and what tells whether its file has changed since.
pub(super) struct Entry {
    proto: Arc<Proto>,
    /// Taken before the file was read. `None` if nobody asked for it.
    stamp: Option<Stamp>,
    /// The hash of the file's bytes, if the stamp may not tell all.
    digest: Option<u64>,
    /// The stamp alone stands for the bytes.
    settled: AtomicBool,
}

impl<L: Loader> Cached<L> {
    /// An empty cache around `inner`, with [`Policy::Pinned`].
    pub fn new(inner: L) -> Cached<L> {
        Cached {
            inner,
            policy: AtomicU8::new(Policy::Pinned as u8),
            limit: usize::MAX,
            bytes: AtomicUsize::new(0),
            chunks: Generations::new(),
            images: Images::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            compilations: AtomicU64::new(0),
        }
    }

    /// The cache with another policy.
    pub fn with_policy(self, policy: Policy) -> Cached<L> {
        self.set_policy(policy);
        self
    }

    /// The cache with a limit: when the code in it takes more bytes than this, it is cleared.
    pub fn with_limit(self, bytes: usize) -> Cached<L> {
        Cached { limit: bytes, ..self }
    }

    /// The loader that compiles.
    pub fn inner(&self) -> &L {
        &self.inner
    }
}

impl<L: Loader> Loader for Cached<L> {
    /// Strings are not cached.
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        self.inner.load(chunk)
    }

    fn load_within(&self, chunk: Chunk<'_>, memory: usize) -> Result<Arc<Proto>, LoadError> {
        self.inner.load_within(chunk, memory)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + '_>> {
        self.inner.open(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.inner.stamp(path)
    }

    fn directory(&self) -> PathBuf {
        self.inner.directory()
    }

    fn can_open(&self, file: &FileRequest<'_>) -> bool {
        let pinned = file.caching != CacheMode::Off && self.policy() == Policy::Pinned;
        pinned && self.find_pinned(file, &mut Key::new()).is_some() || self.inner.can_open(file)
    }

    fn load_file(&self, file: &FileRequest<'_>) -> Result<Arc<Proto>, FileError> {
        match (file.caching, self.policy()) {
            (CacheMode::Off, _) => self.inner.load_file(file),
            (_, Policy::Pinned) => {
                let mut key = Key::new();
                let Some(entry) = self.find_pinned(file, &mut key) else {
                    return self.load_under(&key, file, Policy::Pinned);
                };
                self.hits.fetch_add(1, Ordering::Relaxed);
                Ok(Arc::clone(&entry.proto))
            }
            (_, policy) => self.load_under(&self.live_key(file), file, policy),
        }
    }

    fn cache(&self) -> Option<&dyn CodeCache> {
        Some(self)
    }
}

impl<L: Loader> Cached<L> {
    /// Makes the key of a file in the directory of the current generation, and answers what is there. No system call,
    /// except for the first relative path of a generation.
    #[inline]
    fn find_pinned(&self, file: &FileRequest<'_>, key: &mut Key) -> Option<Arc<Entry>> {
        let generation = self.chunks.load();
        let directory = (!file.path.is_absolute()).then(|| self.pinned_directory(&generation));
        key::fill(key, directory, file.path, file.name, file.mode);
        generation.ready(key)
    }

    fn pinned_directory<'g>(&self, generation: &'g Chunks) -> &'g Path {
        generation.extra.get_or_init(|| self.inner.directory())
    }

    /// Where the keys of relative paths begin.
    pub(super) fn directory_of_keys(&self) -> PathBuf {
        match self.policy() {
            Policy::Pinned => self.pinned_directory(&self.chunks.load()).to_owned(),
            Policy::Stamp | Policy::Content => self.inner.directory(),
        }
    }

    /// The key of a file in the directory that is current now.
    fn live_key(&self, file: &FileRequest<'_>) -> Key {
        let directory = (!file.path.is_absolute()).then(|| self.inner.directory());
        key::of_file(directory.as_deref(), file.path, file.name, file.mode)
    }

    fn load_under(&self, key: &[u8], file: &FileRequest<'_>, policy: Policy) -> Result<Arc<Proto>, FileError> {
        if self.chunks.load().ready(key).is_none() && self.is_stream(file.path) {
            self.count_miss();
            return self.inner.load_file(file);
        }
        let usable = |entry: &Entry| self.is_usable(entry, file, policy);
        let build = |number| self.compile(number, file, policy);
        loop {
            let answer = match file.caching {
                CacheMode::On => Some(self.chunks.get(key, usable, build)),
                _ => self.chunks.peek(key, usable),
            };
            return match answer {
                // A limit that is not ours: it was another thread's.
                Some((How::Waited, Err(FileError::TooLong | FileError::Load(LoadError::Memory)))) => continue,
                Some((how, result)) => self.counted(how, result),
                None => {
                    self.count_miss();
                    self.inner.load_file(file)
                }
            };
        }
    }

    fn counted(&self, how: How, result: Result<Arc<Entry>, FileError>) -> Result<Arc<Proto>, FileError> {
        match how {
            How::Built => {
                self.misses.fetch_add(1, Ordering::Relaxed);
                self.keep_limit();
            }
            How::Found | How::Waited => {
                self.hits.fetch_add(1, Ordering::Relaxed);
            }
        }
        result.map(|entry| Arc::clone(&entry.proto))
    }

    /// Counts a chunk that goes past the cache.
    fn count_miss(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
        self.compilations.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the file is the one that was compiled.
    fn is_usable(&self, entry: &Entry, file: &FileRequest<'_>, policy: Policy) -> bool {
        match policy {
            Policy::Pinned => true,
            Policy::Content => self.has_same_bytes(entry, file),
            Policy::Stamp => match (entry.stamp, self.inner.stamp(file.path)) {
                (Some(then), Ok(now)) if then.equals(now) => {
                    entry.settled.load(Ordering::Relaxed) || {
                        let same = self.has_same_bytes(entry, file);
                        if same && now.is_settled() {
                            entry.settled.store(true, Ordering::Relaxed);
                        }
                        same
                    }
                }
                _ => false,
            },
        }
    }

    fn has_same_bytes(&self, entry: &Entry, file: &FileRequest<'_>) -> bool {
        entry.digest.is_some_and(|then| self.digest(file) == Some(then))
    }

    /// Whether what is read cannot be read again.
    fn is_stream(&self, path: &Path) -> bool {
        self.inner.stamp(path).is_err_and(|error| error.kind() == ErrorKind::Unsupported)
    }

    fn digest(&self, file: &FileRequest<'_>) -> Option<u64> {
        let bytes = if self.is_stream(file.path) { None } else { file.read(&self.inner).ok() };
        bytes.map(|bytes| HashKey::process().digest(&bytes))
    }

    /// Compiles a file for a generation. Stamp and digest are taken first: if the file changes meanwhile, they are
    /// those of an older version, and the entry is stale from the start.
    pub(super) fn compile(&self, generation: u64, file: &FileRequest<'_>, policy: Policy) -> Result<Arc<Entry>, FileError> {
        self.compilations.fetch_add(1, Ordering::Relaxed);
        let stamp = (policy == Policy::Stamp).then(|| self.inner.stamp(file.path).ok()).flatten();
        let settled = stamp.is_some_and(Stamp::is_settled);
        let needs_digest = policy == Policy::Content || stamp.is_some() && !settled;
        let digest = needs_digest.then(|| self.digest(file)).flatten();
        let proto = self.inner.load_file(file)?;
        self.note(generation, &proto);
        Ok(Arc::new(Entry { proto, stamp, digest, settled: AtomicBool::new(settled) }))
    }

    fn note(&self, generation: u64, proto: &Proto) {
        self.images.add(generation, proto.image());
        self.bytes.fetch_add(proto.image().bytes(), Ordering::Relaxed);
    }

    /// Clears the cache if there is too much in it. The count knows nothing of what was evicted or replaced, so
    /// it is made exact first.
    fn keep_limit(&self) {
        if self.bytes.load(Ordering::Relaxed) > self.limit {
            let bytes = self.stats().bytes;
            self.bytes.store(bytes, Ordering::Relaxed);
            if bytes > self.limit {
                self.clear();
            }
        }
    }

    fn compile_text(&self, generation: u64, chunk: Chunk<'_>) -> Result<Arc<Entry>, FileError> {
        self.compilations.fetch_add(1, Ordering::Relaxed);
        let proto = self.inner.load(chunk).map_err(FileError::Load)?;
        self.note(generation, &proto);
        Ok(Arc::new(Entry { proto, stamp: None, digest: None, settled: AtomicBool::new(true) }))
    }
}

impl<L: Loader> CodeCache for Cached<L> {
    fn load_cached(&self, chunk: Chunk<'_>, caching: CacheMode) -> Result<Arc<Proto>, LoadError> {
        let key = key::of_text(&chunk);
        let answer = match caching {
            CacheMode::Off => return self.inner.load(chunk),
            CacheMode::On => Some(self.chunks.get(&key, |_| true, |number| self.compile_text(number, chunk))),
            CacheMode::Exist => self.chunks.peek(&key, |_| true),
        };
        let Some((how, result)) = answer else {
            self.count_miss();
            return self.inner.load(chunk);
        };
        match self.counted(how, result) {
            Ok(proto) => Ok(proto),
            Err(FileError::Load(error)) => Err(error),
            // No file was opened.
            Err(_) => self.inner.load(chunk),
        }
    }

    fn clear(&self) {
        self.chunks.change(|_| false);
        self.bytes.store(0, Ordering::Relaxed);
        self.images.alive();
    }

    fn evict(&self, path: &Path) -> usize {
        let paths = [path];
        let batch = Batch::new(self, &paths);
        let count = Cell::new(0);
        self.chunks.change(|key| {
            let kept = batch.index_of(key).is_none();
            count.set(count.get() + usize::from(!kept));
            kept
        });
        self.images.alive();
        count.get()
    }

    fn replace(&self, paths: &[&Path]) -> Result<usize, ReplaceError> {
        let base = self.chunks.current();
        let batch = Batch::new(self, paths);
        let added = batch.compile(self, &base)?;
        let count = added.len();
        self.chunks.replace(&base, |key| batch.index_of(key).is_none(), added);
        self.images.alive();
        Ok(count)
    }

    fn policy(&self) -> Policy {
        match self.policy.load(Ordering::Relaxed) {
            0 => Policy::Pinned,
            1 => Policy::Stamp,
            _ => Policy::Content,
        }
    }

    fn set_policy(&self, policy: Policy) {
        self.policy.store(policy as u8, Ordering::Relaxed);
    }

    fn stats(&self) -> CacheStats {
        let generation = self.chunks.current();
        let mut stats = CacheStats {
            generation: generation.number(),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            compilations: self.compilations.load(Ordering::Relaxed),
            alive: self.images.alive(),
            ..CacheStats::default()
        };
        generation.for_each(|_, entry| {
            stats.entries += 1;
            stats.bytes += entry.proto.image().bytes();
        });
        stats
    }
}
