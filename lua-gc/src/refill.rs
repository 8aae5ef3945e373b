//! The slow paths of allocation: where slots come from when a list is empty.

use std::ptr::{self, NonNull};

use crate::blocks::{LARGE_HEADER, Large, PAGE_HEADER, Page, block_layout};
use crate::heap::{Class, RawClass};
use crate::size_class::{LARGEST, charged, class_of, slot_size};
use crate::trim::SLICE;
use crate::{Header, Heap, Model, OutOfMemory};

/// Size of pages once a class has grown.
pub(crate) const STANDARD: usize = 16 * 1024;
/// Size of the block that the first pages of a heap are cut from.
pub(crate) const STARTER: usize = 6 * 1024;
/// The first page of a class of small objects, and of one of small raw blocks, of which there are few in a small heap.
const FIRST: usize = 512;
const FIRST_RAW: usize = 224;
/// A class grows by one part in so many, until its pages are of the standard size.
const GROWTH: usize = 12;
/// Larger requests are refused at once, so that sums of sizes cannot overflow.
const ABSURD: usize = isize::MAX as usize / 2;
/// Pages without a free slot that one allocation looks at before it takes a new one.
const SWEEP_AT_ONCE: usize = 16;

impl<M: Model> Heap<M> {
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_slow(&mut self, size: usize, kind: u8) -> Result<NonNull<Header>, OutOfMemory> {
        self.admit(size)?;
        if size > LARGEST {
            return self.alloc_large(charged(size), kind);
        }
        let class = class_of(size);
        if self.free[class].is_null() {
            self.refill(class)?;
        }
        let slot = NonNull::new(self.free[class]).ok_or(OutOfMemory)?;
        self.bytes += slot_size(class);
        // SAFETY: lists in `free` hold slots that nobody uses.
        unsafe {
            self.free[class] = (*slot.as_ptr()).next;
            Header::write(slot.cast(), self.new_mark, kind);
        }
        Ok(slot.cast())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_raw_slow(&mut self, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        self.admit(size)?;
        let bytes = charged(size);
        if size > LARGEST {
            let block = self.request(bytes)?;
            self.bytes += bytes;
            return Ok(block);
        }
        let class = class_of(size);
        if self.raw_free[class].is_null() {
            self.refill_raw(class)?;
        }
        let slot = NonNull::new(self.raw_free[class]).ok_or(OutOfMemory)?;
        self.bytes += bytes;
        // SAFETY: lists in `raw_free` hold blocks that nobody uses.
        self.raw_free[class] = unsafe { (*slot.as_ptr()).next };
        self.raw_used[class] += 1;
        Ok(slot.cast())
    }

    /// Fills the empty list of a class of raw blocks.
    fn refill_raw(&mut self, class: usize) -> Result<(), OutOfMemory> {
        self.give_back_some();
        if self.raw_free[class].is_null() {
            self.raw_free[class] = self.take_raw_list(class);
        }
        if self.raw_free[class].is_null() {
            let page = self.new_page(slot_size(class), self.raw[class].bytes, FIRST_RAW)?;
            // SAFETY: the page is new and belongs to this heap.
            unsafe {
                self.raw_free[class] = (*page.as_ptr()).free.cast();
                (*page.as_ptr()).free = ptr::null_mut();
                self.raw[class].adopt(page);
            }
        }
        Ok(())
    }

    /// If the heap is larger than the program needs it, a slice of the work of giving memory back.
    fn give_back_some(&mut self) {
        if self.trim.is_some() || self.has_surplus() {
            let piece = self.meter.begin_short();
            self.trim_slice(SLICE);
            self.return_surplus();
            self.meter.end(piece);
        }
    }

    /// # Safety
    ///
    /// As [`Heap::free_raw`], for sizes above [`LARGEST`].
    pub(crate) unsafe fn release_raw_large(&mut self, block: NonNull<u8>, size: usize) {
        // SAFETY: `alloc_raw_slow` requested it with this layout.
        unsafe { self.pages.release(block, block_layout(charged(size))) };
    }

    /// Decides about a request of `size` bytes, before anything is done for it.
    pub(crate) fn admit(&mut self, size: usize) -> Result<(), OutOfMemory> {
        if size > ABSURD {
            return Err(OutOfMemory);
        }
        if self.refuse_charge > 0 {
            self.refuse_charge -= 1;
            let refused = self.refuse_charge == 0;
            if refused && self.refuse_more > 0 {
                self.refuse_more -= 1;
                self.refuse_charge = 1;
            }
            self.set_ceiling();
            if refused {
                return Err(OutOfMemory);
            }
        }
        let bytes = charged(size);
        while self.bytes.saturating_add(bytes) > self.limit {
            if self.unswept == 0 {
                return Err(OutOfMemory);
            }
            self.sweep_slice(STANDARD);
        }
        Ok(())
    }

    /// Fills the empty list of a class: from a swept page, from one that is
    /// swept now, from a new one.
    fn refill(&mut self, class: usize) -> Result<(), OutOfMemory> {
        self.give_back_some();
        for _ in 0..SWEEP_AT_ONCE {
            if self.take_available(class) {
                return Ok(());
            }
            let piece = self.meter.begin_short();
            let before = self.bytes;
            let swept = self.sweep_next(class);
            self.keep_pace(before.saturating_sub(self.bytes));
            self.meter.end(piece);
            if !swept {
                break;
            }
        }
        if self.take_available(class) {
            return Ok(());
        }
        match self.new_page(slot_size(class), self.classes[class].bytes, FIRST) {
            Ok(page) => {
                // SAFETY: the page is new and belongs to this heap.
                unsafe {
                    self.free[class] = (*page.as_ptr()).free;
                    (*page.as_ptr()).free = ptr::null_mut();
                    self.classes[class].adopt(page);
                    self.classes[class].allocate_from(page.as_ptr());
                }
                Ok(())
            }
            Err(error) => {
                while self.sweep_next(class) {
                    if self.take_available(class) {
                        return Ok(());
                    }
                }
                Err(error)
            }
        }
    }

    fn take_available(&mut self, class: usize) -> bool {
        let page = self.classes[class].available;
        if page.is_null() {
            return false;
        }
        // SAFETY: pages in lists of the heap live.
        unsafe {
            self.classes[class].available = (*page).next_available;
            self.free[class] = (*page).free;
            (*page).free = ptr::null_mut();
            self.classes[class].allocate_from(page);
        }
        true
    }

    /// A page with slots of `slot_size` bytes for a class that has
    /// `class_bytes` bytes of pages: classes grow by a part until pages are of the
    /// standard size. The first one has `smallest` bytes, or two slots.
    fn new_page(&mut self, slot_size: usize, class_bytes: usize, smallest: usize) -> Result<NonNull<Page>, OutOfMemory> {
        let first = match slot_size {
            0..=96 => smallest.max(2 * slot_size + PAGE_HEADER),
            97..=512 => 2 * slot_size + PAGE_HEADER,
            _ => slot_size + PAGE_HEADER,
        };
        let bytes = (class_bytes / GROWTH).clamp(first, STANDARD).next_multiple_of(16);
        if class_bytes == 0
            && let Some(block) = self.cut_starter(bytes)
        {
            // SAFETY: the piece has been cut off for this page alone.
            return Ok(unsafe { Page::create(block, bytes, slot_size) });
        }
        let block = if bytes == STANDARD
            && let Some(spare) = self.take_spare()
        {
            // SAFETY: an empty page lives. One with as many slots as one of this class has was one of objects, so its list
            // can be used as it is.
            if unsafe { (*spare.as_ptr()).slots } as usize == Page::slots_in(STANDARD, slot_size) {
                return Ok(spare);
            }
            spare.cast()
        } else {
            self.request(bytes)?
        };
        // SAFETY: nobody uses the block.
        Ok(unsafe { Page::create(block, bytes, slot_size) })
    }

    /// A piece of the first block, if it still has room.
    fn cut_starter(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        if bytes > STARTER - self.starter_used {
            return None;
        }
        if self.starter.is_null() {
            self.starter = self.pages.request(block_layout(STARTER))?.as_ptr();
        }
        // SAFETY: `starter_used + bytes` is at most `STARTER`.
        let piece = unsafe { self.starter.add(self.starter_used) };
        self.starter_used += bytes.next_multiple_of(16);
        NonNull::new(piece)
    }

    /// Whether the page was cut from the first block of the heap: then it is never released.
    pub(crate) fn is_starter(&self, page: NonNull<Page>) -> bool {
        page.addr().get().wrapping_sub(self.starter.addr()) < STARTER
    }

    /// A block from the page source; if it has none, once more after empty pages
    /// have been returned.
    fn request(&mut self, bytes: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let layout = block_layout(bytes);
        if let Some(block) = self.pages.request(layout) {
            return Ok(block);
        }
        self.finish_sweep();
        self.release_spare(0);
        self.pages.request(layout).ok_or(OutOfMemory)
    }

    fn alloc_large(&mut self, bytes: usize, kind: u8) -> Result<NonNull<Header>, OutOfMemory> {
        let large = self.request(LARGE_HEADER + bytes)?.cast::<Large>();
        self.bytes += bytes;
        self.large_count += 1;
        // SAFETY: the block is new and has room for both headers.
        unsafe {
            large.write(Large { next: self.large, bytes });
            Header::write(Large::object(large), self.new_mark, kind);
        }
        self.large = large.as_ptr();
        Ok(Large::object(large))
    }
}

impl Class {
    /// Notes that new objects go to this page.
    ///
    /// # Safety
    ///
    /// The page is one of this class, and in no list of pages with free slots.
    unsafe fn allocate_from(&mut self, page: *mut Page) {
        // SAFETY: the caller promises that the page lives.
        unsafe { (*page).next_available = self.young };
        self.young = page;
    }

    /// Puts a page into the list of those that need no sweep.
    ///
    /// # Safety
    ///
    /// The page lives and is in no list.
    pub(crate) unsafe fn adopt(&mut self, page: NonNull<Page>) {
        // SAFETY: the caller's promise.
        self.bytes += unsafe { push(&mut self.pages, page) };
        self.count += 1;
    }
}

impl RawClass {
    /// Puts a page into the list.
    ///
    /// # Safety
    ///
    /// The page lives and is in no list.
    pub(crate) unsafe fn adopt(&mut self, page: NonNull<Page>) {
        // SAFETY: the caller's promise.
        self.bytes += unsafe { push(&mut self.pages, page) };
    }
}

/// Puts a page first in a list; returns its bytes.
///
/// # Safety
///
/// The page lives and is in no list.
unsafe fn push(list: &mut *mut Page, page: NonNull<Page>) -> usize {
    // SAFETY: the caller promises that the page lives.
    unsafe {
        (*page.as_ptr()).next = *list;
        *list = page.as_ptr();
        (*page.as_ptr()).bytes as usize
    }
}
