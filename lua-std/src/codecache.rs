//! The module `codecache`: what a script can do with the code cache that its VM shares with others.
//!
//! It is no global; `require "codecache"` gives it, after [`preload`] made it known. What a VM loads code with is its
//! [`Loader`](lua_proto::Loader); where that is no cache, functions that need one raise an error.
//!
//! | function | |
//! |---|---|
//! | `mode([new])` | how this VM uses the cache: `"ON"`, `"EXIST"` (adds nothing), `"OFF"`; sets it if given |
//! | `policy([new])` | when a file counts as changed: `"pinned"` (never), `"stamp"`, `"content"`; sets it for all VMs if given |
//! | `clear()` | forgets everything |
//! | `evict(file)` | forgets a file; returns how many entries there were |
//! | `replace{file, …}` | compiles the files anew, and then makes all visible together; or returns nil and what is wrong |
//! | `loadfile(file [, mode [, env]])` | `loadfile`, also where the global is another function |
//! | `load(chunk [, name [, mode [, env]]])` | `load`; a string goes through the cache, what a function reads does not |
//! | `stats()` | a table: what the cache holds and did |
//! | `identity(f)` | a number that is the same for all functions with this code, in all VMs; nil if `f` is no Lua function |
//! | `update(module [, {keep = true}])` | gives the functions of a loaded module, or of a list of modules, the code that their files hold now; returns a report, or nil, a message and a list of what stands in the way |
//! | `outdated()` | a list of the functions that have code from before the last update of their module |
//!
//! # Updates
//!
//! `update("m")` finds the file of `m` in `package.path`, compiles it, and changes this VM, as [`Lua::update`](lua_vm::Lua::update)
//! describes. If a file of a list cannot be compiled, or an update of one is refused or fails, nothing changes, and the message names
//! file and line.
//!
//! The report has the fields `closures` (with new code), `outdated` (of those: that an earlier update had not reached), `running` (calls that go
//! on with old code), `added` (fields that tables got) and `kept`. What stands in the way has the fields `module`, `function`, `line`,
//! `kind` (`"not loaded"`, `"binary"`, `"missing"`, `"ambiguous"`, `"no value"`, `"several variables"`) and, for the last two,
//! `variable`. With `keep`, functions that are missing are no obstacle: they keep their old code, and stand in the list `kept`.

pub mod update;

use std::path::{Path, PathBuf};

use lua_proto::{CacheMode, CacheStats, Chunk, ChunkMode, CodeCache, Policy, ReplaceError};
use lua_vm::{Cx, Error, Native, Outcome, Type};

use crate::load;
use crate::open::push_subtable;
use crate::package::PRELOAD;
use crate::stream;

static FUNCTIONS: [Native; 11] = [
    Native::new("mode", mode),
    Native::new("policy", policy),
    Native::new("clear", clear),
    Native::new("evict", evict),
    Native::new("replace", replace),
    Native::new("loadfile", load::loadfile),
    LOAD,
    Native::new("stats", stats),
    Native::new("identity", identity),
    Native::new("update", update::update),
    Native::new("outdated", update::outdated),
];

const LOAD: Native = Native::new("load", load_cached);
static GLOBAL_LOAD: Native = LOAD;

static OPEN: Native = Native::new("codecache", opened);

/// The name of the module.
pub const NAME: &str = "codecache";

/// Pushes the module's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)
}

/// Lets `require` find the module, in `package.preload`.
///
/// # Errors
///
/// "not enough memory".
pub fn preload(cx: &mut Cx<'_>) -> Result<(), Error> {
    push_subtable(cx, PRELOAD)?;
    let preload = cx.top() - 1;
    cx.push_native(&OPEN);
    cx.raw_set_name(preload, NAME)?;
    cx.set_top(preload)
}

/// Makes the global `load` that of this module: equal texts that VMs load under one name are compiled once, and stay in the cache until
/// it is cleared. For hosts whose scripts load the same texts in every VM.
///
/// # Errors
///
/// "not enough memory".
pub fn share_loaded_text(cx: &mut Cx<'_>) -> Result<(), Error> {
    let bottom = cx.top();
    cx.push_globals();
    cx.push_native(&GLOBAL_LOAD);
    cx.raw_set_name(bottom, "load")?;
    cx.set_top(bottom)
}

fn opened(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    open(cx)?;
    Ok(cx.returns(1))
}

/// Calls `f` with the cache that this VM loads from.
fn with_cache<R>(cx: &mut Cx<'_>, f: impl FnOnce(&mut Cx<'_>, &dyn CodeCache) -> R) -> Result<R, Error> {
    let loader = cx.loader();
    match loader.cache() {
        Some(cache) => Ok(f(cx, cache)),
        None => Err(cx.error(format_args!("this VM has no code cache"))),
    }
}

/// The value that is named in slot 0, if there is something.
fn named<T>(cx: &mut Cx<'_>, what: &str, find: fn(&[u8]) -> Option<T>) -> Result<Option<T>, Error> {
    if cx.is_none_or_nil(0) {
        return Ok(None);
    }
    let name = cx.check_bytes(0)?.to_vec();
    match find(&name) {
        Some(value) => Ok(Some(value)),
        None => Err(cx.arg_error(0, &format!("unknown {what} '{}'", String::from_utf8_lossy(&name)))),
    }
}

fn mode(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let before = cx.cache_mode();
    if let Some(mode) = named(cx, "mode", CacheMode::from_name)? {
        cx.set_cache_mode(mode);
    }
    cx.push_str(before.name())?;
    Ok(cx.returns(1))
}

fn policy(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let policy = named(cx, "policy", Policy::from_name)?;
    let before = with_cache(cx, |_, cache| {
        let before = cache.policy();
        if let Some(policy) = policy {
            cache.set_policy(policy);
        }
        before
    })?;
    cx.push_str(before.name())?;
    Ok(cx.returns(1))
}

fn clear(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    with_cache(cx, |_, cache| cache.clear())?;
    Ok(cx.returns(0))
}

fn evict(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let path = stream::path(cx.check_bytes(0)?);
    let count = with_cache(cx, |_, cache| cache.evict(&path))?;
    cx.push_int(count as i64);
    Ok(cx.returns(1))
}

fn replace(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let names = names(cx, "file")?;
    let paths: Vec<PathBuf> = names.iter().map(|name| stream::path(name)).collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    match with_cache(cx, |_, cache| cache.replace(&paths))? {
        Ok(count) => {
            cx.push_int(count as i64);
            Ok(cx.returns(1))
        }
        Err(error) => {
            let message = replace_message(cx, &error)?;
            cx.push_nil();
            cx.push_bytes(&message)?;
            Ok(cx.returns(2))
        }
    }
}

/// The list of names in slot 0.
fn names(cx: &mut Cx<'_>, of: &str) -> Result<Vec<Vec<u8>>, Error> {
    cx.check_table(0)?;
    let mut names = Vec::new();
    for index in 1.. {
        match cx.raw_get_int(0, index) {
            Type::String => names.push(cx.bytes(cx.top() - 1).to_vec()),
            Type::Nil => break,
            _ => return Err(cx.arg_error(0, &format!("{of} names expected"))),
        }
        cx.charge(size_of::<Vec<u8>>() + names.last().map_or(0, Vec::len))?;
        cx.pop(1);
    }
    cx.pop(1);
    Ok(names)
}

/// What is wrong, a line for each file.
fn replace_message(cx: &mut Cx<'_>, error: &ReplaceError) -> Result<Vec<u8>, Error> {
    let mut lines = Vec::with_capacity(error.failures.len());
    for (path, error) in &error.failures {
        lines.push(load::message(cx, error, path.as_os_str().as_encoded_bytes())?);
    }
    Ok(lines.join(&b'\n'))
}

fn load_cached(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if !matches!(cx.type_of(0), Type::String | Type::Number) || cx.loader().cache().is_none() {
        return load::load(cx);
    }
    cx.coerce_str(0)?;
    let text = cx.hold_str(0)?;
    let name = load::text_or(cx, 1, &text)?;
    let letters = load::text_or(cx, 2, b"bt")?;
    let environment = (!cx.is_none(3)).then_some(3);
    let Some(mode) = ChunkMode::from_letters(&letters) else {
        let loaded = load::load_bytes(cx, &text, &name, &letters)?;
        return load::finish(cx, loaded, environment);
    };
    let (chunk, caching) = (Chunk { bytes: &text, name: &name, mode }, cx.cache_mode());
    let loaded = match with_cache(cx, |_, cache| cache.load_cached(chunk, caching))? {
        Ok(proto) => {
            cx.push_proto(&proto)?;
            true
        }
        Err(error) => {
            cx.push_bytes(&error.message())?;
            false
        }
    };
    load::finish(cx, loaded, environment)
}

fn stats(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let stats = with_cache(cx, |_, cache| cache.stats())?;
    push_stats(cx, &stats)?;
    Ok(cx.returns(1))
}

fn push_stats(cx: &mut Cx<'_>, stats: &CacheStats) -> Result<(), Error> {
    let fields = [
        ("generation", stats.generation),
        ("entries", stats.entries as u64),
        ("bytes", stats.bytes as u64),
        ("hits", stats.hits),
        ("misses", stats.misses),
        ("compilations", stats.compilations),
        ("images", stats.alive.iter().map(|(_, count)| *count as u64).sum()),
    ];
    cx.push_table(0, fields.len() + 1)?;
    let table = cx.top() - 1;
    for (name, value) in fields {
        cx.push_int(value as i64);
        cx.raw_set_str(table, name)?;
    }
    cx.push_table(0, stats.alive.len())?;
    for (generation, count) in &stats.alive {
        cx.push_int(*count as i64);
        cx.raw_set_int(table + 1, *generation as i64)?;
    }
    cx.raw_set_str(table, "alive")
}

fn identity(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_type(0, Type::Function)?;
    match cx.proto_of(0) {
        Some(proto) => cx.push_int(proto.identity() as i64),
        None => cx.push_nil(),
    }
    Ok(cx.returns(1))
}
