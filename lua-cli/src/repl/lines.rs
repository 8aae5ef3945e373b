//! Where the lines of the interactive mode come from: a line editor with a history at a
//! terminal, plain lines of standard input otherwise.

use std::io::IsTerminal;

use crate::messages;

/// A source of lines.
pub(super) enum Lines {
    /// Shared with scripts that read standard input. Lines that no terminal shows are
    /// shown behind their prompts, so that what is printed reads like a session.
    Plain { echo: bool },
    /// A terminal.
    #[cfg(feature = "line-editor")]
    Editor(Box<editor::Editor>),
}

impl Lines {
    /// The best source that standard input and output allow.
    pub(super) fn open() -> Lines {
        #[cfg(feature = "line-editor")]
        if std::io::stdin().is_terminal()
            && std::io::stdout().is_terminal()
            && let Some(editor) = editor::Editor::open()
        {
            return Lines::Editor(Box::new(editor));
        }
        Lines::Plain { echo: !std::io::stdin().is_terminal() }
    }

    /// Shows the prompt and reads a line, without its line feed; `None` at the end.
    pub(super) fn read(&mut self, prompt: &[u8]) -> Option<Vec<u8>> {
        match self {
            Lines::Plain { echo } => {
                messages::to_stdout(prompt);
                let line = lua_std::stream::read_standard_line().unwrap_or_default()?;
                if *echo {
                    messages::to_stdout(&[&*line, b"\n"].concat());
                }
                Some(line)
            }
            #[cfg(feature = "line-editor")]
            Lines::Editor(editor) => {
                // What scripts have written stands above the prompt.
                messages::to_stdout(b"");
                editor.read(prompt)
            }
        }
    }

    /// Keeps what was typed in the history.
    pub(super) fn remember(&mut self, text: &[u8]) {
        match self {
            Lines::Plain { .. } => {}
            #[cfg(feature = "line-editor")]
            Lines::Editor(editor) => editor.remember(text),
        }
    }
}

#[cfg(feature = "line-editor")]
mod editor {
    use std::path::PathBuf;

    use rustyline::error::ReadlineError;
    use rustyline::{Config, DefaultEditor};

    /// Entries that the history keeps.
    const HISTORY: usize = 1000;

    pub(crate) struct Editor {
        editor: DefaultEditor,
        /// Where the history is kept between runs.
        history: Option<PathBuf>,
    }

    impl Editor {
        pub(super) fn open() -> Option<Editor> {
            let config = Config::builder().max_history_size(HISTORY).ok()?.auto_add_history(false).build();
            let mut editor = DefaultEditor::with_config(config).ok()?;
            let history = history_file();
            if let Some(file) = &history {
                // There is none before the first run.
                let _ = editor.load_history(file);
            }
            Some(Editor { editor, history })
        }

        /// Ctrl-C drops the line and begins again; Ctrl-D on an empty line is the end.
        pub(super) fn read(&mut self, prompt: &[u8]) -> Option<Vec<u8>> {
            let prompt = String::from_utf8_lossy(prompt);
            loop {
                match self.editor.readline(&*prompt) {
                    Ok(line) => return Some(line.into_bytes()),
                    Err(ReadlineError::Interrupted) => {}
                    Err(_) => return None,
                }
            }
        }

        pub(super) fn remember(&mut self, text: &[u8]) {
            let text = String::from_utf8_lossy(text);
            if !text.trim().is_empty() {
                // A history that cannot be written is no reason to stop.
                let _ = self.editor.add_history_entry(text.as_ref());
                if let Some(file) = &self.history {
                    let _ = self.editor.save_history(file);
                }
            }
        }
    }

    /// `lua-cli/history` in the directory where programs of the user keep their state,
    /// which is made if there is none.
    fn history_file() -> Option<PathBuf> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let state = variable("XDG_STATE_HOME")
            .or_else(|| variable("LOCALAPPDATA"))
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(variable("HOME")?).join(".local/state")))?;
        let directory = state.join("lua-cli");
        std::fs::create_dir_all(&directory).ok()?;
        Some(directory.join("history"))
    }
}
