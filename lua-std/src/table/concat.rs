//! `table.concat`.

use lua_proto::number;
use lua_vm::{Cx, Error, Outcome, Value};

use super::{Access, POLL, checked_length, is_plain};
use crate::output::{Output, out_of_memory};

pub(super) fn concat(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = checked_length(cx, 0, Access::ReadAndLength)?;
    if cx.is_none_or_nil(1) {
        cx.set_top(cx.top().max(2))?;
        cx.push_bytes(b"")?;
        cx.copy(cx.top() - 1, 1);
        cx.pop(1);
    }
    cx.coerce_str(1)?;
    let first = cx.opt_int(2, 1)?;
    let last = cx.opt_int(3, length)?;
    let mut out = Output::new();
    if is_plain(cx, 0) {
        concat_plain(cx, &mut out, first, last)?;
    } else {
        let mut at = first;
        while at <= last {
            cx.get_int(0, at)?;
            let value = cx.top() - 1;
            if !matches!(cx.get(value), Value::Str(_) | Value::Int(_) | Value::Float(_)) {
                return Err(invalid(cx, value, at));
            }
            cx.coerce_str(value)?;
            out.extend_slot(cx, value)?;
            cx.pop(1);
            if at == last {
                break;
            }
            out.extend_slot(cx, 1)?;
            at += 1;
        }
    }
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

/// More than any number takes.
const MAX_NUMBER: usize = 32;

/// Of a plain table: first the size, then, in memory of that size, the bytes. No Lua
/// code runs meanwhile.
fn concat_plain(cx: &mut Cx<'_>, out: &mut Output, first: i64, last: i64) -> Result<(), Error> {
    if first > last {
        return Ok(());
    }
    let separator = cx.bytes(1).len();
    let mut total = Some(0usize);
    for at in first..=last {
        let length = match cx.array_get(0, at) {
            Value::Str(text) => text.len(),
            Value::Int(_) | Value::Float(_) => MAX_NUMBER,
            _ => {
                cx.raw_get_int(0, at);
                let value = cx.top() - 1;
                return Err(invalid(cx, value, at));
            }
        };
        total = total.and_then(|total| total.checked_add(length)?.checked_add(separator));
        if (at as u32).is_multiple_of(POLL) {
            cx.poll(POLL)?;
        }
    }
    let Some(total) = total else {
        return Err(out_of_memory(cx));
    };
    out.reserve(cx, total)?;
    let mut at = first;
    loop {
        let end = at.saturating_add(i64::from(POLL)).min(last);
        append(cx, out.vec(), at, end, last);
        if end == last {
            return Ok(());
        }
        at = end + 1;
        cx.poll(POLL)?;
    }
}

/// Appends the elements from `first` to `end`, each but the one at `last` with a separator.
fn append(cx: &Cx<'_>, bytes: &mut Vec<u8>, first: i64, end: i64, last: i64) {
    let separator = cx.bytes(1);
    for at in first..=end {
        match cx.array_get(0, at) {
            Value::Str(text) => bytes.extend_from_slice(text),
            Value::Int(value) => number::write_int(bytes, value),
            Value::Float(value) => number::write_float(bytes, value),
            _ => {}
        }
        if at < last {
            bytes.extend_from_slice(separator);
        }
    }
}

fn invalid(cx: &mut Cx<'_>, value: u32, at: i64) -> Error {
    let name = cx.type_name(value);
    cx.error(format_args!("invalid value ({name}) at index {at} in table for 'concat'"))
}
