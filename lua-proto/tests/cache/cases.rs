//! What a cache promises, for every loader: the cases are generic over a [`World`].
//!
//! A loader of another crate takes this file in with `#[path]` and passes its world to [`cache_cases`].

use std::collections::HashMap;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use lua_proto::{CacheMode, Cached, Chunk, ChunkMode, CodeCache, FileError, FileRequest, LoadError, Loader, Policy, Proto, Stamp};

/// Files, and a loader that sees them. Chunks have the form `return 42`, behind any number of line feeds.
pub(crate) trait World: Send + Sync + 'static {
    /// The loader under test.
    type Loader: Loader + 'static;

    /// A world without files.
    fn new() -> Self;

    /// Where its files are.
    fn root(&self) -> PathBuf;

    /// A loader of its files, which also sees those that are written later.
    fn loader(&self) -> Self::Loader;

    /// Writes the file of this name below the root.
    fn write(&self, name: &str, text: &str);

    /// Removes it.
    fn remove(&self, name: &str);

    /// Lets the last change of all files be long ago.
    fn grow_old(&self);

    /// What the chunk returns.
    fn answer(&self, proto: &Arc<Proto>) -> i64;
}

/// Makes a test of each case, in this world.
#[macro_export]
macro_rules! cache_cases {
    ($world:ty) => {
        $crate::cache_cases! { $world:
            code_is_shared, name_and_mode_belong_to_the_key, modes_of_use, pinned_files_stay, changes_are_seen,
            quick_changes_of_equal_size_are_seen, old_stamps_are_trusted, removed_files, failures_are_forgotten,
            clear_and_evict, evict_finds_other_spellings, replace_is_all_or_nothing, replace_is_seen_together,
            one_compilation, other_files_are_not_blocked, changes_while_compiling, replace_during_change,
            panics_do_not_hang, a_loader_may_ask_again, limits_of_others, limit_of_memory, streams_are_not_kept, living_images, strings, directories,
        }
    };
    ($world:ty: $($case:ident,)*) => {
        $(
            #[test]
            fn $case() {
                $crate::cases::$case::<$world>();
            }
        )*
    };
}

type Hook = Box<dyn Fn(&Path) + Send + Sync>;

/// A loader that counts what it is asked, and can be disturbed.
struct Watched<L> {
    inner: L,
    directory: Mutex<PathBuf>,
    /// All files are pipes.
    streams: AtomicBool,
    compilations: Mutex<HashMap<PathBuf, usize>>,
    asked: AtomicUsize,
    /// How often the cache read a file itself.
    opened: AtomicUsize,
    /// Called before a file is compiled.
    hook: Mutex<Option<Arc<Hook>>>,
}

impl<L: Loader> Watched<L> {
    fn place(&self, path: &Path) -> PathBuf {
        self.directory.lock().unwrap().join(path)
    }

    fn count(&self) -> usize {
        self.compilations.lock().unwrap().values().sum()
    }
}

impl<L: Loader> Loader for Watched<L> {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        self.inner.load(chunk)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + '_>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.opened.fetch_add(1, Ordering::SeqCst);
        self.inner.open(&self.place(path))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.streams.load(Ordering::SeqCst) {
            true => Err(io::ErrorKind::Unsupported.into()),
            false => self.inner.stamp(&self.place(path)),
        }
    }

    fn directory(&self) -> PathBuf {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.directory.lock().unwrap().clone()
    }

    fn load_file(&self, file: &FileRequest<'_>) -> Result<Arc<Proto>, FileError> {
        let path = self.place(file.path);
        *self.compilations.lock().unwrap().entry(path.clone()).or_default() += 1;
        let hook = self.hook.lock().unwrap().clone();
        if let Some(hook) = hook {
            hook(file.path);
        }
        self.inner.load_file(&FileRequest { path: &path, ..*file })
    }
}

/// A world and a cache of its files.
struct Place<W: World> {
    world: W,
    cache: Cached<Watched<W::Loader>>,
}

type Loaded = Result<Arc<Proto>, FileError>;

impl<W: World> Place<W> {
    fn new(policy: Policy) -> Place<W> {
        let world = W::new();
        let inner = Watched {
            inner: world.loader(),
            directory: Mutex::new(world.root()),
            streams: AtomicBool::new(false),
            compilations: Mutex::default(),
            asked: AtomicUsize::new(0),
            opened: AtomicUsize::new(0),
            hook: Mutex::new(None),
        };
        Place { world, cache: Cached::new(inner).with_policy(policy) }
    }

    /// With files `0.lua` … that return their number.
    fn with_files(count: usize) -> Place<W> {
        let place = Place::<W>::new(Policy::Pinned);
        (0..count).for_each(|n| place.world.write(&format!("{n}.lua"), &format!("return {n}")));
        place
    }

    fn load_as(&self, name: &str, request: impl FnOnce(&mut FileRequest<'_>)) -> Loaded {
        let chunk_name = format!("@{name}");
        let mut file = FileRequest::new(Path::new(name), chunk_name.as_bytes());
        request(&mut file);
        self.cache.load_file(&file)
    }

    fn load(&self, name: &str) -> Loaded {
        self.load_as(name, |_| {})
    }

    #[track_caller]
    fn get(&self, name: &str) -> Arc<Proto> {
        self.load(name).unwrap()
    }

    #[track_caller]
    fn answer(&self, name: &str) -> i64 {
        self.world.answer(&self.get(name))
    }

    fn compilations(&self) -> usize {
        self.cache.inner().count()
    }

    fn replace(&self, names: &[&str]) -> Result<usize, String> {
        let paths: Vec<&Path> = names.iter().map(Path::new).collect();
        self.cache.replace(&paths).map_err(|error| error.to_string())
    }

    fn hook(&self, hook: impl Fn(&Path) + Send + Sync + 'static) {
        *self.cache.inner().hook.lock().unwrap() = Some(Arc::new(Box::new(hook)));
    }

    fn unhook(&self) {
        *self.cache.inner().hook.lock().unwrap() = None;
    }
}

/// A door that opens once, for all who wait.
fn door() -> (mpsc::Sender<()>, impl Fn() + Send + Sync + 'static) {
    let (open, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let pass = move || {
        let opened = wait.lock().unwrap().recv_timeout(Duration::from_secs(60));
        assert_eq!(opened, Err(mpsc::RecvTimeoutError::Disconnected), "the door stays closed");
    };
    (open, pass)
}

#[track_caller]
fn check_error(loaded: Loaded, expected: &str) {
    assert_eq!(loaded.unwrap_err().to_string(), expected);
}

pub(crate) fn code_is_shared<W: World>() {
    let place = Place::<W>::with_files(2);
    let (a, b) = (place.get("0.lua"), place.get("0.lua"));
    assert!(Arc::ptr_eq(&a, &b));
    assert_eq!(place.answer("1.lua"), 1);
    let stats = place.cache.stats();
    assert_eq!((stats.entries, stats.hits, stats.misses, stats.compilations), (2, 1, 2, 2));
    assert!(stats.bytes > 0);
    // Nothing is asked of the inner loader on a pinned hit.
    let asked = place.cache.inner().asked.load(Ordering::SeqCst);
    place.get("0.lua");
    let file = FileRequest::new(Path::new("1.lua"), b"@1.lua");
    assert!(place.cache.can_open(&file));
    assert_eq!(place.cache.inner().asked.load(Ordering::SeqCst), asked);
}

pub(crate) fn name_and_mode_belong_to_the_key<W: World>() {
    let place = Place::<W>::with_files(1);
    let plain = place.get("0.lua");
    let named = place.load_as("0.lua", |file| file.name = b"=other").unwrap();
    assert_eq!((plain.source(), named.source()), (&b"@0.lua"[..], &b"=other"[..]));
    let text = place.load_as("0.lua", |file| file.mode = ChunkMode::Text).unwrap();
    assert!(!Arc::ptr_eq(&plain, &text));
    check_error(place.load_as("0.lua", |file| file.mode = ChunkMode::Binary), "attempt to load a text chunk (mode is 'b')");
    assert_eq!(place.compilations(), 4);
    assert!(Arc::ptr_eq(&plain, &place.get("0.lua")));
}

pub(crate) fn modes_of_use<W: World>() {
    let place = Place::<W>::with_files(2);
    let with = |name, mode| place.load_as(name, |file| file.caching = mode).unwrap();
    let alone = with("0.lua", CacheMode::Exist);
    assert_eq!(place.cache.stats().entries, 0);
    let shared = with("0.lua", CacheMode::On);
    assert!(!Arc::ptr_eq(&alone, &shared));
    assert!(Arc::ptr_eq(&shared, &with("0.lua", CacheMode::Exist)));
    assert!(!Arc::ptr_eq(&shared, &with("0.lua", CacheMode::Off)));
    place.world.write("0.lua", "return 5");
    assert_eq!(place.world.answer(&with("0.lua", CacheMode::Off)), 5);
    assert_eq!(place.world.answer(&with("0.lua", CacheMode::Exist)), 0);
    // What has changed is not taken, and what is new is not added.
    place.cache.set_policy(Policy::Content);
    assert_eq!(place.world.answer(&with("0.lua", CacheMode::Exist)), 5);
    place.cache.set_policy(Policy::Pinned);
    assert!(Arc::ptr_eq(&shared, &with("0.lua", CacheMode::On)));
}

pub(crate) fn pinned_files_stay<W: World>() {
    let place = Place::<W>::with_files(1);
    place.get("0.lua");
    place.world.write("0.lua", "\nreturn 77");
    assert_eq!(place.answer("0.lua"), 0);
    place.cache.clear();
    assert_eq!(place.answer("0.lua"), 77);
}

pub(crate) fn changes_are_seen<W: World>() {
    for policy in [Policy::Stamp, Policy::Content] {
        let place = Place::<W>::new(policy);
        place.world.write("a.lua", "return 1");
        let first = place.get("a.lua");
        assert!(Arc::ptr_eq(&first, &place.get("a.lua")));
        place.world.write("a.lua", "\nreturn 22");
        assert_eq!(place.answer("a.lua"), 22);
        assert_eq!((place.compilations(), place.cache.stats().entries), (2, 1));
        // The same text again is the same file to those who compare contents.
        place.world.write("a.lua", "\nreturn 22");
        assert_eq!(place.answer("a.lua"), 22);
        if policy == Policy::Content {
            assert_eq!(place.compilations(), 2);
        }
    }
}

pub(crate) fn quick_changes_of_equal_size_are_seen<W: World>() {
    for policy in [Policy::Stamp, Policy::Content] {
        let place = Place::<W>::new(policy);
        for n in 0..50 {
            place.world.write("a.lua", &format!("return {}", n % 10));
            assert_eq!(place.answer("a.lua"), n % 10);
        }
    }
}

pub(crate) fn old_stamps_are_trusted<W: World>() {
    let place = Place::<W>::new(Policy::Stamp);
    place.world.write("a.lua", "return 1");
    place.world.write("b.lua", "return 2");
    // One is compiled when it is old already, the other grows old in the cache.
    place.get("b.lua");
    place.world.grow_old();
    place.get("a.lua");
    let (a, b) = (place.get("a.lua"), place.get("b.lua"));
    let before = place.cache.inner().asked.load(Ordering::SeqCst);
    assert!(Arc::ptr_eq(&a, &place.get("a.lua")));
    assert!(Arc::ptr_eq(&b, &place.get("b.lua")));
    // The directory and the stamp of each, and no reading.
    assert_eq!(place.cache.inner().asked.load(Ordering::SeqCst) - before, 4);
    place.world.write("a.lua", "return 3");
    assert_eq!(place.answer("a.lua"), 3);
}

pub(crate) fn removed_files<W: World>() {
    let place = Place::<W>::with_files(1);
    place.get("0.lua");
    place.world.remove("0.lua");
    place.get("0.lua");
    for policy in [Policy::Stamp, Policy::Content] {
        place.cache.set_policy(policy);
        assert!(matches!(place.load("0.lua"), Err(FileError::Open(_))));
    }
    assert_eq!(place.cache.stats().entries, 0);
}

pub(crate) fn failures_are_forgotten<W: World>() {
    for policy in [Policy::Pinned, Policy::Stamp, Policy::Content] {
        let place = Place::<W>::new(policy);
        assert!(matches!(place.load("a.lua"), Err(FileError::Open(_))));
        place.world.write("a.lua", "\n\nreturn +");
        for _ in 0..2 {
            let message = place.load("a.lua").unwrap_err().to_string();
            assert!(message.starts_with("a.lua:3: "), "{message}");
        }
        place.world.write("a.lua", "return 4");
        assert_eq!(place.answer("a.lua"), 4);
        assert_eq!(place.cache.stats().compilations, 4);
    }
}

pub(crate) fn clear_and_evict<W: World>() {
    let place = Place::<W>::with_files(3);
    let [a, b, c] = ["0.lua", "1.lua", "2.lua"].map(|name| place.get(name));
    assert_eq!(place.cache.evict(Path::new("1.lua")), 1);
    assert_eq!(place.cache.evict(Path::new("1.lua")), 0);
    assert!(Arc::ptr_eq(&a, &place.get("0.lua")));
    assert!(!Arc::ptr_eq(&b, &place.get("1.lua")));
    place.cache.clear();
    assert_eq!(place.cache.stats().entries, 0);
    assert!(!Arc::ptr_eq(&c, &place.get("2.lua")));
    assert_eq!(place.cache.stats().generation, 4);
}

pub(crate) fn evict_finds_other_spellings<W: World>() {
    let place = Place::<W>::with_files(2);
    place.get("0.lua");
    place.get("./0.lua");
    place.load_as("0.lua", |file| file.mode = ChunkMode::Text).unwrap();
    place.get("1.lua");
    assert_eq!(place.cache.stats().entries, 4);
    assert_eq!(place.cache.evict(&place.world.root().join("x/../0.lua")), 3);
    assert_eq!(place.cache.stats().entries, 1);
}

pub(crate) fn replace_is_all_or_nothing<W: World>() {
    let place = Place::<W>::with_files(3);
    let before = ["0.lua", "1.lua", "./1.lua", "2.lua"].map(|name| (name, place.get(name)));
    place.world.write("0.lua", "return 10");
    place.world.write("1.lua", "\n\nreturn +");
    let message = place.replace(&["0.lua", "1.lua", "none.lua"]).unwrap_err();
    let lines: Vec<&str> = message.lines().collect();
    assert!(lines[0].starts_with("1.lua:3: ") || lines[0].starts_with("./1.lua:3: "), "{message}");
    assert!(lines[1].starts_with("none.lua: cannot open: "), "{message}");
    assert_eq!(lines.len(), 2);
    for (name, proto) in &before {
        assert!(Arc::ptr_eq(proto, &place.get(name)), "{name}");
    }
    place.world.write("1.lua", "return 11");
    place.world.write("new.lua", "return 12");
    assert_eq!(place.replace(&["0.lua", "1.lua", "new.lua", "./new.lua"]), Ok(4));
    let compilations = place.compilations();
    let answers = ["0.lua", "1.lua", "./1.lua", "2.lua", "new.lua"].map(|name| place.answer(name));
    assert_eq!(answers, [10, 11, 11, 2, 12]);
    assert_eq!(place.compilations(), compilations);
}

/// Readers see version `n` of the second file at least, after they saw version `n` of the first.
pub(crate) fn replace_is_seen_together<W: World>() {
    let place = Place::<W>::with_files(2);
    let done = AtomicBool::new(false);
    let write = |n: i64| ["0.lua", "1.lua"].map(|name| place.world.write(name, &format!("return {n}")));
    write(0);
    // From here on both are in the cache, so that nobody reads a file that is being written.
    assert_eq!((place.answer("0.lua"), place.answer("1.lua")), (0, 0));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    let first = place.answer("0.lua");
                    let second = place.answer("1.lua");
                    assert!(second >= first, "{second} after {first}");
                }
            });
        }
        for n in 1..100 {
            // Pinned: nobody reads the files but `replace`.
            write(n);
            place.replace(&["1.lua", "0.lua"]).unwrap();
        }
        done.store(true, Ordering::SeqCst);
    });
    assert_eq!((place.answer("0.lua"), place.answer("1.lua")), (99, 99));
}

/// Many threads, few files, and a clear after each round: every file is compiled once in every generation.
pub(crate) fn one_compilation<W: World>() {
    const THREADS: usize = 64;
    const FILES: usize = 32;
    let rounds = std::env::var("CACHE_ROUNDS").map_or(25, |rounds| rounds.parse().expect("a number"));
    let place = Place::<W>::with_files(FILES);
    let barrier = Barrier::new(THREADS);
    let run = |thread: usize| {
        for round in 0..rounds {
            for at in 0..FILES {
                let file = (at + thread * 7 + round) % FILES;
                assert_eq!(place.answer(&format!("{file}.lua")), file as i64);
            }
            if barrier.wait().is_leader() {
                assert_eq!(place.cache.stats().entries, FILES);
                place.cache.clear();
            }
            barrier.wait();
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let run = &run;
            scope.spawn(move || run(thread));
        }
    });
    let counts = place.cache.inner().compilations.lock().unwrap();
    assert_eq!(counts.len(), FILES);
    assert!(counts.values().all(|count| *count == rounds), "{counts:?}");
    let stats = place.cache.stats();
    assert_eq!(stats.generation, rounds as u64 + 1);
    assert_eq!(stats.hits + stats.misses, (THREADS * FILES * rounds) as u64);
    assert_eq!(stats.misses, (FILES * rounds) as u64);
    assert_eq!(stats.alive, []);
}

pub(crate) fn other_files_are_not_blocked<W: World>() {
    let place = Place::<W>::with_files(3);
    let (closed, pass) = door();
    let (begun, begin) = mpsc::channel::<()>();
    place.hook(move |path| {
        if path == Path::new("0.lua") {
            // Nobody listens to one that builds it again, after the clear.
            let _ = begun.send(());
            pass();
        }
    });
    thread::scope(|scope| {
        let slow = scope.spawn(|| place.answer("0.lua"));
        begin.recv().unwrap();
        let waiting = scope.spawn(|| place.answer("0.lua"));
        assert_eq!(place.answer("1.lua"), 1);
        assert_eq!(place.cache.evict(Path::new("1.lua")), 1);
        assert_eq!(place.replace(&["2.lua"]), Ok(1));
        place.cache.clear();
        assert_eq!(place.cache.stats().entries, 0);
        drop(closed);
        assert_eq!((slow.join().unwrap(), waiting.join().unwrap()), (0, 0));
    });
}

/// What began before a change does not enter the newer generation; those who asked get it all the same.
pub(crate) fn changes_while_compiling<W: World>() {
    type Change = fn(&dyn CodeCache);
    let changes: [(Change, bool); 4] = [
        (|cache| cache.clear(), false),
        (|cache| assert_eq!(cache.evict(Path::new("0.lua")), 0), true),
        (|cache| assert_eq!(cache.evict(Path::new("other.lua")), 0), true),
        (|cache| assert_eq!(cache.replace(&[Path::new("1.lua")]).unwrap(), 1), false),
    ];
    for (change, keeps_others) in changes {
        let place = Place::<W>::with_files(2);
        let other = place.get("1.lua");
        let (begun, begin) = mpsc::channel::<()>();
        let (closed, pass) = door();
        place.hook(move |path| {
            if path == Path::new("0.lua") {
                let _ = begun.send(());
                pass();
            }
        });
        let (old, waited) = thread::scope(|scope| {
            let builder = scope.spawn(|| place.get("0.lua"));
            begin.recv().unwrap();
            let waiting = scope.spawn(|| place.get("0.lua"));
            // Long enough to be waiting, as a rule; nothing depends on it.
            thread::sleep(Duration::from_millis(20));
            change(&place.cache);
            place.unhook();
            place.world.write("0.lua", "return 100");
            drop(closed);
            (builder.join().unwrap(), waiting.join().unwrap())
        });
        assert_eq!([&old, &waited].map(|proto| place.world.answer(proto)), [100, 100]);
        assert!(!Arc::ptr_eq(&old, &place.get("0.lua")));
        assert_eq!(Arc::ptr_eq(&other, &place.get("1.lua")), keeps_others);
    }
}

/// A batch that another change overtook does not enter the newer generation, and what it was to replace goes all
/// the same.
pub(crate) fn replace_during_change<W: World>() {
    let place = Arc::new(Place::<W>::with_files(2));
    let other = place.get("1.lua");
    place.get("0.lua");
    place.world.write("0.lua", "return 10");
    let weak = Arc::downgrade(&place);
    place.hook(move |_| {
        weak.upgrade().unwrap().cache.evict(Path::new("none.lua"));
    });
    assert_eq!(place.replace(&["0.lua"]), Ok(1));
    place.unhook();
    assert_eq!(place.cache.stats().entries, 1);
    assert_eq!(place.answer("0.lua"), 10);
    assert!(Arc::ptr_eq(&other, &place.get("1.lua")));
}

pub(crate) fn panics_do_not_hang<W: World>() {
    let place = Place::<W>::with_files(1);
    let (begun, begin) = mpsc::channel::<()>();
    let first = AtomicBool::new(true);
    place.hook(move |_| {
        if first.swap(false, Ordering::SeqCst) {
            begun.send(()).unwrap();
            thread::sleep(Duration::from_millis(20));
            panic!("the loader fails");
        }
    });
    thread::scope(|scope| {
        let builder = scope.spawn(|| catch_unwind(AssertUnwindSafe(|| place.get("0.lua"))).is_err());
        begin.recv().unwrap();
        let waiting: Vec<_> = (0..4).map(|_| scope.spawn(|| place.get("0.lua"))).collect();
        assert!(builder.join().unwrap(), "the panic reaches the builder");
        let mut protos = waiting.into_iter().map(|thread| thread.join().unwrap());
        let one = protos.next().unwrap();
        assert!(protos.all(|proto| Arc::ptr_eq(&one, &proto)));
    });
    assert_eq!(place.compilations(), 2);
}

/// A loader that asks the cache for what it compiles gets it compiled beside the cache.
pub(crate) fn a_loader_may_ask_again<W: World>() {
    let place = Arc::new(Place::<W>::with_files(1));
    let weak = Arc::downgrade(&place);
    let inside = AtomicBool::new(false);
    place.hook(move |_| {
        if !inside.swap(true, Ordering::SeqCst) {
            let place = weak.upgrade().unwrap();
            assert_eq!(place.answer("0.lua"), 0);
        }
    });
    assert_eq!(place.answer("0.lua"), 0);
    assert_eq!((place.compilations(), place.cache.stats().entries), (2, 1));
}

/// A caller that may read few bytes does not spoil it for others that wait.
pub(crate) fn limits_of_others<W: World>() {
    let place = Place::<W>::with_files(1);
    check_error(place.load_as("0.lua", |file| file.max_bytes = 7), "not enough memory");
    let (begun, begin) = mpsc::channel::<()>();
    place.hook(move |_| {
        // Gone when the test has seen the first.
        let _ = begun.send(());
        thread::sleep(Duration::from_millis(20));
    });
    thread::scope(|scope| {
        let limited = scope.spawn(|| place.load_as("0.lua", |file| file.max_bytes = 1));
        begin.recv().unwrap();
        assert_eq!(place.answer("0.lua"), 0);
        check_error(limited.join().unwrap(), "not enough memory");
    });
    place.unhook();
    assert_eq!(place.world.answer(&place.load_as("0.lua", |file| file.max_bytes = 8).unwrap()), 0);
}

pub(crate) fn limit_of_memory<W: World>() {
    let mut place = Place::<W>::with_files(10);
    place.get("0.lua");
    let limit = place.cache.stats().bytes * 3;
    place.cache = place.cache.with_limit(limit);
    for _ in 0..3 {
        for n in 0..10 {
            assert_eq!(place.answer(&format!("{n}.lua")), n);
            assert!(place.cache.stats().bytes <= limit);
        }
    }
    let generation = place.cache.stats().generation;
    assert!(generation > 6, "{generation}");
    // What was evicted or replaced does not count.
    for n in 0..20 {
        place.get("0.lua");
        assert_eq!(place.cache.evict(Path::new("0.lua")), 1, "{n}");
    }
}

/// What may not come again is read once, and every time.
pub(crate) fn streams_are_not_kept<W: World>() {
    for policy in [Policy::Pinned, Policy::Stamp, Policy::Content] {
        for known in [false, true] {
            let place = Place::<W>::with_files(1);
            place.cache.set_policy(policy);
            if known {
                place.get("0.lua");
            }
            let reads = |place: &Place<W>| place.cache.inner().opened.load(Ordering::SeqCst);
            place.cache.inner().streams.store(true, Ordering::SeqCst);
            for n in 1..4 {
                place.world.write("0.lua", &format!("return {n}"));
                let before = (place.compilations(), reads(&place));
                let pinned = known && policy == Policy::Pinned;
                assert_eq!(place.answer("0.lua"), if pinned { 0 } else { n });
                assert_eq!(place.compilations() - before.0, usize::from(!pinned));
                assert_eq!(reads(&place), before.1, "nobody reads but the inner loader");
            }
            assert_eq!(place.cache.stats().entries, usize::from(known));
        }
    }
}

pub(crate) fn living_images<W: World>() {
    let place = Place::<W>::with_files(2);
    let old = place.get("0.lua");
    place.get("1.lua");
    assert_eq!(place.cache.stats().alive, [(1, 2)]);
    place.cache.clear();
    assert_eq!(place.cache.stats().alive, [(1, 1)]);
    place.get("0.lua");
    assert_eq!(place.cache.stats().alive, [(1, 1), (2, 1)]);
    drop(old);
    assert_eq!(place.cache.stats().alive, [(2, 1)]);
    for n in 0..300 {
        place.cache.set_policy(Policy::Content);
        place.world.write("0.lua", &format!("return {n}"));
        place.get("0.lua");
    }
    assert_eq!(place.cache.stats().alive, [(2, 1)]);
    place.cache.evict(Path::new("0.lua"));
    assert_eq!(place.cache.stats().alive, []);
}

pub(crate) fn strings<W: World>() {
    let place = Place::<W>::new(Policy::Pinned);
    let chunk = Chunk { bytes: b"return 7", name: b"=text", mode: ChunkMode::Both };
    let a = place.cache.load(chunk).unwrap();
    assert_eq!(place.cache.stats().entries, 0);
    let b = place.cache.load_cached(chunk, CacheMode::On).unwrap();
    let c = place.cache.load_cached(chunk, CacheMode::Exist).unwrap();
    let d = place.cache.load_cached(chunk, CacheMode::Off).unwrap();
    assert!(Arc::ptr_eq(&b, &c) && !Arc::ptr_eq(&a, &b) && !Arc::ptr_eq(&c, &d));
    assert_eq!(place.world.answer(&b), 7);
    let named = place.cache.load_cached(Chunk { name: b"=other", ..chunk }, CacheMode::On).unwrap();
    assert_eq!(named.source(), b"=other");
    let other = place.cache.load_cached(Chunk { bytes: b"return 8", ..chunk }, CacheMode::On).unwrap();
    assert_eq!(place.world.answer(&other), 8);
    assert!(place.cache.load_cached(Chunk { bytes: b"return +", ..chunk }, CacheMode::On).is_err());
    assert_eq!(place.cache.stats().entries, 3);
    place.cache.clear();
    assert_eq!(place.cache.stats().entries, 0);
}

/// Relative paths begin in the loader's directory: that of the generation's first use, while files are pinned.
pub(crate) fn directories<W: World>() {
    let place = Place::<W>::new(Policy::Pinned);
    place.world.write("a.lua", "return 1");
    place.world.write("sub/a.lua", "return 2");
    let enter = |directory: &str| *place.cache.inner().directory.lock().unwrap() = place.world.root().join(directory);
    assert_eq!(place.answer("a.lua"), 1);
    enter("sub");
    assert_eq!(place.answer("a.lua"), 1);
    place.cache.clear();
    assert_eq!(place.answer("a.lua"), 2);
    for policy in [Policy::Stamp, Policy::Content] {
        place.cache.set_policy(policy);
        enter("");
        assert_eq!(place.answer("a.lua"), 1);
        enter("sub");
        assert_eq!(place.answer("a.lua"), 2);
    }
}
