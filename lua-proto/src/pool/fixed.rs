//! The strings that are never released, in a table that VMs search without a lock.
//!
//! Names of metamethods and library functions are needed by every VM. A VM takes the table that there is when it opens,
//! and looks here for what its own strings lack: so it has these names without an entry and without a count.

use std::ptr::NonNull;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::PoolStr;

/// A table of strings that are never released; it never changes.
pub struct Fixed {
    /// Linear probing by hash; 0, which no string has, where there is none.
    hashes: Box<[u32]>,
    /// The strings, each where its hash stands.
    strings: Box<[Option<NonNull<PoolStr>>]>,
    /// Those of one byte, by that.
    bytes: [Option<NonNull<PoolStr>>; 256],
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
        for name in all {
            if let [byte] = *name.get().as_bytes() {
                bytes[usize::from(byte)] = Some(name.0);
            }
            let hash = name.get().hash;
            let mut i = hash as usize & (slots - 1);
            while hashes[i] != 0 {
                i = (i + 1) & (slots - 1);
            }
            hashes[i] = hash;
            strings[i] = Some(name.0);
        }
        Fixed { hashes, strings, bytes, len: all.len() }
    }

    /// The string with these contents, whose hash this is.
    #[inline]
    pub fn find(&self, hash: u32, bytes: &[u8]) -> Option<NonNull<PoolStr>> {
        self.search(hash, |name| name.get().as_bytes() == bytes)
    }

    /// The string of this one byte.
    #[inline(always)]
    pub fn byte(&self, byte: u8) -> Option<NonNull<PoolStr>> {
        self.bytes[usize::from(byte)]
    }

    /// Whether this very string of the pool is here; `hash` is its hash.
    #[inline]
    pub fn contains(&self, string: NonNull<PoolStr>, hash: u32) -> bool {
        self.search(hash, |name| name.0 == string).is_some()
    }

    #[inline(always)]
    fn search(&self, hash: u32, mut fits: impl FnMut(Name) -> bool) -> Option<NonNull<PoolStr>> {
        let mask = self.hashes.len().wrapping_sub(1);
        let mut i = hash as usize & mask;
        loop {
            let found = *self.hashes.get(i)?;
            if found == 0 {
                return None;
            }
            if found == hash
                && let Some(string) = self.strings[i]
                && fits(Name(string))
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

/// A string that is never released.
#[derive(Clone, Copy)]
struct Name(NonNull<PoolStr>);

// SAFETY: as for `Fixed`.
unsafe impl Send for Name {}

impl Name {
    fn get(self) -> &'static PoolStr {
        // SAFETY: only `add` makes names, of strings that are never released.
        unsafe { self.0.as_ref() }
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

/// Adds a string that has just become one that is never released.
pub(super) fn add(string: NonNull<PoolStr>) {
    state().all.push(Name(string));
}

/// The table of all strings that are never released now.
pub fn fixed() -> Arc<Fixed> {
    let mut state = state();
    if state.table.len() != state.all.len() {
        state.table = Arc::new(Fixed::new(&state.all));
    }
    Arc::clone(&state.table)
}
