//! One pool of strings per process.
//!
//! Constants and names of all images live here, and so do the names that libraries register.
//! Equal contents are one [`PoolStr`] everywhere. A string is never written after it is
//! published, except for its count, which only this file touches.
//!
//! A string's count says how many images and VMs (not values) hold it. It leaves the pool when
//! the count falls to zero. **Invariant:** a count goes from one to zero only under the write
//! lock of the string's shard, and grows from the pool's own reference only under a lock of that
//! shard. So whoever finds a string in the pool finds it alive.
//!
//! ```text
//!   0      1     2      3      4        8          16      20       24
//!  +------+-----+------+------+--------+----------+-------+--------+------------+---+
//!  | 0x80 | kind| extra| short|   id   |   len    | hash  | count  | bytes …    | 0 |
//!  +------+-----+------+------+--------+----------+-------+--------+------------+---+
//! ```

mod fixed;
mod hash;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use dashmap::{DashMap, Entry};

pub use fixed::{Fixed, fixed};
pub use hash::{HashKey, hash_bytes};

/// Strings of at most this many bytes are *short*: one VM has at most one of each content.
pub const MAX_SHORT: usize = 40;

/// The mark byte of what VMs share: never traced, never written.
pub const SHARED: u8 = 0x80;

/// The kind byte of strings, in the pool and in VMs.
pub const KIND_STRING: u8 = 1;

/// From this count on a string is never released, so that a count cannot overflow.
const IMMORTAL: u32 = 1 << 31;

/// A string of the pool: the head of an object whose bytes, and one zero byte, follow it.
///
/// The layout is that of a VM's own strings, so that a value may point at either. It is only ever
/// seen behind a pointer.
#[repr(C)]
pub struct PoolStr {
    /// Always [`SHARED`].
    pub header: u8,
    /// Always [`KIND_STRING`].
    pub kind: u8,
    /// Always 0.
    pub extra: u8,
    /// 1 if `len <= MAX_SHORT`, otherwise 0.
    pub short: u8,
    /// Index of this string among the strings alive in the pool; dense, used again after release.
    pub id: u32,
    /// Length in bytes, without the terminating zero.
    pub len: usize,
    /// [`hash_bytes`] of the contents.
    pub hash: u32,
    count: AtomicU32,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<PoolStr>() == 24 && align_of::<PoolStr>() == 8);

impl PoolStr {
    /// The contents.
    #[inline(always)]
    pub fn as_bytes(&self) -> &[u8] {
        let bytes = std::ptr::from_ref(self).addr() + size_of::<PoolStr>();
        // SAFETY: a `PoolStr` is made only by `Unshared::new`, which puts `len` bytes behind the
        // head and exposes the provenance of the whole allocation. They live as long as the head.
        unsafe { std::slice::from_raw_parts(std::ptr::with_exposed_provenance(bytes), self.len) }
    }

    /// Whether the string is short, see [`MAX_SHORT`].
    #[inline(always)]
    pub fn is_short(&self) -> bool {
        self.short != 0
    }

    /// Bytes that the string takes in memory.
    pub fn bytes(&self) -> usize {
        layout(self.len).map_or(0, |l| l.size())
    }
}

impl fmt::Debug for PoolStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

/// A counted handle to a string of the pool.
pub struct PoolRef(NonNull<PoolStr>);

// SAFETY: a `PoolStr` is immutable once published but for its atomic count, and is freed by
// whichever thread lets go of it last.
unsafe impl Send for PoolRef {}
// SAFETY: as above.
unsafe impl Sync for PoolRef {}

impl PoolRef {
    /// The pointer, which is valid as long as somebody counts the string.
    #[inline(always)]
    pub fn as_ptr(&self) -> NonNull<PoolStr> {
        self.0
    }

    /// The pointer; its count now belongs to the caller.
    pub fn into_raw(self) -> NonNull<PoolStr> {
        let ptr = self.0;
        std::mem::forget(self);
        ptr
    }

    /// Takes back a count given out by [`PoolRef::into_raw`] or [`adopt`].
    ///
    /// # Safety
    ///
    /// - `ptr` is a string of the pool, and the caller owns one count of it, which it gives up.
    pub unsafe fn from_raw(ptr: NonNull<PoolStr>) -> PoolRef {
        PoolRef(ptr)
    }
}

impl Deref for PoolRef {
    type Target = PoolStr;

    #[inline(always)]
    fn deref(&self) -> &PoolStr {
        // SAFETY: this handle holds a count, so the string is alive.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for PoolRef {
    fn clone(&self) -> PoolRef {
        increment(self);
        PoolRef(self.0)
    }
}

impl Drop for PoolRef {
    fn drop(&mut self) {
        // SAFETY: this handle owns one count and ends here.
        unsafe { release(self.0) }
    }
}

/// Equal contents are one string, so handles compare by pointer.
impl PartialEq for PoolRef {
    fn eq(&self, other: &PoolRef) -> bool {
        self.0 == other.0
    }
}
impl Eq for PoolRef {}

impl fmt::Debug for PoolRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// The string with these contents, made if the pool has none.
pub fn intern(bytes: &[u8]) -> PoolRef {
    let hash = hash_bytes(bytes);
    if let Some(found) = find_hashed(bytes, hash) {
        return found;
    }
    let new = Unshared::new(bytes, hash);
    match POOL.strings.entry(Key(new.0)) {
        Entry::Occupied(other) => {
            let ptr = other.key().0;
            // SAFETY: the shard is locked, so a string that it lists is alive.
            increment(unsafe { ptr.as_ref() });
            PoolRef(ptr)
        }
        Entry::Vacant(place) => {
            let ptr = new.publish(POOL.ids().take());
            drop(place.insert(()));
            PoolRef(ptr)
        }
    }
}

/// The string with these contents, if the pool has one.
pub fn find(bytes: &[u8]) -> Option<PoolRef> {
    find_hashed(bytes, hash_bytes(bytes))
}

/// The string with these contents, which from now on is never released: for the fixed names of
/// libraries, metamethods and keywords. VMs that open later find it in [`fixed()`].
pub fn intern_static(bytes: &'static [u8]) -> NonNull<PoolStr> {
    let string = intern(bytes);
    let before = string.count.fetch_or(IMMORTAL, Ordering::Relaxed);
    let ptr = string.into_raw();
    if before < IMMORTAL {
        fixed::add(ptr, bytes);
    }
    ptr
}

/// Counts a string once more.
///
/// # Safety
///
/// - `ptr` is a string of the pool that somebody counts for the duration of this call.
pub unsafe fn adopt(ptr: NonNull<PoolStr>) {
    // SAFETY: the caller upholds that the string is alive.
    increment(unsafe { ptr.as_ref() });
}

/// Gives up one count; the string leaves the pool with the last one.
///
/// # Safety
///
/// - `ptr` is a string of the pool, and the caller owns one count of it, which it gives up.
pub unsafe fn release(ptr: NonNull<PoolStr>) {
    // SAFETY: the caller's count keeps the string alive until it is given up below.
    let count = unsafe { &ptr.as_ref().count };
    let mut seen = count.load(Ordering::Relaxed);
    while seen != 1 {
        if seen >= IMMORTAL {
            return;
        }
        match count.compare_exchange_weak(seen, seen - 1, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => seen = now,
        }
    }
    release_last(ptr);
}

/// How many strings the pool holds.
pub fn pool_len() -> usize {
    POOL.strings.len()
}

/// Exclusive upper bound of the ids of the strings that are alive now: the size of a bitmap.
///
/// Strings that other threads intern meanwhile may have larger ids.
pub fn pool_id_bound() -> u32 {
    POOL.ids().bound
}

fn find_hashed(bytes: &[u8], hash: u32) -> Option<PoolRef> {
    let entry = POOL.strings.get(&Probe { bytes, hash } as &dyn Content)?;
    let ptr = entry.key().0;
    // SAFETY: the shard is locked, so a string that it lists is alive.
    increment(unsafe { ptr.as_ref() });
    Some(PoolRef(ptr))
}

fn increment(string: &PoolStr) {
    // A count beyond `IMMORTAL` needs no exactness; stepping back keeps it from wrapping.
    if string.count.fetch_add(1, Ordering::Relaxed) >= IMMORTAL {
        string.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Gives up what was the only count a moment ago.
#[cold]
fn release_last(ptr: NonNull<PoolStr>) {
    // SAFETY: the caller's count keeps the string alive until the closure below gives it up, and
    // then the shard's write lock keeps others from finding it.
    let string = unsafe { ptr.as_ref() };
    let probe = Probe { bytes: string.as_bytes(), hash: string.hash };
    let removed = POOL.strings.remove_if(&probe as &dyn Content, |_, ()| {
        let mut seen = string.count.load(Ordering::Relaxed);
        loop {
            if seen >= IMMORTAL {
                return false;
            }
            let (order, failed) = (Ordering::AcqRel, Ordering::Relaxed);
            match string.count.compare_exchange_weak(seen, seen - 1, order, failed) {
                Ok(_) => return seen == 1,
                Err(now) => seen = now,
            }
        }
    });
    if removed.is_some() {
        let id = string.id;
        // SAFETY: nobody counts the string any more and the pool no longer lists it, so this
        // thread is the only one that knows it. It was allocated with this layout.
        unsafe { dealloc(ptr.as_ptr().cast(), layout(string.len).expect("made once")) };
        POOL.ids().give_back(id);
    }
}

/// Parts of the pool with a lock each. A fixed number: to ask the system for the number of
/// processors takes longer than all else that the first VM of a process does.
const SHARDS: usize = 64;

static POOL: LazyLock<Pool> = LazyLock::new(|| Pool {
    strings: DashMap::with_hasher_and_shard_amount(BuildHasherDefault::default(), SHARDS),
    ids: Mutex::new(Ids { free: Vec::new(), bound: 0 }),
});

struct Pool {
    strings: DashMap<Key, (), BuildHasherDefault<Spread>>,
    ids: Mutex<Ids>,
}

impl Pool {
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands out dense numbers.
struct Ids {
    free: Vec<u32>,
    bound: u32,
}

impl Ids {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            let id = self.bound;
            self.bound += 1;
            id
        })
    }

    fn give_back(&mut self, id: u32) {
        self.free.push(id);
        if self.free.len() == self.bound as usize {
            self.free = Vec::new();
            self.bound = 0;
        }
    }
}

fn layout(len: usize) -> Option<Layout> {
    let size = len.checked_add(size_of::<PoolStr>() + 1)?;
    Layout::from_size_align(size, align_of::<PoolStr>()).ok()
}

/// A string that the pool does not list yet.
struct Unshared(NonNull<PoolStr>);

impl Unshared {
    fn new(bytes: &[u8], hash: u32) -> Unshared {
        let layout = layout(bytes.len()).expect("slices are smaller than the address space");
        let head = PoolStr {
            header: SHARED,
            kind: KIND_STRING,
            extra: 0,
            short: (bytes.len() <= MAX_SHORT) as u8,
            id: 0,
            len: bytes.len(),
            hash,
            count: AtomicU32::new(1),
        };
        // SAFETY: the layout is not empty and has room for the head, the bytes and a zero, all of
        // which are written here.
        unsafe {
            let Some(ptr) = NonNull::new(alloc(layout)) else { handle_alloc_error(layout) };
            let _ = ptr.as_ptr().expose_provenance();
            ptr.cast::<PoolStr>().write(head);
            let text = ptr.add(size_of::<PoolStr>());
            text.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len());
            text.add(bytes.len()).write(0);
            Unshared(ptr.cast())
        }
    }

    /// Gives the string its number; the pool's shard is locked and about to list it.
    fn publish(self, id: u32) -> NonNull<PoolStr> {
        let mut ptr = self.0;
        std::mem::forget(self);
        // SAFETY: only this thread knows the string yet.
        unsafe { ptr.as_mut().id = id };
        ptr
    }
}

impl Drop for Unshared {
    fn drop(&mut self) {
        // SAFETY: the string was never published, so this is its only pointer.
        unsafe {
            let len = self.0.as_ref().len;
            dealloc(self.0.as_ptr().cast(), layout(len).expect("made once"));
        }
    }
}

/// What the pool's table looks at; lets it be asked with a [`Probe`] that is no string yet.
trait Content {
    fn bytes(&self) -> &[u8];
    fn hash(&self) -> u32;
}

/// A pointer listed by the pool's table, which compares by contents.
struct Key(NonNull<PoolStr>);

// SAFETY: as for `PoolRef`; the table lists only live strings.
unsafe impl Send for Key {}
// SAFETY: as above.
unsafe impl Sync for Key {}

impl Content for Key {
    fn bytes(&self) -> &[u8] {
        // SAFETY: a `Key` is used only in the table, which lists live strings, or for one that is
        // about to be listed.
        unsafe { self.0.as_ref() }.as_bytes()
    }

    fn hash(&self) -> u32 {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }.hash
    }
}

struct Probe<'a> {
    bytes: &'a [u8],
    hash: u32,
}

impl Content for Probe<'_> {
    fn bytes(&self) -> &[u8] {
        self.bytes
    }

    fn hash(&self) -> u32 {
        self.hash
    }
}

impl<'a> Borrow<dyn Content + 'a> for Key {
    fn borrow(&self) -> &(dyn Content + 'a) {
        self
    }
}

impl Hash for dyn Content + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(Content::hash(self));
    }
}

impl PartialEq for dyn Content + '_ {
    fn eq(&self, other: &Self) -> bool {
        Content::hash(self) == Content::hash(other) && self.bytes() == other.bytes()
    }
}
impl Eq for dyn Content + '_ {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(Content::hash(self));
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        (self as &dyn Content) == (other as &dyn Content)
    }
}
impl Eq for Key {}

/// Spreads the 32 bits of a string's hash over the 64 that the table looks at.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write_u32(&mut self, hash: u32) {
        self.0 = u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("the pool's keys hash themselves as one u32");
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
