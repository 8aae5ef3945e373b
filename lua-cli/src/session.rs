//! One run of the program, from the first option to the exit status.

use std::io::IsTerminal;

use lua_proto::ChunkMode;
use lua_vm::{Cx, Error, Lua, Type};

use crate::arguments::{self, Options, Step};
use crate::interrupt::Guard;
use crate::{environment, messages, protected, repl};

/// What the parts of a run share.
pub(crate) struct Session<'a> {
    /// The command line.
    words: &'a [Vec<u8>],
    options: &'a Options,
    pub(crate) guard: Guard,
    /// The name before messages; none in interactive mode.
    pub(crate) program: Option<&'a [u8]>,
}

/// Runs what the command line asks for; false if something failed.
pub(crate) fn run(words: &[Vec<u8>], options: &Options) -> bool {
    let program = arguments::program(words);
    if options.version {
        messages::version();
    }
    let mut lua = match environment::open() {
        Ok(lua) => lua,
        Err(problem) => {
            messages::message(Some(program), problem.as_bytes());
            return false;
        }
    };
    let mut session = Session { words, options, guard: Guard::new(lua.interrupt()), program: Some(program) };
    match session.run(&mut lua) {
        Ok(passed) => passed,
        Err(error) => {
            messages::message(Some(program), error.message());
            false
        }
    }
    // Here the VM closes: finalizers run.
}

impl Session<'_> {
    fn run(&mut self, lua: &mut Lua) -> Result<bool, Error> {
        if self.options.no_environment {
            lua.with(|cx| {
                cx.push_registry();
                cx.push_bool(true);
                cx.raw_set_str(0, lua_std::package::NO_ENVIRONMENT)
            })?;
        }
        lua_std::open_all(lua)?;
        lua.with(|cx| self.run_all(cx))
    }

    /// The steps in their order, up to the first that fails.
    fn run_all(&mut self, cx: &mut Cx<'_>) -> Result<bool, Error> {
        self.set_arguments(cx)?;
        if !self.options.no_environment && !self.run_init(cx)? {
            return Ok(false);
        }
        for step in &self.options.steps {
            if !self.run_step(cx, step)? {
                return Ok(false);
            }
        }
        if let Some(script) = self.options.script
            && !self.run_script(cx, script)?
        {
            return Ok(false);
        }
        if self.options.interactive {
            repl::run(self, cx)?;
        } else if self.options.script.is_none() && !self.options.has_work() {
            if std::io::stdin().is_terminal() {
                messages::version();
                repl::run(self, cx)?;
            } else {
                self.run_file(cx, None)?;
            }
        }
        Ok(true)
    }

    /// The global `arg`: the script at 0, its arguments above, the rest below.
    fn set_arguments(&self, cx: &mut Cx<'_>) -> Result<(), Error> {
        let script = self.options.script.unwrap_or(0);
        cx.push_globals();
        let globals = cx.top() - 1;
        cx.push_table(self.words.len() - script.min(self.words.len()), script + 1)?;
        for (at, word) in self.words.iter().enumerate() {
            cx.push_bytes(word)?;
            cx.raw_set_int(globals + 1, at as i64 - script as i64)?;
        }
        cx.raw_set_str(globals, "arg")?;
        cx.set_top(globals)
    }

    fn run_init(&self, cx: &mut Cx<'_>) -> Result<bool, Error> {
        let variable = |name| Some((name, std::env::var_os(name)?.into_encoded_bytes()));
        let init = variable("LUA_INIT_5_4").or_else(|| variable("LUA_INIT"));
        match init {
            None => Ok(true),
            Some((_, value)) if value.first() == Some(&b'@') => self.run_file(cx, Some(&value[1..])),
            Some((name, value)) => self.run_string(cx, &value, &format!("={name}")),
        }
    }

    fn run_step(&self, cx: &mut Cx<'_>, step: &Step) -> Result<bool, Error> {
        match step {
            Step::Execute(statement) => self.run_string(cx, statement, "=(command line)"),
            Step::Require(module) => self.require(cx, module),
            Step::Warnings => {
                cx.warn(b"@on", false);
                Ok(true)
            }
        }
    }

    fn run_string(&self, cx: &mut Cx<'_>, chunk: &[u8], name: &str) -> Result<bool, Error> {
        let loaded = cx.load(chunk, name.as_bytes(), ChunkMode::Both)?;
        self.run_loaded(cx, loaded)
    }

    fn run_file(&self, cx: &mut Cx<'_>, name: Option<&[u8]>) -> Result<bool, Error> {
        let loaded = lua_std::load_file(cx, name, b"bt")?;
        self.run_loaded(cx, loaded)
    }

    /// Calls the function on top, or reports the message there if none was loaded.
    fn run_loaded(&self, cx: &mut Cx<'_>, loaded: bool) -> Result<bool, Error> {
        let bottom = cx.top() - 1;
        let passed = loaded && protected::call(cx, 0, &self.guard)?;
        if !passed {
            self.report(cx)?;
        }
        cx.set_top(bottom)?;
        Ok(passed)
    }

    /// `-l g=mod`: `g = require "mod"`. Without `g` the global is called like the module,
    /// without a version after a `-`.
    fn require(&self, cx: &mut Cx<'_>, argument: &[u8]) -> Result<bool, Error> {
        let split = |mark| argument.iter().position(|byte| *byte == mark);
        let (global, module) = match split(b'=') {
            Some(at) => (&argument[..at], &argument[at + 1..]),
            None => (&argument[..split(b'-').unwrap_or(argument.len())], argument),
        };
        cx.push_globals();
        let globals = cx.top() - 1;
        cx.push_bytes(global)?;
        cx.get_field(globals, "require")?;
        cx.push_bytes(module)?;
        let passed = protected::call(cx, 1, &self.guard)?;
        if passed {
            // The first result, after the name.
            cx.set_top(globals + 3)?;
            cx.set_index(globals)?;
        } else {
            self.report(cx)?;
        }
        cx.set_top(globals)?;
        Ok(passed)
    }

    fn run_script(&self, cx: &mut Cx<'_>, script: usize) -> Result<bool, Error> {
        let name = (!self.options.script_is_input).then(|| self.words[script].as_slice());
        let bottom = cx.top();
        let loaded = lua_std::load_file(cx, name, b"bt")?;
        let passed = loaded && {
            let count = push_arguments(cx)?;
            protected::call(cx, count, &self.guard)?
        };
        if !passed {
            self.report(cx)?;
        }
        cx.set_top(bottom)?;
        Ok(passed)
    }

    /// Reports the message on top, which is popped.
    pub(crate) fn report(&self, cx: &mut Cx<'_>) -> Result<(), Error> {
        let message = protected::take_message(cx)?;
        messages::message(self.program, &message);
        Ok(())
    }
}

/// Pushes the items of the table `arg`, which scripts may have changed.
///
/// # Errors
///
/// "'arg' is not a table"; "too many arguments to script".
fn push_arguments(cx: &mut Cx<'_>) -> Result<u32, Error> {
    let table = cx.top();
    cx.push_globals();
    if cx.get_field(table, "arg")? != Type::Table {
        return Err(cx.error(format_args!("'arg' is not a table")));
    }
    cx.remove(table);
    let count = u32::try_from(cx.len(table)?.max(0)).unwrap_or(u32::MAX);
    if cx.reserve(count).is_err() {
        return Err(cx.error(format_args!("stack overflow (too many arguments to script)")));
    }
    for at in 1..=count {
        cx.raw_get_int(table, i64::from(at));
    }
    cx.remove(table);
    Ok(count)
}
