//! A parser used again for another chunk, with the room that the last one needed.

use super::{Parser, WELL_KNOWN, scope};
use crate::ast::Ast;

impl Parser<'_> {
    /// The parser at the beginning of another chunk.
    ///
    /// The tree of the last one is gone, even if its parsing failed in the middle.
    #[inline]
    pub(crate) fn again<'s>(self, source: &'s [u8], chunk_name: &'s [u8]) -> Parser<'s> {
        let Parser { mut ast, mut strings, mut bindings, mut captures, .. } = self;
        empty(&mut ast);
        strings.keep(&mut ast, WELL_KNOWN);
        bindings.clear();
        bindings.resize(ast.strings.len(), scope::UNBOUND);
        captures.clear();
        Parser {
            functions: emptied(self.functions),
            actives: emptied(self.actives),
            upvalue_uses: emptied(self.upvalue_uses),
            captures,
            blocks: emptied(self.blocks),
            labels: emptied(self.labels),
            gotos: emptied(self.gotos),
            pending_exprs: emptied(self.pending_exprs),
            pending_fields: emptied(self.pending_fields),
            pending_stats: emptied(self.pending_stats),
            pending_arms: emptied(self.pending_arms),
            ..Parser::at_start(source, chunk_name, ast, strings, self.names, bindings)
        }
    }
}

/// The same room with nothing in it.
fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
    list.clear();
    list
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
