//! A parser used again for another chunk, with the room that the last one needed.

use super::{NO_TOKEN, PORTION, Parser, WELL_KNOWN};
use crate::ast::Ast;
use lua_lex::Lexer;

impl Parser<'_> {
    /// The parser at the beginning of another chunk.
    ///
    /// The tree of the last one is gone, even if its parsing failed in the middle.
    #[inline]
    pub(crate) fn again<'s>(self, source: &'s [u8], chunk_name: &'s [u8]) -> Parser<'s> {
        let Parser { mut ast, mut strings, names, mut functions, mut actives, mut bindings, mut upvalue_uses, mut captures, .. } = self;
        let Parser {
            mut blocks, mut labels, mut gotos, mut pending_exprs, mut pending_fields, mut pending_stats, mut pending_arms, ..
        } = self;
        empty(&mut ast);
        strings.keep(&mut ast, WELL_KNOWN);
        functions.clear();
        actives.clear();
        bindings.clear();
        bindings.resize(ast.strings.len(), super::scope::UNBOUND);
        upvalue_uses.clear();
        captures.clear();
        blocks.clear();
        labels.clear();
        gotos.clear();
        pending_exprs.clear();
        pending_fields.clear();
        pending_stats.clear();
        pending_arms.clear();
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
            ast,
            strings,
            names,
            functions,
            actives,
            bindings,
            upvalue_uses,
            captures,
            blocks,
            labels,
            gotos,
            pending_exprs,
            pending_fields,
            pending_stats,
            pending_arms,
        }
    }
}

/// Takes everything out of a tree but its strings.
fn empty(ast: &mut Ast) {
    ast.exprs.clear();
    ast.spans.clear();
    ast.expr_lists.clear();
    ast.late.clear();
    ast.stats.clear();
    ast.stat_lists.clear();
    ast.fields.clear();
    ast.locals.clear();
    ast.local_lists.clear();
    ast.arms.clear();
    ast.functions.clear();
    ast.function_exprs.clear();
    ast.labels.clear();
}
