//! A terminal: lines are edited, coloured, completed, and kept in a history.
//!
//! The editor lives on a thread of its own, because it asks for completions while it reads
//! a line and only the main thread may look into the VM. The two talk in turns: one works
//! while the other waits.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use lua_vm::Cx;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Helper};

use super::complete::complete;
use super::lines::Line;
use super::paint::paint;

/// Entries that the history keeps.
const HISTORY: usize = 1000;

/// What the editor is asked to do.
enum Order {
    /// Read a line behind this prompt; the lines above it, of the same input, come second.
    Read(String, String),
    /// Keep this in the history.
    Remember(String),
}

/// What the editor says.
enum Report {
    /// It is ready for the first order, or has done what it was told.
    Done,
    /// What was read.
    Line(Line),
    /// A completion is asked for: the lines above, and the line up to the cursor.
    Complete(String, String),
}

/// Where the completed word begins, and what it could become.
type Candidates = (usize, Vec<String>);

/// The main thread's end.
pub(super) struct Editor {
    /// None when it ends.
    orders: Option<Sender<Order>>,
    reports: Receiver<Report>,
    candidates: Sender<Candidates>,
    thread: Option<JoinHandle<()>>,
}

impl Editor {
    /// Starts an editor; none if the terminal or the system does not allow it.
    pub(super) fn open() -> Option<Editor> {
        let (orders, receiver) = channel();
        let (sender, reports) = channel();
        let (candidates, answers) = channel();
        let worker = move || {
            if let Some(mut worker) = Worker::open(sender, answers) {
                worker.work(&receiver);
            }
        };
        let thread = thread::Builder::new().name("editor".to_owned()).spawn(worker).ok()?;
        // Nothing comes if it could not be opened.
        matches!(reports.recv(), Ok(Report::Done)).then_some(Editor { orders: Some(orders), reports, candidates, thread: Some(thread) })
    }

    /// Reads a line. `before` are the lines above that belong to the same input.
    pub(super) fn read(&mut self, cx: &mut Cx<'_>, prompt: &[u8], before: &[u8]) -> Line {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        self.order(Order::Read(text(prompt), text(before)));
        loop {
            match self.reports.recv() {
                Ok(Report::Complete(before, head)) => {
                    let _ = self.candidates.send(complete(cx, &before, &head));
                }
                Ok(Report::Line(line)) => return line,
                Ok(Report::Done) => {}
                Err(_) => return Line::End,
            }
        }
    }

    /// Keeps an input in the history, on the disk, too, when this returns.
    pub(super) fn remember(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        if !text.trim().is_empty() {
            self.order(Order::Remember(text.into_owned()));
            let _ = self.reports.recv();
        }
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // If the thread is gone, the next report says so.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The editor's end.
struct Worker {
    editor: rustyline::Editor<Assistant, FileHistory>,
    /// Where the history is kept between runs.
    history: Option<PathBuf>,
    reports: Sender<Report>,
}

impl Worker {
    fn open(reports: Sender<Report>, candidates: Receiver<Candidates>) -> Option<Worker> {
        let config = Config::builder()
            .max_history_size(HISTORY)
            .ok()?
            .auto_add_history(false)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .build();
        let mut editor = rustyline::Editor::with_config(config).ok()?;
        let history = history_file();
        if let Some(file) = &history {
            // There is none before the first run.
            let _ = editor.load_history(file);
        }
        let before = RefCell::default();
        editor.set_helper(Some(Assistant { before, is_read: Cell::new(false), reports: reports.clone(), candidates }));
        reports.send(Report::Done).ok()?;
        Some(Worker { editor, history, reports })
    }

    /// Does what it is told until there is nobody to tell it.
    fn work(&mut self, orders: &Receiver<Order>) {
        for order in orders {
            let report = match order {
                Order::Read(prompt, before) => Report::Line(self.read(&prompt, before)),
                Order::Remember(text) => {
                    self.remember(&text);
                    Report::Done
                }
            };
            if self.reports.send(report).is_err() {
                break;
            }
        }
    }

    /// Ctrl-C drops the line; Ctrl-D on an empty line is the end.
    fn read(&mut self, prompt: &str, before: String) -> Line {
        if let Some(assistant) = self.editor.helper() {
            assistant.before.replace(before);
        }
        match self.editor.readline(prompt) {
            Ok(line) => Line::Text(line.into_bytes()),
            Err(ReadlineError::Interrupted) => Line::Dropped,
            Err(_) => Line::End,
        }
    }

    /// A history that cannot be written is no reason to stop.
    fn remember(&mut self, text: &str) {
        let added = self.editor.add_history_entry(text).unwrap_or(false);
        if let Some(file) = self.history.as_ref().filter(|_| added) {
            // Other sessions may write it, too.
            let _ = self.editor.append_history(file);
        }
    }
}

/// What the editor asks about the line.
struct Assistant {
    /// The lines above that belong to the same input.
    before: RefCell<String>,
    /// The line is shown for the last time.
    is_read: Cell<bool>,
    reports: Sender<Report>,
    candidates: Receiver<Candidates>,
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<Candidates> {
        let report = Report::Complete(self.before.borrow().clone(), line[..cursor].to_owned());
        let asked = self.reports.send(report).is_ok();
        let answer = asked.then(|| self.candidates.recv().ok()).flatten();
        Ok(answer.unwrap_or((cursor, Vec::new())))
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> std::borrow::Cow<'l, str> {
        paint(&self.before.borrow(), line, (!self.is_read.get()).then_some(cursor)).into()
    }

    /// Any key may change the colour of what stands elsewhere.
    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.is_read.set(kind == CmdKind::ForcedRefresh);
        true
    }
}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {}

impl Helper for Assistant {}

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
