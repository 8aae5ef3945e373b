//! Strings of a VM and the table that makes equal short ones one pointer.
//!
//! A [`Str`] has the layout of [`lua_proto::PoolStr`]: strings of the process-wide
//! pool and strings that a script made are told apart by their mark byte alone.
//! A VM *adopts* a pool string by entering it in its string table and counting it. The pool's fixed names need
//! neither: a VM looks for what its own table lacks in the table of those names that there was when it opened.

use lua_gc::Header;
use lua_proto::pool::{self, Fixed};
use lua_proto::{MAX_SHORT, PoolStr, hash_bytes};
use std::ptr::NonNull;
use std::sync::Arc;

use crate::homes::ReachedHomes;
use crate::object::{Heap, Side, kind};
use lua_gc::OutOfMemory;

/// The mark byte of pool strings.
pub(crate) const SHARED: u8 = 0x80;

/// A string: header, then the bytes and a NUL.
#[repr(C)]
pub(crate) struct Str {
    pub(crate) header: Header,
    _extra: u8,
    short: u8,
    /// Index in the pool; 0 for strings of the VM.
    id: u32,
    len: usize,
    /// 0 in a long string that nobody has hashed yet.
    hash: u32,
    _flags: u32,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Str>() == 24);
const _: () = assert!(size_of::<Str>() == size_of::<PoolStr>());

impl Str {
    /// Bytes that a string of this length takes in the heap.
    #[inline(always)]
    pub(crate) const fn size_for(len: usize) -> usize {
        size_of::<Str>() + len + 1
    }

    #[inline(always)]
    pub(crate) fn is_short(&self) -> bool {
        self.short != 0
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The bytes, without the NUL.
    #[inline(always)]
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: `alloc` and the pool put `len` initialised bytes behind the header.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).add(1).cast::<u8>(), self.len) }
    }

    /// The hash of a short string, always there.
    #[inline(always)]
    pub(crate) fn short_hash(&self) -> u32 {
        self.hash
    }

    /// As [`Str::short_hash`], for code that would rather load it again than save a register to keep it.
    ///
    /// # Safety
    /// `this` is live.
    #[inline(always)]
    pub(crate) unsafe fn short_hash_again(this: *const Str) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { (&raw const (*this).hash).read_volatile() }
    }

    /// The hash of any string; a long one of the VM remembers it.
    ///
    /// # Safety
    /// `this` is a live string of the running VM (or of the pool, whose hashes are all there).
    pub(crate) unsafe fn hash(this: *mut Str) -> u32 {
        // SAFETY: as the caller promises; pool strings are never written because their hash is not 0.
        unsafe {
            if (*this).hash == 0 {
                (*this).hash = hash_bytes((*this).bytes());
            }
            (*this).hash
        }
    }

    #[inline(always)]
    pub(crate) fn is_shared(&self) -> bool {
        self.header.mark() == SHARED
    }
}

/// Allocates a string without entering it anywhere; the bytes are not yet written.
///
/// # Safety
/// The caller writes `len` bytes before anyone reads the string.
unsafe fn alloc_raw(heap: &mut Heap, len: usize, hash: u32) -> Result<*mut Str, OutOfMemory> {
    let size = len.checked_add(Str::size_for(0)).filter(|&s| s <= isize::MAX as usize).ok_or(OutOfMemory)?;
    let s = heap.alloc(size, kind::STRING)?.as_ptr().cast::<Str>();
    // SAFETY: fresh memory of that size.
    unsafe {
        (*s)._extra = 0;
        (*s).short = (len <= MAX_SHORT) as u8;
        (*s).id = 0;
        (*s).len = len;
        (*s).hash = hash;
        (*s)._flags = 0;
        s.add(1).cast::<u8>().add(len).write(0);
    }
    Ok(s)
}

/// A string with these bytes; short ones are interned.
pub(crate) fn new(heap: &mut Heap, bytes: &[u8]) -> Result<*mut Str, OutOfMemory> {
    if bytes.len() <= MAX_SHORT {
        intern(heap, bytes)
    } else {
        // SAFETY: the bytes are written at once.
        unsafe {
            let s = alloc_raw(heap, bytes.len(), 0)?;
            s.add(1).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            Ok(s)
        }
    }
}

/// A long string (`len > MAX_SHORT`) whose bytes the caller fills in.
///
/// # Safety
/// The caller writes `len` bytes through the second pointer before it allocates or lets anyone see the string.
pub(crate) unsafe fn new_long(heap: &mut Heap, len: usize) -> Result<(*mut Str, *mut u8), OutOfMemory> {
    debug_assert!(len > MAX_SHORT);
    // SAFETY: the caller's promise.
    unsafe {
        let s = alloc_raw(heap, len, 0)?;
        Ok((s, s.add(1).cast()))
    }
}

/// The short string with these bytes.
#[inline]
pub(crate) fn intern(heap: &mut Heap, bytes: &[u8]) -> Result<*mut Str, OutOfMemory> {
    debug_assert!(bytes.len() <= MAX_SHORT);
    if let [byte] = *bytes
        && let Some(name) = heap.side.strings.fixed.byte(byte)
    {
        return Ok(name.as_ptr().cast());
    }
    let hash = hash_bytes(bytes);
    if let Some(found) = heap.side.strings.find(hash, bytes) {
        // SAFETY: strings in the table are live or dead but unswept; `found_again` revives those.
        unsafe { found_again(heap, found) };
        return Ok(found);
    }
    if let Some(name) = heap.side.strings.fixed.find(hash, bytes) {
        return Ok(name.as_ptr().cast());
    }
    StringTable::make_room(heap)?;
    // SAFETY: the bytes are written at once.
    let s = unsafe {
        let s = alloc_raw(heap, bytes.len(), hash)?;
        s.add(1).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        s
    };
    heap.side.strings.insert(hash, s, false);
    Ok(s)
}

/// # Safety
/// `found` stands in the string table.
#[inline(always)]
unsafe fn found_again(heap: &mut Heap, found: *mut Str) {
    // SAFETY: as the caller promises.
    unsafe {
        if (*found).is_shared() {
            heap.found_shared(NonNull::new_unchecked(found.cast()));
        } else {
            heap.revive(NonNull::new_unchecked(found.cast()));
        }
    }
}

/// Enters a pool string in the VM and returns the VM's pointer for these bytes: the pool's own, unless a script made
/// an equal short string before.
///
/// # Safety
/// `pooled` is counted by someone for the duration of the call.
pub(crate) unsafe fn adopt(heap: &mut Heap, pooled: NonNull<PoolStr>) -> Result<*mut Str, OutOfMemory> {
    let s = pooled.as_ptr().cast::<Str>();
    // SAFETY: a live string of the same layout.
    let (hash, short) = unsafe { ((*s).hash, (*s).is_short()) };
    if heap.side.strings.fixed.contains(pooled, hash) {
        return Ok(s);
    }
    if heap.side.private_code {
        // SAFETY: live, see above.
        return new(heap, unsafe { (*s).bytes() });
    }
    if short {
        // SAFETY: live, see above.
        if let Some(found) = heap.side.strings.find(hash, unsafe { (*s).bytes() }) {
            // SAFETY: found in the table.
            unsafe { found_again(heap, found) };
            return Ok(found);
        }
        StringTable::make_room(heap)?;
    }
    // SAFETY: a string of the pool.
    unsafe { heap.found_shared(pooled.cast()) };
    if short {
        heap.side.strings.insert(hash, s, true);
    } else {
        let Some(place) = heap.side.adopted.place_for(pooled) else { return Ok(s) };
        // SAFETY: live, see above.
        heap.charge(unsafe { pooled.as_ref() }.bytes())?;
        heap.side.adopted.0.insert(place, pooled);
    }
    // SAFETY: the caller counts it right now.
    unsafe { pool::adopt(pooled) };
    Ok(s)
}

/// The string with these bytes, which is a fixed name of the pool from now on.
pub(crate) fn name(heap: &mut Heap, text: &'static [u8]) -> Result<*mut Str, OutOfMemory> {
    if let Some(name) = heap.side.strings.fixed.find_static(text) {
        return Ok(name.as_ptr().cast());
    }
    // SAFETY: fixed names are counted for ever.
    unsafe { adopt(heap, pool::intern_static(text)) }
}

/// Where the 16 bits of hash stand in an entry; pointers of user space have 47 bits.
const TAG_SHIFT: u32 = 48;
/// The lowest bit of an entry, which no address has: a string of the pool.
const OF_POOL: u64 = 1;
const POINTER: u64 = ((1 << TAG_SHIFT) - 1) & !OF_POOL;
/// A string is prefetched so many slots before it is looked at, where the whole table is.
const AHEAD: usize = 16;

/// The short strings of a VM: linear probing over pointers that carry 16 bits of their hash.
///
/// A removed entry is closed up by the ones behind it, so that chains of dead strings do not grow. Doubles when half
/// full; shrinks after a cycle in which it was always under a quarter full, dead strings included: what a program makes between two
/// collections it makes again.
pub(crate) struct StringTable {
    slots: Box<[u64]>,
    len: usize,
    /// The most entries at the end of a marking, major or minor, since the last cycle ended.
    crowd: usize,
    /// Strings that the VM has without an entry. It takes them before it has any string, so that none of them is ever equal to
    /// one of its own.
    pub(crate) fixed: Arc<Fixed>,
}

/// The fewest slots of a [`StringTable`].
const FEWEST: usize = 64;

impl StringTable {
    pub(crate) fn new(fixed: Arc<Fixed>) -> StringTable {
        StringTable { slots: vec![0; FEWEST].into_boxed_slice(), len: 0, crowd: 0, fixed }
    }

    /// Bytes of the table itself.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.len() * 8
    }

    #[inline(always)]
    fn tag(hash: u32) -> u64 {
        ((hash >> 16) as u64) << TAG_SHIFT
    }

    #[inline(always)]
    fn entry(hash: u32, s: *mut Str, of_pool: bool) -> u64 {
        StringTable::tag(hash) | s.expose_provenance() as u64 | if of_pool { OF_POOL } else { 0 }
    }

    #[inline(always)]
    fn pointer(entry: u64) -> *mut Str {
        std::ptr::with_exposed_provenance_mut((entry & POINTER) as usize)
    }

    #[inline(always)]
    fn find(&self, hash: u32, bytes: &[u8]) -> Option<*mut Str> {
        let mask = self.slots.len() - 1;
        let mut i = hash as usize & mask;
        let tag = StringTable::tag(hash);
        loop {
            let entry = self.slots[i & mask];
            if entry == 0 {
                return None;
            }
            if (entry ^ tag) >> TAG_SHIFT == 0 {
                let s = StringTable::pointer(entry);
                // SAFETY: an entry leaves the table before its string is freed (`remove`).
                if unsafe { (*s).hash == hash && (*s).bytes() == bytes } {
                    return Some(s);
                }
            }
            i += 1;
        }
    }

    /// The strings of the pool that stand here.
    fn of_pool(&self) -> impl Iterator<Item = NonNull<PoolStr>> + '_ {
        let strings = self.slots.iter().filter(|&&entry| entry & OF_POOL != 0);
        strings.filter_map(|&entry| NonNull::new(StringTable::pointer(entry).cast()))
    }

    /// Makes room for one more entry, charging the heap.
    #[inline(always)]
    fn make_room(heap: &mut Heap) -> Result<(), OutOfMemory> {
        let t = &heap.side.strings;
        if (t.len + 1) * 2 > t.slots.len() { StringTable::grow(heap) } else { Ok(()) }
    }

    #[cold]
    fn grow(heap: &mut Heap) -> Result<(), OutOfMemory> {
        let old = heap.side.strings.slots.len();
        heap.charge(old * 2 * 8)?;
        heap.side.strings.rebuild(old * 2);
        heap.discharge(old * 8);
        Ok(())
    }

    fn rebuild(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size].into_boxed_slice());
        for (at, &entry) in old.iter().enumerate() {
            if let Some(&later) = old.get(at + AHEAD) {
                lua_gc::prefetch(StringTable::pointer(later));
            }
            if entry != 0 {
                // SAFETY: entries of the table are live strings.
                let hash = unsafe { (*StringTable::pointer(entry)).hash };
                self.place(hash, entry);
            }
        }
    }

    fn place(&mut self, hash: u32, entry: u64) {
        let mask = self.slots.len() - 1;
        let mut i = hash as usize & mask;
        while self.slots[i] != 0 {
            i = (i + 1) & mask;
        }
        self.slots[i] = entry;
    }

    #[inline(always)]
    fn insert(&mut self, hash: u32, s: *mut Str, of_pool: bool) {
        self.len += 1;
        self.place(hash, StringTable::entry(hash, s, of_pool));
    }

    /// Takes a string out; it is about to be freed or released.
    ///
    /// # Safety
    /// `s` is still readable.
    pub(crate) unsafe fn remove(&mut self, s: *mut Str) {
        // SAFETY: the caller's promise.
        let (hash, of_pool) = unsafe { ((*s).hash, (*s).is_shared()) };
        let entry = StringTable::entry(hash, s, of_pool);
        let mask = self.slots.len() - 1;
        let mut i = hash as usize & mask;
        loop {
            let found = self.slots[i];
            if found == entry {
                break;
            }
            if found == 0 {
                return;
            }
            i = (i + 1) & mask;
        }
        self.len -= 1;
        // Entries behind that do not stand at home move up, so that no search ends too early.
        let mut hole = i;
        loop {
            i = (i + 1) & mask;
            let entry = self.slots[i];
            if entry == 0 {
                break;
            }
            // SAFETY: entries of the table are readable: a string leaves it before it is freed.
            let home = unsafe { (*StringTable::pointer(entry)).hash } as usize & mask;
            if i.wrapping_sub(home) & mask >= i.wrapping_sub(hole) & mask {
                self.slots[hole] = entry;
                hole = i;
            }
        }
        self.slots[hole] = 0;
    }

    /// Marking has ended, and no dead string is gone yet.
    pub(crate) fn note_crowd(&mut self) {
        self.crowd = self.crowd.max(self.len);
    }

    /// A cycle has ended: halves the table while it was always under a quarter full since the last call; returns the bytes given back.
    pub(crate) fn shrink(&mut self) -> usize {
        let old = self.slots.len();
        let most = std::mem::take(&mut self.crowd).max(self.len);
        let mut size = old;
        while size > FEWEST && most * 4 < size {
            size /= 2;
        }
        if size < old {
            self.rebuild(size);
        }
        (old - size) * 8
    }
}

/// The long strings of the pool that this VM counts, by address; it is charged for them. The short ones are those in its
/// [`StringTable`].
#[derive(Default)]
pub(crate) struct Adopted(Vec<NonNull<PoolStr>>);

impl Adopted {
    /// Where to enter a string, if it is not there yet.
    fn place_for(&self, s: NonNull<PoolStr>) -> Option<usize> {
        self.0.binary_search(&s).err()
    }
}

/// What a cycle has reached of what VMs share.
#[derive(Default)]
pub(crate) struct Reached {
    /// A bit for each string of the pool, by its number.
    strings: Vec<u64>,
    pub(crate) homes: ReachedHomes,
}

impl Reached {
    /// Notes that the cycle reached this string.
    ///
    /// # Safety
    /// `s` is a pool string that the VM counts, or is about to.
    #[inline(always)]
    pub(crate) unsafe fn note(&mut self, s: *const Str) {
        // SAFETY: the caller's promise.
        let id = unsafe { (*s).id };
        let word = id as usize / 64;
        if word >= self.strings.len() {
            self.strings.resize(word + 1, 0);
        }
        self.strings[word] |= 1 << (id % 64);
    }

    /// Adds what another thread has reached.
    pub(crate) fn merge(&mut self, other: Reached) {
        if other.strings.len() > self.strings.len() {
            self.strings.resize(other.strings.len(), 0);
        }
        for (word, other) in self.strings.iter_mut().zip(&other.strings) {
            *word |= other;
        }
        self.homes.merge(other.homes);
    }

    /// # Safety
    /// As for [`Reached::note`].
    unsafe fn contains(&self, s: NonNull<PoolStr>) -> bool {
        // SAFETY: the caller's promise.
        let id = unsafe { (*s.as_ptr().cast::<Str>()).id };
        self.strings.get(id as usize / 64).is_some_and(|word| word & 1 << (id % 64) != 0)
    }
}

impl Side {
    /// A cycle has marked all: gives up the strings of the pool and the prototypes that it did not reach. Answers how many bytes were
    /// charged for these strings.
    pub(crate) fn release_unreached(&mut self, mut reached: Reached) -> usize {
        let mut freed = 0;
        self.homes.release_unreached(std::mem::take(&mut reached.homes));
        // SAFETY: the VM counts these strings until they are released here; nothing in it refers to them any more.
        unsafe {
            let gone: Vec<_> = self.strings.of_pool().filter(|s| !reached.contains(*s)).collect();
            for s in gone {
                self.strings.remove(s.as_ptr().cast());
                pool::release(s);
            }
            self.adopted.0.retain(|&s| {
                let keep = reached.contains(s);
                if !keep {
                    freed += s.as_ref().bytes();
                    pool::release(s);
                }
                keep
            });
        }
        freed
    }
}

impl Drop for Side {
    /// Runs after the heap has freed all objects: nothing refers to the strings any more, and those of the VM have left the table.
    fn drop(&mut self) {
        for s in self.strings.of_pool().chain(self.adopted.0.drain(..)) {
            // SAFETY: counted once by `adopt`.
            unsafe { pool::release(s) };
        }
    }
}
