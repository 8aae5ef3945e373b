//! Statements (§3.3).

use lua_lex::Kind;

use super::{Parsed, Parser, finish_list};
use crate::ast::{Arm, Attrib, ExprId, ExprKind, ExprList, Range32, Stat, StatKind, StatList, StrId, UnaryOp};

impl Parser<'_> {
    /// Statements up to what ends a block, which stays the current token.
    pub(super) fn statements(&mut self) -> Parsed<StatList> {
        let base = self.pending_stats.len();
        while !self.at_block_end(true) {
            let last = self.token.kind == Kind::Return;
            self.statement()?;
            if last {
                break;
            }
        }
        Ok(finish_list(&mut self.pending_stats, base, &mut self.ast.stat_lists))
    }

    /// As [`Parser::statements`], for the body of a function, in parts.
    pub(super) fn body(&mut self) -> Parsed<StatList> {
        while !self.at_block_end(true) {
            let last = self.token.kind == Kind::Return;
            self.statement()?;
            if self.nodes() >= self.function().progress.hand_over_at {
                self.hand_over()?;
            }
            if last {
                break;
            }
        }
        let base = self.function().progress.first_stat;
        Ok(finish_list(&mut self.pending_stats, base, &mut self.ast.stat_lists))
    }

    /// Whether the current token ends a block. `until` does so too, but the block's locals are
    /// still in scope behind it, which matters to labels.
    fn at_block_end(&self, or_until: bool) -> bool {
        match self.token.kind {
            Kind::Else | Kind::ElseIf | Kind::End | Kind::Eof => true,
            Kind::Until => or_until,
            _ => false,
        }
    }

    /// A block with a scope of its own.
    fn block(&mut self) -> Parsed<StatList> {
        self.enter_block();
        let block = self.statements()?;
        self.leave_block();
        Ok(block)
    }

    /// Adds a statement to the innermost block; it ends with the token consumed last.
    fn push_stat(&mut self, kind: StatKind, line: u32, start: u32) {
        self.pending_stats.push(self.ast.stats.len() as u32);
        self.ast.stats.push(Stat { kind, line, end_line: self.previous_line, start, end: self.previous_end });
    }

    fn statement(&mut self) -> Parsed<()> {
        let (line, start) = (self.token.line, self.token.start);
        self.enter()?;
        let kind = match self.token.kind {
            Kind::Semicolon => {
                self.advance()?;
                StatKind::Empty
            }
            Kind::If => self.if_statement(line)?,
            Kind::While => self.while_statement(line)?,
            Kind::Do => {
                self.advance()?;
                let body = self.block()?;
                self.expect_match(Kind::End, Kind::Do, line)?;
                StatKind::Do(body)
            }
            Kind::For => self.for_statement(line)?,
            Kind::Repeat => self.repeat_statement(line)?,
            Kind::Function => self.function_statement(line)?,
            Kind::Local => {
                self.advance()?;
                if self.accept(Kind::Function)? { self.local_function()? } else { self.local_statement()? }
            }
            Kind::DoubleColon => {
                self.label_statements()?;
                self.leave();
                return Ok(());
            }
            Kind::Return => {
                self.advance()?;
                self.return_statement()?
            }
            Kind::Break => {
                self.advance()?;
                self.jump_out(line)?
            }
            Kind::Goto => {
                self.advance()?;
                let line = self.token.line;
                let name = self.expect_name()?;
                self.jump_to(name, line)?
            }
            _ => self.expression_statement()?,
        };
        self.leave();
        self.push_stat(kind, line, start);
        Ok(())
    }

    /// A call or an assignment.
    fn expression_statement(&mut self) -> Parsed<StatKind> {
        let first = self.suffixed()?;
        if matches!(self.token.kind, Kind::Assign | Kind::Comma) {
            return self.assignment(first);
        }
        match self.ast.expr(first).kind {
            ExprKind::Call { .. } | ExprKind::MethodCall { .. } => Ok(StatKind::Call(first)),
            _ => self.fail("syntax error"),
        }
    }

    fn assignment(&mut self, first: ExprId) -> Parsed<StatKind> {
        let base = self.pending_exprs.len();
        let level = self.level;
        self.check_target(first)?;
        self.pending_exprs.push(first);
        while self.accept(Kind::Comma)? {
            let target = self.suffixed()?;
            // The reference recurses for each target, and counts that.
            self.enter()?;
            self.check_target(target)?;
            self.pending_exprs.push(target);
        }
        self.expect(Kind::Assign)?;
        let targets = finish_list(&mut self.pending_exprs, base, &mut self.ast.expr_lists);
        let values = self.expr_list()?;
        self.level = level;
        Ok(StatKind::Assign { targets, values })
    }

    fn check_target(&mut self, target: ExprId) -> Parsed<()> {
        match self.ast.expr(target).kind {
            ExprKind::Field { .. } | ExprKind::Index { .. } | ExprKind::Global { .. } => Ok(()),
            ExprKind::Local(_) | ExprKind::Upvalue(_) => self.check_assignable(target),
            _ => self.fail("syntax error"),
        }
    }

    /// Notes an assignment to a variable, which must not be constant.
    fn check_assignable(&mut self, target: ExprId) -> Parsed<()> {
        let Some(local) = self.named_local(target) else {
            return Ok(());
        };
        let local = &mut self.ast.locals[local.0 as usize];
        if local.attrib == Attrib::Regular {
            local.assigned = true;
            return Ok(());
        }
        let name = local.name;
        let message = [b"attempt to assign to const variable '", self.ast.str(name), b"'"].concat();
        self.fail_semantic(message)
    }

    fn if_statement(&mut self, line: u32) -> Parsed<StatKind> {
        let base = self.pending_arms.len();
        while self.token.kind == Kind::ElseIf || self.pending_arms.len() == base {
            self.advance()?;
            let cond = self.expr()?;
            let line = self.token.line;
            self.expect(Kind::Then)?;
            let body = self.block()?;
            self.pending_arms.push(Arm { cond, body, line });
        }
        let otherwise = if self.accept(Kind::Else)? { Some(self.block()?) } else { None };
        self.expect_match(Kind::End, Kind::If, line)?;
        let arms = finish_list(&mut self.pending_arms, base, &mut self.ast.arms);
        Ok(StatKind::If { arms, otherwise })
    }

    fn while_statement(&mut self, line: u32) -> Parsed<StatKind> {
        self.advance()?;
        let cond = self.expr()?;
        let (exit, outer) = self.enter_loop();
        self.expect(Kind::Do)?;
        let body = self.block()?;
        self.expect_match(Kind::End, Kind::While, line)?;
        self.leave_loop(exit, outer);
        Ok(StatKind::While { cond, body, exit })
    }

    fn repeat_statement(&mut self, line: u32) -> Parsed<StatKind> {
        let (exit, outer) = self.enter_loop();
        self.enter_block();
        self.advance()?;
        let body = self.statements()?;
        self.expect_match(Kind::Until, Kind::Repeat, line)?;
        let cond = self.expr()?;
        self.leave_block();
        self.leave_loop(exit, outer);
        Ok(StatKind::Repeat { body, cond, exit })
    }

    fn for_statement(&mut self, line: u32) -> Parsed<StatKind> {
        let (exit, outer) = self.enter_loop();
        self.advance()?;
        let name_line = self.token.line;
        let name = self.expect_name()?;
        let mut kind = match self.token.kind {
            Kind::Assign => self.numeric_for(name, name_line)?,
            Kind::Comma | Kind::In => self.generic_for(name, name_line)?,
            _ => return self.fail("'=' or 'in' expected"),
        };
        self.expect_match(Kind::End, Kind::For, line)?;
        self.leave_loop(exit, outer);
        if let StatKind::NumericFor { exit: target, .. } | StatKind::GenericFor { exit: target, .. } = &mut kind {
            *target = exit;
        }
        Ok(kind)
    }

    fn numeric_for(&mut self, name: StrId, line: u32) -> Parsed<StatKind> {
        let first = self.ast.local_lists.len() as u32;
        for _ in 0..3 {
            self.declare(self.names.for_state, Attrib::Regular, line)?;
        }
        self.declare(name, Attrib::Regular, line)?;
        self.advance()?;
        let start = self.expr()?;
        self.expect(Kind::Comma)?;
        let limit = self.expr()?;
        let step = if self.accept(Kind::Comma)? { Some(self.expr()?) } else { None };
        let locals = Range32 { start: first, end: first + 4 };
        let (do_line, body) = self.for_body(locals, 3)?;
        // The caller knows the exit.
        let exit = crate::ast::LabelId(u32::MAX);
        Ok(StatKind::NumericFor { locals, start, limit, step, body, exit, do_line })
    }

    fn generic_for(&mut self, name: StrId, line: u32) -> Parsed<StatKind> {
        let first = self.ast.local_lists.len() as u32;
        for attrib in [Attrib::Regular, Attrib::Regular, Attrib::Regular, Attrib::Close] {
            self.declare(self.names.for_state, attrib, line)?;
        }
        self.declare(name, Attrib::Regular, line)?;
        while self.accept(Kind::Comma)? {
            let line = self.token.line;
            let name = self.expect_name()?;
            self.declare(name, Attrib::Regular, line)?;
        }
        let locals = Range32 { start: first, end: self.ast.local_lists.len() as u32 };
        self.expect(Kind::In)?;
        let call_line = self.token.line;
        let values = self.expr_list()?;
        let (do_line, body) = self.for_body(locals, 4)?;
        let exit = crate::ast::LabelId(u32::MAX);
        Ok(StatKind::GenericFor { locals, values, body, exit, call_line, do_line })
    }

    /// `do block` of a `for`, whose first `hidden` locals are those that scripts cannot name.
    /// Returns the line of `do` too.
    fn for_body(&mut self, locals: Range32, hidden: u32) -> Parsed<(u32, StatList)> {
        let split = locals.start + hidden;
        self.activate(Range32 { start: locals.start, end: split });
        let line = self.token.line;
        self.expect(Kind::Do)?;
        self.enter_block();
        self.activate(Range32 { start: split, end: locals.end });
        let body = self.block()?;
        self.leave_block();
        Ok((line, body))
    }

    fn function_statement(&mut self, line: u32) -> Parsed<StatKind> {
        self.advance()?;
        let mut target = self.name()?;
        while self.token.kind == Kind::Dot {
            target = self.field_access(target)?;
        }
        let is_method = self.token.kind == Kind::Colon;
        if is_method {
            target = self.field_access(target)?;
        }
        let function = self.function_body(line, is_method)?;
        self.check_assignable(target)?;
        Ok(StatKind::Function { target, function })
    }

    fn local_function(&mut self) -> Parsed<StatKind> {
        let line = self.token.line;
        let name = self.expect_name()?;
        let first = self.ast.local_lists.len() as u32;
        let local = self.declare(name, Attrib::Regular, line)?;
        self.activate(Range32 { start: first, end: first + 1 });
        self.declaring = Some(local);
        let function = self.function_body(self.token.line, false)?;
        Ok(StatKind::LocalFunction { local, function })
    }

    fn local_statement(&mut self) -> Parsed<StatKind> {
        let first = self.ast.local_lists.len() as u32;
        let mut has_close = false;
        let mut last;
        loop {
            let line = self.token.line;
            let name = self.expect_name()?;
            last = self.declare(name, Attrib::Regular, line)?;
            let attrib = self.attribute()?;
            self.ast.locals[last.0 as usize].attrib = attrib;
            if attrib == Attrib::Close {
                if has_close {
                    return self.fail_semantic(b"multiple to-be-closed variables in local list".to_vec());
                }
                has_close = true;
            }
            if !self.accept(Kind::Comma)? {
                break;
            }
        }
        let locals = Range32 { start: first, end: self.ast.local_lists.len() as u32 };
        let values = if self.accept(Kind::Assign)? { self.expr_list()? } else { ExprList::default() };
        let constant = self.ast.local(last).attrib == Attrib::Const && locals.len() == values.len();
        if constant && self.is_literal(self.ast.expr_lists[values.end as usize - 1]) {
            self.ast.locals[last.0 as usize].literal = true;
        }
        self.activate(locals);
        Ok(StatKind::Local { locals, values })
    }

    /// `<const>` or `<close>`, if there is one.
    fn attribute(&mut self) -> Parsed<Attrib> {
        if !self.accept(Kind::Less)? {
            return Ok(Attrib::Regular);
        }
        let name = self.expect_name()?;
        self.expect(Kind::Greater)?;
        match self.ast.str(name) {
            b"const" => Ok(Attrib::Const),
            b"close" => Ok(Attrib::Close),
            other => {
                let message = [b"unknown attribute '", other, b"'"].concat();
                self.fail_semantic(message)
            }
        }
    }

    /// See [`crate::ast::Local::literal`].
    fn is_literal(&self, mut expr: ExprId) -> bool {
        while let ExprKind::Paren(inner) = self.ast.expr(expr).kind {
            expr = inner;
        }
        match self.ast.expr(expr).kind {
            ExprKind::Nil | ExprKind::True | ExprKind::False | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Str(_) => true,
            ExprKind::Unary { op: UnaryOp::Neg, operand } => match self.ast.expr(operand).kind {
                ExprKind::Int(_) => true,
                // Negative zero is not folded.
                ExprKind::Float(value) => value.get() != 0.0,
                _ => false,
            },
            ExprKind::Local(_) | ExprKind::Upvalue(_) => self.named_local(expr).is_some_and(|local| self.ast.local(local).literal),
            _ => false,
        }
    }

    fn return_statement(&mut self) -> Parsed<StatKind> {
        let values = if self.at_block_end(true) || self.token.kind == Kind::Semicolon { ExprList::default() } else { self.expr_list()? };
        self.accept(Kind::Semicolon)?;
        Ok(StatKind::Return(values))
    }

    /// A label with the labels and empty statements behind it. They become visible from the last to the
    /// first, because all of them end the block if the last one does.
    fn label_statements(&mut self) -> Parsed<()> {
        let mut labels = Vec::new();
        loop {
            let (line, start) = (self.token.line, self.token.start);
            match self.token.kind {
                Kind::DoubleColon => {
                    self.advance()?;
                    let name = self.expect_name()?;
                    self.expect(Kind::DoubleColon)?;
                    let label = self.new_label(name, line);
                    labels.push(label);
                    self.push_stat(StatKind::Label(label), line, start);
                }
                Kind::Semicolon => {
                    self.advance()?;
                    self.push_stat(StatKind::Empty, line, start);
                }
                _ => break,
            }
        }
        if self.is_in_body() {
            self.function().progress.has_label = true;
        }
        let at_end = self.at_block_end(false);
        for &label in labels.iter().rev() {
            self.place_label(label, at_end)?;
        }
        Ok(())
    }
}
