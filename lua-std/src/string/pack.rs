//! `string.pack`, `string.packsize` and `string.unpack` (§6.4.2).

use lua_vm::{Cx, Error, Outcome};
use memchr::memchr;

use super::layout::{self, Item, Kind, LayoutError, MAX_SIZE, Reader};
use super::start_position;
use crate::output::{Output, c_string, reserve_results};

fn next(cx: &mut Cx<'_>, reader: &mut Reader, format: &[u8], total: usize) -> Result<Option<Item>, Error> {
    cx.poll(1)?;
    reader.next(format, total).map_err(|error: LayoutError| match error.is_about_argument() {
        true => cx.arg_error(0, &error.to_string()),
        false => match error {
            LayoutError::Option(option) => {
                let message = [b"invalid format option '".as_slice(), &[option], b"'"].concat();
                cx.error_bytes(&message)
            }
            other => cx.error(format_args!("{other}")),
        },
    })
}

pub(super) fn pack(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let format = c_string(cx, 0);
    // As in the reference, a missing argument counts as nil.
    cx.push_nil();
    let mut reader = Reader::new();
    let mut out = Output::new();
    let mut slot = 1;
    while let Some(item) = next(cx, &mut reader, &format, out.len())? {
        out.fill(cx, item.padding, 0)?;
        match item.kind {
            Kind::Padding => out.push(cx, 0)?,
            Kind::Align | Kind::Nothing => {}
            _ => {
                pack_value(cx, &mut out, item, slot)?;
                slot += 1;
            }
        }
    }
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

fn pack_value(cx: &mut Cx<'_>, out: &mut Output, item: Item, slot: u32) -> Result<(), Error> {
    let Item { kind, size, little, .. } = item;
    let ordered = |mut bytes: [u8; 8], size: usize| {
        if !little {
            bytes[..size].reverse();
        }
        bytes
    };
    match kind {
        Kind::Int | Kind::Unsigned => {
            let value = cx.check_int(slot)?;
            let signed = kind == Kind::Int;
            if !layout::fits(value, size, signed) {
                let message = if signed { "integer overflow" } else { "unsigned overflow" };
                return Err(cx.arg_error(slot, message));
            }
            let (bytes, size) = layout::write_int(value as u64, signed && value < 0, size, little);
            out.extend(cx, &bytes[..size])
        }
        Kind::Float => {
            let mut bytes = [0; 8];
            bytes[..4].copy_from_slice(&(cx.check_number(slot)? as f32).to_le_bytes());
            out.extend(cx, &ordered(bytes, 4)[..4])
        }
        Kind::Double => {
            let bytes = cx.check_number(slot)?.to_le_bytes();
            out.extend(cx, &ordered(bytes, 8))
        }
        Kind::Fixed => {
            let length = cx.check_bytes(slot)?.len();
            if length > size {
                return Err(cx.arg_error(slot, "string longer than given size"));
            }
            out.extend_slot(cx, slot)?;
            out.fill(cx, size - length, 0)
        }
        Kind::Counted => {
            let length = cx.check_bytes(slot)?.len();
            if !layout::fits(length as i64, size, false) {
                return Err(cx.arg_error(slot, "string length does not fit in given size"));
            }
            let (bytes, size) = layout::write_int(length as u64, false, size, little);
            out.extend(cx, &bytes[..size])?;
            out.extend_slot(cx, slot)
        }
        Kind::Zero => {
            if memchr(0, cx.check_bytes(slot)?).is_some() {
                return Err(cx.arg_error(slot, "string contains zeros"));
            }
            out.extend_slot(cx, slot)?;
            out.push(cx, 0)
        }
        Kind::Padding | Kind::Align | Kind::Nothing => Ok(()),
    }
}

pub(super) fn packsize(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let format = c_string(cx, 0);
    let mut reader = Reader::new();
    let mut total = 0;
    while let Some(item) = next(cx, &mut reader, &format, total)? {
        if matches!(item.kind, Kind::Counted | Kind::Zero) {
            return Err(cx.arg_error(0, "variable-length format"));
        }
        let size = item.size + item.padding;
        if size > MAX_SIZE || total > MAX_SIZE - size {
            return Err(cx.arg_error(0, "format result too large"));
        }
        total += size;
    }
    cx.push_int(total as i64);
    Ok(cx.returns(1))
}

pub(super) fn unpack(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let format = c_string(cx, 0);
    let length = cx.check_bytes(1)?.len();
    let mut at = start_position(cx.opt_int(2, 1)?, length) - 1;
    if at > length {
        return Err(cx.arg_error(2, "initial position out of string"));
    }
    let mut reader = Reader::new();
    let mut count = 0;
    while let Some(item) = next(cx, &mut reader, &format, at)? {
        if item.padding + item.size > length - at {
            return Err(cx.arg_error(1, "data string too short"));
        }
        at += item.padding;
        reserve_results(cx, 2, "too many results")?;
        let more = unpack_value(cx, item, at, length)?;
        if !matches!(item.kind, Kind::Padding | Kind::Align | Kind::Nothing) {
            count += 1;
        }
        at += item.size + more;
    }
    cx.push_int(at as i64 + 1);
    Ok(cx.returns(count + 1))
}

/// Pushes the item at `at` of the string in slot 1; returns how many bytes it takes
/// beyond its fixed size.
fn unpack_value(cx: &mut Cx<'_>, item: Item, at: usize, length: usize) -> Result<usize, Error> {
    let Item { kind, size, little, .. } = item;
    let bytes = &cx.bytes(1)[at..at + size];
    match kind {
        Kind::Int | Kind::Unsigned => match layout::read_int(bytes, little, kind == Kind::Int) {
            Some(value) => cx.push_int(value),
            None => return Err(too_large(cx, size)),
        },
        Kind::Float | Kind::Double => {
            let bits = layout::read_int(bytes, little, false).unwrap_or(0);
            cx.push_float(match kind {
                Kind::Float => f64::from(f32::from_bits(bits as u32)),
                _ => f64::from_bits(bits as u64),
            });
        }
        Kind::Fixed => cx.push_part(1, at..at + size)?,
        Kind::Counted => {
            let Some(count) = layout::read_int(bytes, little, false) else {
                return Err(too_large(cx, size));
            };
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count > length - at - size {
                return Err(cx.arg_error(1, "data string too short"));
            }
            cx.push_part(1, at + size..at + size + count)?;
            return Ok(count);
        }
        Kind::Zero => {
            let Some(count) = memchr(0, &cx.bytes(1)[at..]) else {
                return Err(cx.arg_error(1, "unfinished string for format 'z'"));
            };
            cx.push_part(1, at..at + count)?;
            return Ok(count + 1);
        }
        Kind::Padding | Kind::Align | Kind::Nothing => {}
    }
    Ok(0)
}

fn too_large(cx: &mut Cx<'_>, size: usize) -> Error {
    cx.error(format_args!("{size}-byte integer does not fit into Lua Integer"))
}
