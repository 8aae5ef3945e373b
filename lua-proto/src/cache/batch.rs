//! Files that are evicted or replaced together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cached::{Cached, Chunks, Entry};
use super::key;
use super::{CacheMode, CodeCache, Policy, ReplaceError};
use crate::{ChunkMode, FileRequest, Loader};

/// Paths, and what the cache calls them.
pub(super) struct Batch<'a> {
    paths: &'a [&'a Path],
    directory: PathBuf,
    simplified: Vec<PathBuf>,
}

/// What is put into a generation.
pub(super) type Added = Vec<(Arc<[u8]>, Arc<Entry>)>;

impl<'a> Batch<'a> {
    pub(super) fn new<L: Loader>(cache: &Cached<L>, paths: &'a [&'a Path]) -> Batch<'a> {
        let directory = cache.directory_of_keys();
        let simplified = paths.iter().map(|path| key::simplified(&directory, path)).collect();
        Batch { paths, directory, simplified }
    }

    /// Which of the paths the key is of.
    pub(super) fn index_of(&self, key: &[u8]) -> Option<usize> {
        let place = key::file_of(key)?.0;
        let simplified = key::simplified(&self.directory, &place);
        self.simplified.iter().position(|path| *path == simplified)
    }

    /// Compiles the files for the generation behind `base`, each under all its keys.
    pub(super) fn compile<L: Loader>(&self, cache: &Cached<L>, base: &Chunks) -> Result<Added, ReplaceError> {
        let (mut added, mut failures) = (Vec::new(), Vec::new());
        let policy = cache.policy();
        for (keys, path) in self.keys(base).into_iter().zip(self.paths) {
            let compiled = keys.into_iter().map(|key| compile(cache, base, path, key, policy));
            match compiled.collect::<Result<Added, _>>() {
                Ok(entries) => added.extend(entries),
                Err(error) => failures.push((path.to_path_buf(), error)),
            }
        }
        if failures.is_empty() { Ok(added) } else { Err(ReplaceError { failures }) }
    }

    /// For each path the keys that it has in the cache; if there are none, the one under which `loadfile` looks.
    fn keys(&self, base: &Chunks) -> Vec<Vec<Arc<[u8]>>> {
        let mut keys = vec![Vec::new(); self.paths.len()];
        base.for_each(|key, _| {
            if let Some(index) = self.index_of(key) {
                keys[index].push(Arc::clone(key));
            }
        });
        for (index, (keys, path)) in keys.iter_mut().zip(self.paths).enumerate() {
            let repeated = self.simplified[..index].contains(&self.simplified[index]);
            if keys.is_empty() && !repeated {
                let name = [b"@", path.as_os_str().as_encoded_bytes()].concat();
                let directory = (!path.is_absolute()).then_some(&*self.directory);
                keys.push(key::of_file(directory, path, &name, ChunkMode::Both).as_slice().into());
            }
        }
        keys
    }
}

fn compile<L: Loader>(
    cache: &Cached<L>,
    base: &Chunks,
    path: &Path,
    key: Arc<[u8]>,
    policy: Policy,
) -> Result<(Arc<[u8]>, Arc<Entry>), crate::FileError> {
    let (_, name, mode) = key::file_of(&key).expect("a key of a file");
    let file = FileRequest { path, name, mode, caching: CacheMode::On, max_bytes: usize::MAX };
    let entry = cache.compile(base.number() + 1, &file, policy)?;
    Ok((key, entry))
}
