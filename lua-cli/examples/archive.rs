//! A loader whose files lie in memory, and a cache around it that several VMs share.
//!
//! `lua-proto/write-a-loader.md` explains it. As a test, it passes the cases of the cache itself.

use std::collections::HashMap;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::thread;

use lua_parse::Compiler;
use lua_proto::{Cached, Chunk, CodeCache, LoadError, Loader, Proto, Stamp};
use lua_vm::Lua;

/// Files by their absolute names. Clones are the same archive.
#[derive(Clone, Default)]
struct Archive(Arc<RwLock<Files>>);

#[derive(Default)]
struct Files {
    by_path: HashMap<PathBuf, File>,
    revision: u128,
}

struct File {
    text: Arc<[u8]>,
    /// Which change of the archive put it there.
    revision: u128,
}

impl Archive {
    fn put(&self, path: &str, text: &str) {
        let mut files = self.0.write().unwrap();
        files.revision += 1;
        let file = File { text: text.as_bytes().into(), revision: files.revision };
        files.by_path.insert(PathBuf::from(path), file);
    }

    fn with<R>(&self, path: &Path, look: impl FnOnce(&File) -> R) -> io::Result<R> {
        let files = self.0.read().unwrap();
        let path = self.directory().join(path);
        files.by_path.get(&path).map(look).ok_or_else(|| io::Error::new(ErrorKind::NotFound, "not in the archive"))
    }
}

impl Loader for Archive {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        Compiler.load(chunk)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + '_>> {
        let text = self.with(path, |file| Arc::clone(&file.text))?;
        Ok(Box::new(Cursor::new(text)))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.with(path, |file| Stamp::new(file.text.len() as u64, file.revision))
    }

    fn directory(&self) -> PathBuf {
        PathBuf::from("/")
    }
}

/// A VM that finds modules in the archive.
fn open(cache: &Arc<Cached<Archive>>) -> Result<Lua, Box<dyn std::error::Error>> {
    let mut lua = Lua::new(Arc::clone(cache) as Arc<dyn Loader>)?;
    lua_std::open_all(&mut lua)?;
    lua.run(b"package.path = '?.lua'", "=setup")?;
    Ok(lua)
}

fn greet(cache: &Arc<Cached<Archive>>) -> Result<String, Box<dyn std::error::Error>> {
    let mut lua = open(cache)?;
    let greeting = lua.load(b"return require 'app.greeting'('world')", "=main")?;
    Ok(greeting.call(&mut lua, ())?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let archive = Archive::default();
    archive.put("/app/words.lua", "return { hello = 'Hello' }");
    archive.put("/app/greeting.lua", "local w = require 'app.words' return function(s) return w.hello .. ', ' .. s end");
    let cache = Arc::new(Cached::new(archive.clone()));

    // Four VMs on four threads: each file is compiled once.
    let greetings: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| greet(&cache).map_err(|error| error.to_string()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Result<_, _>>()
    })?;
    println!("{} (compiled: {})", greetings.join("; "), cache.stats().compilations);

    // A batch with a mistake changes nothing; without it, all files are replaced together.
    let batch = ["/app/words.lua", "/app/greeting.lua"].map(Path::new);
    archive.put("/app/words.lua", "return { hello = 'Good evening' }");
    archive.put("/app/greeting.lua", "local w = require 'app.words'\nreturn function(s) return w.hello .. + s end");
    println!("{}", cache.replace(&batch).unwrap_err());
    println!("{}", greet(&cache)?);
    archive.put("/app/greeting.lua", "local w = require 'app.words' return function(s) return w.hello .. ' to you, ' .. s end");
    cache.replace(&batch)?;
    println!("{}", greet(&cache)?);
    Ok(())
}

#[cfg(test)]
#[path = "../../lua-proto/tests/cache/cases.rs"]
mod cases;

#[cfg(test)]
mod tests {
    use super::*;

    impl cases::World for Archive {
        type Loader = Archive;

        fn new() -> Archive {
            Archive::default()
        }

        fn root(&self) -> PathBuf {
            self.directory()
        }

        fn loader(&self) -> Archive {
            self.clone()
        }

        fn write(&self, name: &str, text: &str) {
            self.put(&format!("/{name}"), text);
        }

        fn remove(&self, name: &str) {
            self.0.write().unwrap().by_path.remove(&self.directory().join(name));
        }

        // Revisions never repeat.
        fn grow_old(&self) {}

        fn answer(&self, proto: &Arc<Proto>) -> i64 {
            let mut lua = Lua::new(Arc::new(Compiler)).unwrap();
            let main = lua.instantiate(proto).unwrap();
            main.call(&mut lua, ()).unwrap()
        }
    }

    crate::cache_cases!(Archive);

    /// Two VMs of one program have different loaders.
    #[test]
    fn each_vm_has_its_own_loader() {
        let [one, two] = ["one", "two"].map(|name| {
            let archive = Archive::default();
            archive.put("/m.lua", &format!("return '{name}'"));
            let mut lua = open(&Arc::new(Cached::new(archive))).unwrap();
            lua.load(b"return require 'm'", "=main").unwrap().call::<String>(&mut lua, ()).unwrap()
        });
        assert_eq!((&*one, &*two), ("one", "two"));
    }

    #[test]
    fn messages_are_those_of_the_archive() {
        let archive = Archive::default();
        let mut lua = open(&Arc::new(Cached::new(archive))).unwrap();
        let chunk = lua.load(b"return select(2, loadfile('x.lua')), select(2, pcall(require, 'x'))", "=main").unwrap();
        let (file, module): (String, String) = chunk.call(&mut lua, ()).unwrap();
        assert_eq!(file, "cannot open x.lua: not in the archive");
        assert!(module.contains("no file 'x.lua'"), "{module}");
    }
}
