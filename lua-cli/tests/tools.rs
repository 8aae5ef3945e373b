//! `--list`, `--check` and `--dump`.

mod common;

use common::{Script, command, fails, gives, prints, run};

#[test]
fn listings_show_every_function() {
    let script = Script::new("local x <const> = 'text'\nlocal function f(a) return a .. x end\nprint(f(1))");
    let ran = run(command().args(["--list", script.name()]), "");
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    assert!(ran.stdout.starts_with("main <"), "{}", ran.stdout);
    assert!(ran.stdout.contains("function #1 <"), "{}", ran.stdout);
    assert!(ran.stdout.contains("_ENV"), "{}", ran.stdout);
}

#[test]
fn checks_show_where_it_is_wrong() {
    gives(&["--check", "-"], "return 1", "");
    fails(&["--check", "-"], "local x\nx = = 2\n", "lua-cli: stdin:2: unexpected symbol near '='\n  x = = 2\n      ^\n");
    let (right, wrong) = (Script::new("print(1)"), Script::new("if"));
    let name = wrong.name();
    fails(
        &["--check", right.name(), name, "/nonexistent"],
        "",
        &format!(
            "lua-cli: {name}:1: unexpected symbol near <eof>\n  if\n    ^\n\
             lua-cli: cannot read /nonexistent: No such file or directory (os error 2)\n"
        ),
    );
}

#[test]
fn dumps_run() {
    let script = Script::new("#!lua\nlocal a = ... print(a) print(pcall(error))\nerror('x')");
    let whole = Script::new("");
    let stripped = Script::new("");
    prints(&["--dump", whole.name(), script.name()], "");
    prints(&["--dump", stripped.name(), "--strip", script.name()], "");
    let size = |script: &Script| std::fs::metadata(&script.path).unwrap().len();
    assert!(size(&stripped) < size(&whole));
    let ran = run(command().args([whole.name(), "1"]), "");
    assert_eq!(ran.stdout, "1\nfalse\tnil\n");
    assert!(ran.stderr.contains(&format!("{}:3: x", script.name())), "{}", ran.stderr);
    let ran = run(command().args([stripped.name(), "2"]), "");
    assert_eq!((ran.stdout.as_str(), ran.status), ("2\nfalse\tnil\n", Some(1)));
    prints(&["--check", whole.name()], "");
    let mut bytes = std::fs::read(&whole.path).unwrap();
    bytes.truncate(bytes.len() / 2);
    let broken = Script::new(bytes);
    let ran = run(command().args(["--check", broken.name()]), "");
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("truncated"), "{}", ran.stderr);
}
