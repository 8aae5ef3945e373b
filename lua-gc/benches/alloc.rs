//! What an object costs from its allocation to its end, marking included.
//!
//! `cargo bench -p lua-gc`; results are per object.

#![allow(missing_docs)] // criterion_group! makes a function without

use std::hint::black_box;
use std::ptr::{self, NonNull};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lua_gc::{CollectorKind, Header, Heap, Marks, Model, SystemPages, Tracer, WeakPhase};

type Object = NonNull<Header>;

/// Two references in the object itself.
const NODE: u8 = 1;
/// Two references in a raw block, as a small table has.
const TABLE: u8 = 2;

#[repr(C)]
struct Node {
    header: Header,
    left: *mut Header,
    right: *mut Header,
}

#[repr(C)]
struct Table {
    header: Header,
    length: u32,
    array: *mut *mut Header,
    rest: [usize; 4],
}

struct Trees;

// SAFETY: `trace` reports both references.
unsafe impl Model for Trees {
    type Side = ();
    type Roots = Vec<Option<Object>>;
    type Reached = ();
    type View = ();
    const PLAIN_KINDS: u64 = 1 << NODE;

    unsafe fn trace_roots(roots: &mut Self::Roots, tracer: &mut Tracer<'_, Self>) {
        for &root in roots.iter().flatten() {
            // SAFETY: roots are live.
            unsafe { tracer.mark(root) };
        }
    }

    #[inline]
    unsafe fn trace(object: Object, tracer: &mut Tracer<'_, Self>) {
        // SAFETY: the heap passes a live object; it refers to live ones.
        unsafe {
            if object.as_ref().kind() == NODE {
                let node = object.cast::<Node>().as_ref();
                for child in [node.left, node.right] {
                    if let Some(child) = NonNull::new(child) {
                        tracer.mark(child);
                    }
                }
            } else {
                let table = object.cast::<Table>().as_ref();
                for index in 0..table.length as usize {
                    if let Some(child) = NonNull::new(*table.array.add(index)) {
                        tracer.mark(child);
                    }
                }
            }
        }
    }

    unsafe fn size(object: Object) -> usize {
        // SAFETY: the heap passes a live object.
        if unsafe { object.as_ref() }.kind() == NODE { size_of::<Node>() } else { size_of::<Table>() }
    }

    #[inline]
    unsafe fn free(object: Object, heap: &mut Heap<Self>) {
        // SAFETY: the heap passes a dead table, which owns its array.
        unsafe {
            let table = object.cast::<Table>().as_ref();
            if let Some(array) = NonNull::new(table.array) {
                heap.free_raw(array.cast(), table.length as usize * 8);
            }
        }
    }

    fn merge_reached(_: &mut (), _: ()) {}

    unsafe fn weak_slots(_: Object, _: WeakPhase) -> usize {
        0
    }

    unsafe fn clear_weak(_: Object, _: usize, _: usize, _: &mut Marks<'_, Self>, _: WeakPhase) {}

    unsafe fn trace_ephemeron(_: Object, _: usize, _: usize, _: &mut Tracer<'_, Self>) -> bool {
        false
    }
}

struct Vm {
    heap: Heap<Trees>,
    roots: Vec<Option<Object>>,
}

impl Vm {
    fn new(kind: CollectorKind) -> Self {
        Vm { heap: Heap::new((), Box::new(SystemPages), kind.build()), roots: Vec::new() }
    }

    #[inline]
    fn poll(&mut self) {
        if self.heap.wants_step() {
            self.heap.step(&mut self.roots);
        }
    }

    #[inline]
    fn node(&mut self) -> Object {
        let object = self.heap.alloc(size_of::<Node>(), NODE).expect("no limit");
        // SAFETY: the object is new.
        unsafe {
            let node = object.cast::<Node>().as_ptr();
            (&raw mut (*node).left).write(ptr::null_mut());
            (&raw mut (*node).right).write(ptr::null_mut());
        }
        object
    }

    #[inline]
    fn table(&mut self) -> Object {
        let object = self.heap.alloc(size_of::<Table>(), TABLE).expect("no limit");
        let array = self.heap.alloc_raw(2 * 8).expect("no limit").cast::<*mut Header>();
        // SAFETY: the object and the block are new.
        unsafe {
            array.write(ptr::null_mut());
            array.add(1).write(ptr::null_mut());
            let table = object.cast::<Table>().as_ptr();
            (&raw mut (*table).length).write(2);
            (&raw mut (*table).array).write(array.as_ptr());
            (&raw mut (*table).rest).write([0; 4]);
        }
        object
    }

    /// A tree built bottom up, with a safepoint after each object, as
    /// binary-trees does it.
    fn tree(&mut self, kind: u8, depth: u32) {
        if depth == 0 {
            let leaf = if kind == NODE { self.node() } else { self.table() };
            self.roots.push(Some(leaf));
        } else {
            self.tree(kind, depth - 1);
            self.tree(kind, depth - 1);
            let right = self.roots[self.roots.len() - 1].expect("pushed").as_ptr();
            let left = self.roots[self.roots.len() - 2].expect("pushed").as_ptr();
            let parent = if kind == NODE { self.node() } else { self.table() };
            // SAFETY: the object is new and lives.
            unsafe {
                self.heap.barrier(parent);
                if kind == NODE {
                    let node = parent.cast::<Node>().as_ptr();
                    (*node).left = left;
                    (*node).right = right;
                } else {
                    let array = (*parent.cast::<Table>().as_ptr()).array;
                    *array = left;
                    *array.add(1) = right;
                }
            }
            self.roots.truncate(self.roots.len() - 2);
            self.roots.push(Some(parent));
        }
        self.poll();
    }
}

/// Builds trees of 2,047 objects that die at once, while one of `2^live` lives.
fn lifetime(c: &mut Criterion) {
    let mut group = c.benchmark_group("lifetime");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.sample_size(10);
    group.throughput(Throughput::Elements(2047));
    for (name, kind) in [("node", NODE), ("table", TABLE)] {
        for collector in [CollectorKind::MarkSweep, CollectorKind::Incremental] {
            for live in [10, 16, 19] {
                let id = BenchmarkId::new(format!("{name}/{collector:?}"), live);
                group.bench_function(id, |b| {
                    let mut vm = Vm::new(collector);
                    vm.tree(kind, live);
                    b.iter(|| {
                        vm.tree(kind, 10);
                        vm.roots.truncate(1);
                    });
                    black_box(&vm.roots);
                });
            }
        }
    }
    group.finish();
}

/// Allocation alone: objects that die at once, in a heap that is otherwise empty.
fn allocation(c: &mut Criterion) {
    let mut group = c.benchmark_group("allocation");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.sample_size(10);
    group.throughput(Throughput::Elements(1000));
    for (name, kind) in [("node", NODE), ("table", TABLE)] {
        group.bench_function(name, |b| {
            let mut vm = Vm::new(CollectorKind::Incremental);
            b.iter(|| {
                for _ in 0..1000 {
                    let object = if kind == NODE { vm.node() } else { vm.table() };
                    black_box(object);
                    vm.poll();
                }
            });
        });
    }
    group.finish();
}

/// Marking alone: a tree of 2^20 objects.
fn marking(c: &mut Criterion) {
    let mut group = c.benchmark_group("marking");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.sample_size(10);
    group.throughput(Throughput::Elements((2 << 19) - 1));
    for (name, kind) in [("node", NODE), ("table", TABLE)] {
        group.bench_function(name, |b| {
            let mut vm = Vm::new(CollectorKind::None);
            vm.tree(kind, 19);
            b.iter(|| {
                vm.heap.begin_marking(&mut vm.roots);
                vm.heap.mark_slice(usize::MAX);
                vm.heap.end_marking();
            });
        });
    }
    group.finish();
}

criterion_group!(benches, allocation, lifetime, marking);
criterion_main!(benches);
