//! Young and old objects: minor collections, which look at the young ones alone.
//!
//! Between cycles a heap may tell its objects by age. Then the colour of the old is
//! black, as after any cycle, and new objects are born in *another* colour, which
//! is thereby the colour of the young:
//!
//! ```text
//! young  --survives a minor collection-->  old  --written-->  grey and remembered
//!                                           ^-----next minor collection-----'
//! ```
//!
//! The barrier stops at the old. One that is written is remembered: it may refer to
//! young objects from now on, so a minor collection traces it together with the roots. Of
//! an object with many slots only the slots that were written are remembered. Whoever survives is
//! old at once, so nothing needs to be remembered any longer than that.
//!
//! A minor collection is one step, and sweeps the pages that were allocated from since
//! the last one. All other cycles end the distinction first
//! ([`Heap::begin_marking`]), and work as they always do.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::mem;
use std::ptr::{self, NonNull};

use crate::blocks::{Large, Page};
use crate::cycle::Phase;
use crate::ending::Ending;
use crate::header::{COLOURS, GREY, lowest_colour};
use crate::huge::AddressHasher;
use crate::links::Links;
use crate::size_class::{CLASSES, slot_size};
use crate::{Header, Heap, Model, Tracer};

/// Slots of an object that one bit stands for.
const CARD: usize = 4;

/// What a heap knows of ages.
#[derive(Default)]
pub(crate) struct Ages {
    /// Whether objects are told by age now.
    on: bool,
    /// Old objects that were written since the last minor collection. They are grey.
    remembered: Vec<NonNull<Header>>,
    /// Old objects with many slots, and which of their slots were written: a bit for each [`CARD`].
    touched: HashMap<NonNull<Header>, Vec<u64>, BuildHasherDefault<AddressHasher>>,
    /// Remembered objects are missing above: any object that is grey is one.
    overflowed: bool,
    /// Of the large blocks, which are listed from young to old, the first old one.
    old_large: Option<NonNull<Large>>,
    /// How many of the registered objects are old.
    old_registered: usize,
}

impl<M: Model> Heap<M> {
    /// Whether objects are told by age now.
    #[inline]
    #[must_use]
    pub fn has_ages(&self) -> bool {
        self.ages.on
    }

    /// Begins to tell objects by age: all that exist are old. At a safepoint only, since
    /// objects that are still being filled would count as old. Does nothing while
    /// a cycle runs.
    pub fn begin_ages(&mut self) {
        if self.ages.on || self.phase != Phase::Idle {
            return;
        }
        self.set_barrier_mask(self.new_mark);
        #[cfg(feature = "sabotage")]
        if self.omitted.remembering {
            self.barrier_mask = 0;
        }
        self.white = lowest_colour(self.white);
        self.new_mark = self.white;
        self.ages.on = true;
        self.ages.old_large = NonNull::new(self.large);
        self.ages.old_registered = self.registered.len();
        for class in &mut self.classes {
            // Of the pages that were allocated from, only the last is still in use.
            if let Some(page) = NonNull::new(class.young) {
                // SAFETY: pages in lists of the heap live.
                unsafe { (*page.as_ptr()).next_available = ptr::null_mut() };
            }
        }
    }

    /// Stops telling objects by age, at any time between cycles: all are of one colour again.
    pub fn end_ages(&mut self) {
        if !mem::replace(&mut self.ages.on, false) {
            return;
        }
        let white = self.white;
        let black = self.marking.black;
        self.new_mark = black;
        self.barrier_mask = 0;
        // SAFETY: only marks are written.
        unsafe {
            self.for_each_young(|object| {
                let mark = object.as_ref().mark();
                if mark & white != 0 {
                    object.as_ref().set_mark(mark & !COLOURS | black);
                }
            });
        }
        for object in mem::take(&mut self.ages.remembered) {
            // SAFETY: old objects are not freed before ages end.
            let header = unsafe { object.as_ref() };
            header.set_mark(header.mark() & !GREY | black);
        }
        if mem::replace(&mut self.ages.overflowed, false) {
            // SAFETY: only marks are written.
            unsafe {
                self.walk(|_, object| {
                    let mark = object.as_ref().mark();
                    if mark & GREY != 0 {
                        object.as_ref().set_mark(mark & !GREY | black);
                    }
                });
            }
        }
        self.ages.touched.clear();
    }

    /// Calls `visit` with all objects that may be young.
    ///
    /// # Safety
    ///
    /// `visit` neither allocates nor frees.
    unsafe fn for_each_young(&mut self, visit: impl Fn(NonNull<Header>)) {
        for class in 0..CLASSES {
            let mut next = self.classes[class].young;
            while let Some(page) = NonNull::new(next) {
                // SAFETY: pages in lists of the heap live; slots are walked as they were laid out.
                unsafe {
                    next = (*page.as_ptr()).next_available;
                    for index in 0..(*page.as_ptr()).slots as usize {
                        visit(Page::first_slot(page).add(index * slot_size(class)).cast::<Header>());
                    }
                }
            }
        }
        let mut next = NonNull::new(self.large);
        while let Some(large) = next
            && next != self.ages.old_large
        {
            visit(Large::object(large));
            // SAFETY: blocks in lists of the heap live.
            next = NonNull::new(unsafe { (*large.as_ptr()).next });
        }
    }

    /// The barrier of an old object: a minor collection will trace it.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, black, and ages are told.
    pub(crate) unsafe fn remember(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller's promise.
        let header = unsafe { object.as_ref() };
        header.set_mark(header.mark() & !COLOURS | GREY);
        if self.ages.remembered.try_reserve(1).is_ok() {
            self.ages.remembered.push(object);
        } else {
            self.ages.overflowed = true;
        }
    }

    /// As [`remember`](Heap::remember), for one slot of an object that may have many.
    ///
    /// # Safety
    ///
    /// As [`remember`](Heap::remember).
    pub(crate) unsafe fn remember_slot(&mut self, object: NonNull<Header>, slot: usize, refers: bool) {
        // SAFETY: the caller's promise.
        unsafe {
            match M::slots(object) {
                Some((slots, _)) if slot < slots && (!refers || self.touch(object, slot)) => {}
                _ => self.remember(object),
            }
        }
    }

    /// Sets a slot's bit; false if there is no memory.
    fn touch(&mut self, object: NonNull<Header>, slot: usize) -> bool {
        let touched = &mut self.ages.touched;
        if touched.try_reserve(1).is_err() {
            return false;
        }
        let bits = touched.entry(object).or_default();
        let (word, bit) = (slot / CARD / 64, 1 << (slot / CARD % 64));
        if word >= bits.len() {
            if bits.try_reserve(word + 1 - bits.len()).is_err() {
                return false;
            }
            bits.resize(word + 1, 0);
        }
        bits[word] |= bit;
        true
    }

    /// A minor collection: frees the young objects that are unreachable, and makes the others
    /// old. Does nothing unless objects are told by age.
    pub fn minor(&mut self, roots: &mut M::Roots) {
        if !self.ages.on {
            return;
        }
        self.phase = Phase::Marking;
        self.marking.begin(self.white, self.marking.black);
        self.marking.minor = true;
        self.ending = Ending::new(self.pending.len(), self.ages.old_registered);
        // SAFETY: the VM passes its own roots, at a safepoint.
        unsafe { M::trace_roots(roots, &mut Tracer::new(&mut self.marking)) };
        self.trace_remembered();
        while !self.advance(usize::MAX) {}
        self.marking.links = Links::default();
        self.separate_finalizable();
        self.marking.minor = false;
        M::minor_ended(self);
        self.free_all_replaced();
        self.phase = Phase::Idle;
        self.minors += 1;
        self.sweep_young();
        self.ages.old_registered = self.registered.len();
    }

    fn trace_remembered(&mut self) {
        self.marking.stack_overflowed |= mem::replace(&mut self.ages.overflowed, false);
        let mut touched = mem::take(&mut self.ages.touched);
        let mut tracer = Tracer::new(&mut self.marking);
        for object in self.ages.remembered.drain(..) {
            tracer.push(object);
        }
        for (&object, bits) in &touched {
            // SAFETY: old objects are not freed before ages end.
            if let Some((slots, view)) = unsafe { M::slots(object) } {
                for card in set_bits(bits) {
                    let from = (card * CARD).min(slots);
                    // SAFETY: these are the object's blocks now, and the slots are there.
                    unsafe { M::trace_slots(object, &view, from, (from + CARD).min(slots), &mut tracer) };
                }
            }
        }
        touched.clear();
        self.ages.touched = touched;
    }

    /// Frees the young objects that were not reached.
    fn sweep_young(&mut self) {
        for class in 0..CLASSES {
            self.free[class] = ptr::null_mut();
            let mut next = mem::replace(&mut self.classes[class].young, ptr::null_mut());
            while let Some(page) = NonNull::new(next) {
                // SAFETY: pages in lists of the heap live; this one is in no list of pages with free slots.
                unsafe {
                    next = (*page.as_ptr()).next_available;
                    self.sweep_page(page, slot_size(class));
                    if !(*page.as_ptr()).free.is_null() {
                        (*page.as_ptr()).next_available = self.classes[class].available;
                        self.classes[class].available = page.as_ptr();
                    }
                }
            }
        }
        self.sweep_young_large();
    }

    fn sweep_young_large(&mut self) {
        let mut kept: *mut Large = self.ages.old_large.map_or(ptr::null_mut(), NonNull::as_ptr);
        let mut next = NonNull::new(self.large);
        while let Some(large) = next
            && next != self.ages.old_large
        {
            // SAFETY: blocks in lists of the heap live, and this one leaves its list.
            unsafe {
                next = NonNull::new((*large.as_ptr()).next);
                if Large::object(large).as_ref().mark() & self.white != 0 {
                    self.free_large(large);
                } else {
                    (*large.as_ptr()).next = kept;
                    kept = large.as_ptr();
                }
            }
        }
        self.large = kept;
        self.ages.old_large = NonNull::new(kept);
    }
}

/// The numbers of the bits that are set.
fn set_bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(at, &word)| {
        std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
            .take_while(|word| *word != 0)
            .map(move |word| at * 64 + word.trailing_zeros() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_numbered_from_the_lowest() {
        let found: Vec<usize> = set_bits(&[0b101, 0, 1 << 63]).collect();
        assert_eq!(found, [0, 2, 191]);
    }
}
