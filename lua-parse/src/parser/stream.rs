//! A chunk in parts: statements are handed over before the chunk ends, and their nodes freed.
//!
//! Statements directly in the body of a function can be compiled as soon as they are parsed, if that is so for all functions around it:
//! what is behind them then says nothing new about them, except which of their locals inner functions use, and a closure that does not
//! exist yet needs no closing. Not so behind a label, to which what comes may jump back, nor where a `goto` waits for
//! its label, nor for functions inside of a block, whose locals have no registers before the block is compiled.
//! Those stay in the tree with the statement around them.
//!
//! This keeps the tree of a large chunk as small as its largest statement, mostly.

use super::scope::FunctionState;
use super::{Failed, Parsed, Parser};
use crate::ast::{Ast, FunctionId, LocalId};
use crate::error::SyntaxError;

/// How many expressions and statements are worth handing over: some 50 KB.
pub(crate) const PORTION: usize = 2048;

/// Takes the parts of a chunk.
pub(crate) trait Consumer {
    /// Takes statements of functions that are not closed yet. The list has all of these functions, the main function first; it may
    /// begin with some that were in it before, with statements that are behind those of before.
    ///
    /// # Errors
    ///
    /// If the chunk cannot be compiled; the parser then stops.
    fn statements(&mut self, ast: &Ast, functions: &[Open<'_>]) -> Result<(), Refused>;

    /// Takes the end of the innermost of the functions that it was given. [`Function::body`](crate::ast::Function::body) is the rest of its statements.
    ///
    /// # Errors
    ///
    /// As above.
    fn end(&mut self, ast: &Ast, function: FunctionId) -> Result<(), Refused>;

    /// About how many bytes it has made of what it took.
    fn bytes(&self) -> usize;
}

/// That a [`Consumer`] does not want to go on.
#[derive(Debug)]
pub(crate) struct Refused;

/// A function that is not closed yet.
pub(crate) struct Open<'a> {
    pub(crate) function: FunctionId,
    /// The variable, if it stands in a `local function`: it is in scope, but its statement is not complete.
    pub(crate) declaring: Option<LocalId>,
    /// Statements of its body: indices into [`Ast::stats`].
    pub(crate) statements: &'a [u32],
}

/// How much of a function was handed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// Where its statements begin in [`Parser::pending_stats`].
    pub(super) first_stat: usize,
    /// What the tree had where the body begins.
    mark: Mark,
    /// How large the tree shall be when its statements are handed over: what came before this function stays until the function around it
    /// hands it over, and so does not count.
    pub(super) hand_over_at: usize,
    /// Whether a label stands directly in its body.
    pub(super) has_label: bool,
    /// Whether it stands in a block of the function around it.
    is_buried: bool,
    /// Whether the consumer knows it.
    is_open: bool,
    declaring: Option<LocalId>,
}

/// Sizes of the arenas of an [`Ast`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    exprs: usize,
    expr_lists: usize,
    late: usize,
    stats: usize,
    stat_lists: usize,
    fields: usize,
    arms: usize,
    local_lists: usize,
    function_exprs: usize,
    functions: usize,
}

/// What a node of the tree takes, with all that comes of it until the code is frozen: 40 to 52 bytes were measured.
const NODE_BYTES: usize = 48;

/// Why a chunk was not parsed to its end.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// It is not Lua.
    Syntax(SyntaxError),
    /// It takes more memory than it may.
    Memory,
    /// The consumer refused it.
    Refused,
}

/// Parses a chunk and hands it over in parts of about `portion` nodes; tree and code may take about `memory` bytes.
///
/// # Errors
///
/// As [`parse`](super::parse), if the consumer refuses a part, and if the memory is used up.
pub(crate) fn stream(source: &[u8], chunk_name: &[u8], portion: usize, memory: usize, consumer: &mut dyn Consumer) -> Result<(), Stopped> {
    let mut parser = Parser::new(source, chunk_name).map_err(Stopped::Syntax)?;
    parser.consumer = Some(consumer);
    parser.portion = portion;
    parser.set_memory(memory);
    match parser.chunk() {
        Ok(()) => Ok(()),
        Err(Failed) => Err(parser.stopped()),
    }
}

impl From<Refused> for Failed {
    fn from(Refused: Refused) -> Failed {
        Failed
    }
}

impl Parser<'_> {
    /// For a function that begins.
    pub(super) fn begin_progress(&mut self) -> Progress {
        Progress {
            first_stat: self.pending_stats.len(),
            mark: Mark::default(),
            hand_over_at: usize::MAX,
            has_label: false,
            is_buried: !self.is_in_body(),
            is_open: false,
            declaring: self.declaring.take(),
        }
    }

    /// For a function whose body begins.
    pub(super) fn begin_body(&mut self) {
        let (mark, nodes) = (self.mark(), self.nodes());
        self.function().progress.mark = mark;
        self.function().progress.hand_over_at = nodes + self.portion;
    }

    /// Sets about how many bytes the tree and its code may take.
    pub(super) fn set_memory(&mut self, memory: usize) {
        self.memory = memory;
        self.limit_nodes();
    }

    /// Finds how large the tree may be beside what the consumer has made so far.
    fn limit_nodes(&mut self) {
        let made = self.consumer.as_ref().map_or(0, |consumer| consumer.bytes());
        self.max_nodes = self.memory.saturating_sub(made) / NODE_BYTES;
    }

    /// Why it failed.
    pub(super) fn stopped(self) -> Stopped {
        match self.error {
            Some(error) => Stopped::Syntax(*error),
            None if self.nodes() > self.max_nodes => Stopped::Memory,
            None => Stopped::Refused,
        }
    }

    /// How large the tree is.
    #[inline(always)]
    pub(super) fn nodes(&self) -> usize {
        self.ast.exprs.len() + self.ast.stats.len()
    }

    /// Hands over what is complete, if all of it can be compiled now. The current token is behind a statement in the body of
    /// the innermost function.
    #[cold]
    #[inline(never)]
    pub(super) fn hand_over(&mut self) -> Parsed<()> {
        let waits = |f: &FunctionState| f.progress.has_label || f.progress.is_buried;
        if self.gotos.is_empty() && !self.functions.iter().any(waits) {
            self.hand_over_statements()?;
        }
        self.function().progress.hand_over_at = self.nodes() + self.portion;
        self.limit_nodes();
        Ok(())
    }

    fn hand_over_statements(&mut self) -> Parsed<()> {
        let Some(consumer) = &mut self.consumer else {
            return Ok(());
        };
        let ends = self.functions.iter().skip(1).map(|f| f.progress.first_stat).chain([self.pending_stats.len()]);
        let open = |(f, end): (&FunctionState, usize)| Open {
            function: f.id,
            declaring: f.progress.declaring,
            statements: &self.pending_stats[f.progress.first_stat..end],
        };
        let list: Vec<Open<'_>> = self.functions.iter().zip(ends).map(open).collect();
        consumer.statements(&self.ast, &list)?;
        let first_stat = self.functions[0].progress.first_stat;
        self.pending_stats.truncate(first_stat);
        let mark = self.function().progress.mark;
        for function in &mut self.functions {
            function.progress.first_stat = first_stat;
            function.progress.is_open = true;
        }
        self.function().forget_environment();
        self.free(mark);
        Ok(())
    }

    /// For a function that ends.
    pub(super) fn end_progress(&mut self, function: &FunctionState) -> Parsed<()> {
        let is_main = self.functions.is_empty();
        if let Some(consumer) = &mut self.consumer
            && (is_main || function.progress.is_open)
        {
            consumer.end(&self.ast, function.id)?;
            self.free(function.progress.mark);
        }
        Ok(())
    }

    fn mark(&self) -> Mark {
        let ast = &self.ast;
        Mark {
            exprs: ast.exprs.len(),
            expr_lists: ast.expr_lists.len(),
            late: ast.late.len(),
            stats: ast.stats.len(),
            stat_lists: ast.stat_lists.len(),
            fields: ast.fields.len(),
            arms: ast.arms.len(),
            local_lists: ast.local_lists.len(),
            function_exprs: ast.function_exprs.len(),
            functions: ast.functions.len(),
        }
    }

    /// Frees the nodes that came after a mark. Numbers of functions, locals and labels are never used again.
    fn free(&mut self, mark: Mark) {
        let ast = &mut self.ast;
        ast.exprs.truncate(mark.exprs);
        ast.expr_lists.truncate(mark.expr_lists);
        ast.late.truncate(mark.late);
        ast.stats.truncate(mark.stats);
        ast.stat_lists.truncate(mark.stat_lists);
        ast.fields.truncate(mark.fields);
        ast.arms.truncate(mark.arms);
        ast.local_lists.truncate(mark.local_lists);
        ast.function_exprs.truncate(mark.function_exprs);
        for function in &mut ast.functions[mark.functions..] {
            function.upvalues = Vec::new();
        }
    }
}
