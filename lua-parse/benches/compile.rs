//! How fast source becomes a function: all steps together and the compiler's alone, in bytes of
//! source per second.

#![allow(missing_docs)]

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lua_parse::{Compiler, compile, parse};
use lua_proto::{Chunk, ChunkMode, Loader};

/// About 600 KB: our benchmark programs, each a function, as often as it takes.
fn source() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask/bench");
    let entries = std::fs::read_dir(folder).expect("the benchmark programs");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "lua"));
    paths.sort();
    let programs = paths.iter().map(|path| std::fs::read(path).expect("a program"));
    let mut all = Vec::new();
    for program in programs {
        all.extend_from_slice(b"do local function program(...)\n");
        all.extend_from_slice(&program);
        all.extend_from_slice(b"\nend end\n");
    }
    all.repeat(600_000_usize.div_ceil(all.len()))
}

fn benches(c: &mut Criterion) {
    let source = source();
    let mut group = c.benchmark_group("compile");
    group.throughput(Throughput::Bytes(source.len() as u64));
    group.bench_function("source_to_proto", |b| {
        let chunk = Chunk { bytes: &source, name: b"=bench", mode: ChunkMode::Text };
        b.iter(|| Compiler.load(chunk).expect("it is Lua"));
    });
    let ast = parse(&source, b"=bench").expect("it is Lua");
    group.bench_function("source_to_tree", |b| {
        b.iter(|| parse(&source, b"=bench").expect("it is Lua"));
    });
    group.bench_function("tree_to_proto", |b| {
        b.iter(|| compile(&ast, b"=bench").expect("within the limits"));
    });
    group.bench_function("small_chunk", |b| {
        let chunk = Chunk { bytes: b"return a + 1", name: b"=bench", mode: ChunkMode::Text };
        b.iter(|| Compiler.load(chunk).expect("it is Lua"));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
