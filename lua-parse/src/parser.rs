//! Recursive descent over the tokens of a chunk (§9).
//!
//! One token is looked at, two for table items. What nests in the source recurses here,
//! at most [`MAX_LEVELS`] deep; what only repeats (operators of one precedence, calls of results,
//! `elseif`) is a loop. The order of checks is that of the reference, so that a chunk with several
//! errors is told the same one.

mod again;
mod expr;
mod intern;
mod jump;
mod scope;
mod stat;
mod stream;

use std::collections::HashMap;

use lua_lex::{Kind, LexError, Lexer, Token};

use crate::ast::{Ast, ExprId, Field, FunctionId, LocalId, StatList, StrId};
use crate::error::SyntaxError;
use intern::Interner;
use jump::{Block, PendingGoto, VisibleLabel};
use scope::{Active, FunctionState, UpvalueUse};
pub(crate) use stream::{Consumer, Open, PORTION, Refused, Stopped, stream};

/// How many statements and expressions may nest: what the reference's limit of 200 nested native
/// calls leaves to a chunk that the main program loads.
const MAX_LEVELS: u32 = 197;

/// Parses a chunk.
///
/// `chunk_name` is as for `load`: `=name`, `@file` or the source itself; messages show it shortened.
///
/// # Errors
///
/// If the chunk is not Lua, with the message of the reference, 5.4.8.
pub fn parse(source: &[u8], chunk_name: &[u8]) -> Result<Ast, SyntaxError> {
    let mut parser = Parser { with_spans: true, ..Parser::new(source, chunk_name)? };
    parser.parse_all()?;
    Ok(parser.ast)
}

/// Parses a chunk, without [`Ast::spans`], if the tree takes about `memory` bytes at most.
pub(crate) fn tree(source: &[u8], chunk_name: &[u8], memory: usize) -> Result<Ast, Stopped> {
    let mut parser = Parser::new(source, chunk_name).map_err(Stopped::Syntax)?;
    parser.set_memory(memory);
    match parser.chunk() {
        Ok(()) => Ok(parser.ast),
        Err(Failed) => Err(parser.stopped()),
    }
}

/// That [`Parser::error`] says what is wrong. Kept apart from the words so that results are small.
#[derive(Clone, Copy, Debug)]
struct Failed;

type Parsed<T> = Result<T, Failed>;

pub(crate) struct Parser<'s> {
    lexer: Lexer<'s>,
    /// The current token, not yet consumed.
    token: Token,
    /// The token behind it; its kind is `Comment` (which the lexer hides) if it was not looked at.
    ahead: Token,
    /// End and line of the token that was consumed last.
    previous_end: u32,
    previous_line: u32,
    chunk_name: &'s [u8],
    /// Who gets the chunk in parts, if anybody does.
    consumer: Option<&'s mut dyn Consumer>,
    /// How many nodes are worth handing over.
    portion: usize,
    /// About how many bytes the tree and its code may take, and how many nodes may be in the tree for that.
    memory: usize,
    max_nodes: usize,
    /// The variable of the `local function` whose parameters come next.
    declaring: Option<LocalId>,
    error: Option<Box<SyntaxError>>,
    /// How many statements and expressions enclose the current token.
    level: u32,
    with_spans: bool,

    ast: Ast,
    strings: Interner,
    names: WellKnown,

    /// The functions around the current token, the main function first.
    functions: Vec<FunctionState>,
    /// The locals in scope, of all functions, the innermost last.
    actives: Vec<Active>,
    /// For each string the innermost local in scope of that name: an index into `actives`.
    bindings: Vec<u32>,
    /// For each local its latest use as an upvalue.
    upvalue_uses: Vec<UpvalueUse>,
    /// How many locals of each name inner functions use, by function.
    captures: HashMap<(FunctionId, StrId), u16>,
    blocks: Vec<Block>,
    labels: Vec<VisibleLabel>,
    gotos: Vec<PendingGoto>,

    /// Items of unfinished lists, the innermost list last.
    pending_exprs: Vec<ExprId>,
    pending_fields: Vec<Field>,
    pending_stats: Vec<u32>,
    pending_arms: Vec<crate::ast::Arm>,
}

/// Names that the language itself uses.
struct WellKnown {
    env: StrId,
    self_: StrId,
    for_state: StrId,
    break_: StrId,
}

/// How many [`WellKnown`] names there are: the first strings of each tree.
const WELL_KNOWN: usize = 4;

const NO_TOKEN: Token = Token { start: 0, end: 0, line: 1, kind: Kind::Comment };

impl<'s> Parser<'s> {
    pub(crate) fn new(source: &'s [u8], chunk_name: &'s [u8]) -> Result<Self, SyntaxError> {
        if u32::try_from(source.len()).is_err() {
            let message = [&lua_proto::chunk_id(chunk_name)[..], b":1: chunk is too large"].concat();
            return Err(SyntaxError { message, line: 1, start: 0, end: 0, incomplete: false });
        }
        let mut ast = Ast::default();
        // What dense code needs. Memory that is never touched costs nothing.
        ast.exprs.reserve(source.len() / 5);
        ast.expr_lists.reserve(source.len() / 20);
        ast.stats.reserve(source.len() / 32);
        ast.stat_lists.reserve(source.len() / 32);
        ast.fields.reserve(source.len() / 8);
        ast.locals.reserve(source.len() / 32);
        ast.local_lists.reserve(source.len() / 32);
        let mut strings = Interner::new(source.len());
        let mut name = |text: &str| strings.intern(&mut ast, text.as_bytes(), 0, text.len());
        let names = WellKnown { env: name("_ENV"), self_: name("self"), for_state: name("(for state)"), break_: name("break") };
        let bindings = vec![scope::UNBOUND; ast.strings.len()];
        Ok(Parser::at_start(source, chunk_name, ast, strings, names, bindings))
    }

    /// A parser at the beginning of a chunk, whose tree has no strings yet but the well-known names.
    #[inline(always)]
    fn at_start(source: &'s [u8], chunk_name: &'s [u8], ast: Ast, strings: Interner, names: WellKnown, bindings: Vec<u32>) -> Parser<'s> {
        Parser {
            lexer: Lexer::new(source),
            token: NO_TOKEN,
            ahead: NO_TOKEN,
            previous_end: 0,
            previous_line: 1,
            chunk_name,
            consumer: None,
            portion: PORTION,
            memory: usize::MAX,
            max_nodes: usize::MAX,
            declaring: None,
            error: None,
            level: 0,
            with_spans: false,
            bindings,
            ast,
            strings,
            names,
            functions: Vec::new(),
            actives: Vec::new(),
            upvalue_uses: Vec::new(),
            captures: HashMap::new(),
            blocks: Vec::new(),
            labels: Vec::new(),
            gotos: Vec::new(),
            pending_exprs: Vec::new(),
            pending_fields: Vec::new(),
            pending_stats: Vec::new(),
            pending_arms: Vec::new(),
        }
    }

    /// Parses the chunk and shows its tree.
    pub(crate) fn parse_all(&mut self) -> Result<&Ast, SyntaxError> {
        match self.chunk() {
            Ok(()) => Ok(&self.ast),
            Err(Failed) => Err(*self.error.take().expect("a parser that fails says why")),
        }
    }

    /// The whole chunk: a vararg function with the upvalue `_ENV`.
    fn chunk(&mut self) -> Parsed<()> {
        self.open_main();
        self.advance()?;
        let body = self.body()?;
        if self.token.kind != Kind::Eof {
            return self.expected(Kind::Eof);
        }
        self.close_function(body, self.token.line)
    }

    // ---- tokens ----

    /// Consumes the current token.
    #[inline]
    fn advance(&mut self) -> Parsed<()> {
        self.previous_end = self.token.end;
        self.previous_line = self.token.line;
        if self.ahead.kind == Kind::Comment {
            if let Err(error) = self.lexer.read_token(&mut self.token) {
                return self.lexical_error(*error);
            }
        } else {
            self.token = self.ahead;
            self.ahead = NO_TOKEN;
        }
        Ok(())
    }

    /// The kind of the token behind the current one. Only names are looked past: what the lexer knows
    /// of a literal is lost.
    fn peek(&mut self) -> Parsed<Kind> {
        match self.lexer.next_token() {
            Ok(token) => self.ahead = token,
            Err(error) => return self.lexical_error(*error),
        }
        Ok(self.ahead.kind)
    }

    /// Consumes the current token if it is of a kind.
    #[inline(always)]
    fn accept(&mut self, kind: Kind) -> Parsed<bool> {
        if self.token.kind == kind {
            self.advance()?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Consumes a token that must be there.
    #[inline(always)]
    fn expect(&mut self, kind: Kind) -> Parsed<()> {
        if self.token.kind == kind { self.advance() } else { self.expected(kind) }
    }

    /// Consumes the token that closes what `opener` began on `line`.
    #[inline(always)]
    fn expect_match(&mut self, closer: Kind, opener: Kind, line: u32) -> Parsed<()> {
        if self.token.kind == closer { self.advance() } else { self.unclosed(closer, opener, line) }
    }

    /// Consumes a name.
    #[inline(always)]
    fn expect_name(&mut self) -> Parsed<StrId> {
        if self.token.kind != Kind::Name {
            return self.expected(Kind::Name);
        }
        let name = self.intern_name();
        self.advance()?;
        Ok(name)
    }

    /// The current token, a name, as a string of the tree.
    #[inline(always)]
    fn intern_name(&mut self) -> StrId {
        let name = self.strings.intern(&mut self.ast, self.lexer.source(), self.token.start as usize, self.token.end as usize);
        self.bind_new_strings();
        name
    }

    /// The current token, a literal string, as a string of the tree.
    fn intern_literal(&mut self) -> StrId {
        let text = match self.lexer.value() {
            lua_lex::Value::Str(text) => text,
            _ => unreachable!("the lexer still knows the literal that is the current token"),
        };
        let literal = self.strings.intern(&mut self.ast, text, 0, text.len());
        self.bind_new_strings();
        literal
    }

    /// Gives a new string its (empty) binding.
    #[inline(always)]
    fn bind_new_strings(&mut self) {
        if self.bindings.len() < self.ast.strings.len() {
            self.bindings.push(scope::UNBOUND);
        }
    }

    // ---- nesting ----

    /// Begins a statement or expression; `leave` ends it.
    #[inline(always)]
    fn enter(&mut self) -> Parsed<()> {
        self.level += 1;
        if self.level > MAX_LEVELS || self.nodes() > self.max_nodes {
            return self.too_much();
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn too_much(&mut self) -> Parsed<()> {
        if self.level > MAX_LEVELS {
            return self.fail_bare("C stack overflow");
        }
        // No syntax error: see `Parser::stopped`.
        Err(Failed)
    }

    #[inline(always)]
    fn leave(&mut self) {
        self.level -= 1;
    }

    // ---- errors ----

    /// An error near the current token.
    #[cold]
    #[inline(never)]
    fn fail<T>(&mut self, message: &str) -> Parsed<T> {
        let mut message = message.as_bytes().to_vec();
        if let Some(near) = self.token.describe(self.lexer.source()) {
            message.extend_from_slice(b" near ");
            message.extend_from_slice(&near);
        }
        let incomplete = self.token.kind == Kind::Eof;
        self.fail_at(message, self.token.line, self.token.start, self.token.end, incomplete)
    }

    /// An error about meaning rather than form, which names no token.
    #[cold]
    #[inline(never)]
    fn fail_semantic<T>(&mut self, message: Vec<u8>) -> Parsed<T> {
        self.fail_at(message, self.token.line, self.token.start, self.token.end, false)
    }

    /// An error without a position in its message, as the reference's run time raises it.
    #[cold]
    #[inline(never)]
    fn fail_bare<T>(&mut self, message: &str) -> Parsed<T> {
        self.error = Some(Box::new(SyntaxError {
            message: message.as_bytes().to_vec(),
            line: self.token.line,
            start: self.token.start,
            end: self.token.end,
            incomplete: false,
        }));
        Err(Failed)
    }

    fn fail_at<T>(&mut self, message: Vec<u8>, line: u32, start: u32, end: u32, incomplete: bool) -> Parsed<T> {
        let mut whole = lua_proto::chunk_id(self.chunk_name);
        whole.extend_from_slice(format!(":{line}: ").as_bytes());
        whole.extend_from_slice(&message);
        self.error = Some(Box::new(SyntaxError { message: whole, line, start, end, incomplete }));
        Err(Failed)
    }

    #[cold]
    #[inline(never)]
    fn lexical_error<T>(&mut self, error: LexError) -> Parsed<T> {
        let incomplete = error.is_incomplete();
        self.fail_at(error.message(), error.line, error.start, error.end, incomplete)
    }

    #[cold]
    #[inline(never)]
    fn expected<T>(&mut self, kind: Kind) -> Parsed<T> {
        self.fail(&format!("{} expected", kind.expected()))
    }

    #[cold]
    #[inline(never)]
    fn unclosed(&mut self, closer: Kind, opener: Kind, line: u32) -> Parsed<()> {
        if line == self.token.line {
            return self.expected(closer);
        }
        self.fail(&format!("{} expected (to close {} at line {line})", closer.expected(), opener.expected()))
    }
}

/// Moves the items from `base` on to the end of an arena: a finished list.
fn finish_list<T>(pending: &mut Vec<T>, base: usize, arena: &mut Vec<T>) -> StatList {
    // A long list that is the only one, as in a chunk of data, need not be in memory twice.
    if base == 0 && arena.is_empty() && pending.len() >= 1024 {
        std::mem::swap(pending, arena);
        return StatList { start: 0, end: arena.len() as u32 };
    }
    let start = arena.len() as u32;
    arena.extend(pending.drain(base..));
    StatList { start, end: arena.len() as u32 }
}
