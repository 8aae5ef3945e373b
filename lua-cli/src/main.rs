//! `lua` on the command line.
//!
//! Options, environment variables, messages and exit status are those of the reference's
//! `lua`, as its test `main.lua` has them. Besides there are tools that look at code
//! without running it: `--list`, `--check` and `--dump`.
//!
//! Everything here is written on the public embedding API of lua-vm.
//!
//! Start at [`main`]; then `session.rs`, what happens in which order.

#![forbid(unsafe_code)]

mod arguments;
mod environment;
mod interrupt;
mod messages;
mod protected;
mod repl;
mod session;
mod tools;

use std::process::ExitCode;

use arguments::Request;

fn main() -> ExitCode {
    interrupt::die_of_closed_pipes();
    let words = arguments::words();
    let program = arguments::program(&words);
    let passed = match arguments::parse(&words) {
        Request::Run(options) => session::run(&words, &options),
        Request::Tool(tool) => tools::run(program, &tool),
        Request::Help => messages::help(program),
        Request::Bad(option) => messages::usage(program, &option),
    };
    // What scripts wrote stands in a buffer of lua-std.
    let flushed = lua_std::stream::flush_standard();
    if passed && flushed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
