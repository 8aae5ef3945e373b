//! The interactive mode with a pipe as standard input.

mod common;

use common::{command, gives, run};

/// Checks a session: lines that begin with a prompt are typed, the others are printed.
/// The version comes first.
#[track_caller]
fn check(session: &str) {
    let mut input = String::new();
    for line in session.lines() {
        let typed = line.strip_prefix("> ").or_else(|| line.strip_prefix(">> "));
        input.extend(typed.map(|typed| format!("{typed}\n")));
    }
    let ran = run(command().arg("-i"), &input);
    let (_, printed) = ran.stdout.split_once('\n').unwrap();
    assert_eq!(printed, format!("{session}> \n"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn expressions_are_printed() {
    check("> 1 + 1\n2\n");
    check("> =1, 'a'\n1\ta\n");
    check("> (6*2-6) -- ===\n6\n> a =\n>> 10\n> print(a)\n10\n> a\n10\n");
    check("> \n> \n> local x = 1\n");
}

#[test]
fn input_goes_on_while_it_is_incomplete() {
    check("> a = [[b\n>> c\n>> d\n>> e]]\n> =a\nb\nc\nd\ne\n");
    check("> for i = 1, 2 do\n>> print(i)\n>> end\n1\n2\n");
    check("> return(\n>> 1)\n1\n");
}

#[test]
fn errors_do_not_end_it() {
    let ran = run(command().args(["-e", "_PROMPT=''", "-i"]), "error('x', 0)\na b\nprint(2)\na.\n");
    assert!(ran.stdout.contains("2\n"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(0));
    // Messages without the program's name.
    assert!(ran.stderr.starts_with("x\nstack traceback:\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nstdin:1: syntax error near 'b'\n"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("near <eof>\n"), "{}", ran.stderr);
}

#[test]
fn prompts_are_globals() {
    let ran = run(command().arg("-i"), "a =\n2\n");
    assert!(ran.stdout.ends_with("\n> a =\n>> 2\n> \n"), "{}", ran.stdout);
    let statement = "local n = 0 _PROMPT = setmetatable({}, {__tostring = function() n = n + 1 return n .. '?' end})";
    let ran = run(command().args(["-e", statement, "-i"]), "a = 2\na\n");
    assert!(ran.stdout.ends_with("\n1?a = 2\n2?a\n2\n3?\n"), "{}", ran.stdout);
}

#[test]
fn a_broken_print_is_reported() {
    let ran = run(command().args(["-e", "print = nil", "-i"]), "10");
    assert!(ran.stderr.contains("error calling 'print' (attempt to call a nil value)"), "{}", ran.stderr);
}

#[test]
fn the_debugger_reads_standard_input() {
    let ran = run(command().args(["-e", "require 'debug'.debug()"]), "io.stderr:write(1000)\ncont");
    assert_eq!(ran.stderr, "lua_debug> 1000lua_debug> ");
}

#[test]
fn scripts_and_statements_run_before_it() {
    let ran = run(command().args(["-i", "-e", "x = 5", "-e", "_PROMPT=''"]), "x\n");
    assert!(ran.stdout.ends_with("\nx\n5\n\n"), "{}", ran.stdout);
    gives(&["-e", "x = 5"], "print(x)", "");
}
