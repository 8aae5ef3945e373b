//! The interactive mode: read a line, evaluate it, print what it gives.
//!
//! A line is tried as an expression first, then as statements, which go on for as long as
//! what is missing could still follow. Where the lines come from is [`lines::Lines`].

mod lines;

use lua_proto::ChunkMode;
use lua_vm::{Cx, Error, Type};

use crate::session::Session;
use crate::{messages, protected};
use lines::Lines;

/// Reads and evaluates until the input ends.
///
/// # Errors
///
/// "not enough memory"; an error in the `__tostring` of a prompt.
pub(crate) fn run(session: &mut Session<'_>, cx: &mut Cx<'_>) -> Result<(), Error> {
    let program = session.program.take();
    let mut lines = Lines::open();
    let bottom = cx.top();
    while let Some(loaded) = load_next(cx, &mut lines)? {
        let passed = loaded && protected::call(cx, 0, &session.guard)?;
        if passed {
            print_results(cx, bottom, session, program)?;
        } else {
            session.report(cx)?;
        }
        cx.set_top(bottom)?;
    }
    messages::to_stdout(b"\n");
    session.program = program;
    Ok(())
}

/// Reads what makes a whole chunk, and pushes the function (true) or a message (false);
/// `None` at the end of the input.
fn load_next(cx: &mut Cx<'_>, lines: &mut Lines) -> Result<Option<bool>, Error> {
    let prompt = prompt(cx, "_PROMPT", "> ")?;
    let Some(mut text) = lines.read(&prompt) else {
        return Ok(None);
    };
    // As old versions had it.
    if text.first() == Some(&b'=') {
        text.splice(..1, *b"return ");
    }
    let expression = [b"return ", &*text, b";"].concat();
    if cx.load(&expression, NAME, ChunkMode::Text)? {
        lines.remember(&text);
        return Ok(Some(true));
    }
    cx.pop(1);
    loop {
        let loaded = cx.load(&text, NAME, ChunkMode::Text)?;
        if loaded || !cx.bytes(cx.top() - 1).ends_with(b"<eof>") {
            lines.remember(&text);
            return Ok(Some(loaded));
        }
        let prompt = self::prompt(cx, "_PROMPT2", ">> ")?;
        let Some(more) = lines.read(&prompt) else {
            lines.remember(&text);
            return Ok(Some(false));
        };
        cx.pop(1);
        text.push(b'\n');
        text.extend_from_slice(&more);
    }
}

/// The chunk name of what was typed.
const NAME: &[u8] = b"=stdin";

/// The global that holds a prompt, as text.
fn prompt(cx: &mut Cx<'_>, global: &str, default: &str) -> Result<Vec<u8>, Error> {
    let bottom = cx.top();
    cx.push_globals();
    let text = match cx.get_field(bottom, global)? {
        Type::Nil => default.as_bytes().to_vec(),
        _ => {
            cx.tostring(bottom + 1)?;
            cx.bytes(cx.top() - 1).to_vec()
        }
    };
    cx.set_top(bottom)?;
    Ok(text)
}

/// Prints the values from slot `first` on with the global `print`.
fn print_results(cx: &mut Cx<'_>, first: u32, session: &Session<'_>, program: Option<&[u8]>) -> Result<(), Error> {
    let count = cx.top() - first;
    if count == 0 {
        return Ok(());
    }
    cx.push_globals();
    cx.get_field(first + count, "print")?;
    cx.remove(first + count);
    cx.insert(first);
    if let Err(error) = session.guard.around(|| cx.pcall(count, 0)) {
        let reason = [b"error calling 'print' (", error.message(), b")"].concat();
        messages::message(program, &reason);
    }
    Ok(())
}
