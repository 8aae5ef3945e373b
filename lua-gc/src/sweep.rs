//! Sweeping: frees what was not marked, page by page, when the allocator needs
//! slots or a collector asks for it; and returning empty pages.

use std::ptr::{self, NonNull};

use crate::blocks::{FreeSlot, LARGE_HEADER, Large, Page, block_layout};
use crate::cycle::Phase;
use crate::refill::{STANDARD, STARTER};
use crate::size_class::{CLASSES, slot_size};
use crate::tracer::is_in;
use crate::{Header, Heap, Model};

/// Bytes of empty pages that go back at once, at most: each page takes a call to the system.
const RETURNED_AT_ONCE: usize = 128 * 1024;

/// After so many pages, raw blocks that are freed go to new lists.
const PAGES_FOR_A_LIST: usize = 16;

impl<M: Model> Heap<M> {
    /// Sweeps about `work` bytes of pages; returns whether sweeping has ended.
    pub fn sweep_slice(&mut self, work: usize) -> bool {
        self.end_sweep_apart();
        self.sweep_here(work)
    }

    /// As [`sweep_slice`](Heap::sweep_slice), of the pages that no other thread has. Goes on only while
    /// there are any.
    pub(crate) fn sweep_here(&mut self, work: usize) -> bool {
        let (mut done, mut empty) = (0, 0);
        while self.phase == Phase::Sweeping && done < work && empty < CLASSES {
            if self.large_unswept.is_null() {
                let class = self.sweep_class;
                match NonNull::new(self.classes[class].unswept) {
                    // SAFETY: pages in lists of the heap live.
                    Some(page) => done += unsafe { (*page.as_ptr()).bytes } as usize,
                    None => {
                        empty += 1;
                        self.sweep_class = (class + 1) % CLASSES;
                        continue;
                    }
                }
                empty = 0;
                self.sweep_next(class);
            } else {
                done += self.sweep_large();
            }
        }
        self.phase != Phase::Sweeping
    }

    /// Sweeps all that is left.
    pub fn finish_sweep(&mut self) {
        self.sweep_slice(usize::MAX);
    }

    /// Sweeps the next page of a class; false if there is none.
    pub(crate) fn sweep_next(&mut self, class: usize) -> bool {
        if self.is_swept_apart {
            self.fetch_swept(class);
            if !self.classes[class].available.is_null() {
                return true;
            }
        }
        let Some(page) = NonNull::new(self.classes[class].unswept) else {
            return false;
        };
        let before = self.bytes;
        // SAFETY: pages in lists of the heap live, and this one leaves its list.
        unsafe {
            self.classes[class].unswept = (*page.as_ptr()).next;
            let live = self.sweep_page(page, slot_size(class));
            self.swept_bytes += before.saturating_sub(self.bytes);
            self.page_swept(page, class, live > 0);
        }
        true
    }

    /// Files a page that has been swept: its free slots are listed.
    ///
    /// # Safety
    ///
    /// The page lives, is in no list, but counted among those of its class.
    pub(crate) unsafe fn page_swept(&mut self, page: NonNull<Page>, class: usize, is_used: bool) {
        // SAFETY: the caller promises it.
        unsafe {
            let page_ref = &mut *page.as_ptr();
            let stays = is_used || self.is_starter(page);
            let entry = &mut self.classes[class];
            entry.count -= 1;
            entry.bytes -= page_ref.bytes as usize;
            if stays {
                if !page_ref.free.is_null() {
                    page_ref.next_available = entry.available;
                    entry.available = page.as_ptr();
                }
                entry.adopt(page);
            } else {
                self.retire(page);
            }
        }
        self.swept_one();
    }

    fn swept_one(&mut self) {
        self.unswept -= 1;
        if self.unswept.is_multiple_of(PAGES_FOR_A_LIST) {
            self.cut_raw_lists();
        }
        if self.unswept == 0 {
            self.sweep_ended();
        }
    }

    /// Frees the dead objects of a page and lists its free slots by address.
    /// Returns how many objects live.
    ///
    /// # Safety
    ///
    /// The page lives and has slots of this size.
    pub(crate) unsafe fn sweep_page(&mut self, page: NonNull<Page>, slot_size: usize) -> usize {
        let white = self.white;
        let mut live = 0;
        let mut freed = 0;
        // SAFETY: slots are walked as `Page::create` laid them out. A slot has a
        // mark other than 0 if and only if it holds an object, and `Model::free`
        // does not touch pages.
        unsafe {
            let slots = (*page.as_ptr()).slots as usize;
            let mut tail: *mut *mut FreeSlot = &raw mut (*page.as_ptr()).free;
            let mut at = Page::first_slot(page);
            for _ in 0..slots {
                let object = at.cast::<Header>();
                let mark = object.as_ref().mark();
                if mark & white != 0 {
                    if !is_in(M::PLAIN_KINDS, object.as_ref().kind()) {
                        M::free(object, self);
                    }
                    freed += 1;
                    let slot = FreeSlot::write(at, ptr::null_mut());
                    tail.write(slot);
                    tail = &raw mut (*slot).next;
                } else if mark == 0 {
                    let slot = at.cast::<FreeSlot>().as_ptr();
                    tail.write(slot);
                    tail = &raw mut (*slot).next;
                } else {
                    live += 1;
                }
                at = at.add(slot_size);
            }
            tail.write(ptr::null_mut());
        }
        self.bytes -= freed * slot_size;
        live
    }

    /// Sweeps one large block; returns its size.
    fn sweep_large(&mut self) -> usize {
        let Some(large) = NonNull::new(self.large_unswept) else {
            return 0;
        };
        // SAFETY: blocks in lists of the heap live, and this one leaves its list.
        let bytes = unsafe {
            let bytes = (*large.as_ptr()).bytes;
            self.large_unswept = (*large.as_ptr()).next;
            let object = Large::object(large);
            if object.as_ref().mark() & self.white != 0 {
                let before = self.bytes;
                self.free_large(large);
                self.swept_bytes += before.saturating_sub(self.bytes);
            } else {
                (*large.as_ptr()).next = self.large;
                self.large = large.as_ptr();
            }
            bytes
        };
        self.swept_one();
        bytes
    }

    /// # Safety
    ///
    /// The block lives, is in no list, and its object is dead.
    pub(crate) unsafe fn free_large(&mut self, large: NonNull<Large>) {
        let object = Large::object(large);
        // SAFETY: the caller promises it.
        unsafe {
            let bytes = (*large.as_ptr()).bytes;
            if !is_in(M::PLAIN_KINDS, object.as_ref().kind()) {
                M::free(object, self);
            }
            self.bytes -= bytes;
            self.large_count -= 1;
            self.pages.release(large.cast(), block_layout(LARGE_HEADER + bytes));
        }
    }

    /// Keeps an empty page for any class, or returns it to its source.
    ///
    /// # Safety
    ///
    /// The page lives, is in no list, and nothing in it is used.
    pub(crate) unsafe fn retire(&mut self, page: NonNull<Page>) {
        // SAFETY: the caller promises it.
        unsafe {
            let bytes = (*page.as_ptr()).bytes as usize;
            if bytes == STANDARD {
                (*page.as_ptr()).next = self.spare;
                self.spare = page.as_ptr();
                self.spare_bytes += bytes;
            } else {
                self.pages.release(page.cast(), block_layout(bytes));
            }
        }
    }

    /// Returns empty pages until at most `keep` bytes of them are left.
    pub(crate) fn release_spare(&mut self, keep: usize) {
        while self.spare_bytes > keep
            && let Some(page) = self.take_spare()
        {
            // SAFETY: nobody uses an empty page, and this one is of the standard size.
            unsafe { self.pages.release(page.cast(), block_layout(STANDARD)) };
        }
    }

    /// Whether there are more empty pages than the program was expected to need, when the last sweep ended. While
    /// sweeping, it is not known how many that will be.
    pub(crate) fn has_surplus(&self) -> bool {
        self.spare_bytes > self.spare_kept && self.phase != Phase::Sweeping
    }

    /// Returns some of the empty pages that the program is not expected to need before the next cycle.
    pub(crate) fn return_surplus(&mut self) {
        let keep = self.spare_kept.max(self.spare_bytes.saturating_sub(RETURNED_AT_ONCE));
        while self.spare_bytes > keep
            && let Some(page) = self.take_spare()
        {
            // SAFETY: as above.
            unsafe { self.pages.discard(page.cast(), block_layout(STANDARD)) };
        }
    }

    /// Takes an empty page of the standard size, if there is one.
    pub(crate) fn take_spare(&mut self) -> Option<NonNull<Page>> {
        let page = NonNull::new(self.spare)?;
        // SAFETY: pages in lists of the heap live.
        self.spare = unsafe { (*page.as_ptr()).next };
        self.spare_bytes -= STANDARD;
        Some(page)
    }

    /// Calls `visit` with every object, dead ones that are not swept included.
    ///
    /// # Safety
    ///
    /// `visit` neither allocates objects nor sweeps.
    pub(crate) unsafe fn walk(&mut self, mut visit: impl FnMut(&mut Self, NonNull<Header>)) {
        self.end_sweep_apart();
        for class in 0..CLASSES {
            let size = slot_size(class);
            for first in [self.classes[class].pages, self.classes[class].unswept] {
                let mut next = first;
                while let Some(page) = NonNull::new(next) {
                    // SAFETY: pages in lists of the heap live, and `visit` does not
                    // change the lists. Slots are walked as they were laid out.
                    unsafe {
                        next = (*page.as_ptr()).next;
                        for index in 0..(*page.as_ptr()).slots as usize {
                            let object = Page::first_slot(page).add(index * size).cast::<Header>();
                            if object.as_ref().mark() != 0 {
                                visit(self, object);
                            }
                        }
                    }
                }
            }
        }
        for first in [self.large, self.large_unswept] {
            let mut next = first;
            while let Some(large) = NonNull::new(next) {
                // SAFETY: blocks in lists of the heap live.
                next = unsafe { (*large.as_ptr()).next };
                visit(self, Large::object(large));
            }
        }
    }

    /// Calls `visit` with every object that is not known to be dead.
    ///
    /// # Safety
    ///
    /// `visit` may change objects (after [`barrier`](Heap::barrier)), but neither
    /// allocates objects nor reaches a safepoint.
    pub unsafe fn for_each_object(&mut self, mut visit: impl FnMut(&mut Self, NonNull<Header>)) {
        // SAFETY: the caller promises it.
        unsafe {
            self.walk(|heap, object| {
                let dead = (heap.phase == Phase::Sweeping || heap.is_decided()) && object.as_ref().mark() & heap.white != 0;
                if !dead {
                    visit(heap, object);
                }
            });
        }
    }

    /// Returns all pages of a list.
    ///
    /// # Safety
    ///
    /// Nothing in the pages is used.
    unsafe fn release_pages(&mut self, mut next: *mut Page) {
        while let Some(page) = NonNull::new(next) {
            // SAFETY: pages in lists of the heap live; the caller promises the rest.
            unsafe {
                next = (*page.as_ptr()).next;
                if !self.is_starter(page) {
                    let bytes = (*page.as_ptr()).bytes as usize;
                    self.pages.release(page.cast(), block_layout(bytes));
                }
            }
        }
    }
}

impl<M: Model> Drop for Heap<M> {
    /// Frees every object, in whatever phase a cycle is.
    fn drop(&mut self) {
        self.collector = None;
        self.work_alone();
        self.free_all_replaced();
        // SAFETY: objects are freed once each, then the memory is returned, which
        // nothing uses after the heap.
        unsafe {
            self.walk(|heap, object| {
                if !is_in(M::PLAIN_KINDS, object.as_ref().kind()) {
                    M::free(object, heap);
                }
            });
            for first in [self.large, self.large_unswept] {
                let mut next = first;
                while let Some(large) = NonNull::new(next) {
                    next = (*large.as_ptr()).next;
                    let bytes = (*large.as_ptr()).bytes;
                    self.pages.release(large.cast(), block_layout(LARGE_HEADER + bytes));
                }
            }
            for class in 0..CLASSES {
                self.release_pages(self.classes[class].pages);
                self.release_pages(self.classes[class].unswept);
                self.release_pages(self.raw[class].pages);
            }
            self.release_spare(0);
            if let Some(starter) = NonNull::new(self.starter) {
                self.pages.release(starter, block_layout(STARTER));
            }
        }
    }
}
