//! Which values of ephemerons wait for which keys.
//!
//! A pass over ephemerons takes a chain, in which each value is the key of the next entry, some links further: as far as it
//! goes along with the slots. Slots are in the order of hashes, so that would be as many passes as the chain has links, roughly. So once two
//! passes have not been enough, the next one notes the entries that wait, and tracing a key marks its values.
//!
//! The notes save passes and do nothing else: where one is missing, the passes find the entry. Keys and values in them may
//! have left their tables; they are not freed before marking ends. A note takes less memory than what it is about, and all
//! notes never more than the heap.

use std::ptr::NonNull;

use crate::{Header, Model, Tracer};

/// Parts of the index, each of which grows on its own: no step copies more than one of them.
const PARTS: usize = 256;
/// Bytes that a note counts for: its entry, and the head of a chain or two.
const NOTE: usize = size_of::<Link>() + 2 * size_of::<u32>();
/// No entry.
const NONE: u32 = u32::MAX;

/// Keys and the values that wait for them. Empty, it takes no memory.
#[derive(Default)]
pub(crate) struct Links {
    parts: Vec<Part>,
    count: usize,
    /// Notes that may still be made.
    room: usize,
}

/// A hash table with chains; keys may occur several times.
#[derive(Default)]
struct Part {
    /// The first entry of each chain; a power of two of them, or none.
    heads: Vec<u32>,
    entries: Vec<Link>,
}

struct Link {
    key: NonNull<Header>,
    value: NonNull<Header>,
    next: u32,
}

/// The address, its bits well mixed: the upper half selects the part, the lower one the chain.
fn hash(key: NonNull<Header>) -> u64 {
    let product = u128::from(key.addr().get() as u64) * 0x9E37_79B9_7F4A_7C15;
    (product >> 64) as u64 ^ product as u64
}

impl Links {
    /// From now on entries that wait are noted, until all notes take about `bytes` bytes; none if it is 0.
    pub(crate) fn set_room(&mut self, bytes: usize) {
        if bytes > 0 && self.parts.is_empty() && self.parts.try_reserve_exact(PARTS).is_ok() {
            self.parts.resize_with(PARTS, Part::default);
        }
        self.room = (bytes / NOTE).saturating_sub(self.count);
    }

    /// Whether nothing has been noted.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Notes that `value` is to be marked when `key` is, if there is room.
    #[inline]
    fn add(&mut self, key: NonNull<Header>, value: NonNull<Header>) {
        if self.room > 0 {
            self.add_slow(key, value);
        }
    }

    #[cold]
    fn add_slow(&mut self, key: NonNull<Header>, value: NonNull<Header>) {
        let hash = hash(key);
        if let Some(part) = self.parts.get_mut((hash >> 32) as usize % PARTS)
            && part.add(hash, key, value)
        {
            self.count += 1;
            self.room -= 1;
        }
    }

    /// The first note about `key`: in which part, and which entry of that.
    fn find(&self, key: NonNull<Header>) -> Option<(usize, u32)> {
        let hash = hash(key);
        let at = (hash >> 32) as usize % PARTS;
        let part = self.parts.get(at)?;
        let head = *part.heads.get(part.chain(hash))?;
        Some((at, head))
    }
}

impl Part {
    fn chain(&self, hash: u64) -> usize {
        hash as usize & self.heads.len().wrapping_sub(1)
    }

    /// False if there is no memory for that.
    fn add(&mut self, hash: u64, key: NonNull<Header>, value: NonNull<Header>) -> bool {
        if self.entries.len() == self.entries.capacity() && self.entries.try_reserve_exact(self.entries.len() / 4 + 4).is_err() {
            return false;
        }
        if self.entries.len() >= self.heads.len() && !self.grow() {
            return false;
        }
        let chain = self.chain(hash);
        let next = std::mem::replace(&mut self.heads[chain], self.entries.len() as u32);
        self.entries.push(Link { key, value, next });
        true
    }

    /// Doubles the number of chains.
    fn grow(&mut self) -> bool {
        let size = (2 * self.heads.len()).max(4);
        if self.heads.try_reserve_exact(size - self.heads.len()).is_err() {
            return false;
        }
        self.heads.clear();
        self.heads.resize(size, NONE);
        for index in 0..self.entries.len() {
            let chain = self.chain(hash(self.entries[index].key));
            self.entries[index].next = std::mem::replace(&mut self.heads[chain], index as u32);
        }
        true
    }
}

impl<M: Model> Tracer<'_, M> {
    /// An entry of an ephemeron has been seen whose `key` and `value` are not marked: to be told in [`Model::trace_ephemeron`], so that
    /// long chains of such entries take few passes.
    ///
    /// # Safety
    ///
    /// Both are objects of this heap that have not been freed; the kind of `key` is not in [`Model::LEAF_KINDS`].
    #[inline]
    pub unsafe fn value_waits(&mut self, key: NonNull<Header>, value: NonNull<Header>) {
        self.marking.links.add(key, value);
    }

    /// `key` is marked: marks the values that wait for it.
    ///
    /// # Safety
    ///
    /// `key` has been marked in this cycle.
    pub(crate) unsafe fn follow_links(&mut self, key: NonNull<Header>) {
        let Some((part, mut at)) = self.marking.links.find(key) else { return };
        while let Some(link) = self.marking.links.parts[part].entries.get(at as usize) {
            let value = link.value;
            at = link.next;
            self.work += LINK_WORK;
            if link.key == key {
                // SAFETY: what was noted is not freed before marking ends.
                unsafe { self.mark(value) };
            }
        }
    }
}

/// Work that a note counts for, in bytes.
const LINK_WORK: usize = crate::tracer::OBJECT_WORK / 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(address: usize) -> NonNull<Header> {
        NonNull::without_provenance((16 * address).try_into().expect("not zero"))
    }

    /// The values of a key, sorted.
    fn values(links: &Links, key: NonNull<Header>) -> Vec<usize> {
        let Some((part, mut at)) = links.find(key) else { return Vec::new() };
        let mut found = Vec::new();
        while let Some(link) = links.parts[part].entries.get(at as usize) {
            found.extend((link.key == key).then(|| link.value.addr().get() / 16));
            at = link.next;
        }
        found.sort_unstable();
        found
    }

    #[test]
    fn all_values_of_a_key_are_found_and_no_others() {
        let mut links = Links::default();
        links.set_room(usize::MAX);
        let keys = if cfg!(miri) { 500 } else { 50_000 };
        for value in 0..3 * keys {
            links.add(reference(1 + value % keys), reference(1 + value));
        }
        for key in 0..keys {
            assert_eq!(values(&links, reference(1 + key)), [1 + key, 1 + key + keys, 1 + key + 2 * keys]);
        }
        assert!(values(&links, reference(keys + 1)).is_empty());
    }

    #[test]
    fn there_are_as_many_notes_as_there_is_room_for() {
        let mut links = Links::default();
        links.add(reference(1), reference(2));
        assert!(links.is_empty());
        links.set_room(10 * NOTE);
        (1..=20).for_each(|key| links.add(reference(key), reference(99)));
        assert_eq!(links.count, 10);
        links.set_room(0);
        links.add(reference(50), reference(99));
        assert_eq!((links.count, values(&links, reference(3))), (10, vec![99]));
    }
}
