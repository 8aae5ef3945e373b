//! The debug library (§6.10).

use lua_vm::{Cx, DebugInfo, DebugTarget, Error, HookMask, Native, Outcome, Type};

use crate::open::push_subtable;
use crate::output::c_string;

static FUNCTIONS: [Native; 17] = [
    Native::new("debug", debug),
    Native::new("getuservalue", getuservalue),
    Native::new("gethook", gethook),
    Native::new("getinfo", getinfo),
    Native::new("getlocal", getlocal),
    Native::new("getregistry", getregistry),
    Native::new("getmetatable", getmetatable),
    Native::new("getupvalue", getupvalue),
    Native::new("upvaluejoin", upvaluejoin),
    Native::new("upvalueid", upvalueid),
    Native::new("setuservalue", setuservalue),
    Native::new("sethook", sethook),
    Native::new("setlocal", setlocal),
    Native::new("setmetatable", setmetatable),
    Native::new("setupvalue", setupvalue),
    Native::new("traceback", traceback),
    Native::new("setcstacklimit", setcstacklimit),
];

/// The registry field with a weak table that maps coroutines to their hooks, as in the
/// reference. Here it only shows them: the VM keeps the hooks.
const HOOKS: &str = "_HOOKKEY";

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)
}

fn getregistry(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.push_registry();
    Ok(cx.returns(1))
}

fn getmetatable(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(0)?;
    if !cx.get_metatable(0) {
        cx.push_nil();
    }
    Ok(cx.returns(1))
}

fn setmetatable(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if !matches!(cx.type_of(1), Type::Nil | Type::Table) {
        return Err(cx.type_error(1, "nil or table"));
    }
    cx.set_top(2)?;
    cx.set_metatable(0)?;
    Ok(cx.returns(1))
}

fn getuservalue(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let index = cx.opt_int(1, 1)?;
    if cx.type_of(0) == Type::Userdata && cx.get_user_value(0, index) != Type::None {
        cx.push_bool(true);
        return Ok(cx.returns(2));
    }
    cx.push_nil();
    Ok(cx.returns(1))
}

fn setuservalue(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let index = cx.opt_int(2, 1)?;
    cx.check_type(0, Type::Userdata)?;
    cx.check_any(1)?;
    cx.set_top(2)?;
    if !cx.set_user_value(0, index) {
        cx.push_nil();
    }
    Ok(cx.returns(1))
}

/// The coroutine that the first argument may be, and the slot of the next argument.
fn thread(cx: &Cx<'_>) -> (Option<u32>, u32) {
    match cx.type_of(0) {
        Type::Thread => (Some(0), 1),
        _ => (None, 0),
    }
}

/// Options that `getinfo` knows.
const OPTIONS: &[u8] = b"SlnrutLf";

fn getinfo(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, first) = thread(cx);
    let options = if cx.is_none_or_nil(first + 1) {
        b"flnSrtu".to_vec()
    } else {
        cx.coerce_str(first + 1)?;
        c_string(cx, first + 1).to_vec()
    };
    if options.first() == Some(&b'>') {
        return Err(cx.arg_error(first + 1, "invalid option '>'"));
    }
    let target = match cx.type_of(first) {
        Type::Function => DebugTarget::Function(first),
        _ => DebugTarget::Level(cx.check_int(first)?),
    };
    let below = cx.top();
    let Some(info) = cx.debug_getinfo(thread, target, &options)? else {
        cx.push_nil();
        return Ok(cx.returns(1));
    };
    if !options.iter().all(|option| OPTIONS.contains(option)) {
        return Err(cx.arg_error(first + 1, "invalid option"));
    }
    // What was asked for as values: the function, then the lines.
    let pushed = [(b'f', "func"), (b'L', "activelines")];
    cx.push_table(0, 16)?;
    let table = cx.top() - 1;
    let mut value = below;
    for (option, name) in pushed {
        if options.contains(&option) {
            cx.push_slot(value);
            cx.raw_set_str(table, name)?;
            value += 1;
        }
    }
    for option in options {
        set_fields(cx, table, option, &info)?;
    }
    Ok(cx.returns(1))
}

/// Sets the fields that belong to one option.
fn set_fields(cx: &mut Cx<'_>, table: u32, option: u8, info: &DebugInfo) -> Result<(), Error> {
    let text = |cx: &mut Cx<'_>, name: &str, value: &[u8]| {
        cx.push_bytes(value)?;
        cx.raw_set_str(table, name)
    };
    let integer = |cx: &mut Cx<'_>, name: &str, value: i64| {
        cx.push_int(value);
        cx.raw_set_str(table, name)
    };
    let flag = |cx: &mut Cx<'_>, name: &str, value: bool| {
        cx.push_bool(value);
        cx.raw_set_str(table, name)
    };
    match option {
        b'S' => {
            text(cx, "source", &info.source)?;
            text(cx, "short_src", &info.short_src)?;
            integer(cx, "linedefined", info.line_defined)?;
            integer(cx, "lastlinedefined", info.last_line_defined)?;
            text(cx, "what", info.what.as_bytes())
        }
        b'l' => integer(cx, "currentline", info.current_line),
        b'u' => {
            integer(cx, "nups", i64::from(info.upvalues))?;
            integer(cx, "nparams", i64::from(info.parameters))?;
            flag(cx, "isvararg", info.is_vararg)
        }
        b'n' => {
            if let Some(name) = &info.name {
                text(cx, "name", name)?;
            }
            text(cx, "namewhat", info.name_what.as_bytes())
        }
        b'r' => {
            integer(cx, "ftransfer", i64::from(info.first_transferred))?;
            integer(cx, "ntransfer", i64::from(info.transferred))
        }
        b't' => flag(cx, "istailcall", info.is_tail_call),
        _ => Ok(()),
    }
}

fn push_name(cx: &mut Cx<'_>, name: Option<Vec<u8>>) -> Result<(), Error> {
    match name {
        Some(name) => cx.push_bytes(&name),
        None => {
            cx.push_nil();
            Ok(())
        }
    }
}

fn getlocal(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, first) = thread(cx);
    let index = cx.check_int(first + 1)?;
    if cx.type_of(first) == Type::Function {
        let name = cx.debug_parameter(first, index);
        push_name(cx, name)?;
        return Ok(cx.returns(1));
    }
    let level = cx.check_int(first)?;
    match cx.debug_getlocal(thread, level, index) {
        Err(_) => Err(cx.arg_error(first, "level out of range")),
        Ok(None) => {
            cx.push_nil();
            Ok(cx.returns(1))
        }
        Ok(name) => {
            let value = cx.top() - 1;
            push_name(cx, name)?;
            cx.insert(value);
            Ok(cx.returns(2))
        }
    }
}

fn setlocal(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, first) = thread(cx);
    let level = cx.check_int(first)?;
    let index = cx.check_int(first + 1)?;
    match cx.debug_setlocal(thread, level, index, first + 2) {
        Err(_) => Err(cx.arg_error(first, "level out of range")),
        Ok(name) => {
            cx.check_any(first + 2)?;
            push_name(cx, name)?;
            Ok(cx.returns(1))
        }
    }
}

fn getupvalue(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let index = cx.check_int(1)?;
    cx.check_type(0, Type::Function)?;
    let Some(name) = cx.debug_getupvalue(0, index) else {
        return Ok(cx.returns(0));
    };
    let value = cx.top() - 1;
    cx.push_bytes(&name)?;
    cx.insert(value);
    Ok(cx.returns(2))
}

fn setupvalue(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_any(2)?;
    let index = cx.check_int(1)?;
    cx.check_type(0, Type::Function)?;
    let Some(name) = cx.debug_setupvalue(0, index, 2) else {
        return Ok(cx.returns(0));
    };
    cx.push_bytes(&name)?;
    Ok(cx.returns(1))
}

fn upvalueid(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let index = cx.check_int(1)?;
    cx.check_type(0, Type::Function)?;
    match cx.upvalue_id(0, index) {
        Some(identity) => cx.push_pointer(identity),
        None => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

fn upvaluejoin(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mut indices = [0; 2];
    for (index, function) in indices.iter_mut().zip([0, 2]) {
        *index = cx.check_int(function + 1)?;
        cx.check_type(function, Type::Function)?;
        if cx.upvalue_id(function, *index).is_none() {
            return Err(cx.arg_error(function + 1, "invalid upvalue index"));
        }
    }
    for function in [0, 2] {
        if cx.is_host_function(function) {
            return Err(cx.arg_error(function, "Lua function expected"));
        }
    }
    cx.upvalue_join(0, indices[0], 2, indices[1]);
    Ok(cx.returns(0))
}

fn sethook(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, first) = thread(cx);
    let mut mask = HookMask::default();
    let mut count = 0;
    if cx.is_none_or_nil(first) {
        cx.set_top(first)?;
        cx.push_nil();
    } else {
        cx.coerce_str(first + 1)?;
        cx.check_type(first, Type::Function)?;
        count = cx.opt_int(first + 2, 0)?.clamp(0, i64::from(i32::MAX)) as i32;
        let events = [(b'c', HookMask::CALL), (b'r', HookMask::RETURN), (b'l', HookMask::LINE)];
        for (letter, event) in events {
            if cx.bytes(first + 1).contains(&letter) {
                mask = mask | event;
            }
        }
        if count > 0 {
            mask = mask | HookMask::COUNT;
        }
    }
    show_hook(cx, thread, first)?;
    cx.set_hook(thread, first, mask, count);
    Ok(cx.returns(0))
}

/// Enters the hook in slot `hook` in the table of hooks.
fn show_hook(cx: &mut Cx<'_>, thread: Option<u32>, hook: u32) -> Result<(), Error> {
    push_subtable(cx, HOOKS)?;
    let hooks = cx.top() - 1;
    if !cx.has_metatable(hooks) {
        cx.push_str("k")?;
        cx.raw_set_str(hooks, "__mode")?;
        cx.push_slot(hooks);
        cx.set_metatable(hooks)?;
    }
    match thread {
        Some(slot) => cx.push_slot(slot),
        None => {
            cx.push_thread();
        }
    }
    cx.push_slot(hook);
    cx.raw_set(hooks)?;
    cx.pop(1);
    Ok(())
}

fn gethook(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, _) = thread(cx);
    let Some((mask, count)) = cx.get_hook(thread) else {
        cx.push_nil();
        return Ok(cx.returns(1));
    };
    let events = [('c', HookMask::CALL), ('r', HookMask::RETURN), ('l', HookMask::LINE)];
    let letters: String = events.into_iter().filter(|(_, event)| mask.contains(*event)).map(|(letter, _)| letter).collect();
    cx.push_str(&letters)?;
    cx.push_int(i64::from(count));
    Ok(cx.returns(3))
}

fn traceback(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (thread, first) = thread(cx);
    let message = match cx.type_of(first) {
        Type::None | Type::Nil => None,
        Type::String | Type::Number => {
            cx.coerce_str(first)?;
            Some(cx.bytes(first).to_vec())
        }
        _ => {
            cx.push_slot(first);
            return Ok(cx.returns(1));
        }
    };
    let is_other = thread.is_some_and(|slot| !cx.is_running_thread(slot));
    let level = cx.opt_int(first + 1, i64::from(!is_other))?;
    cx.traceback_of(thread, message.as_deref(), level)?;
    Ok(cx.returns(1))
}

fn setcstacklimit(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.check_int(0)?;
    // As since Lua 5.4.3: the limit is fixed.
    let limit = cx.native_limit();
    cx.push_int(i64::from(limit));
    Ok(cx.returns(1))
}

/// Reads and runs lines of standard input until one says `cont`.
fn debug(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let say = |text: &[u8]| {
        // There is nowhere to tell of a failure.
        let _ = crate::stream::stderr().lock().write(text);
    };
    loop {
        say(b"lua_debug> ");
        let line = match crate::stream::read_standard_line() {
            Ok(Some(line)) if line != b"cont" => line,
            _ => return Ok(cx.returns(0)),
        };
        cx.set_top(0)?;
        let loaded = cx.load(&line, b"=(debug command)", lua_proto::ChunkMode::Both)?;
        if loaded && let Err(error) = cx.pcall(0, 0) {
            cx.push_error(&error);
        }
        if cx.top() > 0 {
            cx.tostring(cx.top() - 1)?;
            say(cx.bytes(cx.top() - 1));
            say(b"\n");
        }
    }
}
