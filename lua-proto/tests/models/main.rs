//! The protocol of the cache under a model checker: the very source of the cache, with other locks and maps.
//!
//! Each model runs under many schedules, at random and with few preemptions at chosen places. `MODEL_SCHEDULES` sets how many.

#[path = "../../src/cache/protocol.rs"]
#[allow(dead_code)]
mod protocol;
mod sync;

use std::panic::{AssertUnwindSafe, catch_unwind};

use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;

use protocol::{Generations, How};

type Cache = Generations<Built, usize, ()>;

/// What the models build.
#[derive(Debug)]
struct Built {
    /// The generation in which the builder began.
    generation: u64,
    /// The state of the file that it read.
    version: usize,
}

const FILE: &[u8] = b"file";
const OTHER: &[u8] = b"other";

fn check(model: impl Fn() + Send + Sync + 'static) {
    let schedules = std::env::var("MODEL_SCHEDULES").map_or(2000, |count| count.parse().expect("a number"));
    let model = std::sync::Arc::new(model);
    let again = std::sync::Arc::clone(&model);
    shuttle::check_random(move || model(), schedules);
    shuttle::check_pct(move || again(), schedules, 3);
}

/// Runs `count` threads and gives what they return.
fn together<R: Send + 'static>(count: usize, run: impl Fn(usize) -> R + Send + Sync + 'static) -> Vec<R> {
    let run = Arc::new(run);
    let spawn = |n| {
        let run = Arc::clone(&run);
        thread::spawn(move || run(n))
    };
    let threads: Vec<_> = (0..count).map(spawn).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// Loads with a version that is read while building, and a place there where others may go on.
fn load(cache: &Cache, key: &[u8], file: &AtomicUsize, builds: &Mutex<Vec<u64>>) -> Arc<Built> {
    let build = |generation| {
        builds.lock().unwrap().push(generation);
        thread::yield_now();
        Ok(Arc::new(Built { generation, version: file.load(Ordering::SeqCst) }))
    };
    cache.get(key, |_| true, build).1.unwrap()
}

#[test]
fn one_builds_and_all_get_it() {
    check(|| {
        let (cache, builds) = (Arc::new(Cache::new()), Arc::new(Mutex::new(Vec::new())));
        let (shared, counted) = (Arc::clone(&cache), Arc::clone(&builds));
        let file = AtomicUsize::new(0);
        let all = together(3, move |_| load(&shared, FILE, &file, &counted));
        assert!(all.iter().all(|built| Arc::ptr_eq(built, &all[0])));
        assert_eq!(*builds.lock().unwrap(), [1]);
        assert!(Arc::ptr_eq(&all[0], &cache.current().ready(FILE).unwrap()));
    });
}

/// What was built for an old generation is never found in a newer one, and each generation builds at most once.
#[test]
fn nothing_crosses_a_clear() {
    check(|| {
        let (cache, builds) = (Arc::new(Cache::new()), Arc::new(Mutex::new(Vec::new())));
        let file = Arc::new(AtomicUsize::new(0));
        let (shared, counted, changed) = (Arc::clone(&cache), Arc::clone(&builds), Arc::clone(&file));
        together(3, move |n| match n {
            0 => {
                changed.store(1, Ordering::SeqCst);
                shared.change(|_| false);
                // Whoever asks after the change sees what was written before it.
                let built = load(&shared, FILE, &changed, &counted);
                assert_eq!((built.version, built.generation), (1, 2));
            }
            _ => drop(load(&shared, FILE, &changed, &counted)),
        });
        let mut builds = builds.lock().unwrap().clone();
        builds.sort_unstable();
        assert!(matches!(builds[..], [2] | [1, 2]), "{builds:?}");
        let current = cache.current();
        assert_eq!(current.number(), 2);
        assert_eq!(current.ready(FILE).unwrap().generation, 2);
    });
}

/// An evicted file is built anew, while what is kept stays, and what is being built does not get in.
#[test]
fn evicting_keeps_what_is_ready() {
    check(|| {
        let (cache, builds) = (Arc::new(Cache::new()), Arc::new(Mutex::new(Vec::new())));
        let file = AtomicUsize::new(0);
        let kept = load(&cache, OTHER, &file, &builds);
        let (shared, counted) = (Arc::clone(&cache), Arc::clone(&builds));
        together(3, move |n| match n {
            0 => shared.change(|key| key != FILE),
            _ => drop(load(&shared, FILE, &file, &counted)),
        });
        let current = cache.current();
        assert!(Arc::ptr_eq(&kept, &current.ready(OTHER).unwrap()));
        assert!(current.ready(FILE).is_none_or(|built| built.generation == 2));
        assert!(builds.lock().unwrap().len() <= 3);
    });
}

/// A batch becomes visible as a whole: who saw a new file sees no old one afterwards.
#[test]
fn a_batch_is_seen_as_a_whole() {
    check(|| {
        let cache = Arc::new(Cache::new());
        let file = AtomicUsize::new(0);
        let builds = Mutex::new(Vec::new());
        for key in [FILE, OTHER] {
            load(&cache, key, &file, &builds);
        }
        let shared = Arc::clone(&cache);
        together(3, move |n| {
            if n == 0 {
                let base = shared.current();
                let built = |generation| Arc::new(Built { generation, version: 1 });
                let added = [FILE, OTHER].map(|key| (key.into(), built(base.number() + 1)));
                shared.replace(&base, |_| false, added.into());
            } else {
                let keys = if n == 1 { [FILE, OTHER] } else { [OTHER, FILE] };
                let [first, second] = keys.map(|key| load(&shared, key, &file, &builds).version);
                assert!(second >= first, "{second} after {first}");
            }
        });
        let current = cache.current();
        assert!([FILE, OTHER].into_iter().all(|key| current.ready(key).unwrap().version == 1));
    });
}

/// Of a batch and another change, in whatever order: nobody finds the old file after the batch.
#[test]
fn an_overtaken_batch_leaves_nothing_old() {
    check(|| {
        let (cache, file) = (Arc::new(Cache::new()), Arc::new(AtomicUsize::new(0)));
        let builds = Arc::new(Mutex::new(Vec::new()));
        load(&cache, FILE, &file, &builds);
        let kept = load(&cache, OTHER, &file, &builds);
        let (shared, changed) = (Arc::clone(&cache), Arc::clone(&file));
        together(2, move |n| {
            if n == 0 {
                changed.store(1, Ordering::SeqCst);
                let base = shared.current();
                thread::yield_now();
                let new = Arc::new(Built { generation: base.number() + 1, version: changed.load(Ordering::SeqCst) });
                shared.replace(&base, |key| key != FILE, vec![(FILE.into(), new)]);
                assert_eq!(load(&shared, FILE, &changed, &builds).version, 1);
            } else {
                shared.change(|key| key != b"none");
            }
        });
        let current = cache.current();
        assert!(Arc::ptr_eq(&kept, &current.ready(OTHER).unwrap()));
        assert!(current.ready(FILE).is_none_or(|built| built.version == 1));
        assert_eq!(current.number(), 3);
    });
}

/// A batch that began before a clear is not found after it.
#[test]
fn no_batch_crosses_a_clear() {
    check(|| {
        let (cache, file) = (Arc::new(Cache::new()), AtomicUsize::new(0));
        let builds = Mutex::new(Vec::new());
        together(2, move |n| {
            if n == 0 {
                let base = cache.current();
                let new = Arc::new(Built { generation: base.number() + 1, version: file.load(Ordering::SeqCst) });
                cache.replace(&base, |key| key != FILE, vec![(FILE.into(), new)]);
            } else {
                file.store(1, Ordering::SeqCst);
                cache.change(|_| false);
                assert_eq!(load(&cache, FILE, &file, &builds).version, 1);
            }
        });
    });
}

#[test]
fn a_failure_is_forgotten() {
    check(|| {
        let (cache, tries) = (Arc::new(Cache::new()), Arc::new(AtomicUsize::new(0)));
        let (shared, tried) = (Arc::clone(&cache), Arc::clone(&tries));
        // Every failure reaches at least its builder, and a try after it builds again.
        let results = together(3, move |_| {
            let build = |_| Err(tried.fetch_add(1, Ordering::SeqCst));
            let (how, result) = shared.get(FILE, |_| true, build);
            (how, result.unwrap_err())
        });
        let tries = tries.load(Ordering::SeqCst);
        let builders = results.iter().filter(|(how, _)| *how == How::Built).count();
        assert_eq!(builders, tries);
        assert!(cache.current().ready(FILE).is_none());
        let again = cache.get(FILE, |_| true, |generation| Ok(Arc::new(Built { generation, version: 0 })));
        assert_eq!(again.0, How::Built);
    });
}

#[test]
fn a_panic_wakes_those_who_wait() {
    check(|| {
        let (cache, first) = (Arc::new(Cache::new()), AtomicBool::new(true));
        let shared = Arc::clone(&cache);
        let results = together(3, move |_| {
            let build = |generation| {
                if first.swap(false, Ordering::SeqCst) {
                    thread::yield_now();
                    std::panic::resume_unwind(Box::new("the builder fails"));
                }
                Ok(Arc::new(Built { generation, version: 0 }))
            };
            catch_unwind(AssertUnwindSafe(|| shared.get(FILE, |_| true, build).1.unwrap())).ok()
        });
        let built: Vec<_> = results.into_iter().flatten().collect();
        assert_eq!(built.len(), 2);
        assert!(Arc::ptr_eq(&built[0], &built[1]));
    });
}

/// A value that is not usable any more is built once, and the new one takes its place.
#[test]
fn a_stale_value_is_built_once() {
    check(|| {
        let (cache, builds) = (Arc::new(Cache::new()), Arc::new(Mutex::new(Vec::new())));
        let file = AtomicUsize::new(0);
        load(&cache, FILE, &file, &builds);
        let (shared, counted) = (Arc::clone(&cache), Arc::clone(&builds));
        let seen = together(3, move |n| {
            let build = |generation| {
                counted.lock().unwrap().push(generation);
                Ok(Arc::new(Built { generation, version: 1 }))
            };
            match n {
                0 => shared.peek(FILE, |built| built.version == 1).map(|(_, built)| built.unwrap().version),
                _ => Some(shared.get(FILE, |built| built.version == 1, build).1.unwrap().version),
            }
        });
        assert!(seen[0].is_none_or(|version| version == 1));
        assert_eq!(seen[1..], [Some(1), Some(1)]);
        assert_eq!(builds.lock().unwrap().len(), 2);
    });
}
