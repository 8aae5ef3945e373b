//! The table library (§6.6).
//!
//! Each function respects metamethods. A table without a metatable is read and written
//! raw, which is the same and faster.

mod concat;
mod shortcut;
mod sort;

use lua_vm::{Cx, Error, Native, Outcome, Shortcut, Type};

static FUNCTIONS: [Native; 7] = [
    Native::new("concat", concat::concat),
    Native::with("insert", insert, Shortcut::Value(shortcut::insert)),
    Native::new("pack", pack),
    Native::new("unpack", unpack),
    Native::with("remove", remove, Shortcut::Value(shortcut::remove)),
    Native::new("move", r#move),
    Native::new("sort", sort::sort),
];

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)
}

/// Elements moved between two looks at interrupts.
const POLL: u32 = 1000;

/// What an object has to do to be taken for a table.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    Read,
    Write,
    ReadAndLength,
    All,
}

impl Access {
    fn events(self) -> &'static [&'static str] {
        match self {
            Access::Read => &["__index"],
            Access::Write => &["__newindex"],
            Access::ReadAndLength => &["__index", "__len"],
            Access::All => &["__index", "__newindex", "__len"],
        }
    }
}

/// Checks that `slot` is a table, or can stand for one.
///
/// # Errors
///
/// "table expected".
pub(crate) fn check_tablelike(cx: &mut Cx<'_>, slot: u32, access: Access) -> Result<(), Error> {
    if cx.type_of(slot) == Type::Table {
        return Ok(());
    }
    for event in access.events() {
        if cx.get_metafield(slot, event) == Type::Nil {
            return cx.check_table(slot);
        }
        cx.pop(1);
    }
    Ok(())
}

/// Whether `slot` is a table on which raw access is exact.
pub(crate) fn is_plain(cx: &Cx<'_>, slot: u32) -> bool {
    cx.type_of(slot) == Type::Table && !cx.has_metatable(slot)
}

/// Checks as [`check_tablelike`] does; gives the length too.
pub(crate) fn checked_length(cx: &mut Cx<'_>, slot: u32, access: Access) -> Result<i64, Error> {
    if is_plain(cx, slot) {
        return Ok(cx.raw_len(slot) as i64);
    }
    check_tablelike(cx, slot, access)?;
    cx.len(slot)
}

/// Pushes `table[index]`.
#[inline]
pub(crate) fn get(cx: &mut Cx<'_>, table: u32, index: i64, raw: bool) -> Result<(), Error> {
    match raw {
        true => {
            cx.raw_get_int(table, index);
            Ok(())
        }
        false => cx.get_int(table, index).map(drop),
    }
}

/// Pops a value into `table[index]`.
#[inline]
pub(crate) fn set(cx: &mut Cx<'_>, table: u32, index: i64, raw: bool) -> Result<(), Error> {
    match raw {
        true => cx.raw_set_int(table, index),
        false => cx.set_int(table, index),
    }
}

fn insert(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let raw = is_plain(cx, 0);
    let end = checked_length(cx, 0, Access::All)?.wrapping_add(1);
    let position = match cx.arg_count() {
        2 => end,
        3 => {
            let position = cx.check_int(1)?;
            if (position as u64).wrapping_sub(1) >= end as u64 {
                return Err(cx.arg_error(1, "position out of bounds"));
            }
            let mut at = end;
            if raw && position < end {
                // The last item makes room; the others follow at once.
                get(cx, 0, end - 1, raw)?;
                set(cx, 0, end, raw)?;
                cx.poll(u32::try_from(end - position).unwrap_or(u32::MAX))?;
                at = if cx.shift_items(0, position, end - 2, position + 1) { position } else { end - 1 };
            }
            while at > position {
                get(cx, 0, at - 1, raw)?;
                set(cx, 0, at, raw)?;
                at -= 1;
                if (at as u32).is_multiple_of(POLL) {
                    cx.poll(POLL)?;
                }
            }
            position
        }
        _ => return Err(cx.error(format_args!("wrong number of arguments to 'insert'"))),
    };
    // The value is the last argument, on top.
    set(cx, 0, position, raw)?;
    Ok(cx.returns(0))
}

fn remove(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let raw = is_plain(cx, 0);
    let size = checked_length(cx, 0, Access::All)?;
    let mut position = cx.opt_int(1, size)?;
    if cx.arg_count() > 1 && position != size && (position as u64).wrapping_sub(1) > size as u64 {
        return Err(cx.arg_error(1, "position out of bounds"));
    }
    get(cx, 0, position, raw)?;
    if raw && position < size {
        cx.poll(u32::try_from(size - position).unwrap_or(u32::MAX))?;
        if cx.shift_items(0, position + 1, size, position) {
            position = size;
        }
    }
    while position < size {
        get(cx, 0, position + 1, raw)?;
        set(cx, 0, position, raw)?;
        position += 1;
        if (position as u32).is_multiple_of(POLL) {
            cx.poll(POLL)?;
        }
    }
    cx.push_nil();
    set(cx, 0, position, raw)?;
    Ok(cx.returns(1))
}

fn r#move(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let first = cx.check_int(1)?;
    let last = cx.check_int(2)?;
    let to = cx.check_int(3)?;
    let target = if cx.is_none_or_nil(4) { 0 } else { 4 };
    check_tablelike(cx, 0, Access::Read)?;
    check_tablelike(cx, target, Access::Write)?;
    if last >= first {
        if first <= 0 && last >= i64::MAX.wrapping_add(first) {
            return Err(cx.arg_error(2, "too many elements to move"));
        }
        let count = last - first + 1;
        if to > i64::MAX - count + 1 {
            return Err(cx.arg_error(3, "destination wrap around"));
        }
        let (from_raw, to_raw) = (is_plain(cx, 0), is_plain(cx, target));
        let forwards = to > last || to <= first || (target != 0 && !cx.compare(lua_vm::CompareOp::Eq, 0, target)?);
        for step in 0..count {
            let offset = if forwards { step } else { count - 1 - step };
            get(cx, 0, first + offset, from_raw)?;
            set(cx, target, to + offset, to_raw)?;
            if step as u32 % POLL == POLL - 1 {
                cx.poll(POLL)?;
            }
        }
    }
    cx.push_slot(target);
    Ok(cx.returns(1))
}

fn pack(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let count = cx.arg_count();
    cx.push_table(count as usize, 1)?;
    for slot in 0..count {
        cx.push_slot(slot);
        cx.raw_set_int(count, i64::from(slot) + 1)?;
    }
    cx.push_int(i64::from(count));
    cx.raw_set_str(count, "n")?;
    Ok(cx.returns(1))
}

fn unpack(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let first = cx.opt_int(1, 1)?;
    let last = match cx.is_none_or_nil(2) {
        true if is_plain(cx, 0) => cx.raw_len(0) as i64,
        true => cx.len(0)?,
        false => cx.check_int(2)?,
    };
    if first > last {
        return Ok(cx.returns(0));
    }
    let count = (last as u64).wrapping_sub(first as u64).saturating_add(1);
    let count = u32::try_from(count).ok().filter(|&count| cx.reserve(count).is_ok());
    let Some(count) = count else {
        return Err(cx.error(format_args!("too many results to unpack")));
    };
    let raw = is_plain(cx, 0);
    for offset in 0..i64::from(count) {
        get(cx, 0, first + offset, raw)?;
    }
    Ok(cx.returns(count))
}
