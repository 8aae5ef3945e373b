//! What lies behind the `__index` of metatables: one cache for all instructions of a VM.
//!
//! A name that an object lacks stands in its class, in a class above that, or nowhere: the answer depends on the metatable and
//! the name alone. An entry holds for as long as no table on the way from the metatable to the answer changes, in what names it
//! has, where its nodes are, what its `__index` is or what its metatable is. Such tables carry [`IN_CHAIN`](super::IN_CHAIN), and
//! whatever changes one of them makes all entries void. Stores to fields that have a value and keep one are no such changes; so that
//! a store to `__index` cannot be taken for one, the keys `__index` of metatables in a chain are [`HIDDEN`](super::HIDDEN) from fast paths.
//!
//! Entries keep nothing alive: the end of marking makes them void, before anything that they name can be freed.

use std::ptr;

use super::{Node, Table, dummy};
use crate::meta::Event;
use crate::object::Heap;
use crate::string::Str;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// How far a chain of `__index` tables is followed here.
const SHORT_CHAIN: usize = 16;
/// The first size of the cache that was used, in entries, and the last.
const FEWEST: usize = 16;
const MOST: usize = 512;
/// Where the stamp stands in [`Entry::key`]; pointers of user space have 47 bits.
const STAMP: u64 = 1 << 48;

/// Where a name is found behind a metatable.
#[derive(Clone, Copy)]
struct Entry {
    meta: *mut Table,
    /// The name's address, and above it the stamp of the time when the entry was made.
    key: u64,
    /// A node with that name, or the dummy if there is none.
    node: *mut Node,
}

const VOID: Entry = Entry { meta: ptr::null_mut(), key: 0, node: ptr::null_mut() };

/// The cache: entries at places that metatable and name decide. It grows where they displace each other.
pub(crate) struct Chains {
    /// A power of two of them.
    entries: Box<[Entry]>,
    /// Their number less one.
    mask: u32,
    /// A multiple of [`STAMP`]: entries with another one are void.
    stamp: u64,
    displaced: usize,
}

impl Chains {
    /// A cache that has not been used.
    pub(crate) fn new() -> Chains {
        Chains { entries: Box::new([VOID]), mask: 0, stamp: 0, displaced: 0 }
    }

    #[inline(always)]
    fn place(&self, meta: *const Table, hash: u32) -> usize {
        (((meta.addr() >> 4) as u32).wrapping_add(hash) & self.mask) as usize
    }

    /// The node that is known for a name behind a metatable: the dummy if there is none. Its value may have become nil.
    ///
    /// # Safety
    /// Both are live.
    #[inline(always)]
    pub(crate) unsafe fn get(&self, meta: *mut Table, key: *mut Str) -> Option<*mut Node> {
        // SAFETY: there is a power of two of entries, so the place is one of them.
        let entry = unsafe { self.entries.get_unchecked(self.place(meta, Str::short_hash_again(key))) };
        (entry.meta == meta && entry.key == (key.addr() as u64 | self.stamp)).then_some(entry.node)
    }

    /// As [`Chains::get`], without nodes that had a value and have none now: something else may come to light behind them.
    ///
    /// # Safety
    /// As for [`Chains::get`].
    #[inline(always)]
    pub(crate) unsafe fn answer(&self, meta: *mut Table, key: *mut Str) -> Option<*mut Node> {
        // SAFETY: the caller's promise; an entry that holds names a node of a live table, or the dummy.
        unsafe { self.get(meta, key).filter(|&node| !(*node).is_vacant() || ptr::eq(node, dummy())) }
    }

    /// Makes all entries void.
    #[inline(always)]
    pub(crate) fn forget(&mut self) {
        self.stamp = self.stamp.wrapping_add(STAMP);
        if self.stamp == 0 {
            self.entries.fill(VOID);
        }
    }

    /// Remembers an answer.
    ///
    /// # Safety
    /// `key` is a live short string.
    unsafe fn put(heap: &mut Heap, meta: *mut Table, key: *mut Str, node: *mut Node) {
        let chains = &heap.side.chains;
        if chains.entries.len() < FEWEST || chains.displaced > chains.entries.len() && chains.entries.len() < MOST {
            Chains::grow(heap);
        }
        let chains = &mut heap.side.chains;
        // SAFETY: the caller's promise.
        let place = chains.place(meta, unsafe { (*key).short_hash() });
        let old = &mut chains.entries[place];
        chains.displaced += (!old.meta.is_null() && old.key & !(STAMP - 1) == chains.stamp) as usize;
        *old = Entry { meta, key: key.expose_provenance() as u64 | chains.stamp, node };
    }

    /// More entries, all void; as many as before if there is no memory.
    #[cold]
    fn grow(heap: &mut Heap) {
        let old = heap.side.chains.entries.len();
        let new = (old * 2).max(FEWEST);
        if heap.charge((new - old) * size_of::<Entry>()).is_ok() {
            let chains = &mut heap.side.chains;
            chains.entries = vec![VOID; new].into_boxed_slice();
            chains.mask = new as u32 - 1;
            chains.displaced = 0;
        }
    }
}

/// What there is behind the `__index` of a metatable.
pub(crate) enum Behind {
    /// A node of a table; the dummy, whose value is nil, if there is none with the name.
    Node(*mut Node),
    /// A function, to be called for this table.
    Function(Value, *mut Table),
    /// Something else: the general way finds out.
    Other,
}

impl Vm {
    /// Where a name is found that a table which is not weak, or another object, lacks itself; remembers it.
    ///
    /// # Safety
    /// `meta` is the object's metatable; `owner` the object if that is a table. All are live.
    #[inline(never)]
    pub(crate) unsafe fn behind(&mut self, mut owner: *mut Table, first: *mut Table, key: *mut Str) -> Behind {
        // SAFETY: the caller's promise.
        unsafe {
            let index = self.roots.event_name(Event::Index);
            if let Some(at) = (*first).find_name(index)
                && (*at).value().tag == tag::CLOSURE
                && !owner.is_null()
            {
                return Behind::Function((*at).value(), owner);
            }
            // Objects of this metatable may be weak some day.
            let remembered = self.handler_in(first, Event::Mode).is_nil();
            let mut meta = first;
            for _ in 0..SHORT_CHAIN {
                if (*meta).is_weak() {
                    return Behind::Other;
                }
                let at = if (*meta).absent & 1 << Event::Index as u8 != 0 { None } else { (*meta).find_any_name(index) };
                let Some(at) = at.filter(|&at| !(*at).is_vacant()) else {
                    (*meta).absent |= 1 << Event::Index as u8;
                    Table::join_chain(&mut self.heap, meta);
                    return self.found_behind(remembered, first, key, dummy());
                };
                let handler = (*at).value();
                match handler.tag {
                    tag::TABLE => {}
                    tag::CLOSURE if !owner.is_null() => return Behind::Function(handler, owner),
                    _ => return Behind::Other,
                }
                owner = handler.as_table();
                if (*owner).is_weak() {
                    return Behind::Other;
                }
                Table::hide_index(&mut self.heap, meta, at);
                Table::join_chain(&mut self.heap, owner);
                let found = (*owner).find_any_name(key).filter(|&node| !(*node).is_vacant());
                meta = (*owner).meta;
                if found.is_some() || meta.is_null() {
                    return self.found_behind(remembered, first, key, found.unwrap_or(dummy()));
                }
            }
            Behind::Other
        }
    }

    #[inline(always)]
    unsafe fn found_behind(&mut self, remembered: bool, meta: *mut Table, key: *mut Str, node: *mut Node) -> Behind {
        if remembered {
            // SAFETY: live, as the caller says.
            unsafe { Chains::put(&mut self.heap, meta, key, node) };
        }
        Behind::Node(node)
    }
}
