//! The strings that are never released, in a table that VMs search without a lock.
//!
//! Names of metamethods and library functions are needed by every VM. A VM takes the table that there is when it opens,
//! and looks here for what its own strings lack: so it has these names without an entry and without a count.

use std::ptr::NonNull;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::{PoolStr, hash_bytes};

/// A table of strings that are never released; it never changes.
pub struct Fixed {
    /// Linear probing by hash; 0, which no string has, where there is none.
    hashes: Box<[u32]>,
    /// The strings, each where its hash stands.
    strings: Box<[Option<NonNull<PoolStr>>]>,
    /// Those of one byte, by that.
    bytes: [Option<NonNull<PoolStr>>; 256],
    /// Slots by the [`place`] of the text from which their string was made: who asks with the same text need not hash it. Where two meet
    /// there is one of them.
    places: Box<[u32]>,
    len: usize,
}

// SAFETY: the strings are immutable but for an atomic count, and never freed.
unsafe impl Send for Fixed {}
// SAFETY: as above.
unsafe impl Sync for Fixed {}

/// Slots for each string: most searches are for strings that are not here, and end at the first slot.
const SLOTS_PER_STRING: usize = 4;

impl Fixed {
    fn new(all: &[Name]) -> Fixed {
        let slots = (all.len() * SLOTS_PER_STRING).next_power_of_two();
        let mut hashes = vec![0; slots].into_boxed_slice();
        let mut strings = vec![None; slots].into_boxed_slice();
        let mut bytes = [None; 256];
        let mut places = vec![0; slots / 2].into_boxed_slice();
        for name in all {
            if let [byte] = *name.get().as_bytes() {
                bytes[usize::from(byte)] = Some(name.string);
            }
            let hash = name.get().hash;
            let mut i = hash as usize & (slots - 1);
            while hashes[i] != 0 {
                i = (i + 1) & (slots - 1);
            }
            hashes[i] = hash;
            strings[i] = Some(name.string);
            if name.text.len() > 1 {
                places[place(name.text) & (places.len() - 1)] = i as u32;
            }
        }
        Fixed { hashes, strings, bytes, places, len: all.len() }
    }

    /// The string with these contents, whose hash this is.
    #[inline]
    pub fn find(&self, hash: u32, bytes: &[u8]) -> Option<NonNull<PoolStr>> {
        // SAFETY: strings in here are never released.
        self.search(hash, |string| unsafe { string.as_ref() }.as_bytes() == bytes)
    }

    /// The string with the contents of a text that stays where it is; fastest if the string was made from this very text.
    #[inline]
    pub fn find_static(&self, text: &'static [u8]) -> Option<NonNull<PoolStr>> {
        let slot = place(text) & self.places.len().wrapping_sub(1);
        if let Some(&Some(string)) = self.places.get(slot).and_then(|&slot| self.strings.get(slot as usize))
            // SAFETY: as in `find`.
            && unsafe { string.as_ref() }.as_bytes() == text
        {
            return Some(string);
        }
        self.find(hash_bytes(text), text)
    }

    /// The string of this one byte.
    #[inline(always)]
    pub fn byte(&self, byte: u8) -> Option<NonNull<PoolStr>> {
        self.bytes[usize::from(byte)]
    }

    /// Whether this very string of the pool is here; `hash` is its hash.
    #[inline]
    pub fn contains(&self, string: NonNull<PoolStr>, hash: u32) -> bool {
        self.search(hash, |found| found == string).is_some()
    }

    #[inline(always)]
    fn search(&self, hash: u32, mut fits: impl FnMut(NonNull<PoolStr>) -> bool) -> Option<NonNull<PoolStr>> {
        let mask = self.hashes.len().wrapping_sub(1);
        let mut i = hash as usize & mask;
        loop {
            let found = *self.hashes.get(i)?;
            if found == 0 {
                return None;
            }
            if found == hash
                && let Some(string) = self.strings[i]
                && fits(string)
            {
                return Some(string);
            }
            i = (i + 1) & mask;
        }
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Where a text lies, spread over all bits.
fn place(text: &[u8]) -> usize {
    text.as_ptr().addr().wrapping_mul(0x9e37_79b9) >> 8
}

/// A string that is never released, and the text from which it was made.
#[derive(Clone, Copy)]
struct Name {
    string: NonNull<PoolStr>,
    text: &'static [u8],
}

// SAFETY: as for `Fixed`.
unsafe impl Send for Name {}

impl Name {
    fn get(self) -> &'static PoolStr {
        // SAFETY: only `add` makes names, of strings that are never released.
        unsafe { self.string.as_ref() }
    }
}

/// All strings that are never released, and the table of those that there were when a VM last asked.
struct State {
    all: Vec<Name>,
    table: Arc<Fixed>,
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(|| Mutex::new(State { all: Vec::new(), table: Arc::new(Fixed::new(&[])) }));

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a string that has just become one that is never released, made from this text.
pub(super) fn add(string: NonNull<PoolStr>, text: &'static [u8]) {
    state().all.push(Name { string, text });
}

/// The table of all strings that are never released now.
pub fn fixed() -> Arc<Fixed> {
    let mut state = state();
    if state.table.len() != state.all.len() {
        state.table = Arc::new(Fixed::new(&state.all));
    }
    Arc::clone(&state.table)
}
