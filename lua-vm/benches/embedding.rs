//! What the parts of the embedding API cost: calls into and out of Lua, tables, strings.

#![allow(missing_docs)] // criterion_group! makes a function without

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use lua_parse::Compiler;
use lua_vm::{Function, Lua, Table};

/// So many operations in one measured run of a loop in Lua.
const LOOPS: i64 = 1_000;

fn lua() -> Lua {
    let mut lua = Lua::new(Arc::new(Compiler)).expect("a VM opens");
    lua_std::open_all(&mut lua).expect("libraries open");
    lua
}

fn function(lua: &mut Lua, chunk: &str) -> Function {
    lua.load(chunk.as_bytes(), "=bench").expect("the chunk is valid")
}

fn calls(c: &mut Criterion) {
    let mut group = c.benchmark_group("call");
    let lua = &mut lua();

    let empty = function(lua, "");
    group.bench_function("into Lua, nothing", |b| b.iter(|| empty.call::<()>(lua, ())));
    let add = function(lua, "local a, b = ...; return a + b");
    group.bench_function("into Lua, two integers and one back", |b| b.iter(|| add.call::<i64>(lua, (black_box(1), black_box(2)))));
    let first = function(lua, "return (...)");
    group.bench_function("into Lua, a string and back", |b| b.iter(|| first.call::<String>(lua, black_box("a short string"))));

    let add = lua.create_function(|_, (a, b): (i64, i64)| Ok(a + b)).expect("memory");
    lua.globals().set(lua, "add", &add).expect("memory");
    let run = function(lua, &format!("local add, n = add, 0; for i = 1, {LOOPS} do n = add(n, i) end; return n"));
    group.throughput(criterion::Throughput::Elements(LOOPS as u64));
    group.bench_function("out to Rust, two integers and one back", |b| b.iter(|| run.call::<i64>(lua, ())));
    group.finish();
}

fn tables(c: &mut Criterion) {
    let mut group = c.benchmark_group("table");
    let lua = &mut lua();
    let table: Table = lua.create_table().expect("memory");
    table.set(lua, "field", 1).expect("memory");
    group.bench_function("get a field", |b| b.iter(|| table.get::<i64>(lua, black_box("field"))));
    group.bench_function("set a field", |b| b.iter(|| table.set(lua, black_box("field"), 2)));
    for i in 1..=LOOPS {
        table.append(lua, i).expect("memory");
    }
    group.throughput(criterion::Throughput::Elements(LOOPS as u64));
    group.bench_function("read a list of integers", |b| {
        b.iter(|| {
            lua.with(|cx| {
                cx.push_value(&table)?;
                cx.read::<Vec<i64>>(0)
            })
        })
    });
    group.bench_function("traverse pairs", |b| {
        b.iter(|| {
            let mut sum = 0;
            table.for_each(lua, |_, _: lua_vm::HeldStr, v: i64| {
                sum += v;
                Ok(())
            })?;
            Ok::<i64, lua_vm::Error>(sum)
        })
    });
    for (name, chunk) in [
        ("fill an array", "local t = {}; for i = 1, 1000 do t[i] = i end"),
        ("fill a map of strings", "local t, keys = {}, keys; for i = 1, 1000 do t[keys[i]] = i end"),
        ("read a map of strings", "local t, keys, n = map, keys, 0; for i = 1, 1000 do n = n + t[keys[i]] end"),
    ] {
        lua.run(b"keys, map = {}, {}; for i = 1, 1000 do keys[i] = 'key' .. i; map[keys[i]] = i end", "=setup").expect("valid");
        let run = function(lua, chunk);
        group.bench_function(name, |b| b.iter(|| run.call::<()>(lua, ())));
    }
    group.finish();
}

fn strings(c: &mut Criterion) {
    let mut group = c.benchmark_group("string");
    let lua = &mut lua();
    group.throughput(criterion::Throughput::Elements(LOOPS as u64));
    for (name, chunk) in [
        ("make short strings", "local s; for i = 1, 1000 do s = 'k' .. i end"),
        ("make long strings", "local s; local p = ('x'):rep(60); for i = 1, 1000 do s = p .. i end"),
        ("find equal short strings", "local s; for i = 1, 1000 do s = 'k' .. i % 8 end"),
        ("compare", "local n, a, b = 0, 'abcdefgh', 'abcdefgi'; for i = 1, 1000 do if a < b then n = n + 1 end end"),
        ("sub and byte", "local s, n = ('x'):rep(50), 0; for i = 1, 1000 do n = n + s:sub(3, 9):byte(1) end"),
    ] {
        let run = function(lua, chunk);
        group.bench_function(name, |b| b.iter(|| run.call::<()>(lua, ())));
    }
    group.finish();
}

criterion_group!(benches, calls, tables, strings);
criterion_main!(benches);
