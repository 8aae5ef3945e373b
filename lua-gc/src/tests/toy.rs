//! A VM without a language: tables of pairs, strong and weak, and strings.

use std::cell::Cell;
use std::collections::HashMap;
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex};

use crate::{Collector, FreeRaw, Freed, Header, Heap, Marks, Model, PageSource, SystemPages, Tracer, WeakPhase};

pub(crate) type Object = NonNull<Header>;
pub(crate) type Id = u32;

/// Keys and values are strong.
pub(crate) const TABLE: u8 = 1;
/// No references.
pub(crate) const STRING: u8 = 2;
/// Strong keys, weak values.
pub(crate) const WEAK_VALUES: u8 = 3;
/// Weak keys, strong values.
pub(crate) const EPHEMERON: u8 = 4;
/// Weak keys, weak values.
pub(crate) const ALL_WEAK: u8 = 5;

pub(crate) type Pair = (Option<Object>, Option<Object>);

/// Every object. Tables own a raw block of pairs.
#[repr(C)]
pub(crate) struct Toy {
    header: Header,
    pub(crate) id: Id,
    pub(crate) length: u32,
    /// The size that it was allocated with: tests pad objects.
    size: u32,
    pub(crate) pairs: *mut Pair,
    /// Of the VM that made it.
    freed: *const Log,
}

/// Ids of objects that were freed, on any thread.
pub(crate) type Log = Mutex<Vec<Id>>;

#[derive(Default)]
pub(crate) struct Side {
    /// Weak index of strings, as a string table.
    pub(crate) strings: HashMap<Id, Object>,
    pub(crate) reached_shared: usize,
    pub(crate) marking_ended: usize,
    /// Entries of weak tables that were cleared: collection, table, index.
    pub(crate) cleared: Vec<(u64, Id, usize)>,
}

thread_local! {
    /// Slots of ephemeron tables that were looked at for keys that live, on this thread.
    pub(crate) static EPHEMERONS_SEEN: Cell<usize> = const { Cell::new(0) };
}

pub(crate) struct ToyModel;

pub(crate) fn kind(object: Object) -> u8 {
    // SAFETY: tests pass objects that have not been freed.
    unsafe { object.as_ref() }.kind()
}

pub(crate) fn id(object: Object) -> Id {
    // SAFETY: as above.
    unsafe { (*object.cast::<Toy>().as_ptr()).id }
}

pub(crate) fn pairs<'a>(object: Object) -> &'a [Pair] {
    // SAFETY: as above; tests write to no object of which they hold a slice.
    unsafe {
        let (pairs, length) = view(object);
        if length == 0 { &[] } else { std::slice::from_raw_parts(pairs, length) }
    }
}

/// Where the pairs of an object are. Nobody forms a unique reference to them: a worker may be reading some.
unsafe fn view(object: Object) -> (*mut Pair, usize) {
    let toy = object.cast::<Toy>().as_ptr();
    // SAFETY: the caller passes a live object.
    unsafe { ((*toy).pairs, (*toy).length as usize) }
}

fn is_value(object: Object) -> bool {
    kind(object) == STRING
}

// SAFETY: `trace` reports all pairs; `size` is stored.
unsafe impl Model for ToyModel {
    type Side = Side;
    type Roots = Vec<Option<Object>>;
    type Reached = usize;
    type View = (*mut Pair, usize);
    const SEGMENT: usize = 4;
    const LEAF_KINDS: u64 = 1 << STRING;

    unsafe fn trace_roots(roots: &mut Self::Roots, tracer: &mut Tracer<'_, Self>) {
        for &root in roots.iter().flatten() {
            // SAFETY: roots are live.
            unsafe { tracer.mark(root) };
        }
    }

    unsafe fn trace(object: Object, tracer: &mut Tracer<'_, Self>) {
        let kind = kind(object);
        match kind {
            WEAK_VALUES | ALL_WEAK => tracer.weak(object),
            EPHEMERON => tracer.ephemeron(object),
            _ => {}
        }
        let length = pairs(object).len();
        match kind {
            // SAFETY: the object is being traced.
            TABLE if length > Self::SEGMENT => unsafe {
                tracer.defer(object, length, view(object));
            },
            TABLE | WEAK_VALUES => trace_pairs(object, pairs(object), tracer),
            _ => {}
        }
    }

    unsafe fn trace_slots(object: Object, view: &Self::View, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) {
        // SAFETY: the heap keeps the block that the view names.
        assert!(to <= view.1);
        // SAFETY: the heap keeps the block that the view names.
        let pairs = unsafe { std::slice::from_raw_parts(view.0.add(from), to - from) };
        trace_pairs(object, pairs, tracer);
    }

    unsafe fn slots(object: Object) -> Option<(usize, Self::View)> {
        // SAFETY: the heap passes a live object.
        let view = unsafe { view(object) };
        (kind(object) == TABLE && view.1 > Self::SEGMENT).then_some((view.1, view))
    }

    unsafe fn size(object: Object) -> usize {
        // SAFETY: the heap passes a live object.
        unsafe { (*object.cast::<Toy>().as_ptr()).size as usize }
    }

    unsafe fn free(object: Object, heap: &mut Heap<Self>) {
        // SAFETY: the heap passes an object once; it owns its block.
        unsafe {
            let toy = object.cast::<Toy>().as_ptr();
            note_freed(toy);
            if kind(object) == STRING {
                let gone = heap.side.strings.remove(&(*toy).id);
                assert!(gone.is_none_or(|gone| gone == object));
            }
            free_pairs(heap, (*toy).pairs, (*toy).length);
        }
    }

    unsafe fn is_freed_apart(object: Object) -> bool {
        kind(object) != STRING
    }

    unsafe fn free_apart(object: Object, freed: &mut Freed) {
        // SAFETY: the heap passes an object once; it owns its block.
        unsafe {
            let toy = object.cast::<Toy>().as_ptr();
            note_freed(toy);
            free_pairs(freed, (*toy).pairs, (*toy).length);
        }
    }

    fn merge_reached(into: &mut usize, from: usize) {
        *into += from;
    }

    unsafe fn weak_slots(object: Object, phase: WeakPhase) -> usize {
        let is_cleared = match phase {
            WeakPhase::Values => kind(object) != EPHEMERON,
            WeakPhase::Keys => kind(object) != WEAK_VALUES,
        };
        if is_cleared { pairs(object).len() } else { 0 }
    }

    unsafe fn clear_weak(object: Object, from: usize, to: usize, marks: &mut Marks<'_, Self>, phase: WeakPhase) {
        for index in from..to.min(pairs(object).len()) {
            let mut pair = pairs(object)[index];
            // SAFETY: nothing is freed before marking ends.
            unsafe {
                let dead = |side: Option<Object>| side.is_some_and(|object| !is_value(object) && marks.is_dead(object));
                let weak = if phase == WeakPhase::Values { pair.1 } else { pair.0 };
                if dead(weak) {
                    pair = (None, None);
                    view(object).0.add(index).write(pair);
                    let collection = marks.heap.cycles() + marks.heap.minors();
                    marks.side().cleared.push((collection, id(object), index));
                }
                for object in [pair.0, pair.1].into_iter().flatten() {
                    if is_value(object) {
                        marks.keep(object);
                    }
                }
            }
        }
    }

    unsafe fn trace_ephemeron(object: Object, from: usize, to: usize, tracer: &mut Tracer<'_, Self>) -> bool {
        let mut changed = false;
        EPHEMERONS_SEEN.set(EPHEMERONS_SEEN.get() + to - from);
        for &(key, value) in &pairs(object)[from..to] {
            // SAFETY: nothing is freed before marking ends.
            unsafe {
                let Some(value) = value.filter(|&value| !tracer.is_marked(value)) else { continue };
                match key.filter(|&key| !is_value(key) && !tracer.is_marked(key)) {
                    Some(key) => tracer.value_waits(key, value),
                    None => {
                        tracer.mark(value);
                        changed = true;
                    }
                }
            }
        }
        changed
    }

    unsafe fn reached_shared(_: Object, reached: &mut usize) {
        *reached += 1;
    }

    unsafe fn marking_ended(heap: &mut Heap<Self>, reached: usize) {
        heap.side.reached_shared += reached;
        heap.side.marking_ended += 1;
    }
}

fn trace_pairs(object: Object, pairs: &[Pair], tracer: &mut Tracer<'_, ToyModel>) {
    tracer.add_work(size_of_val(pairs));
    let keys = pairs.iter().filter_map(|pair| pair.0);
    let values = pairs.iter().filter_map(|pair| pair.1).filter(|_| kind(object) == TABLE);
    for reference in keys.chain(values) {
        // SAFETY: objects hold live objects.
        unsafe { tracer.mark(reference) };
    }
}

/// # Safety
///
/// The object is being freed.
unsafe fn note_freed(toy: *const Toy) {
    // SAFETY: the VM that made the object outlives it.
    if let Some(log) = unsafe { (*toy).freed.as_ref() } {
        // SAFETY: as above.
        log.lock().unwrap().push(unsafe { (*toy).id });
    }
}

/// # Safety
///
/// The block holds that many pairs and is not used any more.
unsafe fn free_pairs(heap: &mut impl FreeRaw, pairs: *mut Pair, length: u32) {
    if let Some(pairs) = NonNull::new(pairs)
        && length > 0
    {
        // SAFETY: the caller promises it.
        unsafe { heap.free_raw(pairs.cast(), length as usize * size_of::<Pair>()) };
    }
}

/// The heap together with what a mutator does to it.
pub(crate) struct Vm {
    pub(crate) heap: Heap<ToyModel>,
    pub(crate) roots: Vec<Option<Object>>,
    pub(crate) next_id: Id,
    /// Stores go without a barrier: tests show that this is found out.
    pub(crate) omit_barrier: bool,
    /// Strings that are found again are used as they are: likewise.
    pub(crate) omit_revival: bool,
    pub(crate) freed: Arc<Log>,
}

/// Ids of strings are below.
pub(crate) const STRINGS: Id = 1000;

impl Vm {
    pub(crate) fn new(collector: Box<dyn Collector<ToyModel>>) -> Self {
        Self::with_pages(collector, Box::new(SystemPages))
    }

    pub(crate) fn with_pages(collector: Box<dyn Collector<ToyModel>>, pages: Box<dyn PageSource>) -> Self {
        Vm {
            heap: Heap::new(Side::default(), pages, collector),
            roots: vec![None; 16],
            next_id: STRINGS,
            omit_barrier: false,
            omit_revival: false,
            freed: Arc::default(),
        }
    }

    fn raw_pairs(&mut self, length: u32) -> Option<*mut Pair> {
        if length == 0 {
            return Some(ptr::null_mut());
        }
        let block = self.heap.alloc_raw(length as usize * size_of::<Pair>()).ok()?.cast::<Pair>();
        for index in 0..length as usize {
            // SAFETY: the block has that many pairs.
            unsafe { block.add(index).write((None, None)) };
        }
        Some(block.as_ptr())
    }

    /// A new object, `None` if there is no memory.
    pub(crate) fn try_object(&mut self, kind: u8, length: u32, padding: usize) -> Option<Object> {
        let pairs = self.raw_pairs(length)?;
        let size = size_of::<Toy>() + padding;
        match self.heap.alloc(size, kind) {
            Ok(object) => {
                let id = self.next_id;
                self.next_id += 1;
                // SAFETY: the object is new; the header stays as it is.
                unsafe {
                    let toy = object.cast::<Toy>().as_ptr();
                    (&raw mut (*toy).id).write(id);
                    (&raw mut (*toy).length).write(length);
                    (&raw mut (*toy).size).write(size as u32);
                    (&raw mut (*toy).pairs).write(pairs);
                    (&raw mut (*toy).freed).write(Arc::as_ptr(&self.freed));
                }
                Some(object)
            }
            Err(_) => {
                // SAFETY: allocated above, not used.
                unsafe { free_pairs(&mut self.heap, pairs, length) };
                None
            }
        }
    }

    pub(crate) fn object(&mut self, kind: u8, length: u32) -> Object {
        self.try_object(kind, length, 0).expect("no limit is set")
    }

    /// The string with this id, the same one as long as it lives.
    pub(crate) fn string(&mut self, id: Id) -> Object {
        assert!(id < STRINGS);
        if let Some(&found) = self.heap.side.strings.get(&id) {
            if !self.omit_revival {
                // SAFETY: `free` takes strings out of the index.
                unsafe { self.heap.revive(found) };
            }
            return found;
        }
        let object = self.object(STRING, 0);
        // SAFETY: the object is new.
        unsafe { (*object.cast::<Toy>().as_ptr()).id = id };
        self.heap.side.strings.insert(id, object);
        object
    }

    pub(crate) fn store(&mut self, table: Object, index: usize, pair: Pair) {
        if !self.omit_barrier {
            // SAFETY: tests write to live objects only.
            unsafe { self.heap.barrier_at(table, index, pair.0.is_some() || pair.1.is_some()) };
        }
        assert!(index < pairs(table).len());
        // SAFETY: tests write to live objects only.
        unsafe { view(table).0.add(index).write(pair) };
    }

    /// Reads a pair as a VM must: what may come from a weak place is marked.
    pub(crate) fn load(&mut self, table: Object, index: usize) -> Pair {
        let pair = pairs(table)[index];
        // SAFETY: entries have not been freed.
        let is_there = unsafe {
            (!matches!(kind(table), WEAK_VALUES | ALL_WEAK) || pair.1.is_none_or(|value| self.heap.read_weak(value)))
                && (!matches!(kind(table), EPHEMERON | ALL_WEAK) || pair.0.is_none_or(|key| self.heap.read_weak_key(key)))
                && (kind(table) != EPHEMERON || pair.1.is_none_or(|value| self.heap.read_weak(value)))
        };
        if is_there { pair } else { (None, None) }
    }

    pub(crate) fn resize(&mut self, table: Object, length: u32) {
        let new = self.raw_pairs(length).expect("no limit is set");
        if kind(table) != TABLE {
            // SAFETY: tests resize live tables only.
            unsafe { self.heap.weak_changes(table) };
        }
        if !self.omit_barrier {
            // SAFETY: tests resize live tables only.
            unsafe {
                if length as usize > pairs(table).len() {
                    self.heap.barrier_grow(table);
                } else {
                    self.heap.barrier_head(table);
                }
            }
        }
        let old_length = pairs(table).len() as u32;
        for (index, pair) in pairs(table).iter().enumerate().take(length as usize) {
            // SAFETY: the new block has `length` pairs.
            unsafe { new.add(index).write(*pair) };
        }
        // SAFETY: the table owns its block.
        unsafe {
            let toy = table.cast::<Toy>().as_ptr();
            let old = (*toy).pairs;
            (*toy).pairs = new;
            (*toy).length = length;
            if let Some(old) = NonNull::new(old) {
                self.heap.free_replaced(table, old.cast(), old_length as usize * size_of::<Pair>());
            }
        }
    }

    pub(crate) fn register(&mut self, object: Object) {
        // SAFETY: tests register live objects.
        unsafe { self.heap.register_finalizer(object) };
    }

    pub(crate) fn step(&mut self) {
        self.heap.step(&mut self.roots);
    }

    pub(crate) fn collect(&mut self) {
        self.heap.collect(&mut self.roots);
    }

    /// Ids of all objects that are not known to be dead, sorted.
    pub(crate) fn ids(&mut self) -> Vec<Id> {
        let mut ids = Vec::new();
        // SAFETY: nothing is changed.
        unsafe { self.heap.for_each_object(|_, object| ids.push(id(object))) };
        ids.sort_unstable();
        ids
    }
}
