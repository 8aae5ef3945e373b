//! The layout of memory: pages of equal slots, and blocks with one object.
//!
//! ```text
//! Page:  | Page header | slot | slot | slot | ... |
//! slot:  | mark 0 | kind 0 | ... | next free slot | ... |   free
//!        | mark   | kind   | the object ...             |   in use
//! Large: | Large header | the object ... |
//! ```

use std::alloc::Layout;
use std::mem::offset_of;
use std::ptr::{self, NonNull};

use crate::Header;
use crate::size_class::ALIGN;

/// A slot without an object. Its first two bytes are a [`Header`] with mark 0.
#[repr(C)]
pub(crate) struct FreeSlot {
    header: Header,
    pub(crate) next: *mut FreeSlot,
}

const _: () = assert!(size_of::<FreeSlot>() <= ALIGN);

/// A raw block that is not in use. It needs no header: nobody looks at all the blocks of a page.
#[repr(C)]
pub(crate) struct FreeBlock {
    /// Of the first block of a list: where the next list begins.
    pub(crate) next_list: *mut FreeBlock,
    pub(crate) next: *mut FreeBlock,
}

const _: () = assert!(size_of::<FreeBlock>() <= ALIGN);
// New pages list their slots, whatever they are for.
const _: () = assert!(offset_of!(FreeBlock, next) == offset_of!(FreeSlot, next));

/// Begins a page; the slots follow.
#[repr(C, align(16))]
pub(crate) struct Page {
    /// Next in the list that holds the page.
    pub(crate) next: *mut Page,
    /// Next in the list of swept pages that have free slots, or of those that new objects went to.
    pub(crate) next_available: *mut Page,
    /// Free slots, by address. Null when the allocator has taken them over.
    pub(crate) free: *mut FreeSlot,
    /// Size of the whole page.
    pub(crate) bytes: u32,
    /// Number of slots.
    pub(crate) slots: u16,
    /// Of a page of raw blocks: the length of `free`, which holds some only while the heap is trimmed.
    pub(crate) listed: u16,
}

pub(crate) const PAGE_HEADER: usize = size_of::<Page>();
const _: () = assert!(PAGE_HEADER == 32);

/// Begins a block that holds one object.
#[repr(C, align(16))]
pub(crate) struct Large {
    pub(crate) next: *mut Large,
    /// Bytes of the object as charged, without this header.
    pub(crate) bytes: usize,
}

pub(crate) const LARGE_HEADER: usize = size_of::<Large>();

/// The layout of any block that is asked of a page source.
///
/// # Panics
///
/// If `bytes` exceeds `isize::MAX`, which callers have ruled out.
pub(crate) fn block_layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, ALIGN).expect("callers bound the size of blocks")
}

impl FreeSlot {
    /// Makes the bytes at `at` a free slot.
    ///
    /// # Safety
    ///
    /// `at` begins a slot without an object.
    #[inline(always)]
    pub(crate) unsafe fn write(at: NonNull<u8>, next: *mut FreeSlot) -> *mut FreeSlot {
        let slot = at.cast::<FreeSlot>();
        // SAFETY: a slot has at least 16 bytes and is aligned to 16.
        unsafe {
            Header::write(slot.cast(), 0, 0);
            (&raw mut (*slot.as_ptr()).next).write(next);
        }
        slot.as_ptr()
    }
}

impl FreeBlock {
    /// Puts a block before a list; returns it.
    ///
    /// # Safety
    ///
    /// Nobody uses the block.
    #[inline(always)]
    pub(crate) unsafe fn write(block: NonNull<u8>, next: *mut FreeBlock) -> *mut FreeBlock {
        let block = block.cast::<FreeBlock>();
        // SAFETY: a block has at least 16 bytes and is aligned to 16.
        unsafe { (&raw mut (*block.as_ptr()).next).write(next) };
        block.as_ptr()
    }
}

impl Page {
    /// Makes a block a page whose slots are all free.
    ///
    /// # Safety
    ///
    /// The block has `bytes` bytes, aligned to 16, and nobody uses it.
    pub(crate) unsafe fn create(block: NonNull<u8>, bytes: usize, slot_size: usize) -> NonNull<Page> {
        let slots = Page::slots_in(bytes, slot_size);
        let page = block.cast::<Page>();
        // SAFETY: all slots lie inside of the block, which is ours.
        unsafe {
            let mut free = ptr::null_mut();
            for index in (0..slots).rev() {
                free = FreeSlot::write(block.add(PAGE_HEADER + index * slot_size), free);
            }
            page.write(Page {
                next: ptr::null_mut(),
                next_available: ptr::null_mut(),
                free,
                bytes: bytes as u32,
                slots: slots as u16,
                listed: 0,
            });
        }
        page
    }

    /// How many slots a page has. Among the size classes, pages of one size have
    /// the same number only if their slots are of the same size.
    pub(crate) const fn slots_in(bytes: usize, slot_size: usize) -> usize {
        (bytes - PAGE_HEADER) / slot_size
    }

    /// The first slot; the others follow without gaps.
    #[inline(always)]
    pub(crate) fn first_slot(page: NonNull<Page>) -> NonNull<u8> {
        // SAFETY: a page is longer than its header.
        unsafe { page.cast::<u8>().add(PAGE_HEADER) }
    }
}

impl Large {
    /// The object in the block.
    #[inline(always)]
    pub(crate) fn object(large: NonNull<Large>) -> NonNull<Header> {
        // SAFETY: a block is longer than its header.
        unsafe { large.cast::<u8>().add(LARGE_HEADER).cast() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refill::STANDARD;
    use crate::size_class::{CLASSES, slot_size};

    #[test]
    fn the_number_of_slots_tells_the_class_of_a_standard_page() {
        for class in 1..CLASSES {
            let slots = Page::slots_in(STANDARD, slot_size(class));
            assert!(slots < Page::slots_in(STANDARD, slot_size(class - 1)));
        }
    }
}
