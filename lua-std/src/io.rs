//! The input and output library (§6.8).
//!
//! A file is a userdata `FILE*` that holds a `Handle` of a stream. Default input and
//! output are kept in the registry, as in the reference.

mod read;

use std::io::SeekFrom;

use lua_proto::number;
use lua_vm::{Cx, Error, Native, Outcome, Type, Value};

use crate::output::c_string;
use crate::stream::{self, Buffering, Handle, Stream};
use crate::system;

/// The name of the metatable of files.
const FILE: &str = "FILE*";
const INPUT: &str = "_IO_input";
const OUTPUT: &str = "_IO_output";

/// What a file userdata holds.
struct LuaFile {
    /// `None` once closed.
    handle: Option<Handle>,
    /// A standard stream, which scripts cannot close.
    is_standard: bool,
}

static FUNCTIONS: [Native; 11] = [
    Native::new("close", close),
    Native::new("flush", flush),
    Native::new("input", input),
    Native::new("lines", lines),
    Native::new("open", open_file),
    Native::new("output", output),
    Native::new("popen", popen),
    Native::new("read", read::read),
    Native::new("tmpfile", tmpfile),
    Native::new("type", r#type),
    Native::new("write", write),
];

static METHODS: [Native; 7] = [
    Native::new("read", read::file_read),
    Native::new("write", file_write),
    Native::new("lines", file_lines),
    Native::new("flush", file_flush),
    Native::new("seek", file_seek),
    Native::new("close", file_close),
    Native::new("setvbuf", file_setvbuf),
];

static METAMETHODS: [Native; 3] = [Native::new("__gc", file_gc), Native::new("__close", file_gc), Native::new("__tostring", file_tostring)];

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 3)?;
    let library = cx.top() - 1;
    cx.new_metatable(FILE)?;
    let metatable = cx.top() - 1;
    cx.set_natives(metatable, &METAMETHODS)?;
    cx.push_library(&METHODS, 0)?;
    cx.raw_set_name(metatable, "__index")?;
    cx.pop(1);
    let standard =
        [("stdin", stream::stdin(), Some(INPUT)), ("stdout", stream::stdout(), Some(OUTPUT)), ("stderr", stream::stderr(), None)];
    for (name, handle, default) in standard {
        push_file(cx, handle, true)?;
        if let Some(default) = default {
            let file = cx.top() - 1;
            cx.push_registry();
            cx.push_slot(file);
            cx.raw_set_name(cx.top() - 2, default)?;
            cx.pop(1);
        }
        cx.raw_set_name(library, name)?;
    }
    Ok(())
}

fn push_file(cx: &mut Cx<'_>, handle: Handle, is_standard: bool) -> Result<(), Error> {
    cx.push_userdata(LuaFile { handle: Some(handle), is_standard }, 0)?;
    cx.set_named_metatable(FILE)
}

/// The stream of the file in `slot`.
///
/// # Errors
///
/// "FILE* expected" or "attempt to use a closed file".
fn file(cx: &mut Cx<'_>, slot: u32) -> Result<Handle, Error> {
    match cx.check_userdata::<LuaFile>(slot, FILE)?.handle.clone() {
        Some(handle) => Ok(handle),
        None => Err(cx.error(format_args!("attempt to use a closed file"))),
    }
}

/// Pushes a default file from the registry.
fn push_default(cx: &mut Cx<'_>, name: &str) {
    cx.push_registry();
    let registry = cx.top() - 1;
    cx.raw_get_str(registry, name);
    cx.remove(registry);
}

/// Pushes a default file and gives its stream.
///
/// # Errors
///
/// "default input file is closed".
fn default_file(cx: &mut Cx<'_>, name: &'static str) -> Result<Handle, Error> {
    push_default(cx, name);
    match cx.userdata::<LuaFile>(cx.top() - 1).and_then(|file| file.handle.clone()) {
        Some(handle) => Ok(handle),
        None => {
            let which = name.trim_start_matches("_IO_");
            Err(cx.error(format_args!("default {which} file is closed")))
        }
    }
}

fn r#type(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    let name = cx.userdata::<LuaFile>(0).map(|file| match file.handle {
        Some(_) => "file",
        None => "closed file",
    });
    match name {
        Some(name) => cx.push_str(name)?,
        None => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

fn file_tostring(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let address = cx.check_userdata::<LuaFile>(0, FILE)?.handle.as_ref().map(Handle::address);
    match address {
        Some(address) => cx.push_fmt(format_args!("file (0x{address:x})"))?,
        None => cx.push_str("file (closed)")?,
    }
    Ok(cx.returns(1))
}

/// Closes the file in `slot`; pushes the results of `close` and returns how many.
fn close_slot(cx: &mut Cx<'_>, slot: u32) -> Result<u32, Error> {
    let Some(file) = cx.userdata_mut::<LuaFile>(slot) else {
        return Ok(0);
    };
    if file.is_standard {
        cx.push_nil();
        cx.push_str("cannot close standard file")?;
        return Ok(2);
    }
    let Some(handle) = file.handle.take() else {
        return Ok(0);
    };
    let result = handle.lock().close();
    drop(handle);
    match result {
        Ok(Some(status)) => system::push_exit(cx, status),
        Ok(None) => system::push_result(cx, Ok(()), None),
        Err(error) => system::push_result(cx, Err(error), None),
    }
}

fn file_close(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    file(cx, 0)?;
    let count = close_slot(cx, 0)?;
    Ok(cx.returns(count))
}

fn close(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.is_none(0) {
        push_default(cx, OUTPUT);
    }
    file_close(cx)
}

fn file_gc(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let is_standard = cx.check_userdata::<LuaFile>(0, FILE)?.is_standard;
    if is_standard {
        // What was written must not be lost when the VM ends.
        if let Some(handle) = cx.userdata::<LuaFile>(0).and_then(|file| file.handle.clone()) {
            let _ = handle.lock().flush();
        }
    } else {
        close_slot(cx, 0)?;
    }
    Ok(cx.returns(0))
}

fn open_file(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let mode = mode(cx)?;
    if !stream::is_mode(&mode) {
        return Err(cx.arg_error(1, "invalid mode"));
    }
    let opened = Stream::open(cx.bytes(0), &mode);
    opened_file(cx, opened, Some(0))
}

/// The second argument, a mode, by default `r`.
fn mode(cx: &mut Cx<'_>) -> Result<Vec<u8>, Error> {
    if cx.is_none_or_nil(1) {
        return Ok(b"r".to_vec());
    }
    cx.coerce_str(1)?;
    Ok(c_string(cx, 1).to_vec())
}

/// The results of a function that opens: a file, or what was wrong with the name in
/// slot `name`.
fn opened_file(cx: &mut Cx<'_>, opened: std::io::Result<Stream>, name: Option<u32>) -> Result<Outcome, Error> {
    let count = match opened {
        Ok(stream) => {
            push_file(cx, Handle::new(stream), false)?;
            1
        }
        Err(error) => system::push_result(cx, Err(error), name)?,
    };
    Ok(cx.returns(count))
}

fn popen(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let mode = mode(cx)?;
    if !matches!(&*mode, b"r" | b"w") {
        return Err(cx.arg_error(1, "invalid mode"));
    }
    // What was written before comes before what the command writes.
    let _ = stream::flush_standard();
    let opened = Stream::run(cx.bytes(0), mode == b"w");
    opened_file(cx, opened, Some(0))
}

fn tmpfile(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    opened_file(cx, Stream::temporary(), None)
}

fn input(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    default_to(cx, INPUT, b"r")
}

fn output(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    default_to(cx, OUTPUT, b"w")
}

/// Opens the file named in slot 0 and pushes it; a failure is an error.
fn push_opened(cx: &mut Cx<'_>, mode: &[u8]) -> Result<(), Error> {
    cx.coerce_str(0)?;
    match Stream::open(cx.bytes(0), mode) {
        Ok(stream) => push_file(cx, Handle::new(stream), false),
        Err(error) => {
            let reason = stream::describe(&error).0;
            let name = c_string(cx, 0);
            let message = [b"cannot open file '".as_slice(), &name, b"' (", reason.as_bytes(), b")"].concat();
            Err(cx.error_bytes(&message))
        }
    }
}

fn default_to(cx: &mut Cx<'_>, name: &'static str, mode: &[u8]) -> Result<Outcome, Error> {
    if !cx.is_none_or_nil(0) {
        match cx.type_of(0) {
            Type::String | Type::Number => push_opened(cx, mode)?,
            _ => {
                file(cx, 0)?;
                cx.push_slot(0);
            }
        }
        let file = cx.top() - 1;
        cx.push_registry();
        cx.push_slot(file);
        cx.raw_set_name(cx.top() - 2, name)?;
        cx.pop(1);
    }
    push_default(cx, name);
    Ok(cx.returns(1))
}

static NEXT_LINE: Native = Native::new("lines_iterator", read::next_line);

/// Formats that an iterator over lines can hold.
const MAX_FORMATS: u32 = 250;

/// Replaces the arguments (a file, formats) by the iterator over them. Its upvalues:
/// the file, whether to close it at the end, the formats.
fn push_iterator(cx: &mut Cx<'_>, to_close: bool) -> Result<(), Error> {
    let formats = cx.top() - 1;
    if formats > MAX_FORMATS {
        return Err(cx.arg_error(MAX_FORMATS + 1, "too many arguments"));
    }
    cx.push_slot(0);
    cx.push_bool(to_close);
    cx.push_int(i64::from(formats));
    for slot in 1..=formats {
        cx.push_slot(slot);
    }
    cx.push_closure(&NEXT_LINE, 3 + formats)
}

fn file_lines(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    file(cx, 0)?;
    push_iterator(cx, false)?;
    Ok(cx.returns(1))
}

fn lines(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.is_none(0) {
        cx.set_top(1)?;
    }
    if cx.type_of(0) == Type::Nil {
        push_default(cx, INPUT);
        replace_first(cx);
        file(cx, 0)?;
        push_iterator(cx, false)?;
        return Ok(cx.returns(1));
    }
    push_opened(cx, b"r")?;
    replace_first(cx);
    push_iterator(cx, true)?;
    cx.push_nil();
    cx.push_nil();
    cx.push_slot(0);
    Ok(cx.returns(4))
}

/// Moves the top value to slot 0.
fn replace_first(cx: &mut Cx<'_>) {
    cx.copy(cx.top() - 1, 0);
    cx.pop(1);
}

/// Writes the arguments from `first` to `before` on; pushes the results of `write`,
/// where the file is in slot `file`.
fn write_arguments(cx: &mut Cx<'_>, handle: &Handle, first: u32, file: u32) -> Result<Outcome, Error> {
    let mut result = Ok(());
    for slot in first..cx.arg_count() {
        let written = match cx.get(slot) {
            Value::Str(text) => handle.lock().write(text),
            Value::Int(value) => {
                let mut text = Vec::with_capacity(24);
                number::write_int(&mut text, value);
                handle.lock().write(&text)
            }
            Value::Float(value) => {
                // Not as `tostring`: a float that is an integer is written as one.
                let mut text = Vec::with_capacity(32);
                let spec = number::Spec { precision: Some(14), ..number::Spec::default() };
                number::format_g(&mut text, value, &spec);
                handle.lock().write(&text)
            }
            _ => {
                cx.coerce_str(slot)?;
                Ok(())
            }
        };
        result = result.and(written);
    }
    if let Err(error) = result {
        let count = system::push_result(cx, Err(error), None)?;
        return Ok(cx.returns(count));
    }
    cx.push_slot(file);
    Ok(cx.returns(1))
}

fn write(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = default_file(cx, OUTPUT)?;
    let file = cx.top() - 1;
    write_arguments(cx, &handle, 0, file)
}

fn file_write(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = file(cx, 0)?;
    write_arguments(cx, &handle, 1, 0)
}

fn flush(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = default_file(cx, OUTPUT)?;
    flush_handle(cx, &handle)
}

fn file_flush(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = file(cx, 0)?;
    flush_handle(cx, &handle)
}

fn flush_handle(cx: &mut Cx<'_>, handle: &Handle) -> Result<Outcome, Error> {
    let result = handle.lock().flush();
    let count = system::push_result(cx, result, None)?;
    Ok(cx.returns(count))
}

fn file_seek(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = file(cx, 0)?;
    let origin = cx.check_option(1, Some("cur"), &["set", "cur", "end"])?;
    let offset = cx.opt_int(2, 0)?;
    let to = match origin {
        // Before the start: what C's `fseek` refuses as `EINVAL`.
        0 => u64::try_from(offset).map(SeekFrom::Start).map_err(|_| std::io::Error::from_raw_os_error(22)),
        1 => Ok(SeekFrom::Current(offset)),
        _ => Ok(SeekFrom::End(offset)),
    };
    let count = match to.and_then(|to| handle.lock().seek(to)) {
        Ok(position) => {
            cx.push_int(position as i64);
            1
        }
        Err(error) => system::push_result(cx, Err(error), None)?,
    };
    Ok(cx.returns(count))
}

fn file_setvbuf(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    /// The largest buffer that is kept.
    const MAX: i64 = 1 << 20;
    let handle = file(cx, 0)?;
    let mode = cx.check_option(1, None, &["no", "full", "line"])?;
    let size = cx.opt_int(2, 1024)?.clamp(1, MAX) as usize;
    let buffering = match mode {
        0 => Buffering::No,
        1 => Buffering::Full(size),
        _ => Buffering::Line,
    };
    let result = handle.lock().set_buffering(buffering);
    let count = system::push_result(cx, result, None)?;
    Ok(cx.returns(count))
}
