//! The shape of the interpreter's machine code.
//!
//! A threaded handler ends in a call in tail position, which stable Rust does
//! not promise to compile to a jump. If one became a call, every instruction
//! executed would use a little more native stack. So this builds lua-cli as a
//! release does, disassembles it, and looks at the last thing that every
//! handler does.
//!
//! Handlers are the functions under [`HANDLERS`] that are generic over
//! [`THREADED`]. The default names of symbols do not show type parameters, so
//! lua-cli is built into a target directory of its own with this program in
//! front of the compiler, adding the flag for names that do. Cargo does not
//! see that flag, and so neither does a build script that decides on flags.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::task::{Outcome, Result};
use crate::workspace;

const USAGE: &str = "\
usage: cargo xtask handlers [--verbose] [--binary FILE]

Checks that every threaded handler of the interpreter ends in a jump.

  --binary FILE  look at this lua-cli, built with -C symbol-mangling-version=v0
  --verbose      name every handler with what it ends in";

/// Handlers live below this module.
const HANDLERS: &str = "lua_vm::exec";
/// Handlers of the threaded back end name this type among their parameters.
const THREADED: &str = "Threaded";
/// Functions among them that are entered by a plain call and may return:
/// every other one has to dispatch to the next instruction.
const MAY_ONLY_RETURN: &[&str] = &[];
/// Fewer handlers than this means that the names above no longer fit.
const FEWEST: usize = 40;
/// Asks a copy of this program to be a compiler; names the directory.
const WRAPPED: &str = "XTASK_READABLE_NAMES";

/// Runs the task.
pub(crate) fn run(mut arguments: Arguments) -> Result<Outcome> {
    if arguments.help(USAGE) {
        return Ok(Outcome::Passed);
    }
    let verbose = arguments.flag("--verbose");
    let binary: Option<PathBuf> = arguments.value("--binary")?;
    arguments.finish_empty()?;
    check_binary(binary.as_deref(), verbose)
}

/// Builds and checks; what cannot be checked here is said.
pub(crate) fn check() -> Result<Outcome> {
    check_binary(None, false)
}

fn check_binary(binary: Option<&Path>, verbose: bool) -> Result<Outcome> {
    let Some(architecture) = Architecture::of_this_machine() else {
        println!("handlers: NOT CHECKED: no rules for {}", std::env::consts::ARCH);
        return Ok(Outcome::Unavailable);
    };
    if !Command::new("objdump").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("handlers: NOT CHECKED: objdump (binutils) is not installed");
        return Ok(Outcome::Unavailable);
    }
    let built;
    let binary = match binary {
        Some(binary) => binary,
        None => {
            built = build()?;
            &built
        }
    };
    let output = Command::new("objdump").args(["--disassemble", "--demangle", "--no-show-raw-insn", "--wide"]).arg(binary).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let listing = String::from_utf8_lossy(&output.stdout);
    let found: Vec<(&str, Shape)> = functions(&listing)
        .filter(|(name, _)| name.contains(HANDLERS) && name.contains(THREADED))
        .map(|(name, instructions)| (name, shape(&instructions, architecture)))
        .collect();
    let mut wrong = 0;
    for (name, shape) in &found {
        let may_return = MAY_ONLY_RETURN.iter().any(|allowed| name.contains(allowed));
        // One that neither returns nor dispatches ends the process.
        let leaves = shape.jumps > 0 || shape.returns == 0 || may_return;
        let right = leaves && shape.calls_then_returns == 0;
        wrong += usize::from(!right);
        if verbose || !right {
            println!(
                "  {:6} {name}: {} jumps, {} returns, {} calls before a return",
                if right { "ok" } else { "WRONG" },
                shape.jumps,
                shape.returns,
                shape.calls_then_returns
            );
        }
    }
    println!("handlers: {} threaded handlers, {wrong} do not end in a jump", found.len());
    if found.len() < FEWEST {
        println!("handlers: at least {FEWEST} were expected: do {HANDLERS} and {THREADED} still name them?");
    }
    Ok(Outcome::passed_if(wrong == 0 && found.len() >= FEWEST))
}

/// Builds lua-cli as a release does, with names that show type parameters.
fn build() -> Result<PathBuf> {
    let directory = workspace::target_directory()?.join("handlers");
    eprintln!("handlers: building lua-cli with readable names");
    let status = workspace::cargo()
        .args(["build", "--quiet", "--release", "--package", "lua-cli", "--target-dir"])
        .arg(&directory)
        .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
        .env(WRAPPED, "1")
        .status()?;
    if !status.success() {
        return Err("lua-cli does not build".into());
    }
    Ok(directory.join("release").join("lua-cli"))
}

/// Whether this process was started by cargo in front of the compiler `word`.
pub(crate) fn is_compiler(word: &str) -> bool {
    let name = Path::new(word).file_stem().unwrap_or_default();
    std::env::var_os(WRAPPED).is_some() && (name == "rustc" || name == "clippy-driver")
}

/// Calls the compiler with one more flag.
pub(crate) fn compile_with_readable_names(mut words: impl Iterator<Item = String>) -> ExitCode {
    let Some(compiler) = words.next() else {
        return ExitCode::FAILURE;
    };
    let status = Command::new(compiler).args(words).args(["-C", "symbol-mangling-version=v0", "--cap-lints", "allow"]).status();
    ExitCode::from(status.ok().and_then(|status| status.code()).map_or(1, |code| code as u8))
}

/// Which instructions are which.
#[derive(Clone, Copy)]
enum Architecture {
    X86_64,
    Aarch64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// To whatever the table holds, or to another handler: its slow path.
    Dispatch,
    Call,
    Return,
    /// Restores registers or the stack on the way to a return.
    Epilogue,
    Other,
}

impl Architecture {
    fn of_this_machine() -> Option<Architecture> {
        match std::env::consts::ARCH {
            "x86_64" => Some(Architecture::X86_64),
            "aarch64" => Some(Architecture::Aarch64),
            _ => None,
        }
    }

    fn kind(self, instruction: &str) -> Kind {
        let (operation, operands) = instruction.split_once(char::is_whitespace).unwrap_or((instruction, ""));
        let operands = operands.trim();
        match self {
            Architecture::X86_64 => match operation {
                "jmp" | "notrack" if operands.contains('*') || is_handler(operands) => Kind::Dispatch,
                "call" | "callq" => Kind::Call,
                "ret" | "retq" => Kind::Return,
                "pop" => Kind::Epilogue,
                "add" if operands.ends_with("%rsp") => Kind::Epilogue,
                _ => Kind::Other,
            },
            Architecture::Aarch64 => match operation {
                "br" => Kind::Dispatch,
                "b" if is_handler(operands) => Kind::Dispatch,
                "blr" | "bl" => Kind::Call,
                "ret" => Kind::Return,
                "ldp" | "ldr" | "add" if operands.contains("sp") => Kind::Epilogue,
                _ => Kind::Other,
            },
        }
    }
}

/// Whether the target of a jump is the start of a handler, rather than a place
/// inside one.
fn is_handler(target: &str) -> bool {
    target.contains(HANDLERS) && target.contains(THREADED) && !target.contains("+0x")
}

/// How a function leaves.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    jumps: usize,
    returns: usize,
    /// Calls with nothing but an epilogue between them and a return: these
    /// were calls in tail position.
    calls_then_returns: usize,
}

fn shape(instructions: &[&str], architecture: Architecture) -> Shape {
    let mut shape = Shape::default();
    let mut after_call = false;
    for instruction in instructions {
        match architecture.kind(instruction) {
            Kind::Dispatch => {
                shape.jumps += 1;
                after_call = false;
            }
            Kind::Call => after_call = true,
            Kind::Return => {
                shape.returns += 1;
                shape.calls_then_returns += usize::from(after_call);
                after_call = false;
            }
            Kind::Epilogue => {}
            Kind::Other => after_call = false,
        }
    }
    shape
}

/// The functions of a listing, each with its instructions.
fn functions(listing: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    listing.split("\n\n").filter_map(|block| {
        let mut lines = block.trim_start_matches('\n').lines();
        let name = lines.next()?.split_once(" <")?.1.strip_suffix(">:")?;
        let instructions = lines.filter_map(|line| Some(line.split_once(":\t")?.1.trim())).collect();
        Some((name, instructions))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "
lua-cli:     file format elf64-x86-64


Disassembly of section .text:

0000000000014000 <lua_vm::exec::arith::add::<lua_vm::exec::Threaded>>:
   14000:\tmov    (%rdi),%rax
   14003:\tjne    14010 <slow>
   14005:\tjmp    *0x10(%rdi,%rax,8)
   14010:\tcall   14100 <slow>
   14015:\tjmp    *%rax

0000000000014100 <lua_vm::exec::arith::sub::<lua_vm::exec::Threaded>>:
   14100:\tsub    $0x8,%rsp
   14104:\tcall   *0x10(%rdi)
   14107:\tadd    $0x8,%rsp
   1410b:\tpop    %rbx
   1410c:\tret
";

    #[test]
    fn jumps_and_calls_are_told_apart() {
        let found: Vec<(&str, Shape)> =
            functions(LISTING).map(|(name, instructions)| (name, shape(&instructions, Architecture::X86_64))).collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].0.contains("arith::add") && found[0].0.contains(THREADED));
        assert_eq!(found[0].1, Shape { jumps: 2, returns: 0, calls_then_returns: 0 });
        assert_eq!(found[1].1, Shape { jumps: 0, returns: 1, calls_then_returns: 1 });
    }

    #[test]
    fn a_jump_to_a_slow_path_is_one() {
        let slow = "jmp\t14100 <lua_vm::exec::moves::tbc_slow::<lua_vm::exec::Threaded>>";
        assert_eq!(shape(&[slow], Architecture::X86_64).jumps, 1);
        let inside = "jmp\t14110 <lua_vm::exec::moves::tbc::<lua_vm::exec::Threaded>+0x10>";
        assert_eq!(shape(&[inside, "ret"], Architecture::X86_64).jumps, 0);
    }

    #[test]
    fn the_other_processor() {
        let tail = ["ldr\tx8, [x0, x8, lsl #3]", "br\tx8"];
        assert_eq!(shape(&tail, Architecture::Aarch64).jumps, 1);
        let call = ["blr\tx8", "ldp\tx29, x30, [sp], #16", "ret"];
        assert_eq!(shape(&call, Architecture::Aarch64).calls_then_returns, 1);
    }
}
