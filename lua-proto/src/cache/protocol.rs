//! Who builds, who waits, and what a generation is.
//!
//! ```text
//!            nobody asked             built
//!   (empty) -------------> Building ---------> Ready --- not usable any more ---> Building
//!      ^                      |
//!      +---- failed, panic ---+
//! ```
//!
//! The first thread that asks for a key puts a [`Flight`] into the generation's map and builds;
//! who asks meanwhile waits for the flight. No lock is held while building.
//!
//! **Generations.** Nothing is taken out of a generation from outside: a change makes a new one,
//! with what is ready and stays, and swaps it in. A flight knows only the map in which it began.
//! So what began before a change cannot enter the newer generation, and its builder and those who wait
//! for it still get what was built.
//!
//! Nothing here knows files or code. The file is compiled a second time in `tests/models`, with
//! locks and maps of a model checker.

use std::ops::Deref;
use std::panic::{self, AssertUnwindSafe};
use std::sync::PoisonError;

use super::sync::{Arc, Condvar, Map, Mutex, Swap, thread};

/// What is built, by key, in generations.
pub(crate) struct Generations<T, E, X> {
    current: Swap<Generation<T, E, X>>,
    /// Held by those who make a new generation, while they copy the old one.
    changing: Mutex<()>,
}

/// What was built since the last change, and what was kept then.
pub(crate) struct Generation<T, E, X> {
    number: u64,
    /// What else goes when the generation goes.
    pub(crate) extra: X,
    slots: Map<Slot<T, E>>,
}

enum Slot<T, E> {
    Building(Arc<Flight<T, E>>),
    Ready(Arc<T>),
}

impl<T, E> Clone for Slot<T, E> {
    fn clone(&self) -> Slot<T, E> {
        match self {
            Slot::Building(flight) => Slot::Building(Arc::clone(flight)),
            Slot::Ready(value) => Slot::Ready(Arc::clone(value)),
        }
    }
}

/// One build that others may wait for.
struct Flight<T, E> {
    builder: thread::ThreadId,
    state: Mutex<State<T, E>>,
    landed: Condvar,
}

enum State<T, E> {
    Building,
    Built(Result<Arc<T>, E>),
    Panicked,
}

/// How a call got its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It was there.
    Found,
    /// Another thread was building it.
    Waited,
    /// This call built it.
    Built,
}

impl<T, E: Clone, X: Default> Generations<T, E, X> {
    pub(crate) fn new() -> Generations<T, E, X> {
        Generations { current: Swap::new(Generation { number: 1, extra: X::default(), slots: Map::new() }), changing: Mutex::new(()) }
    }

    /// The current generation, for a short look.
    #[inline]
    pub(crate) fn load(&self) -> impl Deref<Target = Arc<Generation<T, E, X>>> {
        self.current.load()
    }

    /// The current generation.
    pub(crate) fn current(&self) -> Arc<Generation<T, E, X>> {
        Arc::clone(&self.current.load())
    }

    /// What is under `key`, if it is `usable`; else what `build` makes, which gets the generation's number.
    /// However many threads ask at once, one builds.
    pub(crate) fn get(
        &self,
        key: &[u8],
        mut usable: impl FnMut(&T) -> bool,
        build: impl FnOnce(u64) -> Result<Arc<T>, E>,
    ) -> (How, Result<Arc<T>, E>) {
        loop {
            let generation = self.current();
            let seen = generation.slots.get(key);
            match &seen {
                Some(Slot::Ready(value)) if usable(value) => return (How::Found, Ok(Arc::clone(value))),
                Some(Slot::Building(flight)) if flight.is_mine() => return (How::Built, build(generation.number)),
                Some(Slot::Building(flight)) => match flight.wait() {
                    Some(result) => return (How::Waited, result),
                    None => continue,
                },
                _ => {}
            }
            if let Some(flight) = generation.begin(key, seen.as_ref()) {
                return (How::Built, generation.build(key, &flight, build));
            }
        }
    }

    /// As [`get`](Generations::get), but adds nothing: `None` where that would build.
    pub(crate) fn peek(&self, key: &[u8], mut usable: impl FnMut(&T) -> bool) -> Option<(How, Result<Arc<T>, E>)> {
        loop {
            return match self.current().slots.get(key)? {
                Slot::Ready(value) => usable(&value).then(|| (How::Found, Ok(value))),
                Slot::Building(flight) if flight.is_mine() => None,
                Slot::Building(flight) => match flight.wait() {
                    Some(result) => Some((How::Waited, result)),
                    None => continue,
                },
            };
        }
    }

    /// Begins a new generation with what is ready and `kept`.
    pub(crate) fn change(&self, kept: impl Fn(&[u8]) -> bool) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let next = self.current().successor(kept);
        self.current.store(next);
    }

    /// Begins a new generation in which `added`, built since `base` was the current one, stand for what is not `kept`.
    ///
    /// If `base` is not the current one any more, they began before another change, and do not enter: what is not
    /// kept goes all the same, so that nobody finds the old ones.
    pub(crate) fn replace(&self, base: &Arc<Generation<T, E, X>>, kept: impl Fn(&[u8]) -> bool, added: Vec<(Arc<[u8]>, Arc<T>)>) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current();
        let next = current.successor(kept);
        if Arc::ptr_eq(&current, base) {
            for (key, value) in added {
                next.slots.update(&key, |slot| *slot = Some(Slot::Ready(value)));
            }
        }
        self.current.store(next);
    }
}

impl<T, E: Clone, X: Default> Generation<T, E, X> {
    /// Its number; the first is 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What is ready under `key`. Waits for nobody.
    #[inline]
    pub(crate) fn ready(&self, key: &[u8]) -> Option<Arc<T>> {
        match self.slots.get(key) {
            Some(Slot::Ready(value)) => Some(value),
            _ => None,
        }
    }

    /// Shows what is ready.
    pub(crate) fn for_each(&self, mut see: impl FnMut(&Arc<[u8]>, &Arc<T>)) {
        self.slots.for_each(|key, slot| {
            if let Slot::Ready(value) = slot {
                see(key, value);
            }
        });
    }

    fn successor(&self, kept: impl Fn(&[u8]) -> bool) -> Generation<T, E, X> {
        let slots = Map::new();
        self.for_each(|key, value| {
            if kept(key) {
                slots.update(key, |slot| *slot = Some(Slot::Ready(Arc::clone(value))));
            }
        });
        Generation { number: self.number + 1, extra: X::default(), slots }
    }

    /// Puts a flight in the place of what was `seen`, if that is still there.
    fn begin(&self, key: &[u8], seen: Option<&Slot<T, E>>) -> Option<Arc<Flight<T, E>>> {
        self.slots.update(key, |slot| {
            let unchanged = match (&*slot, seen) {
                (None, None) => true,
                (Some(Slot::Ready(there)), Some(Slot::Ready(seen))) => Arc::ptr_eq(there, seen),
                _ => false,
            };
            unchanged.then(|| {
                let flight = Arc::new(Flight::new());
                *slot = Some(Slot::Building(Arc::clone(&flight)));
                flight
            })
        })
    }

    /// Builds, publishes, and wakes those who wait, in this order: who comes after a failure finds no
    /// trace of it. Nobody else touches the slot while the flight is in it.
    fn build(&self, key: &[u8], flight: &Arc<Flight<T, E>>, build: impl FnOnce(u64) -> Result<Arc<T>, E>) -> Result<Arc<T>, E> {
        let built = panic::catch_unwind(AssertUnwindSafe(|| build(self.number)));
        self.slots.update(key, |slot| {
            *slot = match &built {
                Ok(Ok(value)) => Some(Slot::Ready(Arc::clone(value))),
                _ => None,
            };
        });
        match built {
            Ok(result) => {
                flight.land(State::Built(result.clone()));
                result
            }
            Err(cause) => {
                flight.land(State::Panicked);
                panic::resume_unwind(cause)
            }
        }
    }
}

impl<T, E: Clone> Flight<T, E> {
    fn new() -> Flight<T, E> {
        Flight { builder: thread::current().id(), state: Mutex::new(State::Building), landed: Condvar::new() }
    }

    /// Whether this thread builds: it asks from within, and would wait for itself.
    fn is_mine(&self) -> bool {
        self.builder == thread::current().id() && matches!(*self.state.lock().unwrap_or_else(PoisonError::into_inner), State::Building)
    }

    fn land(&self, state: State<T, E>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.landed.notify_all();
    }

    /// What was built; `None` if the builder panicked.
    fn wait(&self) -> Option<Result<Arc<T>, E>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*state {
                State::Building => state = self.landed.wait(state).unwrap_or_else(PoisonError::into_inner),
                State::Built(result) => return Some(result.clone()),
                State::Panicked => return None,
            }
        }
    }
}
