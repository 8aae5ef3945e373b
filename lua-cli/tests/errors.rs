//! Messages, tracebacks, exit status, what happens at the end.

mod common;

use common::{Script, command, fails, gives, prints, run};

#[test]
fn errors_have_a_traceback() {
    let script = Script::new("local function f() error('boom') end\nlocal ok = f()\nreturn ok");
    let name = script.name();
    fails(
        &[name],
        "",
        &format!(
            "lua-cli: {name}:1: boom\nstack traceback:\n\t[C]: in function 'error'\n\t\
             {name}:1: in local 'f'\n\t{name}:2: in main chunk\n\t[C]: in ?\n"
        ),
    );
}

#[test]
fn syntax_errors_have_none() {
    fails(&["-e", "x ="], "", "lua-cli: (command line):1: unexpected symbol near <eof>\n");
    let script = Script::new("\n\nlocal x <oops> = 1");
    let name = script.name();
    fails(&[name], "", &format!("lua-cli: {name}:3: unknown attribute 'oops'\n"));
}

#[test]
fn a_missing_script_is_reported() {
    fails(&["/nonexistent.lua"], "", "lua-cli: cannot open /nonexistent.lua: No such file or directory\n");
}

#[test]
fn error_values_of_any_type() {
    let first_line = |statement: &str| {
        let ran = run(command().args(["-e", statement]), "");
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)), "{statement}");
        ran.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(first_line("error{}"), "lua-cli: (error object is a table value)");
    assert_eq!(first_line("error()"), "lua-cli: (error object is a nil value)");
    assert_eq!(first_line("error(12)"), "lua-cli: 12");
    fails(&["-e", "error(setmetatable({}, {__tostring = function() return 'own text' end}))"], "", "lua-cli: own text\n");
}

#[test]
fn output_before_an_error_is_written() {
    let ran = run(command().args(["-e", "io.write('a') print('b') error('c')"]), "");
    assert_eq!((ran.stdout.as_str(), ran.status), ("ab\n", Some(1)));
}

#[test]
fn scripts_choose_the_exit_status() {
    for (statement, status) in [
        ("os.exit()", 0),
        ("os.exit(true)", 0),
        ("os.exit(false)", 1),
        ("os.exit(7)", 7),
        ("os.exit(7, true)", 7),
        ("os.exit(nil, true)", 0),
        ("coroutine.wrap(function() os.exit(3, true) end)()", 3),
        ("pcall(function() os.exit(4, true) end)", 4),
    ] {
        let statement = format!("io.write('x') {statement} io.write('y')");
        let ran = run(command().args(["-e", &statement]), "");
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.status), ("x", "", Some(status)), "{statement}");
    }
}

#[test]
fn exit_with_close_closes_variables_of_the_main_thread() {
    let script = Script::new(
        "local function closing(name)\n\
           return setmetatable({}, {__close = function(_, e) print(name, e) end})\n\
         end\n\
         setmetatable({}, {__gc = function() print 'finalized' end})\n\
         local a <close> = closing 'a'\n\
         local b <close> = closing 'b'\n\
         local function exit() local c <close> = closing 'c' os.exit(true, true) end\n\
         pcall(exit)",
    );
    prints(&[script.name()], "c\tnil\nb\tnil\na\tnil\nfinalized\n");
}

#[test]
fn exit_without_close_runs_no_finalizer() {
    let statement = "setmetatable({}, {__gc = function() print 'finalized' end}) os.exit(0)";
    prints(&["-e", statement], "");
}

#[test]
fn finalizers_run_at_the_end_in_reverse_order() {
    let script = Script::new(
        "setmetatable({}, {__gc = function() print(1) end})\n\
         setmetatable({}, {__gc = function()\n\
           print(2)\n\
           setmetatable({}, {__gc = function() print(3) end})\n\
           print(collectgarbage())\n\
           os.exit(0, true)\n\
         end})",
    );
    prints(&[script.name()], "2\nnil\n1\n");
}

#[test]
fn finalizers_that_fail_warn() {
    let statement = "warn('@on') for _, n in ipairs{'a', 'b'} do \
                     setmetatable({}, {__gc = function() error(n, 0) end}) end";
    let ran = run(command().args(["-e", statement]), "");
    assert_eq!(ran.stderr, "Lua warning: error in __gc (b)\nLua warning: error in __gc (a)\n");
    assert_eq!(ran.status, Some(0));
}

#[test]
fn open_files_are_written_at_the_end() {
    let file = Script::new("");
    let statement = format!("io.output({:?}) io.write('kept')", file.name());
    prints(&["-e", &statement], "");
    assert_eq!(std::fs::read_to_string(&file.path).unwrap(), "kept");
}

#[test]
fn runaway_recursion_is_an_error() {
    let ran = run(command().args(["-e", "local function f() return 1 + f() end f()"]), "");
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("stack overflow"), "{}", ran.stderr);
    // The middle of a long traceback is left out.
    assert!(ran.stderr.lines().count() < 30);
    gives(&["-e", "print(select(2, pcall(string.rep, 'x', -1)) == '')"], "", "true\n");
}

#[test]
fn overflows_can_be_handled_again_and_again() {
    let script = Script::new(
        "local function loop() return 1 + loop() end\n\
         local function handler(m) return (m:gsub('^.-:%d+: ', '')) end\n\
         for _ = 1, 3 do\n\
           print(xpcall(loop, handler))\n\
           print(xpcall(loop, loop))\n\
           print(select(2, coroutine.wrap(pcall)(loop)):sub(-14))\n\
         end",
    );
    let once = "false\tstack overflow\nfalse\terror in error handling\nstack overflow\n";
    prints(&[script.name()], &once.repeat(3));
}
