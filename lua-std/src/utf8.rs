//! The UTF-8 library (§6.5).

use lua_vm::{Answer, Args, Cx, Error, Native, Outcome, Shortcut};
use smallvec::SmallVec;

use crate::output::{Output, reserve_results};

static FUNCTIONS: [Native; 5] = [
    Native::new("offset", offset),
    Native::new("codepoint", codepoint),
    Native::with("char", char, Shortcut::Value(char_value)),
    Native::new("len", len),
    Native::new("codes", codes),
];

/// Matches one character, given that the subject is valid.
const CHAR_PATTERN: &[u8] = b"[\0-\x7F\xC2-\xFD][\x80-\xBF]*";

const INVALID: &str = "invalid UTF-8 code";

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 1)?;
    cx.push_name(CHAR_PATTERN)?;
    cx.raw_set_name(cx.top() - 2, "charpattern")
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

fn is_continuation_at(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|&byte| is_continuation(byte))
}

/// The least code that needs two bytes, three, and so on.
///
/// Static on purpose: of an array that is a local value, Rust 1.95 for aarch64 reads memory that
/// it never wrote.
static LEAST: [u32; 5] = [0x80, 0x800, 0x1_0000, 0x20_0000, 0x400_0000];

/// The character at the start of `text`: its code, up to 2^31, and its length. `None`
/// if it is not well formed, or is not a Unicode character and `strict` asks for one.
fn decode(text: &[u8], strict: bool) -> Option<(u32, usize)> {
    let first = *text.first()?;
    if first < 0x80 {
        return Some((u32::from(first), 1));
    }
    let length = first.leading_ones() as usize;
    if !(2..=6).contains(&length) {
        return None;
    }
    let rest = text.get(1..length)?;
    let lead = u32::from(first) & (0x7F >> length);
    let mut code = lead;
    for &byte in rest {
        if !is_continuation(byte) {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3F);
    }
    let is_valid = code >= LEAST[length - 2] && (!strict || char::from_u32(code).is_some());
    is_valid.then_some((code, length))
}

/// Appends `code`, below 2^31, in one to six bytes.
fn encode(code: u32, out: &mut SmallVec<[u8; 64]>) {
    if code < 0x80 {
        out.push(code as u8);
        return;
    }
    let length = match code {
        ..=0x7FF => 2,
        0x800..=0xFFFF => 3,
        0x1_0000..=0x1F_FFFF => 4,
        0x20_0000..=0x3FF_FFFF => 5,
        _ => 6,
    };
    let marker = !(0x7F_u8 >> (length - 1)) as u32;
    out.push((marker | code >> (6 * (length - 1))) as u8);
    for index in (0..length - 1).rev() {
        out.push((0x80 | code >> (6 * index) & 0x3F) as u8);
    }
}

/// A position given by a script: negative ones count from the end; 0 if before it.
fn position(position: i64, length: usize) -> i64 {
    match position {
        0.. => position,
        _ => (length as i64).checked_add(position).map_or(0, |from_end| (from_end + 1).max(0)),
    }
}

fn len(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    let first = position(cx.opt_int(1, 1)?, length);
    let last = position(cx.opt_int(2, -1)?, length);
    let strict = !cx.to_bool(3);
    if first < 1 || first - 1 > length as i64 {
        return Err(cx.arg_error(1, "initial position out of bounds"));
    }
    if last > length as i64 {
        return Err(cx.arg_error(2, "final position out of bounds"));
    }
    let (mut at, last) = (first as usize - 1, last.max(0) as usize);
    let mut count = 0;
    while at < last {
        match decode(&cx.bytes(0)[at..], strict) {
            Some((_, width)) => at += width,
            None => {
                cx.push_nil();
                cx.push_int(at as i64 + 1);
                return Ok(cx.returns(2));
            }
        }
        count += 1;
        if count % 10_000 == 0 {
            cx.poll(10_000)?;
        }
    }
    cx.push_int(count);
    Ok(cx.returns(1))
}

fn codepoint(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    let first = position(cx.opt_int(1, 1)?, length);
    let last = position(cx.opt_int(2, first)?, length);
    let strict = !cx.to_bool(3);
    if first < 1 {
        return Err(cx.arg_error(1, "out of bounds"));
    }
    if last > length as i64 {
        return Err(cx.arg_error(2, "out of bounds"));
    }
    if first > last {
        return Ok(cx.returns(0));
    }
    let (mut at, last) = (first as usize - 1, last as usize);
    reserve_results(cx, last - at, "string slice too long")?;
    let mut count = 0;
    while at < last {
        let Some((code, width)) = decode(&cx.bytes(0)[at..], strict) else {
            return Err(cx.error(format_args!("{INVALID}")));
        };
        cx.push_int(i64::from(code));
        at += width;
        count += 1;
    }
    Ok(cx.returns(count))
}

/// The plain case of [`char()`]: one code.
fn char_value(args: &Args<'_>) -> Option<Answer> {
    if args.count() != 1 {
        return None;
    }
    let code = u32::try_from(args.int(0)?).ok().filter(|code| code >> 31 == 0)?;
    let mut bytes = SmallVec::new();
    encode(code, &mut bytes);
    args.string(&bytes)
}

fn char(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mut out = Output::new();
    for slot in 0..cx.arg_count() {
        let code = u32::try_from(cx.check_int(slot)?).ok().filter(|code| code >> 31 == 0);
        let Some(code) = code else {
            return Err(cx.arg_error(slot, "value out of range"));
        };
        let mut bytes = SmallVec::new();
        encode(code, &mut bytes);
        out.extend(cx, &bytes)?;
    }
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

fn offset(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = cx.check_bytes(0)?.len();
    let mut count = cx.check_int(1)?;
    let default = if count >= 0 { 1 } else { length as i64 + 1 };
    let start = position(cx.opt_int(2, default)?, length);
    if start < 1 || start - 1 > length as i64 {
        return Err(cx.arg_error(2, "position out of bounds"));
    }
    let text = cx.bytes(0);
    let mut at = start as usize - 1;
    if count == 0 {
        while at > 0 && is_continuation_at(text, at) {
            at -= 1;
        }
    } else {
        if is_continuation_at(text, at) {
            return Err(cx.error(format_args!("initial position is a continuation byte")));
        }
        if count < 0 {
            while count < 0 && at > 0 {
                at -= 1;
                while at > 0 && is_continuation_at(text, at) {
                    at -= 1;
                }
                count += 1;
            }
        } else {
            count -= 1;
            while count > 0 && at < length {
                at += 1;
                while is_continuation_at(text, at) {
                    at += 1;
                }
                count -= 1;
            }
        }
    }
    match count {
        0 => cx.push_int(at as i64 + 1),
        _ => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

static NEXT_STRICT: Native = Native::new("codes_iterator", next_strict);
static NEXT_LAX: Native = Native::new("codes_iterator", next_lax);

fn codes(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let lax = cx.to_bool(1);
    cx.coerce_str(0)?;
    if is_continuation_at(cx.bytes(0), 0) {
        return Err(cx.arg_error(0, INVALID));
    }
    cx.push_native(if lax { &NEXT_LAX } else { &NEXT_STRICT });
    cx.push_slot(0);
    cx.push_int(0);
    Ok(cx.returns(3))
}

fn next_strict(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    next_code(cx, true)
}

fn next_lax(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    next_code(cx, false)
}

fn next_code(cx: &mut Cx<'_>, strict: bool) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    // As unsigned: a negative position is behind every string.
    let after = usize::try_from(cx.to_int(1).unwrap_or(0)).unwrap_or(usize::MAX);
    let text = cx.bytes(0);
    if after >= text.len() {
        return Ok(cx.returns(0));
    }
    let mut at = after;
    while is_continuation_at(text, at) {
        at += 1;
    }
    if at >= text.len() {
        return Ok(cx.returns(0));
    }
    match decode(&text[at..], strict) {
        Some((code, width)) if !is_continuation_at(text, at + width) => {
            cx.push_int(at as i64 + 1);
            cx.push_int(i64::from(code));
            Ok(cx.returns(2))
        }
        _ => Err(cx.error(format_args!("{INVALID}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back() {
        let edges = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x1_0000, 0x10_FFFF, 0x1F_FFFF, 0x20_0000, 0x3FF_FFFF, 0x400_0000, 0x7FFF_FFFF];
        for code in edges {
            let mut bytes = SmallVec::new();
            encode(code, &mut bytes);
            assert_eq!(decode(&bytes, false), Some((code, bytes.len())));
            assert_eq!(decode(&bytes, true).is_some(), code <= 0x10_FFFF);
            if let Some(code) = char::from_u32(code) {
                assert_eq!(&*bytes, code.to_string().as_bytes());
            }
        }
    }

    #[test]
    fn malformed() {
        for bytes in [&b"\x80"[..], b"\xC0\x80", b"\xE0\x80\x80", b"\xC3", b"\xC3\x28", b"\xFE\x80\x80\x80\x80\x80\x80", b"\xFF", b""] {
            assert_eq!(decode(bytes, false), None, "{bytes:?}");
        }
        assert_eq!(decode(b"\xED\xA0\x80", true), None);
        assert_eq!(decode(b"\xED\xA0\x80", false), Some((0xD800, 3)));
    }
}
