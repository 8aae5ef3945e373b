//! The operating system library (§6.9).

mod calendar;
mod zone;

use std::time::{SystemTime, UNIX_EPOCH};

use lua_vm::{Cx, Error, Native, Outcome, Type};

use crate::output::{Output, c_string};
use crate::{stream, system};
use calendar::{Date, Fields, Zone};

static FUNCTIONS: [Native; 11] = [
    Native::new("clock", clock),
    Native::new("date", date),
    Native::new("difftime", difftime),
    Native::new("execute", execute),
    Native::new("exit", exit),
    Native::new("getenv", getenv),
    Native::new("remove", remove),
    Native::new("rename", rename),
    Native::new("setlocale", setlocale),
    Native::new("time", time),
    Native::new("tmpname", tmpname),
];

/// Pushes the library's table.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_library(&FUNCTIONS, 0)
}

/// False on bare WebAssembly, where Rust's clocks panic.
const HAS_CLOCK: bool = cfg!(not(all(target_family = "wasm", target_os = "unknown")));

/// # Errors
///
/// That the target has no clock.
fn check_clock(cx: &mut Cx<'_>) -> Result<(), Error> {
    if HAS_CLOCK { Ok(()) } else { Err(cx.error(format_args!("there is no clock in this installation"))) }
}

fn clock(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    check_clock(cx)?;
    cx.push_float(process_seconds());
    Ok(cx.returns(1))
}

/// CPU time that the process has used.
#[cfg(unix)]
fn process_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    // Whole microseconds, as C's `clock` has them.
    time.tv_sec as f64 + (time.tv_nsec / 1000) as f64 / 1e6
}

/// Time since the first call, where the system does not tell CPU time.
#[cfg(not(unix))]
fn process_seconds() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_secs_f64()
}

/// Seconds since 1970.
fn now(cx: &mut Cx<'_>) -> Result<i64, Error> {
    check_clock(cx)?;
    Ok(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs() as i64,
        Err(before) => -(before.duration().as_secs() as i64),
    })
}

fn difftime(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let (later, earlier) = (cx.check_int(0)?, cx.check_int(1)?);
    cx.push_float(later as f64 - earlier as f64);
    Ok(cx.returns(1))
}

fn execute(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.is_none_or_nil(0) {
        cx.push_bool(cfg!(any(unix, windows)));
        return Ok(cx.returns(1));
    }
    cx.coerce_str(0)?;
    let status = stream::shell(cx.bytes(0)).status();
    let count = match status {
        Ok(status) => system::push_exit(cx, status)?,
        Err(error) => system::push_result(cx, Err(error), None)?,
    };
    Ok(cx.returns(count))
}

fn exit(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let status = match cx.type_of(0) {
        Type::Boolean => i64::from(!cx.to_bool(0)),
        _ => cx.opt_int(0, 0)?,
    };
    // Nobody is left to tell of a failure.
    let flush = || drop(stream::flush_standard());
    if cx.to_bool(1) {
        cx.exit(status as i32, flush);
    }
    flush();
    std::process::exit(status as i32)
}

fn getenv(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    match system::environment(&c_string(cx, 0)) {
        Some(value) => cx.push_bytes(&value)?,
        None => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

fn remove(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let path = stream::path(cx.check_bytes(0)?);
    let is_directory = std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
    let result = if is_directory { std::fs::remove_dir(&path) } else { std::fs::remove_file(&path) };
    let count = system::push_result(cx, result, Some(0))?;
    Ok(cx.returns(count))
}

fn rename(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let from = stream::path(cx.check_bytes(0)?);
    let to = stream::path(cx.check_bytes(1)?);
    let result = std::fs::rename(from, to);
    let count = system::push_result(cx, result, None)?;
    Ok(cx.returns(count))
}

fn setlocale(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let is_known = match cx.is_none_or_nil(0) {
        true => true,
        false => matches!(cx.check_bytes(0)?, b"" | b"C" | b"POSIX"),
    };
    cx.check_option(1, Some("all"), &["all", "collate", "ctype", "monetary", "numeric", "time"])?;
    // There is one locale only.
    match is_known {
        true => cx.push_str("C")?,
        false => cx.push_nil(),
    }
    Ok(cx.returns(1))
}

fn tmpname(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    match stream::create_temporary() {
        Ok((_, path)) => cx.push_bytes(path.as_os_str().as_encoded_bytes())?,
        Err(_) => return Err(cx.error(format_args!("unable to generate a unique filename"))),
    }
    Ok(cx.returns(1))
}

/// Conversions of one character that `date` knows.
const CONVERSIONS: &[u8] = b"aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
/// Characters that may follow `E`.
const AFTER_E: &[u8] = b"cCxXyY";
/// Characters that may follow `O`.
const AFTER_O: &[u8] = b"deHImMSuUVwWy";

fn date(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let text = match cx.is_none_or_nil(0) {
        true => b"%c".to_vec(),
        false => {
            cx.coerce_str(0)?;
            let length = cx.bytes(0).len();
            cx.charge(length)?;
            cx.bytes(0).to_vec()
        }
    };
    let timestamp = match cx.is_none_or_nil(1) {
        true => now(cx)?,
        false => cx.check_int(1)?,
    };
    let (utc, format) = match text.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, &*text),
    };
    let local = if utc { zone::utc() } else { zone::System::get().at(timestamp) };
    let Some(date) = Date::new(timestamp, local) else {
        return Err(cx.error(format_args!("date result cannot be represented in this installation")));
    };
    let shown = format.split(|byte| *byte == 0).next();
    if shown == Some(b"*t") {
        cx.push_table(0, 9)?;
        set_fields(cx, &date)?;
        return Ok(cx.returns(1));
    }
    let mut out = Output::new();
    let mut rest = format;
    while let Some(plain) = memchr::memchr(b'%', rest) {
        out.extend(cx, &rest[..plain])?;
        rest = &rest[plain + 1..];
        let (conversion, width) = match rest {
            [b'E', second, ..] if AFTER_E.contains(second) => (*second, 2),
            [b'O', second, ..] if AFTER_O.contains(second) => (*second, 2),
            [first, ..] if CONVERSIONS.contains(first) => (*first, 1),
            _ => {
                let shown = rest.split(|byte| *byte == 0).next().unwrap_or_default();
                let shown = String::from_utf8_lossy(shown).into_owned();
                return Err(cx.arg_error(0, &format!("invalid conversion specifier '%{shown}'")));
            }
        };
        let mut item = String::new();
        date.format(conversion, &mut item);
        out.extend(cx, item.as_bytes())?;
        rest = &rest[width..];
    }
    out.extend(cx, rest)?;
    out.push_to(cx)?;
    Ok(cx.returns(1))
}

/// Sets the fields of the table on top.
fn set_fields(cx: &mut Cx<'_>, date: &Date) -> Result<(), Error> {
    let table = cx.top() - 1;
    let fields = [
        ("year", date.year),
        ("month", date.month),
        ("day", date.day),
        ("hour", date.hour),
        ("min", date.min),
        ("sec", date.sec),
        ("yday", date.yday),
        ("wday", date.wday),
    ];
    for (name, value) in fields {
        cx.push_int(value);
        cx.set_field(table, name)?;
    }
    cx.push_bool(date.local.is_dst);
    cx.set_field(table, "isdst")
}

fn time(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    if cx.is_none_or_nil(0) {
        let now = now(cx)?;
        cx.push_int(now);
        return Ok(cx.returns(1));
    }
    cx.check_type(0, Type::Table)?;
    cx.set_top(1)?;
    let fields = Fields {
        year: field(cx, "year", None, 1900)? + 1900,
        month: field(cx, "month", None, 1)? + 1,
        day: field(cx, "day", None, 0)?,
        hour: field(cx, "hour", Some(12), 0)?,
        min: field(cx, "min", Some(0), 0)?,
        sec: field(cx, "sec", Some(0), 0)?,
        is_dst: {
            let is_given = cx.get_field(0, "isdst")? != Type::Nil;
            let value = cx.to_bool(cx.top() - 1);
            cx.pop(1);
            is_given.then_some(value)
        },
    };
    let zone = zone::System::get();
    let timestamp = calendar::make_time(fields, &zone);
    // The reference cannot tell one second before 1970 from a failure.
    let date = Date::new(timestamp, zone.at(timestamp)).filter(|_| timestamp != -1);
    let Some(date) = date else {
        return Err(cx.error(format_args!("time result cannot be represented in this installation")));
    };
    set_fields(cx, &date)?;
    cx.push_int(timestamp);
    Ok(cx.returns(1))
}

/// A field of the table in slot 0, less `delta`, as it has to fit in an `int` of C.
fn field(cx: &mut Cx<'_>, name: &str, default: Option<i64>, delta: i64) -> Result<i64, Error> {
    let kind = cx.get_field(0, name)?;
    let value = cx.to_int(cx.top() - 1);
    cx.pop(1);
    match (value, default) {
        (Some(value), _) => match value.checked_sub(delta).map(i32::try_from) {
            Some(Ok(value)) => Ok(i64::from(value)),
            _ => Err(cx.error(format_args!("field '{name}' is out-of-bound"))),
        },
        (None, _) if kind != Type::Nil => Err(cx.error(format_args!("field '{name}' is not an integer"))),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(cx.error(format_args!("field '{name}' missing in date table"))),
    }
}
