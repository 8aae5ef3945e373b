//! `load`, `loadfile` and `dofile`; also what other libraries and hosts load files with.

use std::sync::Arc;

use lua_proto::{ChunkMode, FileError, FileRequest, LoadError, SIGNATURE, skip_first_line};
use lua_vm::{Cx, Error, Outcome, Type};
use smallvec::SmallVec;

use crate::output::Output;
use crate::stream;

/// Loads `chunk` and pushes the function, or, if that fails, the message.
pub(crate) fn load_bytes(cx: &mut Cx<'_>, chunk: &[u8], name: &[u8], mode: &[u8]) -> Result<bool, Error> {
    let binary = chunk.first() == SIGNATURE.first();
    if !mode.contains(if binary { &b'b' } else { &b't' }) {
        push_wrong_kind(cx, binary, mode)?;
        return Ok(false);
    }
    cx.load(chunk, name, ChunkMode::Both)
}

/// Pushes the message about a chunk of a kind that the mode excludes.
fn push_wrong_kind(cx: &mut Cx<'_>, binary: bool, mode: &[u8]) -> Result<(), Error> {
    let kind = if binary { "binary" } else { "text" };
    let mode = String::from_utf8_lossy(mode);
    cx.push_fmt(format_args!("attempt to load a {kind} chunk (mode is '{mode}')"))
}

/// A string argument, or `default`.
pub(crate) fn text_or(cx: &mut Cx<'_>, slot: u32, default: &[u8]) -> Result<SmallVec<[u8; 128]>, Error> {
    if cx.is_none_or_nil(slot) {
        return Ok(SmallVec::from_slice(default));
    }
    cx.coerce_str(slot)?;
    Ok(crate::output::c_string(cx, slot))
}

pub(crate) fn load(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mode = text_or(cx, 2, b"bt")?;
    let environment = (!cx.is_none(3)).then_some(3);
    let loaded = if matches!(cx.type_of(0), Type::String | Type::Number) {
        cx.coerce_str(0)?;
        let chunk = cx.hold_str(0)?;
        let name = if cx.is_none_or_nil(1) {
            let end = memchr::memchr(0, &chunk).unwrap_or(chunk.len());
            SmallVec::from_slice(&chunk[..end])
        } else {
            text_or(cx, 1, b"")?
        };
        load_bytes(cx, &chunk, &name, &mode)?
    } else {
        let name = text_or(cx, 1, b"=(load)")?;
        cx.check_type(0, Type::Function)?;
        let mut chunk = Output::new();
        match read_pieces(cx, &mut chunk) {
            Ok(()) => load_bytes(cx, chunk.bytes(), &name, &mode)?,
            Err(error) => {
                cx.push_error(&error);
                false
            }
        }
    };
    finish(cx, loaded, environment)
}

/// Calls the reader in slot 0 until there is no more.
fn read_pieces(cx: &mut Cx<'_>, chunk: &mut Output) -> Result<(), Error> {
    loop {
        cx.push_slot(0);
        // Message handlers see errors of the reader.
        cx.call(0, 1)?;
        let piece = cx.top() - 1;
        match cx.type_of(piece) {
            Type::Nil => {
                cx.pop(1);
                return Ok(());
            }
            Type::String | Type::Number => {
                cx.coerce_str(piece)?;
                if cx.bytes(piece).is_empty() {
                    cx.pop(1);
                    return Ok(());
                }
                chunk.extend_slot(cx, piece)?;
                cx.pop(1);
            }
            _ => return Err(cx.error(format_args!("reader function must return a string"))),
        }
    }
}

/// The results of a load: the function, with the environment in slot `environment` as
/// its first upvalue, or `nil` and the message.
pub(crate) fn finish(cx: &mut Cx<'_>, loaded: bool, environment: Option<u32>) -> Result<Outcome, Error> {
    let top = cx.top() - 1;
    match loaded {
        true => {
            if let Some(environment) = environment {
                cx.push_slot(environment);
                if !cx.set_upvalue_of(top, 0) {
                    // A function without upvalues: nothing was popped.
                    cx.set_top(top + 1)?;
                }
            }
            Ok(cx.returns(1))
        }
        false => {
            cx.push_nil();
            cx.insert(top);
            Ok(cx.returns(2))
        }
    }
}

/// Loads the file `name`, or standard input, and pushes the function or the message.
///
/// The file comes from the VM's loader, which may be a cache. A byte order mark is skipped, and so is a
/// first line that begins with `#`.
///
/// # Errors
///
/// "not enough memory".
pub fn load_file(cx: &mut Cx<'_>, name: Option<&[u8]>, mode: &[u8]) -> Result<bool, Error> {
    let Some(name) = name else {
        return load_standard(cx, mode);
    };
    let end = memchr::memchr(0, name).unwrap_or(name.len());
    let (path, chunk_name) = (stream::path(name), chunk_name(&name[..end]));
    let Some(kinds) = ChunkMode::from_letters(mode) else {
        return load_nothing(cx, &FileRequest::new(&path, &chunk_name), mode);
    };
    let file = FileRequest { mode: kinds, caching: cx.cache_mode(), max_bytes: cx.memory_limit(), ..FileRequest::new(&path, &chunk_name) };
    let loaded = cx.loader().load_file(&file);
    match loaded {
        Ok(proto) => {
            cx.push_proto(&proto)?;
            Ok(true)
        }
        Err(FileError::Load(LoadError::Mode { binary, mode: admitted })) if admitted == kinds => {
            push_wrong_kind(cx, binary, mode)?;
            Ok(false)
        }
        Err(error) => {
            let message = message(cx, &error, &chunk_name[1..])?;
            cx.push_bytes(&message)?;
            Ok(false)
        }
    }
}

/// A chunk's name, for a file of this name.
pub(crate) fn chunk_name(file: &[u8]) -> SmallVec<[u8; 128]> {
    let mut name = SmallVec::new();
    name.push(b'@');
    name.extend_from_slice(file);
    name
}

/// What a script is told of a file that could not be loaded.
///
/// # Errors
///
/// "not enough memory", if that is what it says.
pub(crate) fn message(cx: &mut Cx<'_>, error: &FileError, shown: &[u8]) -> Result<Vec<u8>, Error> {
    let cannot = |what: &str, error: &std::io::Error| {
        let reason = stream::describe(error).0;
        [b"cannot ", what.as_bytes(), b" ", shown, b": ", reason.as_bytes()].concat()
    };
    match error {
        FileError::Open(error) => Ok(cannot("open", error)),
        FileError::Read(error) => Ok(cannot("read", error)),
        // Nothing can be as long as what the limit was exceeded by.
        FileError::TooLong | FileError::Load(LoadError::Memory) => {
            Err(cx.charge(usize::MAX).err().unwrap_or_else(|| cx.error(format_args!("not enough memory"))))
        }
        FileError::Load(error) => Ok(error.message()),
    }
}

/// A file of which neither kind is welcome: it is looked at for the message alone.
fn load_nothing(cx: &mut Cx<'_>, file: &FileRequest<'_>, mode: &[u8]) -> Result<bool, Error> {
    match file.read(&cx.loader()) {
        Ok(bytes) => load_bytes(cx, skip_first_line(&bytes), file.name, mode),
        Err(error) => {
            let message = message(cx, &error, &file.name[1..])?;
            cx.push_bytes(&message)?;
            Ok(false)
        }
    }
}

/// Standard input, which nobody caches.
fn load_standard(cx: &mut Cx<'_>, mode: &[u8]) -> Result<bool, Error> {
    let mut bytes = Vec::new();
    if let Err(error) = stream::stdin().lock().read_bytes(&mut bytes, usize::MAX) {
        let message = message(cx, &FileError::Read(Arc::new(error)), b"stdin")?;
        cx.push_bytes(&message)?;
        return Ok(false);
    }
    cx.charge(bytes.len())?;
    load_bytes(cx, skip_first_line(&bytes), b"=stdin", mode)
}

pub(crate) fn loadfile(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = name(cx)?;
    let mode = text_or(cx, 1, b"bt")?;
    let environment = (!cx.is_none(2)).then_some(2);
    let loaded = load_file(cx, name.as_deref(), &mode)?;
    finish(cx, loaded, environment)
}

/// The first argument, a file name, if given.
fn name(cx: &mut Cx<'_>) -> Result<Option<SmallVec<[u8; 128]>>, Error> {
    match cx.is_none_or_nil(0) {
        true => Ok(None),
        false => text_or(cx, 0, b"").map(Some),
    }
}

pub(crate) fn dofile(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = name(cx)?;
    cx.set_top(1)?;
    if !load_file(cx, name.as_deref(), b"bt")? {
        return Err(cx.throw_value());
    }
    Ok(cx.call_k(0, -1, 0, |cx, _| Ok(cx.returns(cx.top() - 1))))
}
