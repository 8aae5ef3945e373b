//! Pages of large heaps, cut from slabs that the system maps as one page each.
//!
//! Collectors and most programs read a heap in no order. Where it is much larger than what the processor remembers of the
//! page table, nearly every read begins with a walk through that table, which costs as much as the read. So processors and
//! systems know pages that are 512 times as large (Linux: "transparent huge pages"), and a heap made of them is read and
//! marked faster by a quarter. But the system has to clear such a page before it can be used, for up to some milliseconds,
//! which is longer than a program should be stopped. Hence a thread of the pool prepares the next slab while the program
//! still fills the last one, and where none is ready, pages come from the allocator.

use std::alloc::Layout;
use std::collections::{BTreeMap, BTreeSet};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicPtr};

use super::slab::Slab;
use super::{PageSource, SystemPages};
use crate::concurrent::pool::{Job, submit};
use crate::refill::STANDARD;

/// Pages in a slab; each is a bit of a `u128`.
const PAGES: usize = Slab::BYTES / STANDARD;
const _: () = assert!(PAGES == u128::BITS as usize);

/// With so few pages left, the next slab is asked for.
const FEW: usize = PAGES / 4 * 3;
/// The memory of free pages goes back one by one where a slab has so many of them. That makes the slab one of ordinary
/// pages again, so the others keep theirs for what the heap needs next.
const SPARSE: usize = PAGES / 4;

/// What [`SystemPages`] hands out, and for the pages of a large heap huge pages of the system, where it has them.
///
/// It has them on 64-bit Linux, unless they are switched off (`/sys/kernel/mm/transparent_hugepage/enabled`). Threads of the
/// pool prepare them ([`PoolPolicy`](crate::PoolPolicy)); without threads, all memory is the allocator's. A heap that uses
/// them takes up to 4 MB more than its pages, and after it has shrunk up to a third more than those that are left.
#[derive(Debug)]
pub struct HugePages {
    /// The size of the heap from which on pages are cut from slabs, in bytes.
    from: usize,
    /// Bytes handed out.
    held: usize,
    /// Once the heap was large.
    slabs: Option<Box<Slabs>>,
}

#[derive(Debug, Default)]
struct Slabs {
    /// Those in use, by address.
    cut: BTreeMap<usize, Cut>,
    /// Addresses of those that have free pages, and how many all of them have.
    open: BTreeSet<usize>,
    free: usize,
    next: Arc<Next>,
}

/// A slab that pages are cut from.
#[derive(Debug)]
struct Cut {
    slab: Slab,
    /// Pages that are not handed out.
    free: u128,
    /// Those of them whose memory has gone back to the system.
    gone: u128,
    /// No memory of it ever went back, so it may still be one page of the system.
    is_whole: bool,
}

/// The slab that will be cut next, which a thread of the pool prepares.
#[derive(Debug, Default)]
struct Next {
    /// Owned; null if there is none.
    ready: AtomicPtr<u8>,
    /// The system refused a slab. It is not asked again.
    refused: AtomicBool,
    queued: AtomicBool,
}

impl HugePages {
    /// A source that cuts pages from slabs once it has handed out `bytes` bytes.
    #[must_use]
    pub fn from_size(bytes: usize) -> Self {
        HugePages { from: bytes, held: 0, slabs: None }
    }

    /// Takes a block back if it is a page of a slab, and returns whether it is. `for_long`: its memory may go to the system.
    fn put_back(&mut self, block: NonNull<u8>, layout: Layout, for_long: bool) -> bool {
        self.held -= layout.size();
        is_page(layout) && self.slabs.as_mut().is_some_and(|slabs| slabs.put_back(block, for_long))
    }
}

impl Default for HugePages {
    /// From 32 MB on: four times what the larger of today's processors reach through the entries of the page table that they
    /// remember, and so much that a slab more does not count.
    fn default() -> Self {
        HugePages::from_size(32 << 20)
    }
}

impl Slabs {
    /// A page of a slab, if there is one.
    fn cut(&mut self) -> Option<NonNull<u8>> {
        if self.free <= FEW {
            self.next.ask();
        }
        // One of the oldest: the system hands out addresses from above. So younger ones become empty.
        let address = match self.open.last() {
            Some(&address) => address,
            None => self.open_next()?,
        };
        let cut = self.cut.get_mut(&address)?;
        let index = cut.free.trailing_zeros();
        cut.free &= !(1 << index);
        cut.gone &= cut.free;
        self.free -= 1;
        if cut.free == 0 {
            self.open.remove(&address);
        }
        Some(cut.slab.at(index as usize * STANDARD))
    }

    /// Begins with the slab that is ready; returns its address.
    fn open_next(&mut self) -> Option<usize> {
        let slab = self.next.take()?;
        let address = slab.address();
        self.cut.insert(address, Cut { slab, free: u128::MAX, gone: 0, is_whole: true });
        self.open.insert(address);
        self.free += PAGES;
        Some(address)
    }

    /// Takes a page back; false if it is of no slab. `for_long`: its memory may go to the system.
    fn put_back(&mut self, block: NonNull<u8>, for_long: bool) -> bool {
        let address = block.addr().get() & !(Slab::BYTES - 1);
        let Some(cut) = self.cut.get_mut(&address) else {
            return false;
        };
        cut.free |= 1 << ((block.addr().get() - address) / STANDARD);
        self.free += 1;
        self.open.insert(address);
        if cut.free == u128::MAX {
            self.close(address);
        } else if for_long {
            cut.give_back();
        }
        true
    }

    /// Returns the memory of free pages to the system, where they are many.
    fn give_back(&mut self) {
        for address in &self.open {
            if let Some(cut) = self.cut.get_mut(address) {
                cut.give_back();
            }
        }
    }

    /// Nothing of a slab is in use any more: it is the next one, or goes to the system.
    fn close(&mut self, address: usize) {
        self.open.remove(&address);
        self.free -= PAGES;
        if let Some(cut) = self.cut.remove(&address)
            && cut.is_whole
        {
            self.next.offer(cut.slab);
        }
    }
}

/// Whether a block may be a page of a slab.
fn is_page(layout: Layout) -> bool {
    layout.size() == STANDARD && layout.align() <= STANDARD
}

// SAFETY: a page of a slab leaves `free` in `request` and returns in `release`, and a slab lives while a page of it is in use.
// Other blocks are those of `SystemPages`; no slab has an address of theirs.
unsafe impl PageSource for HugePages {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let is_cut = is_page(layout) && self.held >= self.from;
        let cut = if is_cut { self.slabs.get_or_insert_default().cut() } else { None };
        let block = cut.or_else(|| SystemPages.request(layout))?;
        self.held += layout.size();
        Some(block)
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        if !self.put_back(block, layout, false) {
            // SAFETY: the caller's promise; the block is of no slab.
            unsafe { SystemPages.release(block, layout) }
        }
    }

    unsafe fn discard(&mut self, block: NonNull<u8>, layout: Layout) {
        if !self.put_back(block, layout, true) {
            // SAFETY: as above.
            unsafe { SystemPages.discard(block, layout) }
        }
    }

    fn trim(&mut self) {
        if let Some(slabs) = &mut self.slabs {
            slabs.give_back();
            if self.held < self.from {
                drop(slabs.next.take());
            }
        }
        SystemPages.trim();
    }
}

impl Cut {
    /// Returns the memory of free pages to the system if they are many.
    fn give_back(&mut self) {
        if self.free.count_ones() as usize >= SPARSE {
            let mut rest = self.free & !self.gone;
            if rest != 0 && self.is_whole {
                self.is_whole = false;
                // SAFETY: this page is not handed out.
                unsafe { self.slab.split(rest.trailing_zeros() as usize * STANDARD, STANDARD) };
            }
            self.gone = self.free;
            while rest != 0 {
                let first = rest.trailing_zeros();
                let count = (rest >> first).trailing_ones();
                // SAFETY: these pages are not handed out.
                unsafe { self.slab.give_back(first as usize * STANDARD, count as usize * STANDARD) };
                rest &= !(u128::MAX >> (u128::BITS - count) << first);
            }
        }
    }
}

impl Next {
    /// Asks for a slab, unless there is one.
    fn ask(self: &Arc<Self>) {
        if self.ready.load(Relaxed).is_null() && !self.refused.load(Relaxed) {
            // Without threads, pages are the allocator's.
            submit(self);
        }
    }

    fn take(&self) -> Option<Slab> {
        let slab = self.ready.swap(ptr::null_mut(), AcqRel);
        // SAFETY: `offer` has put it there, and nobody else finds it any more.
        Some(unsafe { Slab::from_raw(NonNull::new(slab)?) })
    }

    /// Puts a slab here; one that was here goes back to the system.
    fn offer(&self, slab: Slab) {
        let before = self.ready.swap(slab.into_raw().as_ptr(), AcqRel);
        // SAFETY: as in `take`.
        drop(NonNull::new(before).map(|before| unsafe { Slab::from_raw(before) }));
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        drop(self.take());
    }
}

impl Job for Next {
    fn run(&self, _budget: usize) -> bool {
        if self.ready.load(Acquire).is_null() {
            match Slab::new() {
                Some(slab) => self.offer(slab),
                None => self.refused.store(true, Relaxed),
            }
        }
        false
    }

    fn queued(&self) -> &AtomicBool {
        &self.queued
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::block_layout;
    use crate::tests::random::Random;

    impl HugePages {
        /// As [`HugePages::from_size`], where the next slab is ready.
        pub(crate) fn prepared(bytes: usize) -> Self {
            let mut source = HugePages::from_size(bytes);
            source.slabs().next.run(0);
            source
        }

        fn slabs(&mut self) -> &mut Slabs {
            self.slabs.get_or_insert_default()
        }
    }

    impl Slabs {
        fn assert_consistent(&self) {
            let free: u32 = self.cut.values().map(|cut| cut.free.count_ones()).sum();
            assert_eq!(self.free, free as usize);
            let open = self.cut.iter().filter(|(_, cut)| cut.free != 0).map(|(&address, _)| address);
            assert_eq!(self.open, open.collect());
            for (&address, cut) in &self.cut {
                assert_eq!(address, cut.slab.address());
                assert_eq!(address % Slab::BYTES, 0);
                assert_eq!(cut.gone & !cut.free, 0, "what is in use is not gone");
                assert_ne!(cut.free, u128::MAX, "slabs without a page in use are put away");
            }
        }
    }

    /// Writes both ends of a block.
    fn stamp(block: NonNull<u8>, layout: Layout, value: u64) {
        // SAFETY: the block is the test's, and has at least 16 bytes.
        unsafe {
            block.cast::<u64>().write(value);
            block.add(layout.size() - 8).cast::<u64>().write_unaligned(value);
        }
    }

    fn stamps(block: NonNull<u8>, layout: Layout) -> [u64; 2] {
        // SAFETY: as above, and the stamps were written, or the page was given to the system and is zero.
        unsafe { [block.cast::<u64>().read(), block.add(layout.size() - 8).cast::<u64>().read_unaligned()] }
    }

    const PAGE: Layout = Layout::new::<[u128; STANDARD / 16]>();

    #[test]
    fn blocks_do_not_overlap_and_all_go_back() {
        for seed in 1..=if cfg!(miri) { 1 } else { 20 } {
            let mut random = Random(seed);
            let mut source = HugePages::from_size(random.below(100) * STANDARD);
            let mut held: Vec<(NonNull<u8>, Layout, u64)> = Vec::new();
            // How many blocks there are goes up and down, over several slabs.
            let mut goal = 0;
            let mut most = 0;
            for operation in 0..if cfg!(miri) { 400 } else { 20_000 } {
                if random.below(500) == 0 {
                    goal = random.below(600);
                }
                if random.below(50) == 0 {
                    source.slabs().next.run(0);
                }
                if random.below(if held.len() < goal { 10 } else { 2 }) > 0 {
                    let layout = if random.below(10) == 0 { block_layout(16 + random.below(40_000)) } else { PAGE };
                    let block = source.request(layout).unwrap();
                    assert_eq!(block.addr().get() % layout.align(), 0);
                    stamp(block, layout, operation);
                    held.push((block, layout, operation));
                } else if !held.is_empty() {
                    let (block, layout, value) = held.swap_remove(random.below(held.len()));
                    assert_eq!(stamps(block, layout), [value; 2]);
                    // SAFETY: requested with this layout, and forgotten here.
                    unsafe { if random.below(2) == 0 { source.release(block, layout) } else { source.discard(block, layout) } }
                }
                if random.below(1000) == 0 {
                    source.trim();
                }
                source.slabs().assert_consistent();
                most = most.max(source.slabs().cut.len());
            }
            assert!(most > usize::from(!cfg!(miri)), "slabs were used");
            for (block, layout, value) in held {
                assert_eq!(stamps(block, layout), [value; 2]);
                // SAFETY: as above.
                unsafe { source.release(block, layout) };
            }
            assert_eq!((source.held, source.slabs().free, source.slabs().cut.len()), (0, 0, 0));
        }
    }

    #[test]
    fn without_a_slab_pages_are_those_of_the_allocator() {
        let mut source = HugePages::from_size(usize::MAX);
        source.slabs().next.run(0);
        let plain = source.request(PAGE).unwrap();
        assert!(source.slabs().cut.is_empty(), "the heap is small");
        source.from = 0;
        let first = source.request(PAGE).unwrap();
        assert_eq!(source.slabs().cut.len(), 1);
        // SAFETY: requested above.
        unsafe {
            source.release(plain, PAGE);
            source.release(first, PAGE);
        }
        assert!(source.slabs().cut.is_empty() && source.slabs().next.take().is_some(), "a slab that nobody uses is the next one");
    }

    /// Memory goes back where much of a slab is free, and nowhere else.
    #[test]
    #[cfg_attr(any(miri, not(all(target_os = "linux", target_pointer_width = "64"))), ignore = "needs the system")]
    fn memory_of_pages_that_are_not_needed_goes_back() {
        let mut source = HugePages::prepared(0);
        source.slabs().next.refused.store(true, Relaxed);
        let pages: Vec<_> = (0..PAGES).map(|_| source.request(PAGE).unwrap()).collect();
        assert_eq!((source.slabs().cut.len(), source.slabs().free), (1, 0));
        for &page in &pages {
            stamp(page, PAGE, 7);
        }
        let kept = |page: NonNull<u8>| stamps(page, PAGE) == [7, 7];
        // SAFETY: each page is released once. What is read then is memory of the slab.
        unsafe {
            for &page in &pages[1..SPARSE] {
                source.discard(page, PAGE);
            }
            assert!(pages.iter().all(|&page| kept(page)), "only a quarter less one is free");
            source.discard(pages[SPARSE], PAGE);
            assert!(pages[1..=SPARSE].iter().all(|&page| stamps(page, PAGE) == [0, 0]));
            assert!(kept(pages[0]) && pages[SPARSE + 1..].iter().all(|&page| kept(page)));
            source.release(pages[SPARSE + 1], PAGE);
            assert!(kept(pages[SPARSE + 1]), "it may soon be needed again");
            source.trim();
            assert_eq!(stamps(pages[SPARSE + 1], PAGE), [0, 0]);
            source.release(pages[0], PAGE);
            for &page in &pages[SPARSE + 2..] {
                assert!(kept(page));
                source.release(page, PAGE);
            }
        }
        assert!(source.slabs().cut.is_empty() && source.slabs().next.take().is_none(), "it is not one page of the system any more");
    }
}
