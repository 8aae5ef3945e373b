//! Environment variables.

mod common;

use common::{Script, command, run};

#[track_caller]
fn check(variables: &[(&str, &str)], arguments: &[&str], stdout: &str) {
    let ran = run(command().envs(variables.iter().copied()).args(arguments), "");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.status), (stdout, "", Some(0)), "{variables:?} {arguments:?}");
}

#[test]
fn init_runs_first() {
    let script = Script::new("print(X)");
    let name = script.name();
    check(&[("LUA_INIT", "X = tonumber(arg[1])")], &[name, "3.2"], "3.2\n");
    check(&[("LUA_INIT", "X = 3"), ("LUA_INIT_5_4", "X = 10")], &[name], "10\n");
    let counting = Script::new("x = x or 10; print(x); x = x + 1");
    let name = counting.name();
    check(&[("LUA_INIT", &format!("@{name}"))], &[name], "10\n11\n");
}

#[test]
fn errors_in_init_end_the_run() {
    let ran = run(command().env("LUA_INIT", "error('msg')").args(["-e", "print(1)"]), "");
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    assert!(ran.stderr.starts_with("lua-cli: LUA_INIT:1: msg\n"), "{}", ran.stderr);
    let ran = run(command().env("LUA_INIT_5_4", "error('msg')"), "");
    assert!(ran.stderr.starts_with("lua-cli: LUA_INIT_5_4:1: msg\n"), "{}", ran.stderr);
}

#[test]
fn paths_come_from_the_environment() {
    let path = &["-e", "print(package.path)"][..];
    check(&[("LUA_PATH", "x")], path, "x\n");
    check(&[("LUA_PATH", "x"), ("LUA_PATH_5_4", "y")], path, "y\n");
    let native = &["-e", "print(package.cpath)"][..];
    check(&[("LUA_CPATH", "x")], native, "x\n");
    check(&[("LUA_CPATH", "x"), ("LUA_CPATH_5_4", "y")], native, "y\n");
    let ran = run(command().env("LUA_PATH", "a;;b").args(path), "");
    assert!(ran.stdout.starts_with("a;/") && ran.stdout.ends_with(";b\n"), "{}", ran.stdout);
}

#[test]
fn the_environment_can_be_ignored() {
    let ran = run(
        command().env("LUA_INIT", "error(10)").env("LUA_PATH", "xxx").args([
            "-E",
            "-e",
            "print(package.path:find('xxx', 1, true), package.path:find '%?.lua' ~= nil)",
        ]),
        "",
    );
    assert_eq!((ran.stdout.as_str(), ran.status), ("nil\ttrue\n", Some(0)), "{}", ran.stderr);
}

#[test]
fn every_engine_gives_the_same() {
    let statement = "local t = {} for i = 1, 2000 do t[i % 7] = {tostring(i), t[i % 5]} if i % 50 == 0 then t = {} end end \
                     print(#table.concat(setmetatable({}, {__index = t}) and {'a', 'b'}))";
    for (name, value) in [
        ("LUA_VM_DISPATCH", "looped"),
        ("LUA_VM_DISPATCH", "threaded"),
        ("LUA_VM_GC", "incremental"),
        ("LUA_VM_GC", "generational"),
        ("LUA_VM_GC", "mark-sweep"),
        ("LUA_VM_GC", "stress"),
        ("LUA_VM_GC", "none"),
        ("LUA_VM_STRESS_STACK", "1"),
    ] {
        check(&[(name, value)], &["-e", statement], "2\n");
    }
    let ran = run(command().env("LUA_VM_GC", "best").args(["-e", ""]), "");
    assert_eq!((ran.stderr.as_str(), ran.status), ("lua-cli: unknown value 'best' of LUA_VM_GC\n", Some(1)));
}
