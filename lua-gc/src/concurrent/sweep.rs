//! Sweeping on other threads.
//!
//! When marking has ended, all pages of objects go to the workers. A worker takes a
//! few of one size at a time and frees what can be freed anywhere ([`Model::free_apart`]); the
//! rest, above all what an index of the VM can still find (strings), it leaves
//! as it is, and the heap sweeps such a page once more. So finding a dead object again
//! and freeing it happen on one thread, and need no race.
//!
//! The heap takes swept pages back when it needs slots, and at safepoints. If none is
//! ready, it sweeps one itself.

use std::ptr::{self, NonNull};
use std::sync::MutexGuard;

use super::freed::Freed;
use super::shared::{Shared, State, Task};
use crate::blocks::{FreeSlot, Page};
use crate::size_class::{CLASSES, slot_size};
use crate::tracer::is_in;
use crate::{Header, Heap, Model};

/// Pages that a worker takes at once.
const PAGES: usize = 8;
/// Swept pages that a safepoint takes back.
pub(crate) const TAKE_BACK: usize = 64;

/// A page that a worker has swept.
pub(crate) struct Swept {
    page: NonNull<Page>,
    class: usize,
    rest: Rest,
}

/// What is left in a page.
enum Rest {
    Nothing,
    Living,
    /// Dead objects that only the VM's thread can free.
    Dead,
}

impl<M: Model> State<M> {
    /// Takes a page of a class that nobody has begun to sweep.
    fn take_page(&mut self, class: usize) -> Option<NonNull<Page>> {
        let page = NonNull::new(self.unswept[class])?;
        // SAFETY: pages in lists live.
        self.unswept[class] = unsafe { (*page.as_ptr()).next };
        Some(page)
    }

    /// Sees to it that all pages that are being swept can be put down.
    fn make_room(&mut self) -> bool {
        self.swept.try_reserve(PAGES * (self.active + 1)).is_ok()
    }

    /// The class whose pages are to be swept next.
    fn next_class(&self) -> Option<usize> {
        let has_pages = |&class: &usize| !self.unswept[class].is_null();
        Some(self.wanted).filter(has_pages).or_else(|| (0..CLASSES).find(has_pages))
    }
}

impl<M: Model> Shared<M> {
    /// Sweeps about `budget` bytes of pages.
    pub(crate) fn sweep<'s>(&'s self, mut state: MutexGuard<'s, State<M>>, budget: usize) -> MutexGuard<'s, State<M>> {
        let white = state.white;
        let mut done = 0;
        while done < budget
            && !self.is_stopping()
            && let Some(class) = state.next_class()
            && state.make_room()
        {
            let mut batch = [None; PAGES];
            for place in &mut batch {
                *place = state.take_page(class);
            }
            drop(state);
            let mut freed = Freed::new();
            let swept = batch.map(|page| {
                let page = page?;
                // SAFETY: the page is in no list, so this thread alone sweeps it.
                let rest = unsafe { sweep_page::<M>(page, slot_size(class), white, &mut freed) };
                // SAFETY: as above.
                done += unsafe { (*page.as_ptr()).bytes } as usize;
                Some(Swept { page, class, rest })
            });
            state = self.lock();
            state.swept.extend(swept.into_iter().flatten());
            state.freed.append(&mut freed);
        }
        state
    }
}

/// Frees what can be freed here, and lists the free slots of the page by address.
///
/// # Safety
///
/// The page lives and has slots of this size; no other thread sweeps it.
unsafe fn sweep_page<M: Model>(page: NonNull<Page>, slot_size: usize, white: u8, freed: &mut Freed) -> Rest {
    let (mut living, mut dead) = (false, false);
    // SAFETY: as in `Heap::sweep_page`. The program may find an object that is left
    // here and change its mark.
    unsafe {
        let mut tail: *mut *mut FreeSlot = &raw mut (*page.as_ptr()).free;
        let mut at = Page::first_slot(page);
        for _ in 0..(*page.as_ptr()).slots {
            let header = at.cast::<Header>().as_ref();
            let mark = header.mark();
            if mark & white != 0 {
                let is_plain = is_in(M::PLAIN_KINDS, header.kind());
                // An object that has left its index since may have been revived before: the mark tells.
                if is_plain || M::is_freed_apart(at.cast()) && header.mark() & white != 0 {
                    if !is_plain {
                        M::free_apart(at.cast(), freed);
                    }
                    freed.bytes += slot_size;
                    let slot = FreeSlot::write(at, ptr::null_mut());
                    tail.write(slot);
                    tail = &raw mut (*slot).next;
                } else {
                    dead = true;
                }
            } else if mark == 0 {
                let slot = at.cast::<FreeSlot>().as_ptr();
                tail.write(slot);
                tail = &raw mut (*slot).next;
            } else {
                living = true;
            }
            at = at.add(slot_size);
        }
        tail.write(ptr::null_mut());
    }
    match (dead, living) {
        (true, _) => Rest::Dead,
        (false, true) => Rest::Living,
        (false, false) => Rest::Nothing,
    }
}

impl<M: Model> Heap<M> {
    /// Gives all pages that are to be swept to the workers.
    pub(crate) fn sweep_apart(&mut self, shared: &Shared<M>) {
        let mut state = shared.lock();
        state.task = Task::Sweep;
        state.white = self.white;
        for (class, place) in self.classes.iter_mut().zip(&mut state.unswept) {
            *place = std::mem::replace(&mut class.unswept, ptr::null_mut());
        }
        self.is_swept_apart = true;
    }

    /// Takes swept pages back, `most` of them; returns whether workers have no page any more.
    pub(crate) fn take_swept(&mut self, most: usize) -> bool {
        let Some(shared) = self.shared.clone().filter(|_| self.is_swept_apart) else {
            return true;
        };
        let mut state = shared.lock();
        let left = state.swept.len().saturating_sub(most);
        // SAFETY: workers have put these pages down.
        unsafe {
            self.take_freed(&mut state.freed);
            for swept in state.swept.drain(left..) {
                self.take_page(swept);
            }
        }
        let done = left == 0 && state.is_done();
        if done {
            self.is_swept_apart = false;
            state.task = Task::Nothing;
        }
        done
    }

    /// Sees to it that pages with slots of a class are available, or one that this thread can sweep.
    pub(crate) fn fetch_swept(&mut self, class: usize) {
        self.take_swept(TAKE_BACK);
        let entry = &self.classes[class];
        if entry.available.is_null()
            && entry.unswept.is_null()
            && let Some(shared) = self.shared.clone().filter(|_| self.is_swept_apart)
        {
            let mut state = shared.lock();
            state.wanted = class;
            if let Some(page) = state.take_page(class) {
                // SAFETY: pages in lists live, and this one left its list.
                unsafe { (*page.as_ptr()).next = ptr::null_mut() };
                self.classes[class].unswept = page.as_ptr();
            }
        }
    }

    /// Takes back all pages: whatever is not swept, this thread sweeps.
    pub(crate) fn end_sweep_apart(&mut self) {
        let Some(shared) = self.shared.clone().filter(|_| self.is_swept_apart) else {
            return;
        };
        let began = self.meter.now();
        let mut state = shared.stop();
        self.meter.waited_since(began);
        state.task = Task::Nothing;
        for class in 0..CLASSES {
            while let Some(page) = state.take_page(class) {
                let entry = &mut self.classes[class];
                // SAFETY: pages in lists live, and this one left its list.
                unsafe { (*page.as_ptr()).next = entry.unswept };
                entry.unswept = page.as_ptr();
            }
        }
        drop(state);
        self.take_swept(usize::MAX);
        shared.resume();
    }

    /// # Safety
    ///
    /// The page lives and is in no list.
    unsafe fn take_page(&mut self, swept: Swept) {
        let Swept { page, class, rest } = swept;
        // SAFETY: the caller's promise.
        unsafe {
            match rest {
                Rest::Dead => {
                    (*page.as_ptr()).next = self.classes[class].unswept;
                    self.classes[class].unswept = page.as_ptr();
                }
                Rest::Living => self.page_swept(page, class, true),
                Rest::Nothing => self.page_swept(page, class, false),
            }
        }
    }
}
