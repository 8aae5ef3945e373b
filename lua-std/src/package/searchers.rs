//! `require` and the four searchers.

use lua_proto::FileRequest;
use lua_vm::{Cx, Error, Native, Outcome, Resumed, Type};

use super::{NO_DYNAMIC, PRELOAD, push_entry};
use crate::load::{chunk_name, load_file};
use crate::open::{LOADED, push_subtable};
use crate::output::c_string;
use crate::stream;

static SEARCHERS: [Native; 4] = [
    Native::new("search_preload", search_preload),
    Native::new("search_lua", search_lua),
    Native::new("search_native", search_native),
    Native::new("search_root", search_root),
];

/// Sets `package.searchers`. Each searcher has the table `package` as its upvalue.
pub(super) fn open(cx: &mut Cx<'_>, package: u32) -> Result<(), Error> {
    cx.push_table(SEARCHERS.len(), 0)?;
    let list = cx.top() - 1;
    for (index, searcher) in (1..).zip(&SEARCHERS) {
        cx.push_slot(package);
        cx.push_closure(searcher, 1)?;
        cx.raw_set_int(list, index)?;
    }
    cx.raw_set_name(package, "searchers")
}

/// `text` with every `from` replaced; its size, which a script decides, is given to `charge` first.
fn replaced<E>(text: &[u8], from: &[u8], to: &[u8], charge: &mut impl FnMut(usize) -> Result<(), E>) -> Result<Vec<u8>, E> {
    let count = if from.is_empty() { 0 } else { memchr::memmem::find_iter(text, from).count() };
    let size = (text.len() - count * from.len()).saturating_add(count.saturating_mul(to.len()));
    charge(size)?;
    let mut result = Vec::with_capacity(size);
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, from).filter(|_| !from.is_empty()) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    result.extend_from_slice(rest);
    Ok(result)
}

/// The file that was found, or the text that lists the files that were tried.
pub(crate) type Found = Result<Vec<u8>, Vec<u8>>;

/// The first file among the templates of `path` that the VM's loader can open. What stands in the name for the levels, and in the
/// file's name, are the `separators`.
///
/// # Errors
///
/// "not enough memory".
pub(crate) fn search_path(cx: &mut Cx<'_>, name: &[u8], path: &[u8], separators: [&[u8]; 2]) -> Result<Found, Error> {
    let (loader, caching) = (cx.loader(), cx.cache_mode());
    let can_open = |file: &[u8]| {
        let (path, name) = (stream::path(file), chunk_name(file));
        loader.can_open(&FileRequest { caching, ..FileRequest::new(&path, &name) })
    };
    search_files(name, path, separators, can_open, |bytes| cx.charge(bytes))
}

fn search_files<E>(
    name: &[u8],
    path: &[u8],
    [separator, directory]: [&[u8]; 2],
    can_open: impl Fn(&[u8]) -> bool,
    mut charge: impl FnMut(usize) -> Result<(), E>,
) -> Result<Found, E> {
    let name = replaced(name, separator, directory, &mut charge)?;
    let files = replaced(path, b"?", &name, &mut charge)?;
    if !files.is_empty()
        && let Some(file) = files.split(|byte| *byte == b';').find(|file| can_open(file))
    {
        return Ok(Ok(file.to_vec()));
    }
    // Twice: the list is copied once more.
    let list = replaced(&files, b";", b"'\n\tno file '", &mut |bytes| charge(bytes.saturating_mul(2)))?;
    Ok(Err([b"no file '".as_slice(), &list, b"'"].concat()))
}

/// Looks for `name` in the path that is the field `field` of the table `package`.
fn find_file(cx: &mut Cx<'_>, name: &[u8], field: &str) -> Result<Found, Error> {
    cx.push_upvalue(0);
    let package = cx.top() - 1;
    cx.get_field(package, field)?;
    let value = cx.top() - 1;
    if !matches!(cx.type_of(value), Type::String | Type::Number) {
        return Err(cx.error(format_args!("'package.{field}' must be a string")));
    }
    cx.coerce_str(value)?;
    let path = c_string(cx, value);
    cx.pop(2);
    search_path(cx, name, &path, [b".", b"/"])
}

fn module_name(cx: &mut Cx<'_>) -> Result<Vec<u8>, Error> {
    cx.coerce_str(0)?;
    Ok(c_string(cx, 0).to_vec())
}

/// A searcher's answer that nothing was found.
fn not_found(cx: &mut Cx<'_>, message: &[u8]) -> Result<Outcome, Error> {
    cx.push_bytes(message)?;
    Ok(cx.returns(1))
}

/// The error of a file that was found and cannot be loaded.
fn load_error(cx: &mut Cx<'_>, name: &[u8], file: &[u8], reason: &[u8]) -> Error {
    let message = [b"error loading module '".as_slice(), name, b"' from file '", file, b"':\n\t", reason].concat();
    cx.error_bytes(&message)
}

fn search_preload(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = module_name(cx)?;
    push_subtable(cx, PRELOAD)?;
    let preload = cx.top() - 1;
    cx.push_bytes(&name)?;
    if cx.get_index(preload)? == Type::Nil {
        return not_found(cx, &[b"no field package.preload['".as_slice(), &name, b"']"].concat());
    }
    cx.push_str(":preload:")?;
    Ok(cx.returns(2))
}

fn search_lua(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = module_name(cx)?;
    let file = match find_file(cx, &name, "path")? {
        Ok(file) => file,
        Err(message) => return not_found(cx, &message),
    };
    if !load_file(cx, Some(&file), b"bt")? {
        let reason = cx.bytes(cx.top() - 1).to_vec();
        return Err(load_error(cx, &name, &file, &reason));
    }
    cx.push_bytes(&file)?;
    Ok(cx.returns(2))
}

/// Names of entry points that a module may have: of `v-a.b`, both `luaopen_v` and
/// `luaopen_a_b`.
fn entry_names(module: &[u8]) -> Vec<Vec<u8>> {
    let name: Vec<u8> = module.iter().map(|&byte| if byte == b'.' { b'_' } else { byte }).collect();
    let mut parts: Vec<&[u8]> = name.splitn(2, |byte| *byte == b'-').collect();
    parts.dedup();
    parts.into_iter().map(|part| [b"luaopen_", part].concat()).collect()
}

/// Pushes the entry point of `module` in a registered library, and the library's name.
/// `None` if there is no such library, false if it has no such function.
fn push_opener(cx: &mut Cx<'_>, library: &[u8], module: &[u8]) -> Result<Option<bool>, Error> {
    let mut answer = None;
    for entry in entry_names(module) {
        answer = push_entry(cx, library, &entry)?;
        if answer != Some(false) {
            break;
        }
    }
    if answer == Some(true) {
        cx.push_bytes(library)?;
    }
    Ok(answer)
}

fn search_native(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = module_name(cx)?;
    match push_opener(cx, &name, &name)? {
        Some(true) => return Ok(cx.returns(2)),
        Some(false) => {
            let reason = [b"undefined symbol: ".as_slice(), &entry_names(&name)[0]].concat();
            return Err(load_error(cx, &name, &name, &reason));
        }
        None => {}
    }
    match find_file(cx, &name, "cpath")? {
        Ok(file) => Err(load_error(cx, &name, &file, NO_DYNAMIC.as_bytes())),
        Err(message) => not_found(cx, &message),
    }
}

fn search_root(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = module_name(cx)?;
    let Some(point) = memchr::memchr(b'.', &name) else {
        return Ok(cx.returns(0));
    };
    let root = &name[..point];
    match push_opener(cx, root, &name)? {
        Some(true) => return Ok(cx.returns(2)),
        Some(false) => {
            return not_found(cx, &[b"no module '".as_slice(), &name, b"' in file '", root, b"'"].concat());
        }
        None => {}
    }
    match find_file(cx, root, "cpath")? {
        Ok(file) => Err(load_error(cx, &name, &file, NO_DYNAMIC.as_bytes())),
        Err(message) => not_found(cx, &message),
    }
}

pub(super) static REQUIRE: Native = Native::new("require", require);

/// Slots while a module is looked for: the name, the table of loaded modules, the list
/// of searchers, the messages so far.
fn require(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    cx.set_top(1)?;
    push_subtable(cx, LOADED)?;
    cx.push_slot(0);
    cx.get_index(1)?;
    if cx.to_bool(2) {
        return Ok(cx.returns(1));
    }
    cx.pop(1);
    cx.push_upvalue(0);
    if cx.get_field(2, "searchers")? != Type::Table {
        return Err(cx.error(format_args!("'package.searchers' must be a table")));
    }
    cx.remove(2);
    cx.push_bytes(b"")?;
    ask(cx, 1)
}

/// Calls searcher number `index`.
fn ask(cx: &mut Cx<'_>, index: i64) -> Result<Outcome, Error> {
    if cx.raw_get_int(2, index) == Type::Nil {
        let message = [b"module '".as_slice(), &c_string(cx, 0), b"' not found:", cx.bytes(3)].concat();
        return Err(cx.error_bytes(&message));
    }
    cx.push_slot(0);
    Ok(cx.call_k(1, 2, index, asked))
}

/// What a searcher answered lies in slots 4 and 5: a loader and its data, or a message.
fn asked(cx: &mut Cx<'_>, result: Resumed) -> Result<Outcome, Error> {
    match cx.type_of(4) {
        Type::Function => {
            // Slots: name, loaded, loader data; then the call.
            cx.copy(5, 2);
            cx.set_top(5)?;
            cx.remove(3);
            cx.push_slot(0);
            cx.push_slot(2);
            return Ok(cx.call_k(2, 1, 0, ran));
        }
        Type::String | Type::Number => {
            cx.coerce_str(4)?;
            let messages = [cx.bytes(3), b"\n\t", cx.bytes(4)].concat();
            cx.push_bytes(&messages)?;
            cx.copy(6, 3);
        }
        _ => {}
    }
    cx.set_top(4)?;
    ask(cx, result.state + 1)
}

/// The loader's result lies in slot 3.
fn ran(cx: &mut Cx<'_>, _: Resumed) -> Result<Outcome, Error> {
    if cx.type_of(3) != Type::Nil {
        cx.push_slot(0);
        cx.push_slot(3);
        cx.set_index(1)?;
    }
    cx.push_slot(0);
    if cx.get_index(1)? == Type::Nil {
        cx.push_slot(0);
        cx.push_bool(true);
        cx.set_index(1)?;
        cx.pop(1);
        cx.push_bool(true);
    }
    cx.push_slot(2);
    Ok(cx.returns(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let search = |name: &str, path: &str| {
            let free = |_| Ok::<(), std::convert::Infallible>(());
            let Ok(found) = search_files(name.as_bytes(), path.as_bytes(), [b".", b"/"], |file| file == b"/dev/null", free);
            found.map_err(|text| String::from_utf8(text).unwrap())
        };
        assert_eq!(search("a.b", "./?.x;/q/?/y").unwrap_err(), "no file './a/b.x'\n\tno file '/q/a/b/y'");
        assert_eq!(search("a", "").unwrap_err(), "no file ''");
        assert_eq!(search("null", "/none/?;/dev/?").unwrap(), b"/dev/null");
    }

    #[test]
    fn entry_points() {
        assert_eq!(entry_names(b"a.b"), [b"luaopen_a_b".to_vec()]);
        assert_eq!(entry_names(b"v2-a.b"), [b"luaopen_v2".to_vec(), b"luaopen_a_b".to_vec()]);
    }
}
