//! `codecache.update`: new code for modules that are loaded, from their files.

use lua_proto::{Chunk, FileError, FileRequest, Loader, Policy, Proto, skip_first_line};
use lua_vm::{Cx, Error, ModuleUpdate, Obstacle, Outcome, Type, UpdateError, Updated};
use std::sync::Arc;

use crate::load::{self, chunk_name};
use crate::open::{LOADED, push_subtable};
use crate::output::c_string;
use crate::package::search_path;
use crate::stream;

/// Finds a module as `require` does, in `package.path`, and compiles its file. If there is none, or it does not compile, the text says why.
///
/// Under the policy `pinned` the cache does not look at files, so what the file holds now goes through it as a text. VMs that load the
/// same bytes share the code.
///
/// # Errors
///
/// `package.path` is no string; "not enough memory".
pub fn find(cx: &mut Cx<'_>, module: &[u8]) -> Result<Result<ModuleUpdate, Vec<u8>>, Error> {
    let top = cx.top();
    push_subtable(cx, LOADED)?;
    cx.raw_get_str(top, "package");
    let path = match cx.type_of(top + 1) {
        Type::Table => cx.get_field(top + 1, "path")?,
        _ => Type::Nil,
    };
    if path != Type::String {
        return Err(cx.error(format_args!("'package.path' must be a string")));
    }
    let path = c_string(cx, top + 2);
    cx.set_top(top)?;
    let file = match search_path(cx, module, &path, [b".", b"/"])? {
        Ok(file) => file,
        Err(tried) => return Ok(Err([b"module '".as_slice(), module, b"' not found:\n\t", &tried].concat())),
    };
    match compile(cx, &file) {
        Ok(proto) => Ok(Ok(ModuleUpdate { origin: file, ..ModuleUpdate::new(module, &proto) })),
        Err(error) => load::message(cx, &error, &file).map(Err),
    }
}

fn compile(cx: &Cx<'_>, file: &[u8]) -> Result<Arc<Proto>, FileError> {
    let loader = cx.loader();
    let (path, name) = (stream::path(file), chunk_name(file));
    let request = FileRequest { caching: cx.cache_mode(), max_bytes: cx.memory_limit(), ..FileRequest::new(&path, &name) };
    match loader.cache() {
        Some(cache) if cache.policy() == Policy::Pinned => {
            let bytes = request.read(&loader)?;
            let chunk = Chunk { bytes: skip_first_line(&bytes), name: &name, mode: request.mode };
            cache.load_cached(chunk, request.caching).map_err(FileError::Load)
        }
        _ => loader.load_file(&request),
    }
}

/// `update(name | {name, …} [, {keep = true}])`
pub(super) fn update(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let names = if cx.type_of(0) == Type::Table { super::names(cx, "module")? } else { vec![cx.check_bytes(0)?.to_vec()] };
    let keep_missing = match cx.is_none_or_nil(1) {
        true => false,
        false => {
            cx.check_table(1)?;
            cx.get_field(1, "keep")?;
            let keep = cx.to_bool(cx.top() - 1);
            cx.pop(1);
            keep
        }
    };
    let (mut modules, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match find(cx, &name)? {
            Ok(module) => modules.push(ModuleUpdate { keep_missing, ..module }),
            Err(message) => failures.push(message),
        }
    }
    if !failures.is_empty() {
        cx.push_nil();
        cx.push_bytes(&failures.join(&b'\n'))?;
        return Ok(cx.returns(2));
    }
    match cx.update(&modules) {
        Ok(updated) => {
            push_updated(cx, &updated)?;
            Ok(cx.returns(1))
        }
        Err(UpdateError::Failed(error)) => {
            cx.push_nil();
            cx.push_error(&error);
            Ok(cx.returns(2))
        }
        Err(error) => {
            cx.push_nil();
            cx.push_str(&error.to_string())?;
            let UpdateError::Refused(obstacles) = error else { return Ok(cx.returns(2)) };
            push_obstacles(cx, &obstacles)?;
            Ok(cx.returns(3))
        }
    }
}

fn push_updated(cx: &mut Cx<'_>, updated: &Updated) -> Result<(), Error> {
    let fields = [("closures", updated.closures), ("outdated", updated.outdated), ("running", updated.running), ("added", updated.added)];
    cx.push_table(0, fields.len() + 1)?;
    let table = cx.top() - 1;
    for (name, value) in fields {
        cx.push_int(value as i64);
        cx.raw_set_str(table, name)?;
    }
    push_obstacles(cx, &updated.kept)?;
    cx.raw_set_str(table, "kept")
}

/// Pushes a list of tables.
fn push_obstacles(cx: &mut Cx<'_>, obstacles: &[Obstacle]) -> Result<(), Error> {
    cx.push_table(obstacles.len(), 0)?;
    let list = cx.top() - 1;
    for (index, obstacle) in (1..).zip(obstacles) {
        cx.push_table(0, 5)?;
        set_text(cx, list + 1, "module", &obstacle.module)?;
        set_text(cx, list + 1, "function", obstacle.function.as_bytes())?;
        set_text(cx, list + 1, "kind", obstacle.kind.name().as_bytes())?;
        cx.push_int(obstacle.line.into());
        cx.raw_set_str(list + 1, "line")?;
        if let Some(variable) = obstacle.kind.variable() {
            set_text(cx, list + 1, "variable", variable)?;
        }
        cx.raw_set_int(list, index)?;
    }
    Ok(())
}

fn set_text(cx: &mut Cx<'_>, table: u32, name: &str, text: &[u8]) -> Result<(), Error> {
    cx.push_bytes(text)?;
    cx.raw_set_str(table, name)
}

/// `outdated()`
pub(super) fn outdated(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let all = cx.outdated();
    cx.push_table(all.len(), 0)?;
    let list = cx.top() - 1;
    for (index, outdated) in (1..).zip(&all) {
        cx.push_table(0, 4)?;
        set_text(cx, list + 1, "chunk", &outdated.chunk)?;
        set_text(cx, list + 1, "function", outdated.function.as_bytes())?;
        for (name, value) in [("line", i64::from(outdated.line)), ("count", outdated.count as i64)] {
            cx.push_int(value);
            cx.raw_set_str(list + 1, name)?;
        }
        cx.raw_set_int(list, index)?;
    }
    Ok(cx.returns(1))
}
