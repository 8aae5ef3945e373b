//! Locks, threads and maps that the model checker schedules: every step of theirs may be where another thread goes on.

use std::collections::HashMap;
use std::ops::Deref;

pub(crate) use shuttle::sync::{Arc, Condvar, Mutex};
pub(crate) use shuttle::thread;

pub(crate) struct Map<T>(Mutex<HashMap<Arc<[u8]>, T>>);

impl<T: Clone> Map<T> {
    pub(crate) fn new() -> Map<T> {
        Map(Mutex::new(HashMap::new()))
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<T> {
        self.0.lock().unwrap().get(key).cloned()
    }

    pub(crate) fn update<R>(&self, key: &[u8], change: impl FnOnce(&mut Option<T>) -> R) -> R {
        let mut map = self.0.lock().unwrap();
        let mut value = map.remove(key);
        let result = change(&mut value);
        if let Some(value) = value {
            map.insert(key.into(), value);
        }
        result
    }

    /// One entry after another, as the real map does it.
    pub(crate) fn for_each(&self, mut see: impl FnMut(&Arc<[u8]>, &T)) {
        let keys: Vec<Arc<[u8]>> = self.0.lock().unwrap().keys().cloned().collect();
        for key in keys {
            if let Some(value) = self.get(&key) {
                see(&key, &value);
            }
        }
    }
}

pub(crate) struct Swap<T>(Mutex<Arc<T>>);

impl<T> Swap<T> {
    pub(crate) fn new(value: T) -> Swap<T> {
        Swap(Mutex::new(Arc::new(value)))
    }

    pub(crate) fn load(&self) -> impl Deref<Target = Arc<T>> {
        Loaded(Arc::clone(&self.0.lock().unwrap()))
    }

    pub(crate) fn store(&self, value: T) {
        *self.0.lock().unwrap() = Arc::new(value);
    }
}

struct Loaded<T>(Arc<T>);

impl<T> Deref for Loaded<T> {
    type Target = Arc<T>;

    fn deref(&self) -> &Arc<T> {
        &self.0
    }
}
