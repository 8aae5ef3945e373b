//! Raw blocks that a worker takes from dead objects. Free lists and page source belong
//! to the VM's thread, so the worker only collects what the heap takes over.

use std::ptr::{self, NonNull};

use crate::blocks::FreeSlot;
use crate::size_class::{CLASSES, LARGEST, charged, class_of};
use crate::{Heap, Model};

/// Takes raw blocks back: a [`Heap`], or the [`Freed`] of a thread that sweeps for one.
pub trait FreeRaw {
    /// Gives a raw block back.
    ///
    /// # Safety
    ///
    /// `block` came from [`Heap::alloc_raw`] of the heap that this works for, with the same
    /// `size`, and nothing uses it any more.
    unsafe fn free_raw(&mut self, block: NonNull<u8>, size: usize);
}

impl<M: Model> FreeRaw for Heap<M> {
    #[inline]
    unsafe fn free_raw(&mut self, block: NonNull<u8>, size: usize) {
        // SAFETY: the caller's promise.
        unsafe { Heap::free_raw(self, block, size) }
    }
}

/// Raw blocks that were given back on another thread than the VM's.
pub struct Freed {
    /// The blocks of each class.
    lists: [List; CLASSES],
    /// Blocks that came from the page source.
    large: *mut LargeBlock,
    /// Bytes of slots and blocks, as charged.
    pub(crate) bytes: usize,
}

/// What a block beyond the size classes holds while it waits.
#[repr(C)]
struct LargeBlock {
    next: *mut LargeBlock,
    size: usize,
}

const _: () = assert!(size_of::<LargeBlock>() <= LARGEST);

/// Free blocks of one class.
struct List {
    first: *mut FreeSlot,
    last: *mut FreeSlot,
    count: usize,
}

impl List {
    const NEW: List = List { first: ptr::null_mut(), last: ptr::null_mut(), count: 0 };

    /// # Safety
    ///
    /// The block is free and of the list's class.
    unsafe fn push(&mut self, block: NonNull<u8>) {
        // SAFETY: the caller's promise.
        self.first = unsafe { FreeSlot::write(block, self.first) };
        if self.last.is_null() {
            self.last = self.first;
        }
        self.count += 1;
    }

    /// Puts all blocks before `rest`; returns the first one.
    fn splice(&mut self, rest: *mut FreeSlot) -> *mut FreeSlot {
        let list = std::mem::replace(self, List::NEW);
        match NonNull::new(list.last) {
            Some(last) => {
                // SAFETY: blocks in lists are free.
                unsafe { (*last.as_ptr()).next = rest };
                list.first
            }
            None => rest,
        }
    }
}

// SAFETY: nobody else uses the blocks.
unsafe impl Send for Freed {}

impl Freed {
    pub(crate) const fn new() -> Self {
        Freed { lists: [List::NEW; CLASSES], large: ptr::null_mut(), bytes: 0 }
    }

    /// Adds what another thread has collected.
    pub(crate) fn append(&mut self, other: &mut Freed) {
        for (list, from) in self.lists.iter_mut().zip(&mut other.lists) {
            list.count += from.count;
            if list.last.is_null() {
                list.last = from.last;
            }
            list.first = from.splice(list.first);
        }
        while let Some((block, size)) = other.next_large() {
            // SAFETY: the block is free and larger than its record.
            unsafe { self.push_large(block, size) };
        }
        self.bytes += std::mem::take(&mut other.bytes);
    }

    /// # Safety
    ///
    /// The block is free and has `size` bytes, more than [`LARGEST`].
    unsafe fn push_large(&mut self, block: NonNull<u8>, size: usize) {
        let record = block.cast::<LargeBlock>().as_ptr();
        // SAFETY: the caller promises it; blocks are aligned to 16.
        unsafe { record.write(LargeBlock { next: self.large, size }) };
        self.large = record;
    }

    fn next_large(&mut self) -> Option<(NonNull<u8>, usize)> {
        let block = NonNull::new(self.large)?;
        // SAFETY: blocks in the list hold a record.
        let record = unsafe { block.read() };
        self.large = record.next;
        Some((block.cast(), record.size))
    }
}

impl FreeRaw for Freed {
    #[inline]
    unsafe fn free_raw(&mut self, block: NonNull<u8>, size: usize) {
        self.bytes += charged(size);
        // SAFETY: the caller promises that nothing uses the block.
        unsafe {
            if size > LARGEST {
                return self.push_large(block, size);
            }
            self.lists[class_of(size)].push(block);
        }
    }
}

impl<M: Model> Heap<M> {
    /// Takes over what another thread has freed, slots in pages included.
    pub(crate) fn take_freed(&mut self, freed: &mut Freed) {
        self.bytes -= freed.bytes;
        self.swept_bytes += freed.bytes;
        freed.bytes = 0;
        for (class, list) in freed.lists.iter_mut().enumerate() {
            self.raw_used[class] -= list.count;
            self.raw_free[class] = list.splice(self.raw_free[class]);
        }
        while let Some((block, size)) = freed.next_large() {
            // SAFETY: the block came from this heap and is free.
            unsafe { self.release_raw_large(block, size) };
        }
    }
}
