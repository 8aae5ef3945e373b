//! The interactive mode: read a line, evaluate it, print what it gives.
//!
//! A line is tried as an expression first, then as statements, which go on for as long as
//! what is missing could still follow. Where the lines come from is [`lines::Lines`].
//!
//! Without a terminal all is as in the reference. Somebody who sits at one sees more: what
//! tables hold, and where a syntax error is.

#[cfg(feature = "line-editor")]
mod complete;
#[cfg(feature = "line-editor")]
mod editor;
mod layout;
mod lines;
#[cfg(feature = "line-editor")]
mod paint;
mod show;

use lua_proto::ChunkMode;
use lua_vm::{Cx, Error, Type};

use crate::session::Session;
use crate::{messages, protected, tools};
use lines::{Line, Lines};

/// The chunk name of what was typed.
const NAME: &[u8] = b"=stdin";

/// What makes a statement of an expression.
const RETURN: &[u8] = b"return ";

/// Reads and evaluates until the input ends.
///
/// # Errors
///
/// "not enough memory"; an error in the `__tostring` of a prompt, without a terminal.
pub(crate) fn run(session: &mut Session<'_>, cx: &mut Cx<'_>) -> Result<(), Error> {
    let program = session.program.take();
    let bottom = cx.top();
    push_print(cx);
    let repl = Repl { lines: Lines::open(), at_terminal: lines::at_terminal(), print: bottom };
    repl.run(cx, session, program)?;
    cx.set_top(bottom)?;
    messages::to_stdout(b"\n");
    session.program = program;
    Ok(())
}

/// Pushes the global `print`, found raw.
fn push_print(cx: &mut Cx<'_>) {
    cx.push_globals();
    let globals = cx.top() - 1;
    cx.raw_get_str(globals, "print");
    cx.remove(globals);
}

struct Repl {
    lines: Lines,
    at_terminal: bool,
    /// The slot of the `print` that was there at the beginning. Results are above it.
    print: u32,
}

impl Repl {
    fn run(mut self, cx: &mut Cx<'_>, session: &Session<'_>, program: Option<&[u8]>) -> Result<(), Error> {
        while let Some(loaded) = self.load_next(cx)? {
            if loaded && protected::call(cx, 0, &session.guard)? {
                self.print_results(cx, session, program)?;
            } else {
                session.report(cx)?;
            }
            cx.set_top(self.print + 1)?;
        }
        Ok(())
    }

    /// Reads what makes a whole chunk, and pushes the function (true) or a message (false);
    /// `None` at the end of the input.
    fn load_next(&mut self, cx: &mut Cx<'_>) -> Result<Option<bool>, Error> {
        loop {
            match self.read(cx, "_PROMPT", "> ", b"")? {
                Line::Text(typed) => {
                    let loaded = self.load(cx, typed)?;
                    if loaded.is_some() {
                        return Ok(loaded);
                    }
                }
                Line::Dropped => {}
                Line::End => return Ok(None),
            }
        }
    }

    /// Loads a line, and further ones if they are missing, as [`Repl::load_next`] says; `None` if they were dropped.
    fn load(&mut self, cx: &mut Cx<'_>, mut typed: Vec<u8>) -> Result<Option<bool>, Error> {
        // As old versions had it.
        let mut source = match typed.strip_prefix(b"=") {
            Some(expression) => [RETURN, expression].concat(),
            None => typed.clone(),
        };
        if cx.load(&as_expression(&source), NAME, ChunkMode::Text)? {
            self.lines.remember(&typed);
            return Ok(Some(true));
        }
        cx.pop(1);
        loop {
            let loaded = cx.load(&source, NAME, ChunkMode::Text)?;
            if loaded || !cx.bytes(cx.top() - 1).ends_with(b"<eof>") {
                return self.finish(cx, &typed, &source, loaded);
            }
            let before = [&*source, b"\n"].concat();
            match self.read(cx, "_PROMPT2", ">> ", &before)? {
                Line::Text(more) => {
                    cx.pop(1);
                    source = [&*before, &*more].concat();
                    typed = [&*typed, b"\n", &*more].concat();
                }
                Line::Dropped => {
                    cx.pop(1);
                    return Ok(None);
                }
                Line::End => return self.finish(cx, &typed, &source, loaded),
            }
        }
    }

    /// Keeps what was typed, and explains what is wrong with it.
    fn finish(&mut self, cx: &mut Cx<'_>, typed: &[u8], source: &[u8], loaded: bool) -> Result<Option<bool>, Error> {
        self.lines.remember(typed);
        if !loaded
            && self.at_terminal
            && let Some(message) = explain(typed, source)
        {
            cx.pop(1);
            cx.push_bytes(&message)?;
        }
        Ok(Some(loaded))
    }

    fn read(&mut self, cx: &mut Cx<'_>, prompt: &str, default: &str, before: &[u8]) -> Result<Line, Error> {
        let bottom = cx.top();
        let prompt = match self::prompt(cx, prompt, default) {
            // Who mistyped a prompt wants to mend it.
            Err(_) if self.at_terminal => default.as_bytes().to_vec(),
            other => other?,
        };
        cx.set_top(bottom)?;
        Ok(self.lines.read(cx, &prompt, before))
    }

    /// Shows the values above `print`. Who put a function of their own in the place of `print` wants it used.
    fn print_results(&self, cx: &mut Cx<'_>, session: &Session<'_>, program: Option<&[u8]>) -> Result<(), Error> {
        let first = self.print + 1;
        let count = cx.top() - first;
        if count == 0 {
            return Ok(());
        }
        cx.reserve(16)?;
        if self.at_terminal {
            push_print(cx);
            let unchanged = cx.raw_equal(self.print, first + count);
            cx.pop(1);
            if unchanged {
                messages::to_stdout(&show::values(cx, first, &session.guard)?);
                return Ok(());
            }
        }
        call_print(cx, first, session, program)
    }
}

/// Calls the global `print` with the values from slot `first` on.
fn call_print(cx: &mut Cx<'_>, first: u32, session: &Session<'_>, program: Option<&[u8]>) -> Result<(), Error> {
    let count = cx.top() - first;
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

/// The global that holds a prompt, as text.
fn prompt(cx: &mut Cx<'_>, global: &str, default: &str) -> Result<Vec<u8>, Error> {
    let bottom = cx.top();
    cx.push_globals();
    Ok(match cx.get_field(bottom, global)? {
        Type::Nil => default.as_bytes().to_vec(),
        _ => {
            cx.tostring(bottom + 1)?;
            cx.bytes(cx.top() - 1).to_vec()
        }
    })
}

fn as_expression(source: &[u8]) -> Vec<u8> {
    [RETURN, source, b";"].concat()
}

/// What is wrong with an input, and where. It is neither an expression nor statements; what got further is what was meant.
fn explain(typed: &[u8], source: &[u8]) -> Option<Vec<u8>> {
    let mut error = tools::syntax_error(source, NAME)?;
    let in_source = |at: u32| at.saturating_sub(RETURN.len() as u32);
    if let Some(mut other) = tools::syntax_error(&as_expression(source), NAME) {
        (other.start, other.end) = (in_source(other.start), in_source(other.end));
        if other.start > error.start && (other.start as usize) < source.len() {
            error = other;
        }
    }
    // An equals sign became `return`.
    let longer = (source.len() - typed.len()) as u32;
    (error.start, error.end) = (error.start.saturating_sub(longer), error.end.saturating_sub(longer));
    Some([&*error.message, tools::excerpt(typed, &error).as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        let source = typed.strip_prefix('=').map_or(typed.to_owned(), |rest| format!("return {rest}"));
        let message = explain(typed.as_bytes(), source.as_bytes()).map(|message| String::from_utf8(message).unwrap());
        assert_eq!(message.as_deref(), Some(expected), "{typed}");
    }

    #[test]
    fn errors_are_shown_where_they_are() {
        check("x = = 2", "stdin:1: unexpected symbol near '='\n  x = = 2\n      ^");
        check("1 +* 2", "stdin:1: unexpected symbol near '*'\n  1 +* 2\n     ^");
        check("=1 +* 2", "stdin:1: unexpected symbol near '*'\n  =1 +* 2\n      ^");
        check("do\nx x end", "stdin:2: syntax error near 'x'\n  x x end\n    ^");
        check("f(3z)", "stdin:1: malformed number near '3z'\n  f(3z)\n    ^^");
    }
}
