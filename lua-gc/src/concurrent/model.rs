//! The claim protocol under a model checker: the code of `claim.rs`, with atomics whose every access may be followed
//! by any other thread's.
//!
//! Shuttle runs threads one at a time and tries schedules at random; it does not reorder accesses of one thread. So
//! this covers which thread does what when; that the orderings suffice on hardware which reorders is argued in `claim.rs`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::sync::atomic::{AtomicU8, AtomicUsize};
use shuttle::thread;

use super::claim::{self, Cell, Claim};
use crate::header::{COLOUR_A, COLOUR_B, COLOURS, FINALIZER, GREY, HUGE};

const BLACK: u8 = COLOUR_A;
const WHITE: u8 = COLOUR_B;
const OBJECTS: usize = 3;
const ITERATIONS: usize = 20_000;

impl Cell for AtomicU8 {
    fn load(&self, order: Ordering) -> u8 {
        AtomicU8::load(self, order)
    }

    fn store(&self, mark: u8, order: Ordering) {
        AtomicU8::store(self, mark, order);
    }

    fn compare_exchange(&self, current: u8, new: u8, success: Ordering, failure: Ordering) -> Result<u8, u8> {
        AtomicU8::compare_exchange(self, current, new, success, failure)
    }

    fn wait(_: u32) {
        thread::yield_now();
    }
}

/// An object with two fields that are always equal, except while they are being written.
struct Object {
    mark: AtomicU8,
    fields: [AtomicUsize; 2],
    /// How often it was traced.
    traced: AtomicUsize,
}

/// Everything is white, and its fields hold 1: the snapshot.
fn heap() -> Arc<Vec<Object>> {
    let object = |_| Object { mark: AtomicU8::new(WHITE), fields: [AtomicUsize::new(1), AtomicUsize::new(1)], traced: AtomicUsize::new(0) };
    Arc::new((0..OBJECTS).map(object).collect())
}

impl Object {
    /// What whoever claims does. The object is as it was when the cycle began.
    fn trace(&self, mine: u8) {
        for field in &self.fields {
            assert_eq!(field.load(Ordering::Relaxed), 1, "traced after it was written");
        }
        self.traced.fetch_add(1, Ordering::Relaxed);
        claim::finish(&self.mark, mine);
    }

    /// The barrier of the program; it is the same as `Heap::barrier` and `Tracer::scan_shared`.
    fn barrier(&self) {
        if Cell::load(&self.mark, Ordering::Acquire) & (WHITE | GREY) != 0
            && let Claim::Mine(mine) = claim::claim_or_wait(&self.mark, WHITE, BLACK)
        {
            self.trace(mine);
        }
    }

    fn write(&self, value: usize) {
        for field in &self.fields {
            field.store(value, Ordering::Relaxed);
        }
    }
}

/// A program that writes to every object, and two workers that visit them in different orders.
fn run(barrier: bool) {
    let heap = heap();
    let workers: Vec<_> = [[0, 1, 2], [2, 0, 1]]
        .into_iter()
        .map(|order| {
            let heap = Arc::clone(&heap);
            thread::spawn(move || {
                for index in order {
                    if let Claim::Mine(mine) = claim::claim(&heap[index].mark, WHITE, BLACK) {
                        heap[index].trace(mine);
                    }
                }
            })
        })
        .collect();
    for (index, object) in heap.iter().enumerate() {
        claim::change(&object.mark, |mark| mark | FINALIZER);
        if barrier {
            object.barrier();
        }
        object.write(index + 2);
    }
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    for object in heap.iter() {
        assert_eq!(Cell::load(&object.mark, Ordering::Relaxed), BLACK | FINALIZER);
        assert_eq!(object.traced.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn each_object_is_traced_once_and_before_it_is_written() {
    shuttle::check_random(|| run(true), ITERATIONS);
}

#[test]
#[should_panic(expected = "traced after it was written")]
fn without_the_barrier_the_model_fails() {
    shuttle::check_random(|| run(false), ITERATIONS);
}

/// An object that one thread finds huge, and puts back, while the other claims its segments; and one that is postponed.
#[test]
fn objects_that_are_put_back_end_black() {
    let model = || {
        let (mark, left) = (Arc::new(AtomicU8::new(WHITE)), Arc::new(AtomicUsize::new(2)));
        let worker = {
            let (mark, left) = (Arc::clone(&mark), Arc::clone(&left));
            move || {
                if let Claim::Mine(mine) = claim::claim(&*mark, WHITE, BLACK) {
                    claim::put_back(&*mark, mine, HUGE);
                }
                if matches!(claim::claim_or_wait(&*mark, WHITE, BLACK), Claim::Huge) && left.fetch_sub(1, Ordering::AcqRel) == 1 {
                    claim::finish_huge(&*mark, BLACK);
                }
            }
        };
        let other = thread::spawn(worker.clone());
        worker();
        other.join().unwrap();
        let mark = Cell::load(&*mark, Ordering::Relaxed);
        assert_eq!(mark & (COLOURS | GREY | HUGE), BLACK);
    };
    shuttle::check_random(model, ITERATIONS);
}
