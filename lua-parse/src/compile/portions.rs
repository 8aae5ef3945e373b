//! Chunks that come in parts, so that the whole tree need not be there at once.
//!
//! The generator stays as it is between two parts, in the midst of the functions that are not closed yet. A function of which a
//! part came is finished before the statement that it stands in is compiled, and waits for that.

use std::sync::Arc;

use lua_proto::{Instr, Part, Proto};

use super::{Generator, Result};
use crate::ast::{Ast, FunctionId, NOTHING};
use crate::parser::{Consumer, Open, Refused};

/// A chunk of which only a part is compiled.
pub(super) struct Portions {
    /// Always there between two calls. Its tree is an empty one.
    resting: Option<Generator<'static>>,
    /// How many functions are not closed.
    depth: usize,
    main: Option<Part>,
}

impl Portions {
    pub(super) fn new() -> Portions {
        Portions { resting: Some(Generator::new(&NOTHING)), depth: 0, main: None }
    }

    /// The whole chunk, whose main function has ended.
    pub(super) fn finish(self, chunk_name: &[u8]) -> Arc<Proto> {
        let (mut generator, main) = self.resting.zip(self.main).expect("the main function has ended");
        generator.builder.finish(main, chunk_name)
    }

    fn with<T>(&mut self, ast: &Ast, work: impl FnOnce(&mut Generator<'_>) -> Result<T>) -> Result<T, Refused> {
        let resting = self.resting.take().expect("no part stands in another one");
        let mut generator = resting.with_tree(ast);
        generator.make_room();
        let result = work(&mut generator);
        self.resting = Some(generator.with_tree(&NOTHING));
        result.map_err(|_| Refused)
    }
}

impl Consumer for Portions {
    fn statements(&mut self, ast: &Ast, functions: &[Open<'_>]) -> Result<(), Refused> {
        let known = std::mem::replace(&mut self.depth, functions.len());
        self.with(ast, |generator| {
            generator.learn_captures(known)?;
            for (depth, open) in functions.iter().enumerate() {
                if depth >= known {
                    if let Some(local) = open.declaring {
                        generator.declare_name(local)?;
                    }
                    generator.open_function(open.function, Vec::new())?;
                }
                for &stat in open.statements {
                    generator.statement(&ast.stats[stat as usize])?;
                }
            }
            Ok(())
        })
    }

    fn end(&mut self, ast: &Ast, function: FunctionId) -> Result<(), Refused> {
        let known = self.depth;
        let part = self.with(ast, |generator| {
            if known == 0 {
                return generator.function(function, Vec::new());
            }
            generator.learn_captures(known)?;
            generator.statements(ast.function(function).body)?;
            generator.close_function(function)
        })?;
        self.depth = self.depth.saturating_sub(1);
        match &mut self.resting {
            Some(generator) if self.depth > 0 => generator.early.push((function, part)),
            _ => self.main = Some(part),
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.resting.as_ref().map_or(0, Generator::bytes)
    }
}

impl Generator<'_> {
    /// About how many bytes the code takes that was written so far: of functions that are not closed in buffers that have grown, with a
    /// line for each instruction.
    fn bytes(&self) -> usize {
        const INSTRUCTION: usize = 2 * (size_of::<Instr>() + size_of::<u32>());
        let open: usize = self.outer.iter().chain([&self.f]).map(|f| f.code.len() * INSTRUCTION).sum();
        open + self.builder.bytes()
    }

    /// The same state with another tree.
    #[inline(always)]
    pub(super) fn with_tree(self, ast: &Ast) -> Generator<'_> {
        let Generator {
            ast: _,
            builder,
            strings,
            constants,
            refused,
            f,
            outer,
            spare,
            early,
            slots,
            labels,
            spine,
            places,
            outline,
            line,
            stat,
        } = self;
        Generator { ast, builder, strings, constants, refused, f, outer, spare, early, slots, labels, spine, places, outline, line, stat }
    }

    /// Learns which locals and upvalues of the open functions inner functions use, as far as the parser knows now.
    fn learn_captures(&mut self, functions: usize) -> Result<()> {
        for depth in 0..functions {
            let ast = self.ast;
            self.collect_upvalues(depth)?;
            for active in &mut self.state(depth).active {
                active.closes |= active.info.is_some() && ast.local(active.local).captured;
            }
        }
        Ok(())
    }

    /// Whether a function was compiled before the statement that it stands in.
    pub(super) fn is_early(&self, id: FunctionId) -> bool {
        self.early.iter().any(|(early, _)| *early == id)
    }

    /// The function, if it was compiled before the statement that it stands in, with the name that it has there.
    pub(super) fn take_early(&mut self, id: FunctionId, name: &[u8]) -> Option<Part> {
        let at = self.early.iter().position(|(early, _)| *early == id)?;
        let (_, part) = self.early.swap_remove(at);
        self.builder.rename(&part, name);
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lua_proto::{Instr, Op, Proto};

    use crate::compile::{compile, compile_in_portions};
    use crate::parser::{Stopped, tree};

    /// An instruction without what depends on captures that come later: whether a return has to close something.
    fn settled(i: Instr) -> (Op, u16, u16, u16) {
        let (a, b, c) = (i.a() as u16, i.b() as u16, i.c() as u16);
        match i.op() {
            Op::Return0 => (Op::Return, 0, 1, 0),
            Op::Return1 => (Op::Return, a, 2, 0),
            op => (op, a, b, c),
        }
    }

    fn check_equal(part: &Proto, whole: &Proto) {
        let code = |proto: &Proto| proto.code().iter().copied().map(settled).collect::<Vec<_>>();
        assert_eq!(code(part), code(whole));
        // Less is closed, never more.
        assert!(part.code().iter().zip(whole.code()).all(|(part, whole)| part.x() <= whole.x()));
        assert_eq!(format!("{:?}", constants(part)), format!("{:?}", constants(whole)));
        assert_eq!(format!("{:?}", part.upvalues()), format!("{:?}", whole.upvalues()));
        assert_eq!(format!("{:?}", part.locals()), format!("{:?}", whole.locals()));
        assert_eq!(part.variables(), whole.variables());
        assert_eq!(part.line_runs(), whole.line_runs());
        assert_eq!(part.image().name(part.position()), whole.image().name(whole.position()));
        let head = |p: &Proto| (p.position(), p.line_defined(), p.last_line(), p.params(), p.is_vararg(), p.max_stack());
        assert_eq!(head(part), head(whole));
        assert_eq!(part.protos().len(), whole.protos().len());
        for (part, whole) in part.protos().iter().zip(whole.protos()) {
            check_equal(part, whole);
        }
    }

    fn constants(proto: &Proto) -> Vec<Option<lua_proto::ConstantRef<'_>>> {
        (0..proto.constants().len()).map(|index| proto.constant(index)).collect()
    }

    /// Compiles in portions of several sizes, down to single statements, and as a whole.
    fn check(source: &[u8]) {
        let whole = tree(source, b"=x", usize::MAX).and_then(|tree| compile(&tree, b"=x").map_err(Stopped::Syntax));
        for portion in [1, 2, 7, 40, 300] {
            match (compile_in_portions(source, b"=x", portion, usize::MAX), &whole) {
                (Ok(part), Ok(whole)) => check_equal(&part, whole),
                (Err(Stopped::Syntax(part)), Err(Stopped::Syntax(whole))) => assert_eq!(part.message, whole.message),
                _ => panic!("one of them fails, with portions of {portion}: {}", source.escape_ascii()),
            }
        }
    }

    /// With too little memory a chunk is refused, and with enough it is what it is without a limit; statements that can be handed over
    /// take less than one expression of their length.
    #[test]
    fn memory_for_chunks_is_limited() {
        let least = |source: &str, step: usize| {
            let whole = compile_in_portions(source.as_bytes(), b"=x", 40, usize::MAX).unwrap();
            (0..).map(|n| n * step).find(|&memory| match compile_in_portions(source.as_bytes(), b"=x", 40, memory) {
                Ok(proto) => {
                    check_equal(&proto, &whole);
                    true
                }
                Err(stopped) => {
                    assert!(matches!(stopped, Stopped::Memory), "{stopped:?}");
                    false
                }
            })
        };
        let enough = |source: &str| least(source, 4096).unwrap();
        let statements = enough(&"local function f() local x = a.b.c; return x end ".repeat(190));
        let one = enough(&format!("return {{ {} }}", "function() local x = a.b.c; return x end, ".repeat(190)));
        assert!(statements < one, "{statements} and {one}");
        for long in ["x = {{}, {}, {}, {}} ".repeat(1000), format!("return {}1", "a.b+".repeat(1000)), "if x then y() end ".repeat(1000)] {
            let needed = enough(&long);
            assert!((long.len()..40 * long.len()).contains(&needed), "{needed} for {} bytes", long.len());
        }
        // What is wrong with a chunk that the generator refuses is found with the same limit.
        let refused = format!("local t = {{ {} }} return f({})", "{}, ".repeat(10_000), "x, ".repeat(300) + "x");
        let results = [100_000, usize::MAX].map(|memory| compile_in_portions(refused.as_bytes(), b"=x", 40, memory));
        assert!(matches!(results, [Err(Stopped::Memory), Err(Stopped::Syntax(_))]));
    }

    #[test]
    fn small_chunks_are_the_same_in_portions() {
        for source in [
            "",
            "return",
            "local x = 1; local function f() return x end; x = 2; return f",
            "local x; if x then return x end; function f() return x end",
            "local x; if x then return f(x) end; function f() return x end; return x",
            "local function f(n) local m = n; if n then return f(m) end; return function() return f, m end end; return f",
            "local a <const> = 2 * 3; local b <const> = a + 1; return function() local c <const> = b; return function() return a, b, c end end",
            "local t <close> = f(); local u = 1; g(function() u = t; local v; return function() return v, u, _ENV end end)",
            "local _ENV = {}; x = 1; function f() y = x; local _ENV = nil; return function() return z end end",
            "do local x; ::top:: if x then return end; f = function() return x end; goto top end",
            "local x; ::top:: if x then return end; f = function() return x end; goto top",
            "goto done; do local y; f = function() return y end end; ::done:: g(); return h",
            "for i = 1, 10 do local x = i; t[i] = function() x = x + 1; local y = x; return function() return y end end end",
            "for k, v in pairs(t) do if k then break end; f(function() return k, v end) end return 1",
            "repeat local x = f(); local g = function() return x end until g() == x",
            "while (function() local a; local b = function() return a end; return b end)() do local q; q = 1; p = 2 end",
            "M.a = function(self) local x; x = 1; self.b = function() x = 2; return x end; return x end; M.c = { d = function() f(); g() end }",
            "on('click', function(a) a(); b(); c() end, function(d) d(); e() end); return (function() f(); g() end)",
            "local x = 1; local x = 2; local function f() return x end; local x = 3; return function() f(); return x end",
            "do local a; local x = 1; do local x = 2; function p() return x end end; function q() return x, a end end",
            "if false and function() f(); g() end then h() end; local z = nil and function() i(); j() end; return z",
            "local function a() local function b() local function c() f(); return a, b, c end; g(); return c end; h(); return b end",
            "function a.b.c:d(...) local x, y = ...; self.e = x; return function(...) f(y, ...); return ... end end",
            "local a, b = 1; a, b = b, function() f(); return a end; return b, function() return b end",
            "local x <const> = function() f(); g() end; return x, function() return x end",
            "f() g( return",
            "local x <const> = 1; x = 2",
            "local f = function() goto out end ::out::",
            "a(); break",
            "local t = {}; t.x = function() a(); local u <close> = nil; b() return c() end; return t",
        ] {
            check(source.as_bytes());
        }
    }

    #[test]
    fn too_many_registers_are_told_the_same() {
        let locals = |from: usize| (from..from + 190).map(|i| format!("local v{i} = {i}; ")).collect::<String>();
        check(format!("{} f({} g)", locals(0), "1, ".repeat(80)).as_bytes());
        check(format!("local x; function f() {} f({} g) end  y y", locals(0), "1, ".repeat(80)).as_bytes());
    }

    #[test]
    fn programs_are_the_same_in_portions() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in ["xtask/bench", "xtask/corpus", "xtask/compare"] {
            let entries = std::fs::read_dir(root.join(folder)).expect("programs");
            for path in entries.map(|entry| entry.expect("an entry").path()) {
                if path.extension().is_some_and(|extension| extension == "lua") {
                    check(&std::fs::read(path).expect("a program"));
                }
            }
        }
    }
}
