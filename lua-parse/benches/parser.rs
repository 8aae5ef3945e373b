//! Throughput of the lexer and the parser on a generated source of 600 KB.

#![allow(missing_docs)]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lua_lex::{Kind, Lexer};

/// Code as people write it: functions over tables, strings, loops, some comments.
fn source(bytes: usize) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        write!(
            text,
            r#"
-- Sums up what the list number {number} holds, unless it is empty.
function sum_{number}(list, first, last)
    local total, count = 0, #list
    if count == 0 or first > last then
        return nil, "the list is empty"
    end
    for index = first or 1, last or count do
        local item = list[index]
        if type(item) == "number" and item >= 0 then
            total = total + item * 2 // 3 - {number}
        elseif item ~= nil then
            table.insert(list.rejected, {{ index = index, value = tostring(item) .. "\n", 1.5e3 }})
        end
    end
    return total, function(key, ...)
        self.cache[key] = total & 0xFF << 2
        return string.format("%s: %d", list.name, total), ...
    end
end
module.sum_{number} = sum_{number}
do local value = module:get('sum', {number}).x.y["z"] end
"#
        )
        .expect("writing to a string cannot fail");
    }
    text
}

fn throughput(criterion: &mut Criterion) {
    let source = source(600 * 1024);
    let mut group = criterion.benchmark_group("600 KB");
    group.throughput(Throughput::Bytes(source.len() as u64));
    group.bench_function("lexer", |bencher| {
        bencher.iter(|| {
            let mut lexer = Lexer::new(source.as_bytes());
            let mut token = lexer.next_token().expect("the source is right");
            let mut count = 0_u32;
            while token.kind != Kind::Eof {
                lexer.read_token(&mut token).expect("the source is right");
                count += 1;
            }
            black_box(count)
        });
    });
    group.bench_function("parser", |bencher| {
        bencher.iter(|| lua_parse::parse(black_box(source.as_bytes()), b"=bench").expect("the source is right"));
    });
    group.finish();
}

criterion_group!(benches, throughput);
criterion_main!(benches);
