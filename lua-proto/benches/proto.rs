//! The few routines of this crate that programs feel.

use std::hint::black_box;

use criterion::{Criterion, criterion_main};
use lua_proto::number::{parse_number, write_float, write_int};
use lua_proto::pool::intern;
use lua_proto::{Draft, DraftConstant, Instr, Op, hash_bytes};

fn strings(c: &mut Criterion) {
    for len in [1usize, 4, 8, 16, 40, 1000] {
        let text = vec![b'x'; len];
        c.bench_function(&format!("hash/{len}"), |b| b.iter(|| hash_bytes(black_box(&text))));
    }
    let held = intern(b"benchmark");
    c.bench_function("intern/held", |b| b.iter(|| intern(black_box(b"benchmark"))));
    drop(held);
    c.bench_function("intern/new", |b| b.iter(|| intern(black_box(b"benchmark"))));
}

fn numbers(c: &mut Criterion) {
    let mut out = Vec::new();
    for value in [7.0, 0.1, std::f64::consts::PI, 1.5e300] {
        c.bench_function(&format!("tostring/{value:e}"), |b| {
            b.iter(|| {
                out.clear();
                write_float(&mut out, black_box(value));
            });
        });
    }
    c.bench_function("tostring/integer", |b| {
        b.iter(|| {
            out.clear();
            write_int(&mut out, black_box(-123_456_789));
        });
    });
    for text in ["42", "0xff", "3.25", "1e-7"] {
        c.bench_function(&format!("tonumber/{text}"), |b| {
            b.iter(|| parse_number(black_box(text.as_bytes())));
        });
    }
}

fn freezing(c: &mut Criterion) {
    let mut code = vec![Instr::new(Op::Move, 0, 0, 16, 0); 1000];
    code.push(Instr::new(Op::Return0, 0, 0, 0, 0));
    let draft = Draft {
        lines: (0..code.len() as u32).map(|pc| pc / 5).collect(),
        code,
        constants: (0..50).map(|n| DraftConstant::Str(format!("name{n}").into_bytes())).collect(),
        ..Draft::default()
    };
    c.bench_function("freeze/1000", |b| {
        b.iter_batched(|| draft.clone(), |draft| draft.freeze().expect("well-formed"), criterion::BatchSize::SmallInput);
    });
}

#[allow(missing_docs)]
mod group {
    use super::{freezing, numbers, strings};
    criterion::criterion_group!(benches, strings, numbers, freezing);
}
criterion_main!(group::benches);
