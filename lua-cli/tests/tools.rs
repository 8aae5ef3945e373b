//! `--list`, `--check` and `--dump`.

mod common;

use common::{Script, command, fails, gives, prints, run};

#[test]
fn listings_show_every_function() {
    let script = Script::new(
        "local x <const> = 'text'\nlocal y = 1.5\nlocal function f(a, ...)\n  local b <close> = nil\n  return function() return a .. x, y, b end\nend\nprint(f(1))",
    );
    let list = |name: &str| {
        let ran = run(command().args(["--list", name]), "");
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
        ran.stdout
    };
    let text = list(script.name());
    let name = script.name();
    for part in [
        // Functions with their place.
        format!("main <{name}> "),
        format!("function #1 <{name}:3,6> "),
        format!("function #2 <{name}:5,5> "),
        "1+ params".to_owned(),
        // Instructions with lines and what operands mean.
        " [7] gettabup ".to_owned(),
        "; _ENV \"print\"".to_owned(),
        "; function #2".to_owned(),
        // Constants, upvalues, local variables.
        "constant k0 = 1.5".to_owned(),
        " = _ENV, enclosing r0, regular".to_owned(),
        " = a, enclosing r0, regular".to_owned(),
        " = y, enclosing u0, regular".to_owned(),
        " = b, enclosing r1, close".to_owned(),
        "local r0 = a, 0..".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    // The same in another process, also from a binary chunk.
    assert_eq!(list(script.name()), text);
    let binary = Script::new("");
    prints(&["--dump", binary.name(), script.name()], "");
    assert_eq!(without_sizes(&list(binary.name())), without_sizes(&text));
    let stripped = Script::new("");
    prints(&["--dump", stripped.name(), "--strip", script.name()], "");
    let stripped = list(stripped.name());
    assert!(stripped.starts_with("main <?> ") && !stripped.contains("local r0"), "{stripped}");
}

/// A listing without the sizes of functions, in which the compiler may be wiser than a binary chunk.
fn without_sizes(listing: &str) -> String {
    let line = |line: &str| match line.split_once(" bytes: ") {
        Some((head, rest)) => format!("{}: {rest}\n", head.rsplit_once(", ").expect("a size").0),
        None => format!("{line}\n"),
    };
    listing.lines().map(line).collect()
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
