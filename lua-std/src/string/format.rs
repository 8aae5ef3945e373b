//! `string.format` (§6.4).

use lua_proto::number::{Spec, write_int};
use lua_vm::{Cx, Error, Outcome, Value};
use memchr::memchr;
use smallvec::SmallVec;

use super::spec::{Conversion, FLAGS_FLOAT, FLAGS_HEX, FLAGS_INT, FLAGS_TEXT, FLAGS_UNSIGNED, format_float, format_int, format_text, read};
use crate::output::Output;

/// More than any item takes whose width and precision are at most 99, but for `%f`.
const MAX_ITEM: usize = 128;

/// More than `%.99f` of the largest float takes.
const MAX_FIXED: usize = 512;

pub(super) fn format(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    if length > 4096 {
        cx.charge(length)?;
    }
    let text: SmallVec<[u8; 128]> = SmallVec::from_slice(cx.bytes(0));
    let mut out = Output::new();
    let mut rest: &[u8] = &text;
    let mut slot = 0;
    while let Some(plain) = memchr(b'%', rest) {
        out.extend(cx, &rest[..plain])?;
        rest = &rest[plain + 1..];
        if let Some(tail) = rest.strip_prefix(b"%") {
            out.push(cx, b'%')?;
            rest = tail;
            continue;
        }
        slot += 1;
        if slot >= cx.arg_count() {
            return Err(cx.arg_error(slot, "no value"));
        }
        let Some(conversion) = read(rest) else {
            return Err(cx.error(format_args!("invalid format (too long)")));
        };
        rest = &rest[conversion.text.len()..];
        item(cx, &mut out, conversion, slot)?;
    }
    out.extend(cx, rest)?;
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

/// Appends one argument.
fn item(cx: &mut Cx<'_>, out: &mut Output, conversion: Conversion<'_>, slot: u32) -> Result<(), Error> {
    let letter = conversion.letter;
    match letter {
        b'd' | b'i' => {
            let value = cx.check_int(slot)?;
            let spec = checked(cx, conversion, FLAGS_INT, true)?;
            out.write(cx, MAX_ITEM, |out| format_int(out, value, letter, &spec))
        }
        b'u' | b'o' | b'x' | b'X' => {
            let value = cx.check_int(slot)?;
            let flags = if letter == b'u' { FLAGS_UNSIGNED } else { FLAGS_HEX };
            let spec = checked(cx, conversion, flags, true)?;
            out.write(cx, MAX_ITEM, |out| format_int(out, value, letter, &spec))
        }
        b'a' | b'A' => {
            let spec = checked(cx, conversion, FLAGS_FLOAT, true)?;
            let value = cx.check_number(slot)?;
            out.write(cx, MAX_ITEM, |out| format_float(out, value, letter, &spec))
        }
        b'e' | b'E' | b'f' | b'g' | b'G' => {
            let value = cx.check_number(slot)?;
            let spec = checked(cx, conversion, FLAGS_FLOAT, true)?;
            let room = if letter == b'f' { MAX_FIXED } else { MAX_ITEM };
            out.write(cx, room, |out| format_float(out, value, letter, &spec))
        }
        b'c' => {
            let spec = checked(cx, conversion, FLAGS_TEXT, false)?;
            let byte = cx.check_int(slot)? as u8;
            out.write(cx, MAX_ITEM, |out| format_text(out, &[byte], &spec))
        }
        b'p' => pointer(cx, out, conversion, slot),
        b'q' => {
            if !conversion.is_bare() {
                return Err(cx.error(format_args!("specifier '%q' cannot have modifiers")));
            }
            literal(cx, out, slot)
        }
        b's' => string(cx, out, conversion, slot),
        _ => {
            let mut message = b"invalid conversion '%".to_vec();
            message.extend(conversion.text.iter().take_while(|byte| **byte != 0));
            message.extend_from_slice(b"' to 'format'");
            Err(cx.error_bytes(&message))
        }
    }
}

/// The specification of `conversion`, or the error that it is malformed.
fn checked(cx: &mut Cx<'_>, conversion: Conversion<'_>, flags: &[u8], precision: bool) -> Result<Spec, Error> {
    if conversion.is_bare() {
        return Ok(Spec { upper: conversion.letter.is_ascii_uppercase(), ..Spec::default() });
    }
    match conversion.spec(flags, precision) {
        Some(spec) => Ok(spec),
        None => {
            let text = String::from_utf8_lossy(conversion.text).into_owned();
            Err(cx.error(format_args!("invalid conversion specification: '%{text}'")))
        }
    }
}

fn string(cx: &mut Cx<'_>, out: &mut Output, conversion: Conversion<'_>, slot: u32) -> Result<(), Error> {
    if conversion.is_bare() && matches!(cx.get(slot), Value::Str(_)) {
        return out.extend_slot(cx, slot);
    }
    cx.tostring(slot)?;
    let text = cx.top() - 1;
    if conversion.is_bare() {
        out.extend_slot(cx, text)?;
    } else {
        if memchr(0, cx.bytes(text)).is_some() {
            return Err(cx.arg_error(slot, "string contains zeros"));
        }
        let spec = checked(cx, conversion, FLAGS_TEXT, true)?;
        if !conversion.has_point() && cx.bytes(text).len() >= 100 {
            // Longer than any width.
            out.extend_slot(cx, text)?;
        } else {
            let cut: SmallVec<[u8; 128]> = {
                let bytes = cx.bytes(text);
                SmallVec::from_slice(&bytes[..bytes.len().min(100)])
            };
            out.write(cx, MAX_ITEM, |out| format_text(out, &cut, &spec))?;
        }
    }
    cx.pop(1);
    Ok(())
}

fn pointer(cx: &mut Cx<'_>, out: &mut Output, conversion: Conversion<'_>, slot: u32) -> Result<(), Error> {
    let spec = checked(cx, conversion, FLAGS_TEXT, false)?;
    let text = match cx.address(slot) {
        // As `tostring` shows it.
        Some(address) => format!("0x{address:x}"),
        None => "(null)".to_owned(),
    };
    out.write(cx, MAX_ITEM, |out| format_text(out, text.as_bytes(), &spec))
}

/// `%q`: a literal that reads back as the same value.
fn literal(cx: &mut Cx<'_>, out: &mut Output, slot: u32) -> Result<(), Error> {
    match cx.get(slot) {
        Value::Str(_) => quoted(cx, out, slot),
        Value::Int(i64::MIN) => out.extend(cx, b"0x8000000000000000"),
        Value::Int(value) => out.write(cx, MAX_ITEM, |out| write_int(out, value)),
        Value::Float(f64::INFINITY) => out.extend(cx, b"1e9999"),
        Value::Float(f64::NEG_INFINITY) => out.extend(cx, b"-1e9999"),
        Value::Float(value) if value.is_nan() => out.extend(cx, b"(0/0)"),
        Value::Float(value) => out.write(cx, MAX_ITEM, |out| format_float(out, value, b'a', &Spec::default())),
        Value::Nil => out.extend(cx, b"nil"),
        Value::Bool(true) => out.extend(cx, b"true"),
        Value::Bool(false) => out.extend(cx, b"false"),
        _ => Err(cx.arg_error(slot, "value has no literal form")),
    }
}

fn quoted(cx: &mut Cx<'_>, out: &mut Output, slot: u32) -> Result<(), Error> {
    out.push(cx, b'"')?;
    let length = cx.bytes(slot).len();
    for at in 0..length {
        let byte = cx.bytes(slot)[at];
        match byte {
            b'"' | b'\\' | b'\n' => out.extend(cx, &[b'\\', byte])?,
            _ if byte.is_ascii_control() => {
                let before_digit = cx.bytes(slot).get(at + 1).is_some_and(u8::is_ascii_digit);
                let escape = if before_digit { format!("\\{byte:03}") } else { format!("\\{byte}") };
                out.extend(cx, escape.as_bytes())?;
            }
            _ => out.push(cx, byte)?,
        }
    }
    out.push(cx, b'"')
}
