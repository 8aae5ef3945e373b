//! The basic functions (§6.1).

mod garbage;
mod numeral;
mod shortcut;

use lua_vm::{Cx, Error, Native, Outcome, Resumed, Shortcut, Type, Value};

use crate::{load, stream};

static FUNCTIONS: [Native; 23] = [
    Native::with("assert", assert, Shortcut::Value(shortcut::assert)),
    Native::new("collectgarbage", garbage::collectgarbage),
    Native::new("dofile", load::dofile),
    Native::new("error", error),
    Native::with("getmetatable", getmetatable, Shortcut::Value(shortcut::getmetatable)),
    Native::with("ipairs", ipairs, Shortcut::Ipairs),
    Native::new("loadfile", load::loadfile),
    Native::new("load", load::load),
    NEXT,
    Native::with("pairs", pairs, Shortcut::Pairs),
    Native::with("pcall", pcall, Shortcut::Protect),
    Native::new("print", print),
    Native::new("warn", warn),
    Native::with("rawequal", rawequal, Shortcut::Value(shortcut::rawequal)),
    Native::with("rawlen", rawlen, Shortcut::Value(shortcut::rawlen)),
    Native::with("rawget", rawget, Shortcut::Value(shortcut::rawget)),
    Native::new("rawset", rawset),
    Native::with("select", select, Shortcut::Value(shortcut::select)),
    Native::with("setmetatable", setmetatable, Shortcut::Value(shortcut::setmetatable)),
    Native::with("tonumber", tonumber, Shortcut::Value(shortcut::tonumber)),
    Native::with("tostring", tostring, Shortcut::Value(shortcut::tostring)),
    Native::with("type", r#type, Shortcut::Value(shortcut::r#type)),
    Native::with("xpcall", xpcall, Shortcut::ProtectHandled),
];

const NEXT: Native = Native::with("next", next, Shortcut::Next);

/// Where `next` stands in [`FUNCTIONS`]: `pairs` gives out the same function.
const NEXT_INDEX: usize = 8;

static IPAIRS_NEXT: Native = Native::new("ipairs_iterator", ipairs_next);

/// Adds the functions to the table of globals, and pushes that.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_globals();
    let globals = cx.top() - 1;
    cx.set_natives(globals, &FUNCTIONS)?;
    cx.register_iterators(&FUNCTIONS[NEXT_INDEX], &IPAIRS_NEXT);
    cx.push_slot(globals);
    cx.raw_set_name(globals, "_G")?;
    cx.push_name(b"Lua 5.4")?;
    cx.raw_set_name(globals, "_VERSION")
}

fn print(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let out = stream::stdout();
    for slot in 0..cx.arg_count() {
        cx.tostring(slot)?;
        let text = cx.top() - 1;
        let mut stream = out.lock();
        // As in the reference, a failure to write has no consequence.
        if slot > 0 {
            let _ = stream.write(b"\t");
        }
        let _ = stream.write(cx.bytes(text));
        drop(stream);
        cx.pop(1);
    }
    let mut stream = out.lock();
    let _ = stream.write(b"\n");
    let _ = stream.flush();
    drop(stream);
    Ok(cx.returns(0))
}

fn warn(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    let count = cx.arg_count();
    for slot in 1..count {
        cx.coerce_str(slot)?;
    }
    for slot in 0..count {
        let piece = cx.hold_str(slot)?;
        cx.warn(&piece, slot + 1 < count);
    }
    Ok(cx.returns(0))
}

fn tostring(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    cx.tostring(0)?;
    Ok(cx.returns(1))
}

fn tonumber(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.is_none_or_nil(1) {
        let parsed = match cx.get(0) {
            Value::Int(_) | Value::Float(_) => {
                cx.push_slot(0);
                return Ok(cx.returns(1));
            }
            Value::Str(text) => lua_proto::number::parse_number(text),
            _ => {
                cx.check_any(0)?;
                None
            }
        };
        match parsed {
            Some(number) => cx.push_number(number),
            None => cx.push_nil(),
        }
        return Ok(cx.returns(1));
    }
    let base = cx.check_int(1)?;
    cx.check_type(0, Type::String)?;
    if !(2..=36).contains(&base) {
        return Err(cx.arg_error(1, "base out of range"));
    }
    match numeral::parse(cx.bytes(0), base as u32) {
        Some(value) => cx.push_int(value),
        None => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

fn r#type(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    let name = cx.type_name(0);
    cx.push_str(name)?;
    Ok(cx.returns(1))
}

fn select(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let count = i64::from(cx.arg_count());
    if matches!(cx.get(0), Value::Str([b'#', ..])) {
        cx.push_int(count - 1);
        return Ok(cx.returns(1));
    }
    let index = cx.check_int(0)?;
    let first = if index < 0 { count.saturating_add(index) } else { index.min(count) };
    if first < 1 {
        return Err(cx.arg_error(0, "index out of range"));
    }
    Ok(cx.returns((count - first) as u32))
}

fn rawequal(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    cx.check_any(1)?;
    let equal = cx.raw_equal(0, 1);
    cx.push_bool(equal);
    Ok(cx.returns(1))
}

fn rawlen(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if !matches!(cx.type_of(0), Type::Table | Type::String) {
        return Err(cx.type_error(0, "table or string"));
    }
    let length = cx.raw_len(0);
    cx.push_int(length as i64);
    Ok(cx.returns(1))
}

fn rawget(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_table(0)?;
    cx.check_any(1)?;
    cx.set_top(2)?;
    cx.raw_get(0);
    Ok(cx.returns(1))
}

fn rawset(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_table(0)?;
    cx.check_any(1)?;
    cx.check_any(2)?;
    cx.set_top(3)?;
    cx.raw_set(0)?;
    Ok(cx.returns(1))
}

fn next(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_table(0)?;
    cx.set_top(2)?;
    if cx.next(0)? {
        return Ok(cx.returns(2));
    }
    cx.push_nil();
    Ok(cx.returns(1))
}

fn pairs(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    if cx.get_metafield(0, "__pairs") == Type::Nil {
        cx.push_native(&FUNCTIONS[NEXT_INDEX]);
        cx.push_slot(0);
        cx.push_nil();
        return Ok(cx.returns(3));
    }
    cx.push_slot(0);
    Ok(cx.call_k(1, 3, 0, |cx, _| Ok(cx.returns(3))))
}

fn ipairs(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    cx.push_native(&IPAIRS_NEXT);
    cx.push_slot(0);
    cx.push_int(0);
    Ok(cx.returns(3))
}

fn ipairs_next(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let index = cx.check_int(1)?.wrapping_add(1);
    cx.push_int(index);
    let kind = cx.get_int(0, index)?;
    Ok(cx.returns(if kind == Type::Nil { 1 } else { 2 }))
}

fn getmetatable(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    if cx.get_metafield(0, "__metatable") == Type::Nil && !cx.get_metatable(0) {
        cx.push_nil();
    }
    Ok(cx.returns(1))
}

fn setmetatable(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_table(0)?;
    if !matches!(cx.type_of(1), Type::Nil | Type::Table) {
        return Err(cx.type_error(1, "nil or table"));
    }
    if cx.get_metafield(0, "__metatable") != Type::Nil {
        return Err(cx.error(format_args!("cannot change a protected metatable")));
    }
    cx.set_top(2)?;
    cx.set_metatable(0)?;
    Ok(cx.returns(1))
}

fn assert(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.to_bool(0) {
        return Ok(cx.returns(cx.arg_count()));
    }
    cx.check_any(0)?;
    cx.remove(0);
    if cx.top() == 0 {
        cx.push_str("assertion failed!")?;
    }
    cx.set_top(1)?;
    error(cx)
}

fn error(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let level = cx.opt_int(1, 1)?;
    cx.set_top(1)?;
    if cx.type_of(0) == Type::String && level > 0 {
        let position = cx.position_text(u32::try_from(level).unwrap_or(u32::MAX));
        let message = [&*position, cx.bytes(0)].concat();
        cx.push_bytes(&message)?;
    }
    Err(cx.throw_value())
}

/// Slots while the call runs: `true`, the function, its arguments.
fn pcall(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    cx.push_bool(true);
    cx.insert(0);
    let arguments = cx.top() - 2;
    Ok(cx.pcall_k(arguments, -1, None, 0, protected))
}

/// Slots while the call runs: the function, the handler, `true`, the function again,
/// its arguments.
fn xpcall(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let arguments = cx.top().saturating_sub(2);
    cx.check_type(1, Type::Function)?;
    cx.push_bool(true);
    cx.push_slot(0);
    cx.rotate(2, 2);
    Ok(cx.pcall_k(arguments, -1, Some(1), 2, protected))
}

/// The results of a protected call, `true` before them, from slot `state` on.
fn protected(cx: &mut Cx<'_>, result: Resumed) -> Result<Outcome, Error> {
    if result.ok {
        return Ok(cx.returns(cx.top() - result.state as u32));
    }
    let error = cx.top() - 1;
    cx.push_bool(false);
    cx.insert(error);
    Ok(cx.returns(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_gives_out_next() {
        assert_eq!(FUNCTIONS[NEXT_INDEX].name, "next");
    }
}
