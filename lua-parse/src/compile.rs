//! From the tree to a prototype.
//!
//! One pass over the tree, in the order of the source, which emits code as it goes:
//!
//! - `value.rs`: a value is described before it is computed ([`value::Exp`]), so that constants,
//!   fields and comparisons meet the instruction that uses them best;
//! - `expr.rs`, `operator.rs`, `fold.rs`, `table.rs`: the kinds of expressions;
//! - `jump.rs`: lists of jumps whose target is not known yet, and what happens at the end of a
//!   function to those that go too far or to another jump;
//! - `stat.rs`, `assign.rs`, `loops.rs`, `scope.rs`: statements, blocks, labels;
//! - `function.rs`, `constants.rs`, `upvalue.rs`: what belongs to one function;
//! - `outline.rs`: what a later version of the source is compared by;
//! - `portions.rs`: a chunk that comes in parts, as the parser hands them over;
//! - `again.rs`: small chunks, for which buffers are kept.
//!
//! Registers are a stack: first the active locals, then temporaries, which are freed in reverse
//! order ([`function::FunctionState::free`]).
//!
//! Nothing here checks syntax or resolves names: the parser has done both.

mod again;
mod assign;
mod constants;
mod expr;
mod fold;
mod function;
mod jump;
mod loops;
mod operator;
mod outline;
mod portions;
mod scope;
mod stat;
mod table;
mod upvalue;
mod value;

use std::sync::Arc;

use lua_proto::{DraftConstant, ImageBuilder, Part, Proto, StringId, VerifyError};

use crate::SyntaxError;
use crate::ast::{Ast, ExprId, FunctionId, Span, StrId};
use crate::parser::{PORTION, Stopped, stream, tree};
use assign::Place;
use function::FunctionState;
use outline::Outline;
use portions::Portions;
use scope::{LabelState, Slots};

/// Compiles a chunk of source.
///
/// `chunk_name` is the name as given, with its `@` or `=`.
///
/// # Errors
///
/// Those of [`parse`](crate::parse) and of [`compile`].
pub fn compile_source(source: &[u8], chunk_name: &[u8]) -> Result<Arc<Proto>, SyntaxError> {
    match compile_within(source, chunk_name, usize::MAX) {
        Err(Stopped::Syntax(error)) => Err(error),
        other => Ok(other.expect("memory without a limit is not used up")),
    }
}

/// Compiles a chunk of source, as [`compile_source`], if that takes about `memory` bytes at most.
pub(crate) fn compile_within(source: &[u8], chunk_name: &[u8], memory: usize) -> Result<Arc<Proto>, Stopped> {
    // A small one takes too little to ask.
    if source.len() <= again::SMALL {
        return again::compile_small(source, chunk_name).map_err(Stopped::Syntax);
    }
    compile_in_portions(source, chunk_name, PORTION, memory)
}

fn compile_in_portions(source: &[u8], chunk_name: &[u8], portion: usize, memory: usize) -> Result<Arc<Proto>, Stopped> {
    let mut portions = Portions::new();
    match stream(source, chunk_name, portion, memory, &mut portions) {
        Ok(()) => Ok(portions.finish(chunk_name)),
        // The parser, which knows the rest of the chunk, has the first word on what is wrong.
        Err(Stopped::Refused) => compile(&tree(source, chunk_name, memory)?, chunk_name).map_err(Stopped::Syntax),
        Err(stopped) => Err(stopped),
    }
}

/// Compiles a tree to a function.
///
/// `chunk_name` is the name as given, with its `@` or `=`.
///
/// # Errors
///
/// A limit that only code can exceed: more than 254 registers in one function, or a table
/// constructor with more than 16 million items.
pub fn compile(ast: &Ast, chunk_name: &[u8]) -> Result<Arc<Proto>, SyntaxError> {
    let mut generator = Generator::new(ast);
    match generator.function(FunctionId(0), Vec::new()) {
        Ok(main) => Ok(generator.builder.finish(main, chunk_name)),
        Err(limit) => Err(generator.error(limit, chunk_name)),
    }
}

/// What a function has too much of.
#[derive(Clone, Copy, Debug)]
enum Limit {
    Registers,
    Constructor,
    Upvalues,
    Code,
    /// The verifier did not accept what was compiled, which is a mistake of this compiler: see [`Generator::refused`].
    Refused,
}

impl Limit {
    fn text(self) -> &'static str {
        match self {
            Limit::Refused => "invalid code",
            Limit::Registers => "function or expression needs too many registers",
            Limit::Constructor => "constructor too long",
            Limit::Upvalues => "too many upvalues (limit is 255)",
            Limit::Code => "control structure too long",
        }
    }
}

type Result<T, E = Limit> = std::result::Result<T, E>;

/// The state of a compilation.
struct Generator<'a> {
    ast: &'a Ast,
    builder: ImageBuilder,
    /// The tree's strings as the builder knows them, as far as they were needed.
    strings: Vec<Option<StringId>>,
    /// Room for the constants of a function that is being closed.
    constants: Vec<DraftConstant<StringId>>,
    refused: Option<VerifyError>,
    /// The function whose code is being written.
    f: FunctionState,
    /// The functions around it, the main function first.
    outer: Vec<FunctionState>,
    /// States of finished functions, kept for their buffers.
    spare: Vec<FunctionState>,
    /// Functions that were compiled before the statements that they stand in.
    early: Vec<(FunctionId, Part)>,
    /// Where each local variable of the chunk lives.
    slots: Slots,
    /// What is known of each label of the chunk.
    labels: Vec<LabelState>,
    /// The way down the left sides of the expressions being compiled.
    spine: Vec<ExprId>,
    /// The left sides of the assignments being compiled.
    places: Vec<Place>,
    /// Names of functions, and what else tells versions of a source apart.
    outline: Outline,
    /// The line that instructions get unless they are told another: that of the token that was
    /// the last one read, if this were a compiler that reads tokens.
    line: u32,
    /// Where the innermost statement being compiled stands.
    stat: Span,
}

impl<'a> Generator<'a> {
    fn new(ast: &'a Ast) -> Generator<'a> {
        let mut generator = Generator {
            ast,
            builder: ImageBuilder::new(),
            strings: Vec::new(),
            constants: Vec::new(),
            refused: None,
            f: FunctionState::default(),
            outer: Vec::new(),
            spare: Vec::new(),
            early: Vec::new(),
            slots: Slots::default(),
            labels: Vec::new(),
            spine: Vec::new(),
            places: Vec::new(),
            outline: Outline::default(),
            line: 1,
            stat: Span { start: 0, end: 0 },
        };
        generator.make_room();
        generator
    }

    /// Makes room for all strings, locals and labels of the tree.
    fn make_room(&mut self) {
        let ast = self.ast;
        self.strings.resize(ast.strings.len(), None);
        self.slots.resize(ast.locals.len());
        self.labels.resize(ast.labels.len(), LabelState::default());
        self.outline.restart(ast);
    }

    /// A string of the tree, as functions name it.
    fn string(&mut self, id: StrId) -> StringId {
        let known = &mut self.strings[id.0 as usize];
        *known.get_or_insert_with(|| self.builder.new_string(self.ast.str(id)))
    }

    #[cold]
    fn error(&self, limit: Limit, chunk_name: &[u8]) -> SyntaxError {
        let mut message = lua_proto::chunk_id(chunk_name);
        message.extend_from_slice(format!(":{}: {}", self.line, limit.text()).as_bytes());
        if let Some(refused) = &self.refused {
            message.extend_from_slice(format!(" ({refused})").as_bytes());
        }
        let Span { start, end } = self.stat;
        SyntaxError { message, line: self.line, start, end, incomplete: false }
    }
}
