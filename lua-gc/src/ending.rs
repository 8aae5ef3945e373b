//! The end of marking: what has to be looked at when all that is reachable has been traced, in slices.
//!
//! ```text
//! Tracing -> Ephemerons -> Finalizers -> Values -> Resurrection -> Ephemerons -> Values -> Keys -> Over
//!                        \_______ decided _____/                \____________ decided ____________/
//! ```
//!
//! The program runs between two slices. When it has been *decided* what lives, whatever is white is dead, although it still
//! stands in weak tables that are not cleared yet: [`Heap::read_weak`] tells that. What the program can
//! reach has been traced by then, so it cannot change what has been found out; tables that it gives other nodes
//! meanwhile are cleared at once ([`Heap::weak_changes`]). Only where finalizers resurrect objects
//! is a second round of marking needed. Until that has ended, nobody knows whether a dead weak key is resurrected, and its entry
//! stays: so if the program comes across one, the round ends at once ([`Heap::read_weak_key`]).

use std::mem;
use std::ptr::NonNull;

use crate::cycle::Phase;
use crate::links::Links;
use crate::tracer::OBJECT_WORK;
use crate::{Header, Heap, Marks, Model, Tracer, WeakPhase};

/// Where the end of marking stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Objects are traced, those first whose finalizers are still to be called.
    #[default]
    Tracing,
    /// Values of ephemerons whose keys live are traced, and what the program has read from weak tables.
    Ephemerons,
    /// Dead objects that have finalizers are looked for.
    Finalizers,
    /// Entries whose weak values are dead go.
    Values,
    /// They and what they refer to are traced.
    Resurrection,
    EphemeronsAgain,
    /// Values of tables that have been resurrected.
    ValuesAgain,
    /// Entries whose weak keys are dead go.
    Keys,
    Over,
}

impl Stage {
    /// What follows, if something is resurrected or not.
    fn next(self, resurrects: bool) -> Stage {
        match self {
            Stage::Tracing => Stage::Ephemerons,
            Stage::Ephemerons => Stage::Finalizers,
            Stage::Finalizers => Stage::Values,
            Stage::Values if !resurrects => Stage::ValuesAgain,
            Stage::Values => Stage::Resurrection,
            Stage::Resurrection => Stage::EphemeronsAgain,
            Stage::EphemeronsAgain => Stage::ValuesAgain,
            Stage::ValuesAgain => Stage::Keys,
            Stage::Keys | Stage::Over => Stage::Over,
        }
    }
}

/// Slots `from` to `to` of a weak table, as far as it has so many.
#[derive(Clone, Copy)]
pub(crate) struct WeakPart {
    pub(crate) object: NonNull<Header>,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// What the end of marking knows between two slices.
#[derive(Default)]
pub(crate) struct Ending {
    pub(crate) stage: Stage,
    /// Where the stage stands: in which part of a list, and in which slot of that.
    part: usize,
    slot: usize,
    /// Ephemerons: parts when this pass began; it marked something; its direction; how many passes there have been.
    parts: usize,
    changed: bool,
    backwards: bool,
    passes: u32,
    /// Waiting entries of so many parts have been noted.
    linked: usize,
    /// Slots have been mixed before that was done for all parts.
    mixed: bool,
    /// How many weak tables there were before anything was resurrected.
    first_resurrected: usize,
    /// How many of the last pending objects are not marked.
    pub(crate) pending_left: usize,
    /// Registered objects from this number on are looked at; the numbers of those that are dead.
    registered_from: usize,
    pub(crate) dead: Vec<usize>,
}

impl Ending {
    /// A cycle begins, with so many pending objects, that looks at registered objects from this number on.
    pub(crate) fn new(pending: usize, registered_from: usize) -> Ending {
        Ending { pending_left: pending, registered_from, ..Ending::default() }
    }
}

/// Slots of a weak table, or registered objects, that are looked at together. Under Miri, which is slow, small tables take many slices.
const PIECE: usize = if cfg!(miri) { 16 } else { 256 };
/// Work that one of them counts for, in bytes.
const SLOT_WORK: usize = OBJECT_WORK;
/// Passes over the ephemerons that do without [`Links`]: chains that go along with the order of the slots, or against
/// it, take no more.
const PASSES_ALONE: u32 = 2;
/// Passes over the ephemerons between which the program runs: it may see to it that there are always more.
const MOST_PASSES: u32 = 8;

impl<M: Model> Heap<M> {
    /// Goes on with marking for about `budget` bytes of work; returns whether nothing is left but to end it.
    pub(crate) fn advance(&mut self, budget: usize) -> bool {
        let mut left = budget;
        self.advance_to(Stage::Over, &mut left)
    }

    /// Goes on up to a stage, or until no work is left to be done; returns whether it got there.
    fn advance_to(&mut self, stage: Stage, left: &mut usize) -> bool {
        while self.drain(left) {
            if self.ending.stage >= stage {
                return true;
            }
            let done = match self.ending.stage {
                Stage::Tracing => self.mark_pending(left),
                Stage::Ephemerons | Stage::EphemeronsAgain => self.trace_ephemerons(left),
                Stage::Finalizers => self.find_finalizable(left),
                Stage::Values | Stage::ValuesAgain => self.clear_parts(left, WeakPhase::Values),
                Stage::Resurrection => self.resurrect(left),
                Stage::Keys => self.clear_parts(left, WeakPhase::Keys),
                Stage::Over => true,
            };
            if done {
                self.enter(self.ending.stage.next(!self.ending.dead.is_empty()));
            }
            if *left == 0 {
                return false;
            }
        }
        false
    }

    /// What lives has been decided, but not what is resurrected: then that is found out now.
    pub(crate) fn decide_keys(&mut self) {
        if self.phase != Phase::Marking || !(Stage::Finalizers..Stage::ValuesAgain).contains(&self.ending.stage) {
            return;
        }
        let piece = self.meter.begin();
        let mut all = usize::MAX;
        self.advance_to(Stage::Values, &mut all);
        if !self.ending.dead.is_empty() {
            self.advance_to(Stage::ValuesAgain, &mut all);
        }
        self.meter.end(piece);
    }

    fn enter(&mut self, stage: Stage) {
        let ending = &mut self.ending;
        (ending.stage, ending.slot, ending.passes, ending.changed) = (stage, 0, 0, false);
        (ending.backwards, ending.mixed) = (false, false);
        ending.part = match stage {
            Stage::ValuesAgain => ending.first_resurrected,
            Stage::Finalizers => ending.registered_from,
            _ => 0,
        };
        match stage {
            Stage::Ephemerons | Stage::EphemeronsAgain => ending.parts = self.marking.ephemerons.len(),
            Stage::Values => ending.first_resurrected = self.marking.weak.len(),
            _ => {}
        }
    }

    /// Whether all that lives has been marked, but for what this object tells: a white object is dead.
    pub(crate) fn is_decided(&self) -> bool {
        self.phase == Phase::Marking
            && !matches!(self.ending.stage, Stage::Tracing | Stage::Ephemerons | Stage::Resurrection | Stage::EphemeronsAgain)
    }

    /// Marks the values of ephemerons whose keys are marked, until nothing changes, and what has been read from weak tables; returns
    /// whether that is so.
    ///
    /// The second pass goes backwards, so that two are enough for chains in either order. If they are not, links are noted, and
    /// one more pass takes all that is left.
    fn trace_ephemerons(&mut self, left: &mut usize) -> bool {
        loop {
            if self.ending.passes > MOST_PASSES {
                *left = usize::MAX;
            }
            while self.ending.part < self.parts_of_pass() {
                if *left == 0 {
                    return false;
                }
                self.trace_ephemeron_piece(left);
                // What has been marked decides about what follows.
                if !self.drain(left) {
                    return false;
                }
            }
            let parts = self.marking.ephemerons.len();
            let ending = &mut self.ending;
            let settled = !mem::take(&mut ending.changed) && parts == ending.parts;
            (ending.part, ending.slot, ending.parts) = (0, 0, parts);
            ending.passes += 1;
            ending.backwards = ending.passes == 1;
            if mem::take(&mut ending.mixed) {
                ending.linked = 0;
                self.marking.links = Links::default();
            }
            if settled {
                return !self.mark_weak_reads();
            }
        }
    }

    /// How many parts the pass looks at: from the third on, those as well that have come to the list meanwhile.
    fn parts_of_pass(&mut self) -> usize {
        if self.ending.passes >= PASSES_ALONE {
            self.ending.parts = self.marking.ephemerons.len();
        }
        self.ending.parts
    }

    fn trace_ephemeron_piece(&mut self, left: &mut usize) {
        let ending = &self.ending;
        let at = ending.part;
        let is_noted = ending.passes >= PASSES_ALONE && at >= ending.linked;
        let part = self.marking.ephemerons[if ending.backwards { ending.parts - 1 - at } else { at }];
        let Some((from, to)) = self.piece(part, WeakPhase::Keys, left) else {
            self.ending.linked += usize::from(is_noted);
            return;
        };
        self.marking.links.set_room(if is_noted { self.bytes } else { 0 });
        let mut tracer = Tracer::new(&mut self.marking);
        // SAFETY: the table was traced in this cycle, so it is alive, and has so many slots.
        self.ending.changed |= unsafe { M::trace_ephemeron(part.object, from, to, &mut tracer) };
    }

    /// Removes dead entries of weak tables.
    fn clear_parts(&mut self, left: &mut usize, phase: WeakPhase) -> bool {
        while *left > 0 {
            let weak = self.marking.weak.len();
            let part = match self.ending.part.checked_sub(weak) {
                None => Some(self.marking.weak[self.ending.part]),
                Some(at) => self.marking.ephemerons.get(at).copied(),
            };
            let Some(part) = part else { return true };
            if let Some((from, to)) = self.piece(part, phase, left) {
                // SAFETY: the table was traced in this cycle, so it is alive, and has so many slots.
                unsafe { self.clear_piece(part.object, from, to, phase) };
            }
        }
        false
    }

    /// The next slots of a part, or none, and then the next part follows.
    fn piece(&mut self, part: WeakPart, phase: WeakPhase, left: &mut usize) -> Option<(usize, usize)> {
        // SAFETY: the table was traced in this cycle, so it is alive.
        let slots = unsafe { M::weak_slots(part.object, phase) }.min(part.to);
        let from = self.ending.slot.max(part.from);
        let to = from.saturating_add(PIECE).min(slots);
        *left = left.saturating_sub(to.saturating_sub(from).max(1) * SLOT_WORK);
        if from < to {
            self.ending.slot = to;
            return Some((from, to));
        }
        self.ending.part += 1;
        self.ending.slot = 0;
        None
    }

    /// Looks for dead objects that have finalizers.
    fn find_finalizable(&mut self, left: &mut usize) -> bool {
        while *left > 0 {
            let to = (self.ending.part + PIECE).min(self.registered.len());
            for index in self.ending.part..to {
                // SAFETY: registered objects are freed only when they are registered no more.
                if unsafe { self.registered[index].as_ref() }.mark() & self.white != 0 {
                    self.ending.dead.push(index);
                }
            }
            *left = left.saturating_sub((to - self.ending.part).max(1) * SLOT_WORK);
            self.ending.part = to;
            if to == self.registered.len() {
                return true;
            }
        }
        false
    }

    /// Marks the dead objects that were found.
    fn resurrect(&mut self, left: &mut usize) -> bool {
        while let Some(&index) = self.ending.dead.get(self.ending.part) {
            if *left == 0 {
                return false;
            }
            *left = left.saturating_sub(SLOT_WORK);
            self.ending.part += 1;
            // SAFETY: the object has not been freed.
            unsafe { Tracer::new(&mut self.marking).mark(self.registered[index]) };
        }
        true
    }

    /// Must be called before a weak table gets other nodes, or its entries other numbers.
    ///
    /// # Safety
    ///
    /// `object` is a live table of this heap that tracing calls weak.
    pub unsafe fn weak_changes(&mut self, object: NonNull<Header>) {
        if self.is_decided() {
            // SAFETY: the caller's promise.
            unsafe {
                self.clear_slots(object, 0, usize::MAX, WeakPhase::Values);
                if self.ending.stage >= Stage::ValuesAgain {
                    self.clear_slots(object, 0, usize::MAX, WeakPhase::Keys);
                }
            }
        }
        // A pass over ephemerons may have missed some.
        self.ending.changed = true;
        self.ending.mixed |= self.ending.linked < self.marking.ephemerons.len();
    }

    /// Must be called before an entry of a weak table moves from this slot to another one, perhaps, and the slot is looked at again.
    ///
    /// # Safety
    ///
    /// As for [`weak_changes`](Heap::weak_changes); the table has the slot.
    pub unsafe fn weak_slot_changes(&mut self, object: NonNull<Header>, slot: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            if self.is_decided() {
                self.clear_slots(object, slot, slot + 1, WeakPhase::Values);
                if self.ending.stage >= Stage::ValuesAgain {
                    self.clear_slots(object, slot, slot + 1, WeakPhase::Keys);
                }
            } else if matches!(self.ending.stage, Stage::Ephemerons | Stage::EphemeronsAgain)
                && self.phase == Phase::Marking
                && M::weak_slots(object, WeakPhase::Values) == 0
                && M::weak_slots(object, WeakPhase::Keys) > 0
            {
                // The pass may have been here, or miss the entry at its new place.
                let mut tracer = Tracer::new(&mut self.marking);
                self.ending.changed |= M::trace_ephemeron(object, slot, slot + 1, &mut tracer);
            }
        }
    }

    /// As [`weak_changes`](Heap::weak_changes), before the table becomes a strong one: what is dead must not be found in it
    /// afterwards. The caller reads what is left ([`read_weak`](Heap::read_weak)).
    ///
    /// # Safety
    ///
    /// As for [`weak_changes`](Heap::weak_changes).
    pub unsafe fn weak_ends(&mut self, object: NonNull<Header>) {
        self.decide_keys();
        if self.is_decided() {
            // SAFETY: the caller's promise.
            unsafe {
                self.clear_slots(object, 0, usize::MAX, WeakPhase::Values);
                self.clear_slots(object, 0, usize::MAX, WeakPhase::Keys);
            }
        }
    }

    /// # Safety
    ///
    /// As for [`weak_changes`](Heap::weak_changes).
    unsafe fn clear_slots(&mut self, object: NonNull<Header>, from: usize, to: usize, phase: WeakPhase) {
        // SAFETY: the caller's promise.
        unsafe {
            let to = M::weak_slots(object, phase).min(to);
            if from < to {
                self.clear_piece(object, from, to, phase);
            }
        }
    }

    /// # Safety
    ///
    /// As for [`Model::clear_weak`].
    unsafe fn clear_piece(&mut self, object: NonNull<Header>, from: usize, to: usize, phase: WeakPhase) {
        #[cfg(feature = "sabotage")]
        if self.omitted.clearing {
            return;
        }
        // SAFETY: the caller's promise.
        unsafe { M::clear_weak(object, from, to, &mut Marks { heap: self }, phase) };
    }
}
