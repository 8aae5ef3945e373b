//! The plain cases of basic functions, computed without a frame.

use lua_vm::{Answer, Args};

pub(super) fn assert(args: &Args<'_>) -> Option<Answer> {
    if args.is_true(0) && (args.count() == 1 || args.single()) { args.same(0) } else { None }
}

pub(super) fn getmetatable(args: &Args<'_>) -> Option<Answer> {
    args.metatable(0)
}

pub(super) fn setmetatable(args: &Args<'_>) -> Option<Answer> {
    args.set_metatable(0, 1)
}

pub(super) fn rawequal(args: &Args<'_>) -> Option<Answer> {
    args.raw_equal(0, 1).map(Answer::bool)
}

pub(super) fn rawlen(args: &Args<'_>) -> Option<Answer> {
    args.raw_len(0).map(Answer::int)
}

pub(super) fn rawget(args: &Args<'_>) -> Option<Answer> {
    args.raw_get(0, 1)
}

pub(super) fn select(args: &Args<'_>) -> Option<Answer> {
    let count = args.count();
    if args.bytes(0).is_some_and(|text| text.first() == Some(&b'#')) {
        return Some(Answer::int(i64::from(count) - 1));
    }
    let index = u32::try_from(args.int(0)?).ok().filter(|&index| index > 0)?;
    if index >= count {
        return Some(Answer::nothing());
    }
    if args.single() || index == count - 1 { args.same(index) } else { None }
}

pub(super) fn tonumber(args: &Args<'_>) -> Option<Answer> {
    if !args.is_none_or_nil(1) {
        return None;
    }
    match args.bytes(0) {
        Some(text) => Some(lua_proto::number::parse_number(text).map_or_else(Answer::nil, Answer::number)),
        None => args.number(0).map(Answer::number),
    }
}

pub(super) fn tostring(args: &Args<'_>) -> Option<Answer> {
    if args.has_tostring(0) {
        return None;
    }
    match args.int(0) {
        Some(value) => {
            let mut text = Vec::new();
            lua_proto::number::write_int(&mut text, value);
            args.string(&text)
        }
        None if args.is_bool(0) => args.string(if args.is_true(0) { b"true" } else { b"false" }),
        None if args.count() > 0 && args.is_none_or_nil(0) => args.type_name(0),
        None => args.bytes(0).and_then(|_| args.same(0)),
    }
}

pub(super) fn r#type(args: &Args<'_>) -> Option<Answer> {
    args.type_name(0)
}
