//! The string library (§6.4).
//!
//! The engines are plain Rust without a VM: `pattern` (matching), `spec` (what
//! `format` prints), `layout` (what `pack` writes). The files beside them read
//! arguments and push results.

mod arith;
mod format;
mod layout;
mod pack;
mod pattern;
mod search;
mod shortcut;
mod spec;

use lua_vm::{Cx, Error, Native, Outcome, Shortcut, Type};
use smallvec::SmallVec;

use crate::output::{Output, reserve_results};

static FUNCTIONS: [Native; 17] = [
    Native::with("byte", byte, Shortcut::Value(shortcut::byte)),
    Native::with("char", char, Shortcut::Value(shortcut::char)),
    Native::new("dump", dump),
    Native::with("find", search::find, Shortcut::Value(shortcut::find)),
    Native::new("format", format::format),
    Native::new("gmatch", search::gmatch),
    Native::new("gsub", search::gsub),
    Native::with("len", len, Shortcut::Value(shortcut::len)),
    Native::with("lower", lower, Shortcut::Value(shortcut::lower)),
    Native::with("match", search::r#match, Shortcut::Value(shortcut::r#match)),
    Native::new("rep", rep),
    Native::new("reverse", reverse),
    Native::with("sub", sub, Shortcut::Value(shortcut::sub)),
    Native::with("upper", upper, Shortcut::Value(shortcut::upper)),
    Native::new("pack", pack::pack),
    Native::new("packsize", pack::packsize),
    Native::new("unpack", pack::unpack),
];

/// Pushes the library's table and gives all strings their metatable.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)?;
    let library = cx.top() - 1;
    cx.push_bytes(b"")?;
    let string = cx.top() - 1;
    cx.push_library(&arith::METAMETHODS, 1)?;
    cx.push_slot(library);
    cx.raw_set_name(cx.top() - 2, "__index")?;
    cx.set_metatable(string)?;
    cx.pop(1);
    Ok(())
}

/// The first of a range of positions (§6.4): from 1, negative ones count from the end.
pub(crate) fn start_position(position: i64, length: usize) -> usize {
    match position {
        1.. => usize::try_from(position).unwrap_or(usize::MAX),
        0 => 1,
        _ => (length as i64).checked_add(position).map_or(1, |from_end| from_end.max(0) as usize + 1),
    }
}

/// The last of a range of positions, at most `length`; 0 if it lies before the start.
pub(crate) fn end_position(position: i64, length: usize) -> usize {
    if position >= 0 {
        usize::try_from(position).unwrap_or(usize::MAX).min(length)
    } else {
        (length as i64).checked_add(position).map_or(0, |from_end| (from_end + 1).max(0) as usize)
    }
}

/// The maximum size of a string that `rep` makes, as in the reference.
const MAX_SIZE: u64 = i32::MAX as u64;

fn len(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    cx.push_int(length as i64);
    Ok(cx.returns(1))
}

fn sub(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    let start = start_position(cx.check_int(1)?, length);
    let end = end_position(cx.opt_int(2, -1)?, length);
    if start <= end {
        cx.push_part(0, start - 1..end)?;
    } else {
        cx.push_bytes(b"")?;
    }
    Ok(cx.returns(1))
}

/// Pushes what `change` makes of a copy of the first argument.
fn changed(cx: &mut Cx<'_>, change: impl FnOnce(&mut [u8])) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let mut out = Output::new();
    out.extend_slot(cx, 0)?;
    change(out.vec());
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

fn reverse(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    changed(cx, <[u8]>::reverse)
}

fn lower(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    changed(cx, <[u8]>::make_ascii_lowercase)
}

fn upper(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    changed(cx, <[u8]>::make_ascii_uppercase)
}

fn rep(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len() as u64;
    let count = cx.check_int(1)?;
    let separator = if cx.is_none_or_nil(2) { 0 } else { cx.check_bytes(2)?.len() as u64 };
    if count <= 0 {
        cx.push_bytes(b"")?;
        return Ok(cx.returns(1));
    }
    let count = count as u64;
    if length + separator > MAX_SIZE / count {
        return Err(cx.error(format_args!("resulting string too large")));
    }
    let total = (count * length + (count - 1) * separator) as usize;
    let mut out = Output::new();
    out.reserve(cx, total)?;
    out.extend_slot(cx, 0)?;
    if count > 1 {
        if separator > 0 {
            out.extend_slot(cx, 2)?;
        }
        // What is there is a whole number of periods, so it can be doubled.
        while out.len() < total {
            let more = out.len().min(total - out.len()).min(1 << 20);
            out.write(cx, more, |bytes| bytes.extend_from_within(..more))?;
            if total > 1 << 16 {
                cx.poll((more / 64) as u32)?;
            }
        }
    }
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

fn byte(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    let first = cx.opt_int(1, 1)?;
    let start = start_position(first, length);
    let end = end_position(cx.opt_int(2, first)?, length);
    if start > end {
        return Ok(cx.returns(0));
    }
    let count = end - start + 1;
    if count > 1 {
        reserve_results(cx, count, "string slice too long")?;
    }
    for at in start - 1..end {
        let byte = cx.bytes(0)[at];
        cx.push_int(i64::from(byte));
    }
    Ok(cx.returns(count as u32))
}

fn char(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mut bytes: SmallVec<[u8; 64]> = SmallVec::new();
    for slot in 0..cx.arg_count() {
        match u8::try_from(cx.check_int(slot)?) {
            Ok(byte) => bytes.push(byte),
            Err(_) => return Err(cx.arg_error(slot, "value out of range")),
        }
    }
    cx.push_bytes(&bytes)?;
    Ok(cx.returns(1))
}

fn dump(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let strip = cx.to_bool(1);
    cx.check_type(0, Type::Function)?;
    match cx.dump(0, strip) {
        Some(chunk) => cx.push_bytes(&chunk)?,
        None => return Err(cx.error(format_args!("unable to dump given function"))),
    }
    Ok(cx.returns(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        let start = |position| start_position(position, 5);
        let end = |position| end_position(position, 5);
        assert_eq!([start(1), start(0), start(-1), start(-5), start(-6), start(9)], [1, 1, 5, 1, 1, 9]);
        assert_eq!([end(1), end(0), end(-1), end(-5), end(-6), end(9)], [1, 0, 5, 1, 0, 5]);
        assert_eq!([start(i64::MIN), end(i64::MIN)], [1, 0]);
        assert_eq!(end(i64::MAX), 5);
    }
}
