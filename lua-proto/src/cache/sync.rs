//! What the protocol is built of. Its model brings others of the same shape.

use std::ops::Deref;

use arc_swap::ArcSwap;
use dashmap::{DashMap, Entry};

pub(super) use std::sync::{Arc, Condvar, Mutex};
pub(super) use std::thread;

/// How many parts of a map are locked on their own.
const SHARDS: usize = 32;

/// A map that many threads use at once; only one key's neighbours are locked, and briefly.
pub(super) struct Map<T>(DashMap<Arc<[u8]>, T>);

impl<T: Clone> Map<T> {
    pub(super) fn new() -> Map<T> {
        Map(DashMap::with_shard_amount(SHARDS))
    }

    /// A copy of what is there.
    #[inline]
    pub(super) fn get(&self, key: &[u8]) -> Option<T> {
        self.0.get(key).map(|found| found.value().clone())
    }

    /// Lets `change` look at what is there and put something else in its place, in one step.
    pub(super) fn update<R>(&self, key: &[u8], change: impl FnOnce(&mut Option<T>) -> R) -> R {
        match self.0.entry(key.into()) {
            Entry::Occupied(mut entry) => {
                let mut value = Some(entry.get().clone());
                let result = change(&mut value);
                match value {
                    Some(value) => drop(entry.insert(value)),
                    None => drop(entry.remove()),
                }
                result
            }
            Entry::Vacant(entry) => {
                let mut value = None;
                let result = change(&mut value);
                if let Some(value) = value {
                    entry.insert(value);
                }
                result
            }
        }
    }

    /// Shows every entry; those that come or go meanwhile may be seen or not.
    pub(super) fn for_each(&self, mut see: impl FnMut(&Arc<[u8]>, &T)) {
        for entry in &self.0 {
            see(entry.key(), entry.value());
        }
    }
}

/// A shared value that is replaced as a whole.
pub(super) struct Swap<T>(ArcSwap<T>);

impl<T> Swap<T> {
    pub(super) fn new(value: T) -> Swap<T> {
        Swap(ArcSwap::from_pointee(value))
    }

    /// The current one. Cheap, and to be held briefly.
    #[inline]
    pub(super) fn load(&self) -> impl Deref<Target = Arc<T>> {
        self.0.load()
    }

    pub(super) fn store(&self, value: T) {
        self.0.store(Arc::new(value));
    }
}
