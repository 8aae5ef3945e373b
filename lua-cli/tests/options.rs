//! Options, scripts, standard input, the table `arg`.

mod common;

use common::{Script, command, fails, gives, prints, run};

#[test]
fn statements_run_in_their_order() {
    prints(&["-e", "print(1)"], "1\n");
    prints(&["-eprint(1)", "-ea=3", "-e", "print(a)"], "1\n3\n");
    prints(&["-e", ""], "");
    fails(
        &["-e", "error('x', 0)", "-e", "print(2)"],
        "",
        "lua-cli: x\nstack traceback:\n\t[C]: in function 'error'\n\t(command line):1: in main chunk\n\t[C]: in ?\n",
    );
}

#[test]
fn modules_become_globals() {
    prints(&["-l", "str=string", "-lm=math", "-e", "print(str.upper 'a', m.max(1, 2))"], "A\t2\n");
    let module = Script::new("return {name = ...}");
    let directory = module.path.parent().unwrap().to_str().unwrap();
    let name = module.path.file_stem().unwrap().to_str().unwrap();
    let short = name.split('-').next().unwrap();
    let ran = run(command().env("LUA_PATH", format!("{directory}/?.lua")).args(["-l", name, "-e"]).arg(format!("print({short}.name)")), "");
    assert_eq!((ran.stdout, ran.status), (format!("{name}\n"), Some(0)), "{}", ran.stderr);
}

#[test]
fn a_missing_module_is_reported() {
    let ran = run(command().args(["-l", "absent", "-e", "print(1)"]), "");
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    assert!(ran.stderr.starts_with("lua-cli: module 'absent' not found:\n\tno field package.preload['absent']\n"), "{}", ran.stderr);
}

#[test]
fn scripts_get_their_arguments() {
    let script = Script::new(
        "assert(arg[0] == ... == false)\n\
         print(#arg, arg[1], arg[2], arg[3], arg[-1], arg[-2], arg[-4] == nil)\n\
         print(select('#', ...), ...)",
    );
    prints(&["-e ", "--", script.name(), "a", "-v"], "2\ta\t-v\tnil\t--\t-e \ttrue\n2\ta\t-v\n");
    let script = Script::new("print(({...})[30])");
    let mut arguments = vec![script.name()];
    arguments.extend(["a"; 29]);
    arguments.push("b");
    prints(&arguments, "b\n");
}

#[test]
fn the_table_arg_may_change() {
    gives(&["-e", "arg[1] = 100", "-"], "print(...)", "100\n");
    fails(&["-e", "arg = 1", "-"], "", "lua-cli: 'arg' is not a table\n");
}

#[test]
fn standard_input_is_a_script() {
    gives(&[], "print(10)\nprint(2)\n", "10\n2\n");
    gives(&["-", "-h"], "print(arg[0], arg[1])", "-\t-h\n");
    gives(&["-"], "", "");
    gives(&["-"], "print(io.read('l'))", "nil\n");
    gives(&["-e", "print(io.read('n', 'l', 'a'))"], "12 x\nrest", "12\t x\trest\n");
}

#[test]
fn first_lines_of_the_shell_are_skipped() {
    for text in ["#!/usr/bin/lua-cli\nprint(debug.getinfo(1, 'l').currentline)", "\u{feff}# comment\nprint(2)"] {
        let script = Script::new(text);
        prints(&[script.name()], "2\n");
    }
    prints(&[Script::new("#only a comment").name()], "");
    let broken = Script::new(b"\xEF\xBBprint(3)");
    let ran = run(command().arg(broken.name()), "");
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("unexpected symbol near"), "{}", ran.stderr);
}

#[test]
fn bad_options_are_refused() {
    for (arguments, message) in [
        (&["-h"][..], "unrecognized option '-h'"),
        (&["---"], "unrecognized option '---'"),
        (&["-Ex"], "unrecognized option '-Ex'"),
        (&["-vv"], "unrecognized option '-vv'"),
        (&["-e"], "'-e' needs argument"),
        (&["-l", "-v"], "'-l' needs argument"),
        (&["--list"], "'--list' needs argument"),
    ] {
        let ran = run(command().args(arguments), "");
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)), "{arguments:?}");
        let expected = format!("lua-cli: {message}\nusage: lua-cli [options] [script [args]]\n");
        assert!(ran.stderr.starts_with(&expected), "{}", ran.stderr);
    }
}

#[test]
fn version_and_help_are_told() {
    let ran = run(command().args(["-v", "-e", "print(1)"]), "");
    let (version, rest) = ran.stdout.split_once('\n').unwrap();
    assert!(version.starts_with("Lua 5.4"), "{version}");
    assert_eq!((rest, ran.status), ("1\n", Some(0)));
    // With -v alone, standard input is not a script.
    let ran = run(command().arg("-v"), "print(1)");
    assert_eq!(ran.stdout.lines().count(), 1);
    let ran = run(command().arg("--help"), "");
    for option in ["-e stat", "-l g=mod", "-W", "--list", "--check", "--dump", "LUA_INIT"] {
        assert!(ran.stdout.contains(option), "{option}");
    }
}

#[test]
fn warnings_are_off_unless_asked_for() {
    let warn = "warn('a', 'b') warn('@off') warn('lost') warn('@on') warn('c')";
    let ran = run(command().args(["-e", warn]), "");
    assert_eq!(ran.stderr, "Lua warning: c\n");
    let ran = run(command().args(["-W", "-e", warn]), "");
    assert_eq!(ran.stderr, "Lua warning: ab\nLua warning: c\n");
}

/// What comes out of a pipe is read once, and no cache gives it again.
#[cfg(target_os = "linux")]
#[test]
fn scripts_from_pipes() {
    gives(&["/dev/stdin"], "print(6 * 7)", "42\n");
    gives(&["-e", "print(dofile '/dev/stdin', dofile '/dev/stdin')"], "return 'read'", "read\n");
}
