//! Code that a VM loaded for itself, as memory that it uses.

use std::sync::{Arc, Weak};

use lua_proto::Image;

/// After so many more chunks it is time to look which of them are gone.
const MANY: usize = 64;

/// The chunks that nobody shared when this VM loaded them, with what each was charged: the charge ends when no function of the
/// chunk is left.
///
/// Code that others may use, such as that in a cache, is not charged to anybody.
pub(crate) struct OwnCode {
    chunks: Vec<(Weak<Image>, usize)>,
    look_at: usize,
}

impl OwnCode {
    /// None yet.
    pub(crate) fn new() -> OwnCode {
        OwnCode { chunks: Vec::new(), look_at: MANY }
    }

    /// What a chunk is charged.
    pub(crate) fn charge_for(image: &Image) -> usize {
        image.bytes() + image.string_bytes() + size_of::<(Weak<Image>, usize)>()
    }

    /// Notes that a chunk was charged.
    pub(crate) fn add(&mut self, image: &Arc<Image>, charged: usize) {
        self.chunks.push((Arc::downgrade(image), charged));
    }

    /// Whether there are twice as many chunks as the last look left.
    pub(crate) fn is_crowded(&self) -> bool {
        self.chunks.len() >= self.look_at
    }

    /// Forgets the chunks that are gone and answers how many bytes they were charged.
    pub(crate) fn forget_freed(&mut self) -> usize {
        let mut freed = 0;
        self.chunks.retain(|(image, charged)| {
            let lives = image.strong_count() > 0;
            freed += if lives { 0 } else { *charged };
            lives
        });
        self.look_at = self.chunks.len() * 2 + MANY;
        self.chunks.shrink_to(self.look_at);
        freed
    }
}
