//! Reading by formats.

use std::io;

use lua_proto::number::parse_number;
use lua_vm::{Cx, Error, Outcome, Type, Value};

use super::{INPUT, LuaFile, close_slot, default_file, file};
use crate::output::{Output, out_of_memory};
use crate::stream::{Handle, LineEnd, Stream};
use crate::system;

/// Bytes that are read under one lock.
const PIECE: usize = 1 << 16;

/// The longest numeral that is read.
const MAX_NUMERAL: usize = 200;

pub(super) fn read(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = default_file(cx, INPUT)?;
    let last = cx.arg_count();
    let count = read_formats(cx, &handle, 0, last)?;
    Ok(cx.returns(count))
}

pub(super) fn file_read(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let handle = file(cx, 0)?;
    let last = cx.arg_count();
    let count = read_formats(cx, &handle, 1, last)?;
    Ok(cx.returns(count))
}

/// The iterator of `lines`; see `push_iterator` for its upvalues.
pub(super) fn next_line(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let formats = match cx.upvalue(2) {
        Value::Int(count) => count as u32,
        _ => 0,
    };
    cx.set_top(0)?;
    cx.push_upvalue(0);
    let Some(handle) = cx.userdata::<LuaFile>(0).and_then(|file| file.handle.clone()) else {
        return Err(cx.error(format_args!("file is already closed")));
    };
    cx.push_upvalue(1);
    let to_close = cx.to_bool(1);
    cx.pop(1);
    for format in 0..formats {
        cx.push_upvalue(3 + format);
    }
    let count = read_formats(cx, &handle, 1, 1 + formats)?;
    let first = cx.top() - count;
    if cx.to_bool(first) {
        return Ok(cx.returns(count));
    }
    if count > 1 && cx.type_of(first + 1) == Type::String {
        let message = cx.bytes(first + 1).to_vec();
        return Err(cx.error_bytes(&message));
    }
    if to_close {
        drop(handle);
        close_slot(cx, 0)?;
    }
    Ok(cx.returns(0))
}

/// Reads by the formats in the slots from `first` to before `last`, or a line if there
/// are none. Pushes the results and returns how many.
fn read_formats(cx: &mut Cx<'_>, handle: &Handle, first: u32, last: u32) -> Result<u32, Error> {
    if first >= last {
        return match read_line(cx, handle, true) {
            Ok(true) => Ok(1),
            Ok(false) => fail(cx, 1),
            Err(failure) => failed(cx, failure),
        };
    }
    let mut count = 0;
    for slot in first..last {
        let success = match cx.type_of(slot) {
            Type::Number => {
                let wanted = cx.check_int(slot)?;
                match wanted {
                    0 => at_end(cx, handle),
                    _ => read_count(cx, handle, wanted),
                }
            }
            _ => {
                let text = cx.check_bytes(slot)?;
                let letter = text.strip_prefix(b"*").unwrap_or(text).first().copied();
                match letter {
                    Some(b'n') => read_number(cx, handle),
                    Some(b'l') => read_line(cx, handle, true),
                    Some(b'L') => read_line(cx, handle, false),
                    Some(b'a') => read_all(cx, handle),
                    _ => return Err(cx.arg_error(slot, "invalid format")),
                }
            }
        };
        count += 1;
        match success {
            Ok(true) => {}
            Ok(false) => return fail(cx, count),
            Err(failure) => return failed(cx, failure),
        }
    }
    Ok(count)
}

/// The last of `count` results becomes `nil`.
fn fail(cx: &mut Cx<'_>, count: u32) -> Result<u32, Error> {
    cx.pop(1);
    cx.push_nil();
    Ok(count)
}

/// Why a read has no result.
enum Failure {
    Lua(Error),
    System(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Lua(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::System(error)
    }
}

fn failed(cx: &mut Cx<'_>, failure: Failure) -> Result<u32, Error> {
    match failure {
        Failure::Lua(error) => Err(error),
        Failure::System(error) => system::push_result(cx, Err(error), None),
    }
}

/// Each of these pushes one value and says whether the read succeeded.
fn at_end(cx: &mut Cx<'_>, handle: &Handle) -> Result<bool, Failure> {
    let is_more = !handle.lock().ahead()?.is_empty();
    cx.push_bytes(b"")?;
    Ok(is_more)
}

fn read_line(cx: &mut Cx<'_>, handle: &Handle, chop: bool) -> Result<bool, Failure> {
    if chop {
        let line = handle.lock().short_line();
        if let Some(line) = line {
            cx.push_bytes(&line)?;
            return Ok(true);
        }
    }
    let mut piece = Vec::new();
    let mut out = Output::new();
    loop {
        let end = handle.lock().read_line(&mut piece, PIECE)?;
        if end == LineEnd::Newline && !chop {
            piece.push(b'\n');
        }
        if end != LineEnd::More && out.len() == 0 {
            cx.push_bytes(&piece)?;
            return Ok(end == LineEnd::Newline || !piece.is_empty());
        }
        out.extend(cx, &piece)?;
        piece.clear();
        if end != LineEnd::More {
            out.push_to(cx)?;
            return Ok(true);
        }
    }
}

fn read_all(cx: &mut Cx<'_>, handle: &Handle) -> Result<bool, Failure> {
    read_upto(cx, handle, usize::MAX)?;
    Ok(true)
}

fn read_count(cx: &mut Cx<'_>, handle: &Handle, count: i64) -> Result<bool, Failure> {
    match usize::try_from(count) {
        Ok(count) => Ok(read_upto(cx, handle, count)?),
        // As a size it is larger than any memory.
        Err(_) => Err(Failure::Lua(out_of_memory(cx))),
    }
}

/// Pushes up to `count` bytes; false if there were none.
fn read_upto(cx: &mut Cx<'_>, handle: &Handle, count: usize) -> Result<bool, Failure> {
    let mut out = Output::new();
    let mut piece = Vec::new();
    let mut left = count;
    while left > 0 {
        let part = left.min(PIECE);
        piece.clear();
        handle.lock().read_bytes(&mut piece, part)?;
        out.extend(cx, &piece)?;
        left -= piece.len();
        if piece.len() < part {
            break;
        }
        cx.poll(64)?;
    }
    let is_some = out.len() > 0;
    out.push_to(cx)?;
    Ok(is_some)
}

fn read_number(cx: &mut Cx<'_>, handle: &Handle) -> Result<bool, Failure> {
    let text = {
        let mut stream = handle.lock();
        Numeral::read(&mut stream)?
    };
    match text.as_deref().and_then(parse_number) {
        Some(number) => {
            cx.push_number(number);
            Ok(true)
        }
        None => {
            cx.push_nil();
            Ok(false)
        }
    }
}

/// Reads the longest prefix that may be a numeral.
struct Numeral<'a> {
    stream: &'a mut Stream,
    text: Vec<u8>,
    is_too_long: bool,
}

impl Numeral<'_> {
    /// The characters taken; `None` if there are too many.
    fn read(stream: &mut Stream) -> io::Result<Option<Vec<u8>>> {
        loop {
            let ahead = stream.ahead()?;
            let spaces = ahead.iter().take_while(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count();
            if spaces == 0 {
                break;
            }
            stream.take(spaces);
        }
        let mut numeral = Numeral { stream, text: Vec::new(), is_too_long: false };
        numeral.scan()?;
        Ok((!numeral.is_too_long).then_some(numeral.text))
    }

    fn scan(&mut self) -> io::Result<()> {
        self.one_of(b"-+")?;
        let mut hexadecimal = false;
        let mut digits = 0;
        if self.one_of(b"0")? {
            match self.one_of(b"xX")? {
                true => hexadecimal = true,
                false => digits = 1,
            }
        }
        digits += self.digits(hexadecimal)?;
        if self.one_of(b".")? {
            digits += self.digits(hexadecimal)?;
        }
        if digits > 0 && self.one_of(if hexadecimal { b"pP" } else { b"eE" })? {
            self.one_of(b"-+")?;
            self.digits(false)?;
        }
        Ok(())
    }

    /// Takes a character if it is in `set`.
    fn one_of(&mut self, set: &[u8]) -> io::Result<bool> {
        self.accept(|byte| set.contains(&byte))
    }

    fn digits(&mut self, hexadecimal: bool) -> io::Result<usize> {
        let mut count = 0;
        while self.accept(|byte| if hexadecimal { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })? {
            count += 1;
        }
        Ok(count)
    }

    fn accept(&mut self, is_wanted: impl Fn(u8) -> bool) -> io::Result<bool> {
        match self.stream.ahead()?.first() {
            Some(&byte) if is_wanted(byte) => {
                if self.text.len() >= MAX_NUMERAL {
                    self.is_too_long = true;
                    return Ok(false);
                }
                self.text.push(byte);
                self.stream.take(1);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
