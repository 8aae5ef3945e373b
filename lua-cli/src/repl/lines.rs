//! Where the lines of the interactive mode come from: a line editor at a terminal, plain
//! lines of standard input otherwise.

use std::io::IsTerminal;

use lua_vm::Cx;

#[cfg(feature = "line-editor")]
use super::editor::Editor;
use crate::messages;

/// A line, without its line feed.
pub(super) enum Line {
    Text(Vec<u8>),
    /// Ctrl-C: it was not meant.
    #[cfg_attr(not(feature = "line-editor"), expect(dead_code, reason = "only the editor sees keys"))]
    Dropped,
    /// There are no more.
    End,
}

/// A source of lines.
pub(super) enum Lines {
    /// Shared with scripts that read standard input. Lines that no terminal shows are
    /// shown behind their prompts, so that what is printed reads like a session.
    Plain { echo: bool },
    /// A terminal.
    #[cfg(feature = "line-editor")]
    Editor(Editor),
}

/// Whether somebody sits at a terminal, types and reads.
pub(super) fn at_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

impl Lines {
    /// The best source that standard input and output allow.
    pub(super) fn open() -> Lines {
        #[cfg(feature = "line-editor")]
        if at_terminal()
            && let Some(editor) = Editor::open()
        {
            return Lines::Editor(editor);
        }
        Lines::Plain { echo: !std::io::stdin().is_terminal() }
    }

    /// Shows the prompt and reads a line. `before` are the lines above that belong to the
    /// same input.
    #[cfg_attr(not(feature = "line-editor"), expect(unused_variables, reason = "only the editor completes"))]
    pub(super) fn read(&mut self, cx: &mut Cx<'_>, prompt: &[u8], before: &[u8]) -> Line {
        match self {
            Lines::Plain { echo } => {
                messages::to_stdout(prompt);
                let Some(line) = lua_std::stream::read_standard_line().unwrap_or_default() else {
                    return Line::End;
                };
                if *echo {
                    messages::to_stdout(&[&*line, b"\n"].concat());
                }
                Line::Text(line)
            }
            #[cfg(feature = "line-editor")]
            Lines::Editor(editor) => {
                // What scripts have written stands above the prompt.
                messages::to_stdout(b"");
                editor.read(cx, prompt, before)
            }
        }
    }

    /// Keeps what was typed in the history.
    #[cfg_attr(not(feature = "line-editor"), expect(unused_variables, reason = "only the editor has a history"))]
    pub(super) fn remember(&mut self, text: &[u8]) {
        match self {
            Lines::Plain { .. } => {}
            #[cfg(feature = "line-editor")]
            Lines::Editor(editor) => editor.remember(text),
        }
    }
}
