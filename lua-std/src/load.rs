//! `load`, `loadfile` and `dofile`; also what other libraries and hosts load files with.

use lua_proto::ChunkMode;
use lua_vm::{Cx, Error, Outcome, Type};

use crate::output::Output;
use crate::stream;

/// Loads `chunk` and pushes the function, or, if that fails, the message.
fn load_bytes(cx: &mut Cx<'_>, chunk: &[u8], name: &[u8], mode: &[u8]) -> Result<bool, Error> {
    let (kind, letter) = match chunk.first() {
        Some(&BINARY_MARK) => ("binary", b'b'),
        _ => ("text", b't'),
    };
    if !mode.contains(&letter) {
        let mode = String::from_utf8_lossy(mode);
        cx.push_fmt(format_args!("attempt to load a {kind} chunk (mode is '{mode}')"))?;
        return Ok(false);
    }
    cx.load(chunk, name, ChunkMode::Both)
}

/// With what binary chunks begin.
const BINARY_MARK: u8 = 0x1b;

/// A string argument, or `default`.
fn text_or(cx: &mut Cx<'_>, slot: u32, default: &[u8]) -> Result<Vec<u8>, Error> {
    if cx.is_none_or_nil(slot) {
        return Ok(default.to_vec());
    }
    cx.coerce_str(slot)?;
    Ok(crate::output::c_string(cx, slot).to_vec())
}

pub(crate) fn load(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mode = text_or(cx, 2, b"bt")?;
    let environment = (!cx.is_none(3)).then_some(3);
    let loaded = if matches!(cx.type_of(0), Type::String | Type::Number) {
        cx.coerce_str(0)?;
        let chunk = cx.hold_str(0)?;
        let name = if cx.is_none_or_nil(1) {
            let end = memchr::memchr(0, &chunk).unwrap_or(chunk.len());
            chunk[..end].to_vec()
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
        cx.pcall(0, 1)?;
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
fn finish(cx: &mut Cx<'_>, loaded: bool, environment: Option<u32>) -> Result<Outcome, Error> {
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
/// A byte order mark is skipped, and so is a first line that begins with `#`.
///
/// # Errors
///
/// "not enough memory".
pub fn load_file(cx: &mut Cx<'_>, name: Option<&[u8]>, mode: &[u8]) -> Result<bool, Error> {
    let mut chunk_name = b"=stdin".to_vec();
    let read = match name {
        None => read_standard(),
        Some(name) => {
            let end = memchr::memchr(0, name).unwrap_or(name.len());
            chunk_name = [b"@", &name[..end]].concat();
            std::fs::File::open(stream::path(name)).map_err(|error| ("open", error)).and_then(|mut file| {
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut file, &mut bytes).map_err(|error| ("read", error))?;
                Ok(bytes)
            })
        }
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err((what, error)) => {
            let reason = stream::describe(&error).0;
            let shown = &chunk_name[1..];
            let message = [b"cannot ", what.as_bytes(), b" ", shown, b": ", reason.as_bytes()].concat();
            cx.push_bytes(&message)?;
            return Ok(false);
        }
    };
    cx.charge(bytes.len())?;
    load_bytes(cx, skip_first_line(&bytes), &chunk_name, mode)
}

fn read_standard() -> Result<Vec<u8>, (&'static str, std::io::Error)> {
    let mut bytes = Vec::new();
    stream::stdin().lock().read_bytes(&mut bytes, usize::MAX).map_err(|error| ("read", error))?;
    Ok(bytes)
}

/// `source` without byte order mark and without a first line that is a comment of the
/// shell; its line feed stays, so that lines count right (except before binary chunks).
pub fn skip_first_line(source: &[u8]) -> &[u8] {
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    if source.first() != Some(&b'#') {
        return source;
    }
    let Some(end) = memchr::memchr(b'\n', source) else {
        return b"";
    };
    match source.get(end + 1) {
        Some(&BINARY_MARK) => &source[end + 1..],
        _ => &source[end..],
    }
}

pub(crate) fn loadfile(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let name = name(cx)?;
    let mode = text_or(cx, 1, b"bt")?;
    let environment = (!cx.is_none(2)).then_some(2);
    let loaded = load_file(cx, name.as_deref(), &mode)?;
    finish(cx, loaded, environment)
}

/// The first argument, a file name, if given.
fn name(cx: &mut Cx<'_>) -> Result<Option<Vec<u8>>, Error> {
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

#[cfg(test)]
mod tests {
    use super::skip_first_line;

    #[test]
    fn first_lines() {
        assert_eq!(skip_first_line(b"return 1"), b"return 1");
        assert_eq!(skip_first_line(b"\xEF\xBB\xBFreturn 1"), b"return 1");
        assert_eq!(skip_first_line(b"#!lua\nreturn 1"), b"\nreturn 1");
        assert_eq!(skip_first_line(b"\xEF\xBB\xBF#!lua\nreturn 1"), b"\nreturn 1");
        assert_eq!(skip_first_line(b"#!lua\n\x1bLua"), b"\x1bLua");
        assert_eq!(skip_first_line(b"#!lua"), b"");
        assert_eq!(skip_first_line(b""), b"");
    }
}
