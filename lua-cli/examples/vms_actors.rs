//! A small host for actors: many VMs, a few threads, messages between them, and new code under load.
//!
//! ```console
//! $ cargo run --release -p lua-cli --example vms_actors -- 2000 4 20000
//! ```
//!
//! Arguments: actors, threads, messages. Each actor is a VM with a mailbox. A worker takes an actor that has mail, handles one message in
//! it, and puts it back, so that a VM moves between threads and runs on one at a time. Half way through, the actors' file changes: the
//! cache replaces it, and each actor takes the new code before its next message, with the state that the old one hands over.

use std::collections::VecDeque;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use lua_parse::Compiler;
use lua_proto::{Cached, CodeCache, Loader};
use lua_vm::{Function, Lua};

type Failure = Box<dyn Error + Send + Sync>;

/// What an actor does with a message: adds it to its sum, and sends it on until it has made its way.
const FIRST: &str = "local state = ... or {sum = 0, handled = 0, version = 1}
return function(self, message, actors)
  if message == 'state' then return state end
  state.sum, state.handled = state.sum + message, state.handled + 1
  if message > 1 then return (self * 31 + message) % actors + 1, message - 1 end
end";

struct Actor {
    lua: Lua,
    handle: Function,
    version: usize,
}

/// An actor's place in the host. The VM is out while a worker runs it.
#[derive(Default)]
struct Place {
    actor: Option<Box<Actor>>,
    mail: VecDeque<i64>,
}

struct Host {
    places: Vec<Mutex<Place>>,
    /// Actors with mail that no worker has taken.
    ready: Mutex<VecDeque<usize>>,
    wake: Condvar,
    /// Messages that are not handled yet; the host is done at 0.
    open: AtomicUsize,
    /// Which version of the code is the newest.
    version: AtomicUsize,
    path: PathBuf,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Actor {
    fn open(loader: &Arc<dyn Loader>, path: &Path, version: usize) -> Result<Box<Actor>, Failure> {
        let mut lua = Lua::new(Arc::clone(loader))?;
        lua_std::open_all(&mut lua)?;
        let handle = load(&mut lua, path)?.call(&mut lua, ())?;
        Ok(Box::new(Actor { lua, handle, version }))
    }

    /// Takes the newest code, which gets the state of the old one.
    fn renew(&mut self, path: &Path, version: usize) -> Result<(), Failure> {
        let state: lua_vm::Table = self.handle.call(&mut self.lua, (0, "state", 0))?;
        self.handle = load(&mut self.lua, path)?.call(&mut self.lua, state)?;
        self.version = version;
        Ok(())
    }
}

/// The file's function, from the cache.
fn load(lua: &mut Lua, path: &Path) -> Result<Function, Failure> {
    let loadfile: Function = lua.globals().get(lua, "loadfile")?;
    Ok(loadfile.call(lua, path.to_str().ok_or("the path is no text")?)?)
}

impl Host {
    fn send(&self, to: usize, message: i64) {
        self.open.fetch_add(1, Ordering::Relaxed);
        let mut place = lock(&self.places[to]);
        place.mail.push_back(message);
        // Whoever runs the actor looks at its mail again; a first letter to one at rest makes it ready.
        if place.actor.is_some() && place.mail.len() == 1 {
            lock(&self.ready).push_back(to);
            self.wake.notify_one();
        }
    }

    /// The next actor with mail; `None` when there are no messages any more.
    fn next(&self) -> Option<usize> {
        let mut ready = lock(&self.ready);
        loop {
            if let Some(index) = ready.pop_front() {
                return Some(index);
            }
            if self.open.load(Ordering::Acquire) == 0 {
                return None;
            }
            ready = self.wake.wait(ready).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&self) -> Result<(), Failure> {
        while let Some(index) = self.next() {
            let (actor, message) = {
                let mut place = lock(&self.places[index]);
                (place.actor.take(), place.mail.pop_front())
            };
            let (Some(mut actor), Some(message)) = (actor, message) else { return Err("an actor is ready twice".into()) };
            let handled = self.handle(&mut actor, index, message);
            let mut place = lock(&self.places[index]);
            place.actor = Some(actor);
            if !place.mail.is_empty() {
                lock(&self.ready).push_back(index);
                self.wake.notify_one();
            }
            drop(place);
            if self.open.fetch_sub(1, Ordering::AcqRel) == 1 {
                let _ready = lock(&self.ready);
                self.wake.notify_all();
            }
            handled?;
        }
        Ok(())
    }

    fn handle(&self, actor: &mut Actor, index: usize, message: i64) -> Result<(), Failure> {
        let newest = self.version.load(Ordering::Acquire);
        if actor.version != newest {
            actor.renew(&self.path, newest)?;
        }
        let arguments = (index as i64 + 1, message, self.places.len() as i64);
        let (to, next): (Option<i64>, Option<i64>) = actor.handle.call(&mut actor.lua, arguments)?;
        if let (Some(to), Some(next)) = (to, next) {
            self.send((to as usize - 1) % self.places.len(), next);
        }
        Ok(())
    }
}

/// How many actors a message visits.
const VISITS: i64 = 10;

fn run(actors: usize, threads: usize, messages: usize, path: &Path) -> Result<(), Failure> {
    let cache = Arc::new(Cached::new(Compiler));
    let loader: Arc<dyn Loader> = cache.clone();
    std::fs::write(path, FIRST)?;
    let open = |_| Ok(Mutex::new(Place { actor: Some(Actor::open(&loader, path, 1)?), mail: VecDeque::new() }));
    let host = Host {
        places: (0..actors).map(open).collect::<Result<_, Failure>>()?,
        ready: Mutex::default(),
        wake: Condvar::new(),
        open: AtomicUsize::new(1),
        version: AtomicUsize::new(1),
        path: path.to_owned(),
    };
    std::thread::scope(|scope| -> Result<(), Failure> {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| host.work())).collect();
        for message in 0..messages {
            host.send(message % actors, VISITS);
            if message == messages / 2 {
                std::fs::write(
                    path,
                    FIRST
                        .replace("handled = state.sum", "handled, state.version = state.sum")
                        .replace("state.handled + 1", "state.handled + 1, 2"),
                )?;
                cache.replace(&[path])?;
                host.version.store(2, Ordering::Release);
            }
        }
        // The host's own message: no more of them.
        host.open.fetch_sub(1, Ordering::AcqRel);
        {
            let _ready = lock(&host.ready);
            host.wake.notify_all();
        }
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a worker panicked".into())))
    })?;
    report(host, &cache, messages)
}

/// Adds up what the actors say, and checks that no message was lost or handled twice.
fn report(host: Host, cache: &Cached<Compiler>, messages: usize) -> Result<(), Failure> {
    let (mut sum, mut handled, mut new) = (0, 0, 0);
    for place in &host.places {
        let Some(mut actor) = lock(place).actor.take() else { return Err("an actor is missing".into()) };
        let lua = &mut actor.lua;
        let state: lua_vm::Table = actor.handle.call(lua, (0, "state", 0))?;
        sum += state.get::<i64>(lua, "sum")?;
        handled += state.get::<i64>(lua, "handled")?;
        new += i64::from(state.get::<i64>(lua, "version")? == 2);
    }
    let stats = cache.stats();
    println!(
        "{} actors handled {handled} messages; {new} of them run the new code; {} compilations",
        host.places.len(),
        stats.compilations
    );
    let expected = messages as i64 * VISITS;
    if (handled, sum) != (expected, messages as i64 * VISITS * (VISITS + 1) / 2) {
        return Err(format!("{handled} messages instead of {expected}, sum {sum}").into());
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let numbers: Result<Vec<usize>, _> = std::env::args().skip(1).map(|word| word.parse()).collect();
    let numbers = numbers?;
    let number = |place: usize, default: usize| numbers.get(place).copied().unwrap_or(default).max(1);
    let path = std::env::temp_dir().join(format!("vms_actors_{}.lua", std::process::id()));
    let result = run(number(0, 2000), number(1, 4), number(2, 20_000), &path);
    let _ = std::fs::remove_file(&path);
    result
}
