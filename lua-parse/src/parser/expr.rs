//! Expressions (§3.4).

use lua_lex::{Kind, Value};

use super::{Parsed, Parser, finish_list};
use crate::ast::{Attrib, BinaryOp, Expr, ExprId, ExprKind, ExprList, Field, FunctionId, Range32, Span, UnaryOp};

/// How tightly a unary operator holds its operand.
const UNARY_PRIORITY: u8 = 12;

/// A binary operator with its priorities to the left and to the right (§3.4.8); those that
/// associate to the right have the right one lower.
#[inline(always)]
fn binary_operator(kind: Kind) -> Option<(BinaryOp, u8, u8)> {
    Some(match kind {
        Kind::Or => (BinaryOp::Or, 1, 1),
        Kind::And => (BinaryOp::And, 2, 2),
        Kind::Less => (BinaryOp::Lt, 3, 3),
        Kind::Greater => (BinaryOp::Gt, 3, 3),
        Kind::LessEqual => (BinaryOp::Le, 3, 3),
        Kind::GreaterEqual => (BinaryOp::Ge, 3, 3),
        Kind::NotEqual => (BinaryOp::Ne, 3, 3),
        Kind::Equal => (BinaryOp::Eq, 3, 3),
        Kind::Pipe => (BinaryOp::BOr, 4, 4),
        Kind::Tilde => (BinaryOp::BXor, 5, 5),
        Kind::Ampersand => (BinaryOp::BAnd, 6, 6),
        Kind::ShiftLeft => (BinaryOp::Shl, 7, 7),
        Kind::ShiftRight => (BinaryOp::Shr, 7, 7),
        Kind::Concat => (BinaryOp::Concat, 9, 8),
        Kind::Plus => (BinaryOp::Add, 10, 10),
        Kind::Minus => (BinaryOp::Sub, 10, 10),
        Kind::Star => (BinaryOp::Mul, 11, 11),
        Kind::Slash => (BinaryOp::Div, 11, 11),
        Kind::FloorDivide => (BinaryOp::IDiv, 11, 11),
        Kind::Percent => (BinaryOp::Mod, 11, 11),
        Kind::Caret => (BinaryOp::Pow, 14, 13),
        _ => return None,
    })
}

#[inline(always)]
fn unary_operator(kind: Kind) -> Option<UnaryOp> {
    Some(match kind {
        Kind::Not => UnaryOp::Not,
        Kind::Hash => UnaryOp::Len,
        Kind::Minus => UnaryOp::Neg,
        Kind::Tilde => UnaryOp::BNot,
        _ => return None,
    })
}

impl Parser<'_> {
    /// Adds an expression that ends with the token consumed last.
    #[inline(always)]
    pub(super) fn push_expr(&mut self, kind: ExprKind, line: u32, start: u32) -> ExprId {
        let id = ExprId(self.ast.exprs.len() as u32);
        self.ast.exprs.push(Expr { kind, line });
        if self.with_spans {
            self.ast.spans.push(Span { start, end: self.previous_end });
        }
        id
    }

    /// Notes an operand that is complete: the current token is the comma or what else ends it, see [`Ast::late`](crate::ast::Ast::late).
    #[inline(always)]
    fn end_operand(&mut self, operand: ExprId) {
        if self.token.line != self.previous_line {
            self.ast.late.push((operand, self.token.line));
        }
    }

    /// Where an expression begins, if that is kept.
    fn start_of(&self, expr: ExprId) -> u32 {
        self.ast.spans.get(expr.0 as usize).map_or(0, |span| span.start)
    }

    /// One expression.
    #[inline]
    pub(super) fn expr(&mut self) -> Parsed<ExprId> {
        self.operation(0)
    }

    /// One or more expressions, separated by commas.
    pub(super) fn expr_list(&mut self) -> Parsed<ExprList> {
        let first = self.expr()?;
        if self.token.kind != Kind::Comma {
            let start = self.ast.expr_lists.len() as u32;
            self.ast.expr_lists.push(first);
            return Ok(Range32 { start, end: start + 1 });
        }
        let base = self.pending_exprs.len();
        self.pending_exprs.push(first);
        let mut last = first;
        while self.token.kind == Kind::Comma {
            self.end_operand(last);
            self.advance()?;
            last = self.expr()?;
            self.pending_exprs.push(last);
        }
        Ok(finish_list(&mut self.pending_exprs, base, &mut self.ast.expr_lists))
    }

    /// An operand and all operators behind it that bind tighter than `limit`.
    fn operation(&mut self, limit: u8) -> Parsed<ExprId> {
        self.enter()?;
        let mut lhs = match unary_operator(self.token.kind) {
            None => self.simple()?,
            Some(op) => {
                let (line, start) = (self.token.line, self.token.start);
                self.advance()?;
                let operand = self.operation(UNARY_PRIORITY)?;
                self.push_expr(ExprKind::Unary { op, operand }, line, start)
            }
        };
        while let Some((op, left, right)) = binary_operator(self.token.kind)
            && left > limit
        {
            let line = self.token.line;
            self.advance()?;
            let rhs = self.operation(right)?;
            lhs = self.push_expr(ExprKind::Binary { op, lhs, rhs }, line, self.start_of(lhs));
        }
        self.leave();
        Ok(lhs)
    }

    /// An operand.
    #[inline]
    fn simple(&mut self) -> Parsed<ExprId> {
        let token = self.token.kind;
        let kind = match token {
            Kind::Name | Kind::LeftParen => return self.suffixed(),
            Kind::Int | Kind::Float => match self.lexer.value() {
                Value::Int(value) => ExprKind::Int(value.into()),
                Value::Float(value) => ExprKind::Float(value.into()),
                _ => unreachable!("the lexer still knows the numeral that is the current token"),
            },
            Kind::Str => ExprKind::Str(self.intern_literal()),
            Kind::Nil => ExprKind::Nil,
            Kind::True => ExprKind::True,
            Kind::False => ExprKind::False,
            Kind::Dots if self.function().is_vararg => ExprKind::Vararg,
            Kind::Dots => return self.fail("cannot use '...' outside a vararg function"),
            Kind::LeftBrace => return self.table(),
            Kind::Function => {
                let start = self.token.start;
                self.advance()?;
                let function = self.function_body(self.token.line, false)?;
                let id = self.push_expr(ExprKind::Function(function), self.previous_line, start);
                self.ast.function_exprs.push(id);
                return Ok(id);
            }
            _ => return self.suffixed(),
        };
        let (line, start) = (self.token.line, self.token.start);
        self.advance()?;
        Ok(self.push_expr(kind, line, start))
    }

    /// A name as an expression; it is the current token.
    #[inline]
    pub(super) fn name(&mut self) -> Parsed<ExprId> {
        let (line, start) = (self.token.line, self.token.start);
        let name = self.expect_name()?;
        let kind = self.resolve(name)?;
        Ok(self.push_expr(kind, line, start))
    }

    fn primary(&mut self) -> Parsed<ExprId> {
        match self.token.kind {
            Kind::Name => self.name(),
            Kind::LeftParen => {
                let (line, start) = (self.token.line, self.token.start);
                self.advance()?;
                let inner = self.expr()?;
                self.end_operand(inner);
                self.expect_match(Kind::RightParen, Kind::LeftParen, line)?;
                Ok(self.push_expr(ExprKind::Paren(inner), line, start))
            }
            _ => self.fail("unexpected symbol"),
        }
    }

    /// A name or a parenthesized expression with the indices and calls behind it.
    pub(super) fn suffixed(&mut self) -> Parsed<ExprId> {
        let start = self.token.start;
        let mut expr = self.primary()?;
        loop {
            expr = match self.token.kind {
                Kind::Dot => self.field_access(expr)?,
                Kind::LeftBracket => {
                    let key = self.bracketed_key()?;
                    self.push_expr(ExprKind::Index { object: expr, key }, self.previous_line, start)
                }
                Kind::Colon => {
                    self.advance()?;
                    let name = self.expect_name()?;
                    let line = self.token.line;
                    let args = self.arguments()?;
                    self.push_expr(ExprKind::MethodCall { object: expr, name, args }, line, start)
                }
                Kind::LeftParen | Kind::Str | Kind::LeftBrace => {
                    let line = self.token.line;
                    let args = self.arguments()?;
                    self.push_expr(ExprKind::Call { callee: expr, args }, line, start)
                }
                _ => return Ok(expr),
            };
        }
    }

    /// `.name` or `:name` behind an expression.
    pub(super) fn field_access(&mut self, object: ExprId) -> Parsed<ExprId> {
        self.advance()?;
        let name = self.expect_name()?;
        Ok(self.push_expr(ExprKind::Field { object, name }, self.previous_line, self.start_of(object)))
    }

    /// A name as the string that it is as a key.
    fn name_key(&mut self) -> Parsed<ExprId> {
        let (line, start) = (self.token.line, self.token.start);
        let name = self.expect_name()?;
        Ok(self.push_expr(ExprKind::Str(name), line, start))
    }

    /// `[ expr ]`
    fn bracketed_key(&mut self) -> Parsed<ExprId> {
        self.advance()?;
        let key = self.expr()?;
        self.expect(Kind::RightBracket)?;
        Ok(key)
    }

    fn arguments(&mut self) -> Parsed<ExprList> {
        let only = match self.token.kind {
            Kind::LeftParen => {
                let line = self.token.line;
                self.advance()?;
                let list = match self.token.kind {
                    Kind::RightParen => Range32::default(),
                    _ => self.expr_list()?,
                };
                if let Some(&last) = self.ast.list(list).last() {
                    self.end_operand(last);
                }
                self.expect_match(Kind::RightParen, Kind::LeftParen, line)?;
                return Ok(list);
            }
            Kind::LeftBrace => self.table()?,
            Kind::Str => {
                let (line, start) = (self.token.line, self.token.start);
                let literal = self.intern_literal();
                self.advance()?;
                self.push_expr(ExprKind::Str(literal), line, start)
            }
            _ => return self.fail("function arguments expected"),
        };
        let start = self.ast.expr_lists.len() as u32;
        self.ast.expr_lists.push(only);
        Ok(Range32 { start, end: start + 1 })
    }

    /// A table constructor (§3.4.9).
    fn table(&mut self) -> Parsed<ExprId> {
        let (line, start) = (self.token.line, self.token.start);
        let base = self.pending_fields.len();
        self.expect(Kind::LeftBrace)?;
        while self.token.kind != Kind::RightBrace {
            let field = self.field()?;
            self.pending_fields.push(field);
            if field.key().is_none() {
                self.end_operand(field.value);
            }
            if !self.accept(Kind::Comma)? && !self.accept(Kind::Semicolon)? {
                break;
            }
        }
        self.expect_match(Kind::RightBrace, Kind::LeftBrace, line)?;
        let fields = finish_list(&mut self.pending_fields, base, &mut self.ast.fields);
        Ok(self.push_expr(ExprKind::Table { fields, end_line: self.previous_line }, line, start))
    }

    fn field(&mut self) -> Parsed<Field> {
        let token = self.token.kind;
        let key = match token {
            Kind::Name if self.peek()? == Kind::Assign => Some(self.name_key()?),
            Kind::LeftBracket => Some(self.bracketed_key()?),
            _ => None,
        };
        if key.is_some() {
            self.expect(Kind::Assign)?;
        }
        Ok(Field::new(key, self.expr()?))
    }

    /// Parameters, statements and `end` of a function (§3.4.11).
    pub(super) fn function_body(&mut self, line: u32, is_method: bool) -> Parsed<FunctionId> {
        self.open_function(line);
        let id = self.function().id;
        self.expect(Kind::LeftParen)?;
        self.parameters(is_method)?;
        self.expect(Kind::RightParen)?;
        let body = self.body()?;
        let end_line = self.token.line;
        self.expect_match(Kind::End, Kind::Function, line)?;
        self.close_function(body, end_line)?;
        Ok(id)
    }

    fn parameters(&mut self, is_method: bool) -> Parsed<()> {
        let first = self.ast.local_lists.len() as u32;
        let mut is_vararg = false;
        if is_method {
            self.declare(self.names.self_, Attrib::Regular, self.previous_line)?;
        }
        if self.token.kind != Kind::RightParen {
            loop {
                match self.token.kind {
                    Kind::Name => {
                        let line = self.token.line;
                        let name = self.expect_name()?;
                        self.declare(name, Attrib::Regular, line)?;
                    }
                    Kind::Dots => {
                        self.advance()?;
                        is_vararg = true;
                    }
                    _ => return self.fail("<name> or '...' expected"),
                }
                if is_vararg || !self.accept(Kind::Comma)? {
                    break;
                }
            }
        }
        let params = Range32 { start: first, end: self.ast.local_lists.len() as u32 };
        self.activate(params);
        self.set_parameters(params, is_vararg);
        Ok(())
    }
}
