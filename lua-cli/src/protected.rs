//! Calls whose errors come back as messages with a traceback.

use lua_vm::{Cx, Error, Native, Outcome, Resumed, Type};

use crate::interrupt::Guard;

/// Calls its first argument with the others; returns true and the results, or false and
/// the message.
static CALL: Native = Native::new("call", |cx| {
    cx.push_native(&MESSAGE);
    cx.insert(0);
    let arguments = cx.top().saturating_sub(2);
    Ok(cx.pcall_k(arguments, -1, Some(0), 0, finished))
});

fn finished(cx: &mut Cx<'_>, result: Resumed) -> Result<Outcome, Error> {
    let first = if result.ok { 1 } else { cx.top() - 1 };
    cx.push_bool(result.ok);
    cx.insert(first);
    Ok(cx.returns(cx.top() - first))
}

/// Turns an error value into a message with a traceback, where it was raised.
static MESSAGE: Native = Native::new("message", |cx| {
    let message = match cx.type_of(0) {
        Type::String | Type::Number => {
            cx.coerce_str(0)?;
            cx.bytes(0).to_vec()
        }
        _ => {
            if cx.call_metafield(0, "__tostring")? && cx.type_of(cx.top() - 1) == Type::String {
                return Ok(cx.returns(1));
            }
            format!("(error object is a {} value)", cx.type_name(0)).into_bytes()
        }
    };
    cx.traceback(Some(&message), 1)?;
    Ok(cx.returns(1))
});

/// Calls the function below the top `arguments` values in place of both: leaves its
/// results, or, if it fails, the message, and answers whether it succeeded.
///
/// # Errors
///
/// "not enough memory" outside of the call.
pub(crate) fn call(cx: &mut Cx<'_>, arguments: u32, guard: &Guard) -> Result<bool, Error> {
    let function = cx.top() - arguments - 1;
    cx.push_native(&CALL);
    cx.insert(function);
    guard.around(|| cx.call(arguments + 1, -1))?;
    let passed = cx.to_bool(function);
    cx.remove(function);
    Ok(passed)
}

/// Takes the message on top, as text.
pub(crate) fn take_message(cx: &mut Cx<'_>) -> Result<Vec<u8>, Error> {
    let top = cx.top() - 1;
    let message = match cx.type_of(top) {
        Type::String | Type::Number => {
            cx.coerce_str(top)?;
            cx.bytes(top).to_vec()
        }
        _ => b"(error message not a string)".to_vec(),
    };
    cx.pop(1);
    Ok(message)
}
