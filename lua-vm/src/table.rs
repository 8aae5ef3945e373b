//! Tables: an array part, a hash part, a metatable.
//!
//! ```text
//!            payloads grow down      tags grow up
//!   ┌──────┬──────┬──────┬──────┬───┬───┬───┬───┐
//!   │  p3  │  p2  │  p1  │  p0  │t0 │t1 │t2 │t3 │      9 bytes a slot
//!   └──────┴──────┴──────┴──────┴───┴───┴───┴───┘
//!                               ▲ `array`
//!
//!   node: { payload 8 | tag 1 | key tag 1 | spare 2 | next 4 | key 8 }    24 bytes
//! ```
//!
//! The hash part is chained scatter with Brent's variation: a key stands in its main
//! position unless the key that stands there is in *its* main position. There is a power of two of main positions; in
//! small tables half as many nodes may follow that are nobody's main position. A removed
//! key keeps its node, with a nil value, until the next rehash, so that a traversal can clear fields; such a
//! key may point to freed memory and is compared by address only.
//!
//! **Weak tables** keep everything in the hash part, under key tags that carry
//! [`HIDDEN`]: every inline fast path misses, and the slow path marks what it reads
//! while a cycle runs. The same bit hides the field `__mode` of any table, so that assigning to it is noticed, and the field `__index` of
//! metatables on which cached answers depend (`chains.rs`).

mod chains;
mod key;
mod next;
mod resize;
mod slots;
mod template;
mod weakness;

use lua_gc::{FreeRaw, Header, OutOfMemory};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::object::{Heap, kind};
use crate::string::Str;
use crate::value::{Value, tag};

pub(crate) use chains::{Behind, Chains};
pub(crate) use key::{KeyError, is_plain};
pub(crate) use slots::{View, Visitor};
pub(crate) use template::Blank;

/// Set in the key tag of nodes that fast paths must not find.
pub(crate) const HIDDEN: u8 = 0x40;
/// The key tag of a node that never had a key.
pub(crate) const NO_KEY: u8 = tag::NIL;

/// [`Table::flags`]: values are weak.
pub(crate) const WEAK_VALUES: u8 = 1;
/// [`Table::flags`]: keys are weak.
pub(crate) const WEAK_KEYS: u8 = 2;
/// [`Table::flags`]: the table is the metatable of something.
pub(crate) const IS_METATABLE: u8 = 4;
/// [`Table::flags`]: entries of the cache of `__index` chains depend on the table.
pub(crate) const IN_CHAIN: u8 = 8;
/// [`Table::flags`]: the key `__index` is hidden.
pub(crate) const HIDES: u8 = 16;

/// [`Table::flags`]: of a metatable, how much room for fields its objects get at first ([`resize`]).
const ROOM_SHIFT: u32 = 5;

/// A node of the hash part. Its first 9 bytes are a [`Value`].
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Node {
    payload: u64,
    tag: u8,
    key_tag: u8,
    /// Of the first two nodes: half of [`Table::last_free`].
    spare: u16,
    /// Distance in nodes to the next one of the chain; 0 ends it.
    next: i32,
    key: u64,
}

/// Bytes of a node.
pub(crate) const NODE: usize = size_of::<Node>();
const _: () = assert!(NODE == 24);

impl Node {
    #[inline(always)]
    pub(crate) fn value(&self) -> Value {
        Value { payload: self.payload, tag: self.tag }
    }
    #[inline(always)]
    pub(crate) fn key(&self) -> Value {
        Value { payload: self.key, tag: self.key_tag & !HIDDEN }
    }
    /// Whether the key is the short string `key`, if it is a string at all ([`Node::is_seen`]).
    ///
    /// # Safety
    /// `this` is a node of a live table.
    #[inline(always)]
    pub(crate) unsafe fn has_key(this: *const Node, key: *const Str) -> bool {
        // SAFETY: the caller's promise.
        unsafe { (*this).key == key.addr() as u64 }
    }
    /// Whether the key is a short string that fast paths may find, and has a value.
    ///
    /// # Safety
    /// `this` is a node of a live table.
    #[inline(always)]
    pub(crate) unsafe fn is_seen(this: *const Node) -> bool {
        const { assert!(tag::NIL == 0 && std::mem::offset_of!(Node, key_tag) == std::mem::offset_of!(Node, tag) + 1) };
        // SAFETY: the caller's promise; both tags lie side by side at an even offset.
        let tags = unsafe { u16::from_le((&raw const (*this).tag).cast::<u16>().read()) };
        tags.wrapping_sub((tag::SHORT as u16) << 8 | 1) < 0xff
    }
    /// Whether the node has no value: free, or removed.
    #[inline(always)]
    pub(crate) fn is_vacant(&self) -> bool {
        self.tag == tag::NIL
    }
    /// The value's slot.
    #[inline(always)]
    pub(crate) fn slot(this: *mut Node) -> *mut Value {
        this.cast()
    }
}

/// Bytes of as many nodes as 16 bits can count.
const SMALL: u32 = u16::MAX as u32 * NODE as u32;

struct Dummy(Node);
// SAFETY: never written: it has no key, so that no store finds it, and `free_position` is not asked of it.
unsafe impl Sync for Dummy {}
/// The hash part of tables that have none.
static DUMMY: Dummy = Dummy(Node { payload: 0, tag: tag::NIL, key_tag: NO_KEY, spare: 0, next: 0, key: 0 });

fn dummy() -> *mut Node {
    (&raw const DUMMY.0).cast_mut()
}

/// A table.
#[repr(C)]
pub(crate) struct Table {
    pub(crate) header: Header,
    /// As a metatable: a bit for each of the first seven [`crate::meta::Event`]s that it is known to lack, and `INDEX_CALLS`.
    pub(crate) absent: u8,
    pub(crate) flags: u8,
    /// Slots of the array part.
    pub(crate) array_len: u32,
    /// Between payloads (below) and tags (from here).
    pub(crate) array: *mut u8,
    pub(crate) nodes: *mut Node,
    pub(crate) meta: *mut Table,
    /// Number of main positions less one. There may be half as many nodes again behind them, which take keys that collide.
    pub(crate) node_mask: u32,
    /// Bytes of all nodes: what a cached offset is checked against.
    pub(crate) node_bytes: u32,
    /// The names that the table may have: for each key that is a short string a bit, which its hash decides. So what lacks its bit is
    /// no key at all, hidden or not; of a key without value the bit stays until the next rehash.
    names: u32,
    /// Where the last `#` found a border; a hint.
    /// In a cell, because `#` must not claim a table that another thread may be reading.
    border: Cell<u32>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Table>() == 48);

impl Table {
    /// An empty table with room for so many items and fields.
    pub(crate) fn new(heap: &mut Heap, array: usize, hash: usize) -> Result<*mut Table, OutOfMemory> {
        let t = heap.alloc(size_of::<Table>(), kind::TABLE)?.as_ptr().cast::<Table>();
        // SAFETY: fresh memory of that size; every field is written.
        unsafe {
            (*t).absent = 0;
            (*t).flags = 0;
            (*t).array_len = 0;
            (*t).array = ptr::null_mut();
            (*t).nodes = dummy();
            (*t).meta = ptr::null_mut();
            (*t).node_mask = 0;
            (*t).node_bytes = NODE as u32;
            (*t).names = 0;
            (*t).border = Cell::new(0);
            if array | hash != 0 {
                Table::presize(heap, t, array, hash)?;
            }
        }
        Ok(t)
    }

    #[inline(always)]
    pub(crate) fn has_dummy(&self) -> bool {
        ptr::eq(self.nodes, dummy())
    }

    /// # Safety
    /// `i < array_len`.
    #[inline(always)]
    pub(crate) unsafe fn array_tag(&self, i: usize) -> *mut u8 {
        // SAFETY: the caller's promise; the block has `array_len` tags from `array` on.
        unsafe { self.array.add(i) }
    }

    /// # Safety
    /// `i < array_len`.
    #[inline(always)]
    pub(crate) unsafe fn array_payload(&self, i: usize) -> *mut u64 {
        // SAFETY: the caller's promise; the block has `array_len` payloads below `array`.
        unsafe { self.array.cast::<u64>().offset(!(i as isize)) }
    }

    /// # Safety
    /// `i < array_len`.
    #[inline(always)]
    pub(crate) unsafe fn array_get(&self, i: usize) -> Value {
        // SAFETY: the caller's promise.
        unsafe { Value { payload: *self.array_payload(i), tag: *self.array_tag(i) } }
    }

    /// # Safety
    /// `i < array_len`; the barrier has run.
    #[inline(always)]
    pub(crate) unsafe fn array_set(this: *mut Table, i: usize, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            *(*this).array_payload(i) = value.payload;
            *(*this).array_tag(i) = value.tag;
        }
    }

    #[inline(always)]
    pub(crate) fn is_weak(&self) -> bool {
        self.flags & (WEAK_KEYS | WEAK_VALUES) != 0
    }

    /// The bit in [`Table::names`] of a name with this hash.
    #[inline(always)]
    const fn name_bit(hash: u32) -> u32 {
        1 << (hash & 31)
    }

    /// Whether a short string is certainly no key of the table, not even a hidden one. It may be none, too, where this is false.
    ///
    /// # Safety
    /// Both are live.
    #[inline(always)]
    pub(crate) unsafe fn lacks(this: *const Table, key: *const Str) -> bool {
        // SAFETY: the caller's promise.
        unsafe { (*this).names & Table::name_bit((*key).short_hash()) == 0 }
    }

    /// All nodes from here on are taken; kept in spare bytes of the nodes.
    ///
    /// # Safety
    /// A live table with nodes of its own.
    #[inline(always)]
    unsafe fn last_free(this: *const Table) -> u32 {
        // SAFETY: the caller's promise; a table with so many nodes has a second one.
        unsafe {
            let low = u32::from((*(*this).nodes).spare);
            if (*this).node_bytes <= SMALL { low } else { low | u32::from((*(*this).nodes.add(1)).spare) << 16 }
        }
    }

    /// # Safety
    /// As for [`Table::last_free`].
    #[inline(always)]
    unsafe fn set_last_free(this: *mut Table, count: u32) {
        // SAFETY: as there.
        unsafe {
            (*(*this).nodes).spare = count as u16;
            if (*this).node_bytes > SMALL {
                (*(*this).nodes.add(1)).spare = (count >> 16) as u16;
            }
        }
    }

    /// The node with this short string as its key, if there is one that fast paths may see.
    #[inline(always)]
    pub(crate) fn find_name(&self, key: *const Str) -> Option<*mut Node> {
        self.search_name::<0>(key)
    }

    /// The node with this short string as its key, hidden or not.
    #[inline(always)]
    pub(crate) fn find_any_name(&self, key: *const Str) -> Option<*mut Node> {
        self.search_name::<HIDDEN>(key)
    }

    /// Searches for a short string; the bits of the key tag that are not looked at are given.
    #[inline(always)]
    fn search_name<const IGNORED: u8>(&self, key: *const Str) -> Option<*mut Node> {
        // SAFETY: `node_mask` bounds the main position; `next` stays inside the nodes (`resize.rs`, `insert`).
        unsafe {
            let mut node = self.nodes.add(((*key).short_hash() & self.node_mask) as usize);
            loop {
                if (*node).key == key.addr() as u64 && (*node).key_tag & !IGNORED == tag::SHORT {
                    return Some(node);
                }
                let next = (*node).next;
                if next == 0 {
                    return None;
                }
                node = node.offset(next as isize);
            }
        }
    }

    /// `t[key]` for a short string, raw.
    ///
    /// # Safety
    /// `key` is the VM's string; if the table is weak, the caller marks what it gets.
    #[inline(always)]
    pub(crate) unsafe fn get_name(&self, key: *mut Str) -> Value {
        match self.find_name(key) {
            // SAFETY: a node of this table.
            Some(node) => unsafe { (*node).value() },
            // SAFETY: the caller's promise.
            None => unsafe { self.get_hidden(key) },
        }
    }

    #[inline(always)]
    unsafe fn get_hidden(&self, key: *mut Str) -> Value {
        // Only weak tables, `__mode` and some `__index` have hidden names.
        // SAFETY: a live string.
        if self.flags & (WEAK_KEYS | WEAK_VALUES | HIDES) != 0 || unsafe { (*key).len() == 6 && (*key).bytes() == b"__mode" } {
            // SAFETY: as above.
            let found = unsafe { self.find(Value { payload: key.expose_provenance() as u64, tag: tag::SHORT }) };
            // SAFETY: a node of this table.
            return found.map_or(Value::NIL, |node| unsafe { (*node).value() });
        }
        Value::NIL
    }

    /// `t[i]`, raw.
    #[inline(always)]
    pub(crate) fn get_int(&self, i: i64) -> Value {
        let at = (i as u64).wrapping_sub(1);
        if at < self.array_len as u64 {
            // SAFETY: just checked.
            return unsafe { self.array_get(at as usize) };
        }
        self.get_int_hashed(i)
    }

    pub(crate) fn get_int_hashed(&self, i: i64) -> Value {
        // SAFETY: as in `find_name`.
        unsafe {
            let mut node = self.nodes.add((key::int_hash(i) & self.node_mask) as usize);
            loop {
                if (*node).key == i as u64 && (*node).key_tag & !HIDDEN == tag::INT {
                    return (*node).value();
                }
                let next = (*node).next;
                if next == 0 {
                    return Value::NIL;
                }
                node = node.offset(next as isize);
            }
        }
    }

    /// `t[key]`, raw.
    ///
    /// # Safety
    /// `key` is a live value of this VM; if the table is weak, the caller marks what it gets.
    pub(crate) unsafe fn get(&self, key: Value) -> Value {
        match key.tag {
            // SAFETY: the caller's promise.
            tag::SHORT => unsafe { self.get_name(key.as_str()) },
            tag::INT => self.get_int(key.as_int()),
            tag::NIL => Value::NIL,
            tag::FLOAT => match lua_proto::number::float_to_int(key.as_float()) {
                Some(i) => self.get_int(i),
                // SAFETY: the caller's promise.
                None => unsafe { self.find(key).map_or(Value::NIL, |n| (*n).value()) },
            },
            // SAFETY: the caller's promise.
            _ => unsafe { self.find(key).map_or(Value::NIL, |n| (*n).value()) },
        }
    }

    /// `t[key] = value`, raw. The key must not be nil or NaN; see [`Table::set`].
    ///
    /// # Safety
    /// All are live values of the heap's VM.
    #[inline]
    pub(crate) unsafe fn set_int(heap: &mut Heap, t: *mut Table, i: i64, value: Value) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let at = (i as u64).wrapping_sub(1);
            if at < (*t).array_len as u64 {
                Table::barrier_item(heap, t, at as usize, value);
                Table::array_set(t, at as usize, value);
                return Ok(());
            }
            Table::set_node(heap, t, Value::int(i), value)
        }
    }

    /// Moves the items `first..=last` to `to` and behind, if all of these places stand in the array part.
    ///
    /// # Safety
    /// A live table of the heap's VM.
    pub(crate) unsafe fn shift(heap: &mut Heap, t: *mut Table, first: i64, last: i64, to: i64) -> bool {
        let len = i64::from((*t).array_len);
        if first < 1 || to < 1 || last < first || last > len || to > len - (last - first) {
            return false;
        }
        let (from, to, count) = (first as usize - 1, to as usize - 1, (last - first) as usize + 1);
        // SAFETY: both ranges lie in the array part, where payloads go down from its middle and tags go up.
        unsafe {
            if heap.needs_barrier(NonNull::new_unchecked(t.cast())) {
                for i in 0..count {
                    Table::barrier_item(heap, t, to + i, (*t).array_get(from + i));
                }
            }
            ptr::copy((*t).array_tag(from), (*t).array_tag(to), count);
            ptr::copy((*t).array_payload(from + count - 1), (*t).array_payload(to + count - 1), count);
        }
        true
    }

    /// `t[key] = value`, raw.
    ///
    /// # Safety
    /// All are live values of the heap's VM.
    pub(crate) unsafe fn set(heap: &mut Heap, t: *mut Table, key: Value, value: Value) -> Result<(), KeyError> {
        // SAFETY: the caller's promise.
        unsafe {
            match key.tag {
                tag::INT => Table::set_int(heap, t, key.as_int(), value)?,
                tag::FLOAT => {
                    let f = key.as_float();
                    match lua_proto::number::float_to_int(f) {
                        Some(i) => Table::set_int(heap, t, i, value)?,
                        None if f.is_nan() => return Err(KeyError::Nan),
                        None => Table::set_node(heap, t, key, value)?,
                    }
                }
                tag::NIL => return Err(KeyError::Nil),
                _ => Table::set_node(heap, t, key, value)?,
            }
        }
        Ok(())
    }

    /// Stores under a normalised key that does not stand in the array part.
    ///
    /// # Safety
    /// As for [`Table::set`].
    pub(crate) unsafe fn set_node(heap: &mut Heap, t: *mut Table, key: Value, value: Value) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise; the barrier stands directly before the stores.
        unsafe {
            if let Some(node) = (*t).find(key) {
                let keeps = !(*node).is_vacant() && !value.is_nil() && (*node).key_tag & HIDDEN == 0;
                Table::barrier_node(heap, t, node);
                // The value may come back to a key whose object was the node's only reference to it.
                (*node).key = key.payload;
                (*node).payload = value.payload;
                (*node).tag = value.tag;
                if !keeps {
                    Table::changed(heap, t);
                }
                return Ok(());
            }
            if value.is_nil() {
                return Ok(());
            }
            Table::insert(heap, t, key, value)
        }
    }

    /// What was known of the table as a metatable or a part of a chain does not hold any more.
    ///
    /// # Safety
    /// A live table.
    #[inline(always)]
    pub(crate) unsafe fn changed(heap: &mut Heap, t: *mut Table) {
        // SAFETY: the caller's promise.
        unsafe {
            (*t).absent = 0;
            if (*t).flags & IN_CHAIN != 0 {
                heap.side.chains.forget();
            }
        }
    }

    /// A border (§3.4.7): found by a remembered hint, by binary search in the array part, or by
    /// doubling in the hash part.
    pub(crate) fn len(&self) -> u64 {
        let n = self.array_len as usize;
        // SAFETY: every index below is less than `array_len`.
        unsafe {
            if n > 0 {
                let hint = self.border.get() as usize;
                if hint > 0 && hint <= n && *self.array_tag(hint - 1) != tag::NIL {
                    if hint < n && *self.array_tag(hint) == tag::NIL {
                        return hint as u64;
                    }
                    // Appending moves a border by one.
                    if hint + 1 < n && *self.array_tag(hint + 1) == tag::NIL {
                        self.border.set(hint as u32 + 1);
                        return hint as u64 + 1;
                    }
                } else if hint > 1 && hint <= n && *self.array_tag(hint - 2) != tag::NIL {
                    self.border.set(hint as u32 - 1);
                    return hint as u64 - 1;
                }
                if *self.array_tag(n - 1) == tag::NIL {
                    let (mut low, mut high) = (0, n);
                    while high - low > 1 {
                        let middle = (low + high) / 2;
                        if *self.array_tag(middle - 1) == tag::NIL {
                            high = middle;
                        } else {
                            low = middle;
                        }
                    }
                    self.border.set(low as u32);
                    return low as u64;
                }
                self.border.set(n as u32);
            }
        }
        if self.has_dummy() || self.get_int_hashed(n as i64 + 1).is_nil() {
            return n as u64;
        }
        self.hash_border(n as u64 + 1)
    }

    /// A border above `low`, whose slot is not nil.
    fn hash_border(&self, mut low: u64) -> u64 {
        let mut high = low;
        loop {
            high = high.saturating_mul(2);
            if high > i64::MAX as u64 {
                high = i64::MAX as u64;
                if !self.get_int(high as i64).is_nil() {
                    return high;
                }
                break;
            }
            if self.get_int(high as i64).is_nil() {
                break;
            }
            low = high;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.get_int(middle as i64).is_nil() {
                high = middle;
            } else {
                low = middle;
            }
        }
        low
    }

    /// The nodes, for tracing and traversal.
    #[inline(always)]
    pub(crate) fn node_count(&self) -> usize {
        self.node_bytes as usize / NODE
    }

    /// Whether stores to this table may change what other tables mean: it is a metatable.
    #[inline(always)]
    pub(crate) fn watches(this: *const Table) -> bool {
        // SAFETY: a live table.
        unsafe { (*this).flags & IS_METATABLE != 0 }
    }

    /// How many nodes [`Table::resize`] must be asked for to keep the hash part as it is.
    ///
    /// # Safety
    /// A live table.
    pub(crate) unsafe fn used_nodes(this: *const Table) -> usize {
        // SAFETY: the caller's promise.
        unsafe { if (*this).has_dummy() { 0 } else { (*this).node_count() } }
    }

    /// Bytes of array and hash part.
    pub(crate) fn store_bytes(&self) -> usize {
        self.array_len as usize * 9 + if self.has_dummy() { 0 } else { self.node_count() * NODE }
    }

    /// Gives array and hash part back.
    ///
    /// # Safety
    /// The table is dead.
    pub(crate) unsafe fn free_stores(heap: &mut impl FreeRaw, t: *mut Table) {
        // SAFETY: the stores were allocated with these sizes (`resize.rs`).
        unsafe {
            resize::free_array(heap, (*t).array, (*t).array_len);
            resize::free_nodes(heap, (*t).nodes, (*t).node_bytes);
        }
    }
}
