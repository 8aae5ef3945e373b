//! Which images are alive, by the generation that they were compiled in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::Image;

/// Weak references to everything that was compiled. It forgets dead ones at every change of generation, and where
/// a generation grows without one.
#[derive(Default)]
pub(super) struct Images(Mutex<BTreeMap<u64, Generation>>);

#[derive(Default)]
struct Generation {
    images: Vec<Weak<Image>>,
    /// When to look for dead ones.
    full: usize,
}

impl Images {
    /// Notes an image that was compiled in this generation.
    pub(super) fn add(&self, number: u64, image: &Arc<Image>) {
        const FIRST: usize = 64;
        let mut generations = self.lock();
        let generation = generations.entry(number).or_default();
        if generation.images.len() >= generation.full {
            generation.forget_dead();
            generation.full = FIRST.max(generation.images.len() * 2);
        }
        generation.images.push(Arc::downgrade(image));
    }

    /// Forgets the dead. Returns the numbers of the generations that are left, and how many images of each are alive.
    pub(super) fn alive(&self) -> Vec<(u64, usize)> {
        let mut generations = self.lock();
        generations.retain(|_, generation| {
            generation.forget_dead();
            !generation.images.is_empty()
        });
        generations.iter().map(|(number, generation)| (*number, generation.images.len())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Generation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generation {
    fn forget_dead(&mut self) {
        self.images.retain(|image| image.strong_count() > 0);
        if self.images.len() < self.images.capacity() / 4 {
            self.images.shrink_to_fit();
        }
    }
}
