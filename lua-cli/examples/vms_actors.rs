//! A small host for actors: many VMs, a few threads, messages between them, and new code under load.
//!
//! ```console
//! $ cargo run --release -p lua-cli --example vms_actors -- 2000 4 20000
//! ```
//!
//! Arguments: actors, threads, messages. Each actor is a VM with a mailbox. A worker takes an actor that has mail, handles one message in
//! it, and puts it back, so that a VM moves between threads and runs on one at a time. Three times on the way the actors' module changes: the
//! cache replaces its file, and each actor is updated before its next message. Its functions are the objects that the host holds, with new
//! code and the state that they had.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lua_parse::Compiler;
use lua_proto::{Cached, CodeCache, FileRequest, Loader};
use lua_vm::{Function, Lua, Table};

type Failure = Box<dyn Error + Send + Sync>;

/// How many actors a message visits.
const VISITS: i64 = 10;

/// How often the module changes.
const UPDATES: usize = 3;

/// The module in its first or a later version. What an actor does with a message: adds it to its sum, and sends it on until it has
/// made its way. A later version has a variable more, and counts what it handles.
fn source(version: usize) -> String {
    let mut source = String::from("local sum, handled = 0, 0\n");
    let mut count = String::new();
    if version > 1 {
        let _ = writeln!(source, "local handled_by_{version} = 0");
        count = format!("handled_by_{version} = handled_by_{version} + 1");
    }
    let own = if version > 1 { format!("handled_by_{version}") } else { "handled".into() };
    let _ = write!(
        source,
        "local M = {{}}
function M.handle(self, message, actors)
  sum, handled = sum + message, handled + 1
  {count}
  if message > 1 then return (self * 31 + message) % actors + 1, message - 1 end
end
function M.state() return sum, handled, {version}, {own} end
return M"
    );
    source
}

struct Actor {
    lua: Lua,
    handle: Function,
    state: Function,
    version: usize,
}

/// What an actor says of itself: the sum and the number of its messages, the version of its code, the messages that this version handled.
type State = (i64, i64, i64, i64);

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
    code: Code,
    /// A worker has ended with an error: the others end, too.
    failed: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the actors' module comes from.
struct Code {
    loader: Arc<dyn Loader>,
    directory: PathBuf,
    file: PathBuf,
}

impl Actor {
    fn open(code: &Code, version: usize) -> Result<Box<Actor>, Failure> {
        let mut lua = Lua::new(Arc::clone(&code.loader))?;
        lua_std::open_all(&mut lua)?;
        let package: Table = lua.globals().get(&mut lua, "package")?;
        package.set(&mut lua, "path", format!("{}/?.lua", code.directory.display()))?;
        let require: Function = lua.globals().get(&mut lua, "require")?;
        let module: Table = require.call(&mut lua, "actor")?;
        let (handle, state) = (module.get(&mut lua, "handle")?, module.get(&mut lua, "state")?);
        Ok(Box::new(Actor { lua, handle, state, version }))
    }

    /// Takes the newest code. Actors that do so share it.
    fn renew(&mut self, code: &Code, version: usize) -> Result<(), Failure> {
        if self.version != version {
            let name = format!("@{}", code.file.display());
            let proto = code.loader.load_file(&FileRequest::new(&code.file, name.as_bytes()))?;
            self.lua.update("actor", &proto)?;
            self.version = version;
        }
        Ok(())
    }
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

    /// The next actor with mail; `None` when there are no messages any more, or a worker failed.
    fn next(&self) -> Option<usize> {
        let mut ready = lock(&self.ready);
        loop {
            if self.failed.load(Ordering::Acquire) {
                return None;
            }
            if let Some(index) = ready.pop_front() {
                return Some(index);
            }
            if self.open.load(Ordering::Acquire) == 0 {
                return None;
            }
            ready = self.wake.wait(ready).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wake_all(&self) {
        let _ready = lock(&self.ready);
        self.wake.notify_all();
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
            self.failed.fetch_or(handled.is_err(), Ordering::AcqRel);
            if self.open.fetch_sub(1, Ordering::AcqRel) == 1 || handled.is_err() {
                self.wake_all();
            }
            handled?;
        }
        Ok(())
    }

    /// Sends all messages of the host, and changes the module on the way.
    fn send_all(&self, messages: usize, cache: &Cached<Compiler>) -> Result<(), Failure> {
        let share = (messages / (UPDATES + 1)).max(1);
        for message in 0..messages {
            // As many messages are on their way as the actors can be expected to have.
            while self.open.load(Ordering::Relaxed) > 2 * self.places.len() && !self.failed.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_micros(100));
            }
            self.send(message % self.places.len(), VISITS);
            let version = message / share + 1;
            if message % share == 0 && (2..=UPDATES + 1).contains(&version) {
                std::fs::write(&self.code.file, source(version))?;
                cache.replace(&[&self.code.file])?;
                self.version.store(version, Ordering::Release);
            }
        }
        Ok(())
    }

    fn handle(&self, actor: &mut Actor, index: usize, message: i64) -> Result<(), Failure> {
        actor.renew(&self.code, self.version.load(Ordering::Acquire))?;
        let arguments = (index as i64 + 1, message, self.places.len() as i64);
        let (to, next): (Option<i64>, Option<i64>) = actor.handle.call(&mut actor.lua, arguments)?;
        if let (Some(to), Some(next)) = (to, next) {
            self.send((to as usize - 1) % self.places.len(), next);
        }
        Ok(())
    }
}

/// Runs a host with so many actors, threads and messages, whose module stands in `directory`.
///
/// # Errors
///
/// A message was lost or handled twice, an actor has lost its state or has old code, old code has stayed, or a system call failed.
pub(crate) fn run(actors: usize, threads: usize, messages: usize, directory: &Path) -> Result<(), Failure> {
    let cache = Arc::new(Cached::new(Compiler));
    let code = Code { loader: cache.clone(), directory: directory.to_owned(), file: directory.join("actor.lua") };
    std::fs::write(&code.file, source(1))?;
    let open = |_| Ok(Mutex::new(Place { actor: Some(Actor::open(&code, 1)?), mail: VecDeque::new() }));
    let places = (0..actors).map(open).collect::<Result<_, Failure>>()?;
    let host = Host {
        places,
        ready: Mutex::default(),
        wake: Condvar::new(),
        open: AtomicUsize::new(1),
        version: AtomicUsize::new(1),
        code,
        failed: AtomicBool::new(false),
    };
    std::thread::scope(|scope| -> Result<(), Failure> {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| host.work())).collect();
        let sent = host.send_all(messages, &cache);
        // The host's own message: no more of them.
        host.open.fetch_sub(1, Ordering::AcqRel);
        host.wake_all();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a worker panicked".into())))?;
        sent
    })?;
    report(host, &cache, messages)
}

/// Adds up what the actors say, and checks it.
fn report(host: Host, cache: &Cached<Compiler>, messages: usize) -> Result<(), Failure> {
    let newest = host.version.load(Ordering::Acquire);
    let (mut sum, mut handled, mut by_newest) = (0, 0, 0);
    let mut actors = Vec::new();
    for place in &host.places {
        let Some(mut actor) = lock(place).actor.take() else { return Err("an actor is missing".into()) };
        // Those that had no mail since the last change.
        actor.renew(&host.code, newest)?;
        let state: State = actor.state.call(&mut actor.lua, ())?;
        if state.2 != newest as i64 || !actor.lua.outdated().is_empty() {
            return Err(format!("an actor has the code of version {}", state.2).into());
        }
        (sum, handled, by_newest) = (sum + state.0, handled + state.1, by_newest + state.3);
        actor.lua.run(b"collectgarbage()", "=host")?;
        actors.push(actor);
    }
    let stats = cache.stats();
    println!(
        "{} actors handled {handled} messages, {by_newest} of them with version {newest}; {} compilations",
        actors.len(),
        stats.compilations
    );
    let expected = messages as i64 * VISITS;
    if (handled, sum) != (expected, messages as i64 * VISITS * (VISITS + 1) / 2) {
        return Err(format!("{handled} messages instead of {expected}, sum {sum}").into());
    }
    match &stats.alive[..] {
        [(generation, 1)] if *generation == stats.generation && stats.compilations == newest as u64 => Ok(()),
        _ => Err(format!("old code is alive: {stats:?}").into()),
    }
}

fn main() -> Result<(), Failure> {
    let numbers: Result<Vec<usize>, _> = std::env::args().skip(1).map(|word| word.parse()).collect();
    let numbers = numbers?;
    let number = |place: usize, default: usize| numbers.get(place).copied().unwrap_or(default).max(1);
    let directory = std::env::temp_dir().join(format!("vms_actors_{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let result = run(number(0, 2000), number(1, 4), number(2, 20_000), &directory);
    let _ = std::fs::remove_dir_all(&directory);
    result
}
