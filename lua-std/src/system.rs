//! What the libraries that ask the system share: results in the form of C's.

use std::io;
use std::process::ExitStatus;

use lua_vm::{Cx, Error};

use crate::output::c_string;
use crate::stream;

/// Pushes `true`, or `nil`, what went wrong (with the file name in slot `name`), and its
/// number. Returns how many values.
///
/// # Errors
///
/// "not enough memory".
pub(crate) fn push_result(cx: &mut Cx<'_>, result: io::Result<()>, name: Option<u32>) -> Result<u32, Error> {
    let Err(error) = result else {
        cx.push_bool(true);
        return Ok(1);
    };
    let (text, number) = stream::describe(&error);
    cx.push_nil();
    match name {
        Some(slot) => {
            let name = c_string(cx, slot);
            cx.push_bytes(&[&*name, b": ", text.as_bytes()].concat())?;
        }
        None => cx.push_str(&text)?,
    }
    cx.push_int(number);
    Ok(3)
}

/// Pushes how a command ended: `true` or `nil`, "exit" or "signal", and the number.
///
/// # Errors
///
/// "not enough memory".
pub(crate) fn push_exit(cx: &mut Cx<'_>, status: ExitStatus) -> Result<u32, Error> {
    let (what, number) = stream::describe_exit(status);
    match what == "exit" && number == 0 {
        true => cx.push_bool(true),
        false => cx.push_nil(),
    }
    cx.push_str(what)?;
    cx.push_int(number);
    Ok(3)
}

/// A variable of the environment.
pub(crate) fn environment(name: &[u8]) -> Option<Vec<u8>> {
    // A name with `=` or a zero would make `var_os` give nothing too.
    let name = std::str::from_utf8(name).ok()?;
    std::env::var_os(name).map(|value| value.into_encoded_bytes())
}
