//! Free raw blocks, and giving up the pages of those that a heap no longer needs.
//!
//! Raw blocks come back one by one, in no order, and a block does not tell its page. So each class has lists of free blocks
//! and knows only how many are in use. When far more is free than the program can need soon, the heap sorts them by page:
//!
//! ```text
//! Gather:      the pages of a class are entered in a directory
//! Distribute:  each free block moves from the lists of the class to the list of its page
//! Retire:      pages that are free altogether go; what the others list is a list of the class again
//! ```
//!
//! After a full collection that is done at once; otherwise the program does it in slices, while it allocates. It may use up and
//! free blocks meanwhile, and the class may get pages: a block is in one list at a time, and one whose page is not in the
//! directory stays with its class.
//!
//! A list is a chain in which each block waits for memory before the next is known. That a class has many lists, none of which
//! gets longer than some pages that were swept gave, lets several be followed at once.

use std::ptr::{self, NonNull};

use crate::blocks::{FreeBlock, Page};
use crate::cycle::WASTE;
use crate::refill::STANDARD;
use crate::size_class::{CLASSES, slot_size};
use crate::{Heap, Model, prefetch};

/// Blocks and pages that one slice looks at. A slice is taken for each list of slots that the program uses up.
pub(crate) const SLICE: usize = 512;
/// Lists that are followed at once.
const LANES: usize = 16;
/// Pages that are smaller than the standard size, which a class has before it has grown: fewer than these.
const SMALL_PAGES: usize = 128;

/// Where trimming stands.
pub(crate) struct Trim {
    class: usize,
    pub(crate) stage: Stage,
    directory: Directory,
}

pub(crate) enum Stage {
    /// From this page on, pages are not in the directory.
    Gather(*mut Page),
    /// So many blocks are left; those that are freed meanwhile need not be looked at.
    Distribute(usize),
    /// Up to this page, pages have been looked at; null for none.
    Retire(*mut Page),
}

impl<M: Model> Heap<M> {
    /// Bytes of all free raw blocks.
    pub(crate) fn raw_free(&self) -> usize {
        (0..CLASSES).map(|class| self.raw_free_bytes(class)).sum()
    }

    /// Bytes of the free raw blocks of a class.
    fn raw_free_bytes(&self, class: usize) -> usize {
        self.raw[class].bytes.saturating_sub(self.raw_used[class] * slot_size(class))
    }

    /// Begins a new list in each class: see above.
    pub(crate) fn cut_raw_lists(&mut self) {
        for class in 0..CLASSES {
            let first = std::mem::replace(&mut self.raw_free[class], ptr::null_mut());
            self.add_raw_list(class, first);
        }
    }

    /// Adds a list of free blocks to those of a class.
    pub(crate) fn add_raw_list(&mut self, class: usize, first: *mut FreeBlock) {
        if let Some(block) = NonNull::new(first) {
            // SAFETY: blocks in lists are free.
            unsafe { (*block.as_ptr()).next_list = self.raw[class].lists };
            self.raw[class].lists = first;
        }
    }

    /// Takes a list of free blocks from a class, but for the one that the program takes blocks from. Null if there is none.
    pub(crate) fn take_raw_list(&mut self, class: usize) -> *mut FreeBlock {
        let first = self.raw[class].lists;
        if let Some(block) = NonNull::new(first) {
            // SAFETY: blocks in lists are free, and the first one of a list tells the next list.
            self.raw[class].lists = unsafe { (*block.as_ptr()).next_list };
        }
        first
    }

    /// Sees to it that pages of raw blocks that are empty are retired, if more is free than the program is expected to need
    /// before the next cycle; in classes where more than half of the blocks are free. [`Heap::trim_slice`] does it.
    pub(crate) fn begin_trim(&mut self) {
        if self.trim.is_none() && self.raw_free() > self.goal.saturating_sub(self.bytes) + WASTE {
            self.trim = self.trim_from(0);
        }
    }

    /// As [`Heap::begin_trim`], and does it.
    pub(crate) fn trim_raw(&mut self) {
        self.trim_slice(usize::MAX);
        self.begin_trim();
        self.trim_slice(usize::MAX);
    }

    /// Goes on with trimming, if it is going on: looks at `work` blocks and pages.
    pub(crate) fn trim_slice(&mut self, mut work: usize) {
        while work > 0
            && let Some(mut trim) = self.trim.take()
        {
            // SAFETY: what is in the lists of the heap is pages of it, and blocks in them that nobody uses.
            let done = unsafe {
                match trim.stage {
                    Stage::Gather(from) => self.gather(&mut trim, from, &mut work),
                    Stage::Distribute(left) => self.distribute(&mut trim, left, &mut work),
                    Stage::Retire(before) => self.retire_empty(&mut trim, before, &mut work),
                }
            };
            self.trim = if done { self.trim_from(trim.class + 1) } else { Some(trim) };
        }
    }

    /// Trims the next class from this one on that is worth it.
    fn trim_from(&self, class: usize) -> Option<Box<Trim>> {
        (class..CLASSES).find_map(|class| {
            let bytes = self.raw[class].bytes;
            if bytes < 2 * STANDARD || self.raw_free_bytes(class) <= bytes / 2 {
                return None;
            }
            let directory = Directory::for_pages(bytes / STANDARD + SMALL_PAGES)?;
            Some(Box::new(Trim { class, stage: Stage::Gather(self.raw[class].pages), directory }))
        })
    }

    /// Enters pages in the directory. As the other two stages, returns whether nothing is left to be done for the class.
    ///
    /// # Safety
    ///
    /// The page is one of the class, or null.
    unsafe fn gather(&mut self, trim: &mut Trim, from: *mut Page, work: &mut usize) -> bool {
        let mut next = from;
        while *work > 0
            && let Some(page) = NonNull::new(next)
        {
            *work -= 1;
            // SAFETY: pages in lists of the heap live.
            next = unsafe { (*page.as_ptr()).next };
            if !trim.directory.enter(page) {
                return true;
            }
        }
        trim.stage = match NonNull::new(next) {
            Some(page) => Stage::Gather(page.as_ptr()),
            None => Stage::Distribute(self.raw_free_bytes(trim.class) / slot_size(trim.class)),
        };
        false
    }

    /// Moves free blocks to the lists of their pages.
    ///
    /// # Safety
    ///
    /// The lists of the class hold free blocks.
    unsafe fn distribute(&mut self, trim: &mut Trim, mut left: usize, work: &mut usize) -> bool {
        let mut lanes = [ptr::null_mut::<FreeBlock>(); LANES];
        while *work > 0 && left > 0 {
            let mut moved = 0;
            for lane in &mut lanes {
                if lane.is_null() {
                    *lane = self.take_any_raw_list(trim.class);
                }
                if let Some(block) = NonNull::new(*lane) {
                    // SAFETY: blocks in lists are free, and the next one is read before this one moves to another list.
                    unsafe {
                        *lane = (*block.as_ptr()).next;
                        prefetch(*lane);
                        self.move_to_page(block, trim);
                    }
                    moved += 1;
                }
            }
            *work = work.saturating_sub(moved);
            left = if moved == 0 { 0 } else { left.saturating_sub(moved) };
        }
        for first in lanes {
            self.add_raw_list(trim.class, first);
        }
        trim.stage = if left == 0 { Stage::Retire(ptr::null_mut()) } else { Stage::Distribute(left) };
        false
    }

    /// A list of free blocks of the class, the one that the program takes blocks from if there is no other.
    fn take_any_raw_list(&mut self, class: usize) -> *mut FreeBlock {
        let first = self.take_raw_list(class);
        if first.is_null() { std::mem::replace(&mut self.raw_free[class], ptr::null_mut()) } else { first }
    }

    /// Puts a free block into the list of its page.
    ///
    /// # Safety
    ///
    /// The block is one of the class, free, and in no list.
    unsafe fn move_to_page(&mut self, block: NonNull<FreeBlock>, trim: &Trim) {
        // SAFETY: the caller's promise; pages in the directory live.
        unsafe {
            match trim.directory.page_of(block) {
                Some(page) => {
                    (*block.as_ptr()).next = (*page.as_ptr()).free.cast();
                    (*page.as_ptr()).free = block.as_ptr().cast();
                    (*page.as_ptr()).listed += 1;
                }
                None => {
                    (*block.as_ptr()).next = self.raw_free[trim.class];
                    self.raw_free[trim.class] = block.as_ptr();
                }
            }
        }
    }

    /// Retires empty pages, and makes the lists of the others lists of the class.
    ///
    /// # Safety
    ///
    /// The page is one of the class, or null.
    unsafe fn retire_empty(&mut self, trim: &mut Trim, mut before: *mut Page, work: &mut usize) -> bool {
        let class = trim.class;
        while *work > 0 {
            *work -= 1;
            // SAFETY: pages in lists of the heap live. One that leaves its list has no block in use, and none in a list
            // but its own.
            unsafe {
                let link = if before.is_null() { &raw mut self.raw[class].pages } else { &raw mut (*before).next };
                let Some(page) = NonNull::new(*link) else {
                    return true;
                };
                let page_ref = &mut *page.as_ptr();
                let first = std::mem::replace(&mut page_ref.free, ptr::null_mut());
                if std::mem::take(&mut page_ref.listed) == page_ref.slots && !self.is_starter(page) {
                    *link = page_ref.next;
                    self.raw[class].bytes -= page_ref.bytes as usize;
                    page_ref.slots = 0;
                    self.retire(page);
                } else {
                    self.add_raw_list(class, first.cast());
                    before = page.as_ptr();
                }
            }
        }
        trim.stage = Stage::Retire(before);
        false
    }
}

/// Finds the page of a block: a table with open addressing, of pages by the aligned pieces of
/// memory, as large as a page, that they have a part in.
struct Directory {
    /// A power of two.
    places: Vec<*mut Page>,
    free: usize,
}

/// 2⁶⁴ by the golden ratio: multiples of it are spread evenly (Knuth, The Art of Computer Programming, 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Directory {
    /// An empty directory; none if there is no memory for it.
    fn for_pages(pages: usize) -> Option<Directory> {
        let capacity = (4 * pages).next_power_of_two();
        let mut places = Vec::new();
        places.try_reserve_exact(capacity).ok()?;
        places.resize(capacity, ptr::null_mut());
        Some(Directory { places, free: capacity / 2 })
    }

    /// Enters a page; false if there is no room.
    ///
    /// The page is not longer than the pieces, so it has a part in at most two of them.
    fn enter(&mut self, page: NonNull<Page>) -> bool {
        // SAFETY: the caller, trimming, enters pages that live.
        let bytes = unsafe { (*page.as_ptr()).bytes } as usize;
        let (first, last) = (page.addr().get() / STANDARD, (page.addr().get() + bytes - 1) / STANDARD);
        for piece in first..=last {
            if self.free == 0 {
                return false;
            }
            self.free -= 1;
            let mut place = self.place(piece);
            while !self.places[place].is_null() {
                place = self.after(place);
            }
            self.places[place] = page.as_ptr();
        }
        true
    }

    /// The page that a block lies in, if it has been entered.
    #[inline]
    fn page_of(&self, block: NonNull<FreeBlock>) -> Option<NonNull<Page>> {
        let mut place = self.place(block.addr().get() / STANDARD);
        loop {
            let page = NonNull::new(self.places[place])?;
            let offset = block.addr().get().wrapping_sub(page.addr().get());
            // SAFETY: pages that were entered live at least until all blocks have been looked at.
            if offset < unsafe { (*page.as_ptr()).bytes } as usize {
                return Some(page);
            }
            place = self.after(place);
        }
    }

    #[inline(always)]
    fn place(&self, piece: usize) -> usize {
        ((piece as u64).wrapping_mul(GOLDEN) >> 32) as usize & (self.places.len() - 1)
    }

    #[inline(always)]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}
