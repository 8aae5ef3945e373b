//! The interactive mode at a terminal.
#![cfg(all(unix, feature = "line-editor"))]

mod common;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rexpect::process::WaitStatus;
use rexpect::reader::Options;
use rexpect::session::{PtySession, spawn_with_options};

/// Milliseconds after which what is waited for will not come, also on a slow machine.
const PATIENCE: u64 = 60_000;

/// The key Tab.
const TAB: &str = "\t";

/// The key Up.
const UP: &str = "\x1b[A";

/// A directory for the state of a user, which lives as long as this. Sessions run one at a time.
struct Home {
    directory: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Home {
    fn new() -> Home {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = std::env::temp_dir().join(format!("lua-cli-home-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        Home { directory, _turn: turn }
    }

    /// Starts a session and waits for its first prompt.
    fn start(&self, arguments: &[&str], colours: bool) -> Terminal {
        let mut terminal = Terminal::start(&self.directory, arguments, colours);
        terminal.sees("> ");
        terminal
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Somebody who types and reads.
struct Terminal(PtySession);

impl Terminal {
    fn start(state: &Path, arguments: &[&str], colours: bool) -> Terminal {
        let mut command = common::command();
        command.args(arguments).env("TERM", "xterm").env("XDG_STATE_HOME", state);
        if colours {
            command.env_remove("NO_COLOR");
        } else {
            command.env("NO_COLOR", "1");
        }
        Terminal(spawn_with_options(command, Options::new().timeout_ms(Some(PATIENCE))).unwrap())
    }

    /// Types without Enter.
    fn types(&mut self, keys: &str) {
        self.0.send(keys).unwrap();
        self.0.flush().unwrap();
    }

    /// Waits for a text, and answers with what came before it.
    #[track_caller]
    fn sees(&mut self, text: &str) -> String {
        match self.0.exp_string(text) {
            Ok(before) => before,
            Err(error) => panic!("{error}"),
        }
    }

    /// Types a line, and waits for these lines and the next prompt.
    #[track_caller]
    fn enters(&mut self, line: &str, printed: &str) {
        self.types(&format!("{line}\r"));
        self.sees(&format!("\n{}\r\n", printed.replace('\n', "\r\n")));
        self.sees("> ");
    }

    fn interrupts(&mut self) {
        self.0.send_control('c').unwrap();
    }

    /// Ctrl-C while a line is typed; waits for the prompt, because what is typed before it gets lost.
    #[track_caller]
    fn drops(&mut self, prompt: &str) {
        self.interrupts();
        self.sees("\r\n");
        self.sees(prompt);
    }

    /// Ctrl-D on an empty line; answers with the rest of what is printed.
    #[track_caller]
    fn leaves(mut self) -> String {
        self.0.send_control('d').unwrap();
        let rest = self.0.exp_eof().unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(self.0.process().wait(), Ok(WaitStatus::Exited(_, 0))));
        rest
    }
}

#[test]
fn a_session_from_the_first_prompt_to_the_last() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.directory, &[], false);
    terminal.sees("Lua 5.4");
    terminal.sees("> ");
    terminal.enters("6 * 7", "42");
    terminal.enters("= 6 * 7, 'a'", "42\ta");
    // Input that goes on.
    terminal.types("for i = 1, 2 do\r");
    terminal.sees(">> ");
    terminal.types("print('line ' .. i)\r");
    terminal.sees(">> ");
    terminal.enters("end", "line 1\nline 2");
    // Names that are completed.
    terminal.enters(&format!("string.fo{TAB}('%d', 7)"), "7");
    terminal.enters(&format!("('x'):up{TAB}()"), "X");
    terminal.enters(&format!("tos{TAB}(_G.ma{TAB}.fl{TAB}(3.5))"), "3");
    terminal.types(&format!("string.re{TAB}"));
    terminal.sees("reverse");
    terminal.sees("> string.re");
    terminal.drops("> ");
    // Running code that is interrupted.
    terminal.types("print('run' .. 'ning') while true do end\r");
    terminal.sees("running\r\n");
    terminal.interrupts();
    terminal.sees("stdin:1: interrupted!\r\nstack traceback:\r\n");
    terminal.sees("> ");
    // What is wrong.
    terminal.enters("x = = 2", "stdin:1: unexpected symbol near '='\n  x = = 2\n      ^");
    terminal.enters(
        "error('mist' .. 'ake', 0)",
        "mistake\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in main chunk\n\t[C]: in ?",
    );
    terminal.enters("'still ' .. 'here'", "still here");
    assert!(!terminal.leaves().contains("rror"));

    // Another session of the same user.
    let mut terminal = home.start(&[], false);
    terminal.types(UP);
    terminal.sees("'still ' .. 'here'");
    terminal.enters("", "still here");
    terminal.types(&UP.repeat(4));
    terminal.sees("while true do end");
    terminal.drops("> ");
    terminal.leaves();
    assert!(home.directory.join("lua-cli/history").is_file());
}

#[test]
fn tables_are_shown_within_bounds() {
    let home = Home::new();
    let mut terminal = home.start(&[], false);
    terminal.enters("{1, 'two', {3}, x = 0.5, [true] = print == nil}", "{1, \"two\", {3}, x = 0.5, [true] = false}");
    terminal.enters("t = {} t.t, t['end'] = t, 1 return t, 2", "{[\"end\"] = 1, t = <cycle>}\t2");
    terminal.enters("{a = {b = {c = {d = {e = {}}}}}}", "{a = {b = {c = {d = {...}}}}}");
    terminal.enters("{('x'):rep(1000)}", &format!("{{\n  \"{}\"... (1000 bytes),\n}}", "x".repeat(200)));
    terminal.types("t = {} for i = 1, 1e5 do t[i] = i end t.last = 1 return t\r");
    terminal.sees("\n  ... 99941 more\r\n}\r\n");
    terminal.sees("> ");
    terminal.types("t = {} for i = 1, 100 do t[i] = {} for j = 1, 100 do t[i][j] = j end end return t\r");
    let shown = terminal.sees("\n  ... 95 more\r\n}\r\n");
    terminal.sees("> ");
    assert!(shown.len() < 4000, "{shown}");
    // Tables that say what they are.
    terminal.enters("setmetatable({}, {__tostring = function() return 'an ' .. 'object' end})", "an object");
    terminal.enters("setmetatable({x = 1}, {__name = 'Point'})", "Point {x = 1}");
    terminal.enters("{setmetatable({}, {__tostring = function() error('no', 0) end}), 1}", "{<error in __tostring: no>, 1}");
    terminal
        .enters("setmetatable({}, {__tostring = function() return {} end})", "<error in __tostring: '__tostring' must return a string>");
    let hostile = "{__index = error, __pairs = error, __len = error, __metatable = 1}";
    terminal.enters(&format!("setmetatable({{1, a = 2}}, {hostile})"), "{1, a = 2}");
    // One key ends what would take for ever many times.
    terminal
        .types("l = setmetatable({}, {__tostring = function() io.stderr:write('star', 'ted ') while true do end end}) return {l, l, l}\r");
    terminal.sees("started ");
    terminal.interrupts();
    terminal.sees("interrupted!>, <interrupted>, <interrupted>}\r\n");
    terminal.sees("> ");
    // Who has a better `print` gets it.
    terminal.enters("function print(...) io.write('my', 'print ', select('#', ...), '\\n') end return {}, 1", "myprint 2");
    terminal.leaves();
}

#[test]
fn colours_follow_the_keys() {
    let home = Home::new();
    let mut terminal = home.start(&[], true);
    terminal.types("return nil");
    terminal.sees("\x1b[35mreturn\x1b[0m \x1b[36mnil\x1b[0m");
    terminal.types(", ('x')");
    terminal.sees("\x1b[1;4m(\x1b[0m\x1b[32m'x'\x1b[0m\x1b[1;4m)\x1b[0m");
    terminal.enters("", "nil\tx");
    // Inside a string that began on the line above.
    terminal.types("s = [[\r");
    terminal.sees(">> ");
    terminal.types("end");
    terminal.sees("\x1b[32mend\x1b[0m");
    terminal.drops("> ");
    terminal.leaves();
}

#[test]
fn colours_can_be_off() {
    let home = Home::new();
    let mut terminal = home.start(&[], false);
    terminal.types("return nil, ('x')\r");
    let shown = terminal.sees("\nnil\tx\r\n");
    assert!(shown.contains("return nil, ('x')"), "{shown}");
    assert!(!shown.contains("\x1b[3") && !shown.contains("\x1b[1;4m"), "{shown}");
    terminal.sees("> ");
    terminal.leaves();
}

#[test]
fn prompts_are_globals() {
    let home = Home::new();
    let mut terminal = home.start(&["-i", "-e", "_PROMPT = 'first> '"], false);
    terminal.types("_PROMPT, _PROMPT2 = 'lua# ', 'more# '\r");
    terminal.sees("\r\n");
    terminal.sees("lua# ");
    terminal.types("do\r");
    terminal.sees("more# ");
    // Ctrl-C drops all of it.
    terminal.drops("lua# ");
    // A prompt that fails is replaced.
    terminal.types("_PROMPT = setmetatable({}, {__tostring = error})\r");
    terminal.sees("\n");
    terminal.sees("> ");
    terminal.leaves();
}
