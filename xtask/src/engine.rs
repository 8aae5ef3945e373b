//! The Lua implementations that tasks run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process;
use crate::task::Result;
use crate::workspace;

/// One way to run a Lua script: a program, its arguments before the script's
/// name, and its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Engine {
    pub(crate) name: String,
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Engine {
    /// The release lua-cli, built first.
    pub(crate) fn lua_cli() -> Result<Engine> {
        let path = workspace::build_lua_cli()?;
        Ok(Engine { name: "lua-cli".into(), program: path, arguments: Vec::new(), environment: Vec::new() })
    }

    /// From `CMD`, words with spaces between: `[VAR=value...] program [arguments...]`.
    ///
    /// # Errors
    ///
    /// If no program is named.
    pub(crate) fn from_command(name: &str, command: &str) -> Result<Engine> {
        let mut words = command.split_whitespace().peekable();
        let mut environment = Vec::new();
        while let Some((variable, value)) = words.peek().and_then(|word| word.split_once('=')) {
            environment.push((variable.to_owned(), value.to_owned()));
            words.next();
        }
        let program = words.next().ok_or_else(|| format!("engine '{name}' names no program"))?;
        let program = full_path(program);
        let arguments = words.map(str::to_owned).collect();
        Ok(Engine { name: name.to_owned(), program, arguments, environment })
    }

    /// From `NAME=CMD`.
    ///
    /// # Errors
    ///
    /// If there is no `=`, or no program after it.
    pub(crate) fn from_named_command(text: &str) -> Result<Engine> {
        let (name, command) = text.split_once('=').ok_or_else(|| format!("'{text}' is not NAME=CMD"))?;
        Engine::from_command(name, command)
    }

    /// The engine that `command` runs, if it is installed.
    pub(crate) fn if_installed(name: &str, command: &str) -> Option<Engine> {
        let engine = Engine::from_command(name, command).ok()?;
        engine.accepts("return 1").then_some(engine)
    }

    /// The same engine under another name, with one more environment variable.
    pub(crate) fn with_environment(&self, name: &str, variables: &[(&str, &str)]) -> Engine {
        let mut engine = self.clone();
        engine.name = name.to_owned();
        engine.environment.extend(variables.iter().map(|(variable, value)| ((*variable).to_owned(), (*value).to_owned())));
        engine
    }

    /// A command that runs the engine; the caller adds the script.
    ///
    /// Variables that change what `lua` does at its start are removed.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        for variable in ["LUA_INIT", "LUA_PATH", "LUA_CPATH", "LUA_INIT_5_4", "LUA_PATH_5_4", "LUA_CPATH_5_4"] {
            command.env_remove(variable);
        }
        command.envs(self.environment.iter().map(|(variable, value)| (variable, value)));
        command
    }

    /// Whether the engine runs `chunk` to its end.
    pub(crate) fn accepts(&self, chunk: &str) -> bool {
        let mut command = self.command();
        command.args(["-e", chunk]);
        process::run(command, Duration::from_secs(10)).is_ok_and(|finished| finished.succeeded())
    }

    /// Whether the engine has 64-bit integers and their operators.
    pub(crate) fn is_lua54(&self) -> bool {
        self.accepts("assert(load('return 1 << 62 == 4611686018427387904 and 7 // 2 == 3'))")
    }

    /// What the engine says about its version, in one line.
    pub(crate) fn version(&self) -> String {
        let mut command = self.command();
        command.arg("-v");
        let Ok(finished) = process::run(command, Duration::from_secs(10)) else {
            return "unknown".into();
        };
        let text = [finished.stdout, finished.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        text.lines().next().unwrap_or("unknown").split("  ").next().unwrap_or("unknown").to_owned()
    }

    /// How the engine is called, for a report.
    pub(crate) fn describe(&self) -> String {
        let program = self.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let variables = self.environment.iter().map(|(variable, value)| format!("{variable}={value}"));
        let words: Vec<String> = variables.chain([program]).chain(self.arguments.iter().cloned()).collect();
        words.join(" ")
    }
}

/// The full path of a program, which stays valid in another directory and
/// without `PATH`; the name itself if there is no such file.
fn full_path(program: &str) -> PathBuf {
    let found = if program.contains('/') { Path::new(program).canonicalize().ok() } else { workspace::find_program(program) };
    found.unwrap_or_else(|| PathBuf::from(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_environment_program_and_arguments() {
        let engine = Engine::from_named_command("slow=MODE=looped X=1 luajit -joff").unwrap();
        assert_eq!(engine.name, "slow");
        assert_eq!(engine.describe(), "MODE=looped X=1 luajit -joff");
        assert!(Engine::from_named_command("luajit").is_err());
        assert!(Engine::from_named_command("name=A=b").is_err());
    }
}
