//! The plain cases of string functions, computed without a frame.

use lua_vm::{Answer, Args};

use super::search::first_result;
use super::{end_position, start_position};

pub(super) fn len(args: &Args<'_>) -> Option<Answer> {
    args.bytes(0).map(|text| Answer::int(text.len() as i64))
}

pub(super) fn byte(args: &Args<'_>) -> Option<Answer> {
    let text = args.bytes(0)?;
    let first = args.int_or(1, 1)?;
    let start = start_position(first, text.len());
    let end = end_position(args.int_or(2, first)?, text.len());
    if start == end {
        return text.get(start - 1).map(|&byte| Answer::int(i64::from(byte)));
    }
    (start > end).then(Answer::nothing)
}

pub(super) fn sub(args: &Args<'_>) -> Option<Answer> {
    let text = args.bytes(0)?;
    let start = start_position(args.int(1)?, text.len());
    let end = end_position(args.int_or(2, -1)?, text.len());
    if start == 1 && end == text.len() {
        return args.same(0);
    }
    args.string(if start <= end { text.get(start - 1..end)? } else { b"" })
}

pub(super) fn find(args: &Args<'_>) -> Option<Answer> {
    first_result(args, true)
}

pub(super) fn r#match(args: &Args<'_>) -> Option<Answer> {
    first_result(args, false)
}

pub(super) fn char(args: &Args<'_>) -> Option<Answer> {
    if args.count() != 1 {
        return None;
    }
    args.string(&[u8::try_from(args.int(0)?).ok()?])
}

pub(super) fn lower(args: &Args<'_>) -> Option<Answer> {
    changed(args, <[u8]>::make_ascii_lowercase)
}

pub(super) fn upper(args: &Args<'_>) -> Option<Answer> {
    changed(args, <[u8]>::make_ascii_uppercase)
}

/// A short text with all its bytes changed.
fn changed(args: &Args<'_>, change: fn(&mut [u8])) -> Option<Answer> {
    let text = args.bytes(0)?;
    let mut copy = [0; 64];
    let copy = copy.get_mut(..text.len())?;
    copy.copy_from_slice(text);
    change(copy);
    args.string(copy)
}
