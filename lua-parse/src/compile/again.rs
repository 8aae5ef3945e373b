//! Small chunks: a thread keeps the buffers of parser and generator from one to the next.
//!
//! A text of one line takes less time to compile than the buffers to allocate. What is kept depends on nothing but
//! sizes: each chunk begins with empty buffers.

use std::cell::Cell;
use std::sync::Arc;

use lua_proto::Proto;

use super::Generator;
use crate::SyntaxError;
use crate::ast::{Ast, FunctionId, NOTHING, Span};
use crate::parser::Parser;

/// Bytes of the largest source for which buffers are kept: they have some dozens of bytes for each.
pub(super) const SMALL: usize = 1024;

/// What compiled a chunk and can compile another.
#[derive(Default)]
struct Bench {
    parser: Option<Parser<'static>>,
    generator: Option<Generator<'static>>,
}

thread_local! {
    static BENCH: Cell<Option<Box<Bench>>> = const { Cell::new(None) };
}

/// As [`compile_source`](super::compile_source), for a source of at most [`SMALL`] bytes.
pub(super) fn compile_small(source: &[u8], chunk_name: &[u8]) -> Result<Arc<Proto>, SyntaxError> {
    // A thread that is about to end has none.
    let mut bench = BENCH.try_with(Cell::take).ok().flatten().unwrap_or_default();
    let result = bench.compile(source, chunk_name);
    let _ = BENCH.try_with(|kept| kept.set(Some(bench)));
    result
}

impl Bench {
    /// Compiles a chunk; after an error nothing is kept.
    fn compile(&mut self, source: &[u8], chunk_name: &[u8]) -> Result<Arc<Proto>, SyntaxError> {
        let mut parser = match self.parser.take() {
            Some(kept) => kept.again(source, chunk_name),
            None => Parser::new(source, chunk_name)?,
        };
        let generator = self.generator.take().unwrap_or_else(|| Generator::new(&NOTHING));
        let mut generator = generator.again(parser.parse_all()?);
        let main = generator.function(FunctionId(0), Vec::new()).map_err(|limit| generator.error(limit, chunk_name))?;
        let proto = generator.builder.finish(main, chunk_name);
        self.generator = Some(generator.with_tree(&NOTHING));
        self.parser = Some(parser.again(b"", b""));
        Ok(proto)
    }
}

impl Generator<'_> {
    /// The generator at the beginning of another chunk; the last one was finished.
    fn again(self, ast: &Ast) -> Generator<'_> {
        let mut generator = self.with_tree(ast);
        generator.strings.clear();
        generator.slots.clear();
        generator.labels.clear();
        generator.outline.clear();
        generator.line = 1;
        generator.stat = Span { start: 0, end: 0 };
        generator.make_room();
        generator
    }
}

#[cfg(test)]
mod tests {
    use super::compile_small;
    use crate::compile::compile;
    use crate::parser::{Stopped, tree};

    /// What two ways of compiling a chunk give, as text.
    fn check(source: &str) {
        let source = source.as_bytes();
        let whole = tree(source, b"=x", usize::MAX).and_then(|tree| compile(&tree, b"=x").map_err(Stopped::Syntax));
        match (compile_small(source, b"=x"), whole) {
            (Ok(again), Ok(whole)) => {
                assert_eq!(lua_proto::listing(&again), lua_proto::listing(&whole));
                assert_eq!(format!("{:?}", again.image().strings()), format!("{:?}", whole.image().strings()));
                assert_eq!(again.image().bytes(), whole.image().bytes());
                let named = |proto: &lua_proto::Proto| format!("{:?} {:?}", proto.image().name(1), proto.variables());
                assert_eq!(named(&again), named(&whole));
            }
            (Err(again), Err(Stopped::Syntax(whole))) => assert_eq!(again.message, whole.message),
            _ => panic!("one of them fails: {}", source.escape_ascii()),
        }
    }

    #[test]
    fn no_chunk_leaves_a_trace() {
        let many: String = (0..150).map(|i| format!("n{i}=")).collect();
        let registers = format!("f({})", "1,".repeat(260) + "1");
        let chunks = [
            "",
            "return 1",
            "local a <const>, b = 'x'; function c.d(e, ...) local self <close> = a; return b, e, ... end",
            "local a, b, c; goto out; do local _ENV = {}; x = function() return y end end ::out:: return function() return a, c end",
            "goto nowhere",
            "local x <const> = 1; x = 2",
            "f(function() g(function() h(",
            "for i = 1, 2 do while true do local t = { 'long string', (function() break end) } end end",
            "for k, v in f, 'for state' do if k then break end; t[#t + 1] = { [k] = v, k = 1.5, 1, 2 } end",
            "return 'unclosed",
            "::a:: ::b:: goto a",
            &many[..many.len() - 1],
            &registers,
            "local function fact(n) return n == 0 and 1 or n * fact(n - 1) end return fact",
        ];
        for first in chunks {
            for second in chunks {
                check(first);
                check(second);
            }
        }
    }
}
