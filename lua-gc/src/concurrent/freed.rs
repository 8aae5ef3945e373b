//! Raw blocks that a worker takes from dead objects. Free lists and page source belong
//! to the VM's thread, so the worker only collects what the heap takes over.

use std::ptr::{self, NonNull};

use crate::blocks::FreeBlock;
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
    lists: [Lists; CLASSES],
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

/// Free blocks of one class: lists, as the heap has them.
struct Lists {
    /// Where the first list begins.
    first: *mut FreeBlock,
    /// Where the last one begins; null as long as `first` is the only one.
    last: *mut FreeBlock,
    /// Number of blocks.
    count: usize,
}

impl Lists {
    const NEW: Lists = Lists { first: ptr::null_mut(), last: ptr::null_mut(), count: 0 };

    /// Puts a block first in the only list.
    ///
    /// # Safety
    ///
    /// The block is free and of the lists' class; nothing has been prepended.
    unsafe fn push(&mut self, block: NonNull<u8>) {
        debug_assert!(self.last.is_null());
        // SAFETY: the caller's promise.
        self.first = unsafe { FreeBlock::write(block, self.first) };
        self.count += 1;
    }

    /// Puts other lists before these.
    fn prepend(&mut self, other: &mut Lists) {
        let other = std::mem::replace(other, Lists::NEW);
        self.count += other.count;
        let last = if other.last.is_null() { other.first } else { other.last };
        if let Some(last) = NonNull::new(last) {
            // SAFETY: blocks in lists are free.
            unsafe { (*last.as_ptr()).next_list = self.first };
            self.first = other.first;
            if self.last.is_null() {
                self.last = last.as_ptr();
            }
        }
    }
}

// SAFETY: nobody else uses the blocks.
unsafe impl Send for Freed {}

impl Freed {
    pub(crate) const fn new() -> Self {
        Freed { lists: [Lists::NEW; CLASSES], large: ptr::null_mut(), bytes: 0 }
    }

    /// Adds what another thread has collected.
    pub(crate) fn append(&mut self, other: &mut Freed) {
        for (lists, from) in self.lists.iter_mut().zip(&mut other.lists) {
            lists.prepend(from);
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
        for (class, lists) in freed.lists.iter_mut().enumerate() {
            self.raw_used[class] -= lists.count;
            let mut all = Lists { first: self.raw[class].lists, ..Lists::NEW };
            all.prepend(lists);
            self.raw[class].lists = all.first;
        }
        while let Some((block, size)) = freed.next_large() {
            // SAFETY: the block came from this heap and is free.
            unsafe { self.release_raw_large(block, size) };
        }
    }
}
