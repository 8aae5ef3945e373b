//! Statements (§3.3).

use lua_proto::{Instr, Op};

use super::function::reg;
use super::jump::JumpList;
use super::value::{Exp, Kind};
use super::{Generator, Result};
use crate::ast::{Arm, ExprId, ExprList, LabelId, Range32, Span, Stat, StatKind, StatList};

impl Generator<'_> {
    /// Compiles a statement; no temporaries are left behind.
    pub(super) fn statement(&mut self, stat: &Stat) -> Result<()> {
        self.line = stat.line;
        self.stat = Span { start: stat.start, end: stat.end };
        self.name_values(&stat.kind);
        match stat.kind {
            StatKind::Call(call) => self.call_statement(call)?,
            StatKind::Assign { targets, values } => self.assign(targets, values, stat.end_line)?,
            StatKind::Local { locals, values } => self.declare(locals, values, stat.end_line)?,
            StatKind::LocalFunction { local, function } => self.declare_function(local, function)?,
            StatKind::Function { target, function } => {
                self.assign_function(target, function, stat.line)?;
            }
            StatKind::Do(body) => self.block(body)?,
            StatKind::While { cond, body, exit } => self.looped(|g| g.while_loop(cond, body, exit))?,
            StatKind::Repeat { body, cond, exit } => self.looped(|g| g.repeat_loop(body, cond, exit))?,
            StatKind::If { arms, otherwise } => self.if_statement(arms, otherwise)?,
            StatKind::NumericFor { .. } => self.looped(|g| g.numeric_for(stat))?,
            StatKind::GenericFor { .. } => self.looped(|g| g.generic_for(stat))?,
            StatKind::Return(values) => self.return_values(values, stat.end_line)?,
            StatKind::Goto { label } => {
                self.line = stat.end_line;
                self.goto(label);
            }
            StatKind::Label(label) => self.place_label(label),
            StatKind::Empty => {}
        }
        self.line = stat.end_line;
        self.f.free = self.f.level;
        Ok(())
    }

    /// Compiles a loop: what it declares is declared again in each round.
    fn looped(&mut self, compile: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.outline.loops += 1;
        compile(self)?;
        self.outline.loops -= 1;
        Ok(())
    }

    /// A block with a scope of its own.
    pub(super) fn block(&mut self, body: StatList) -> Result<()> {
        self.enter_block();
        self.statements(body)?;
        self.leave_block();
        Ok(())
    }

    pub(super) fn statements(&mut self, body: StatList) -> Result<()> {
        let ast = self.ast;
        for stat in ast.block(body) {
            self.statement(stat)?;
        }
        Ok(())
    }

    fn call_statement(&mut self, call: ExprId) -> Result<()> {
        let mut e = Exp::default();
        self.expr(call, &mut e)?;
        self.keep_exactly(&e, 0)?;
        Ok(())
    }

    /// A condition. `nil` counts as `false`, of which nobody wants the value.
    pub(super) fn condition(&mut self, id: ExprId, e: &mut Exp) -> Result<()> {
        self.expr(id, e)?;
        if e.kind == Kind::Nil {
            e.kind = Kind::False;
        }
        Ok(())
    }

    #[inline(never)]
    fn if_statement(&mut self, arms: Range32, otherwise: Option<StatList>) -> Result<()> {
        let ast = self.ast;
        let arms = &ast.arms[arms.as_range()];
        let mut end = JumpList::default();
        for (i, arm) in arms.iter().enumerate() {
            let mut e = Exp::default();
            self.condition(arm.cond, &mut e)?;
            self.line = arm.line;
            if let Some(label) = self.conditional_goto(arm) {
                // if c then goto label end: jump there if c holds.
                self.go_if_false(&mut e)?;
                self.jump_to_label(label, e.on_true);
                continue;
            }
            self.go_if_true(&mut e)?;
            self.block(arm.body)?;
            let more = i + 1 < arms.len() || otherwise.is_some();
            if more && !self.unreachable() {
                let jump = self.jump();
                end = self.join(end, jump);
            }
            self.patch_here(e.on_false);
        }
        if let Some(body) = otherwise {
            self.block(body)?;
        }
        self.patch_here(end);
        Ok(())
    }

    /// The label that an arm does nothing but jump to, if a conditional jump can do that: forward,
    /// and without closing anything. A `goto` has to stand on the line of `then`, so that a
    /// line hook misses nothing. (The reference makes an exception for `break`, and so do we.)
    fn conditional_goto(&self, arm: &Arm) -> Option<LabelId> {
        let mut body = self.ast.block(arm.body).filter(|s| !matches!(s.kind, StatKind::Empty));
        let (only, None) = (body.next()?, body.next()) else {
            return None;
        };
        let StatKind::Goto { label } = only.kind else {
            return None;
        };
        let on_line = only.line == arm.line || self.is_loop_exit(label);
        let fits = on_line && self.is_ahead(label) && self.jump_closes(label).is_none();
        fits.then_some(label)
    }

    /// `return values`
    fn return_values(&mut self, values: ExprList, end_line: u32) -> Result<()> {
        let ast = self.ast;
        let first = self.f.level;
        match *ast.list(values) {
            [] => {
                self.line = end_line;
                self.return_nothing();
            }
            [value] => {
                let mut e = Exp::default();
                self.expr(value, &mut e)?;
                self.line = end_line;
                match e.kind {
                    Kind::Call(call) if !self.inside_close() => self.tail_call(call),
                    Kind::Call(_) | Kind::Vararg(_) => {
                        self.keep_all(&e)?;
                        self.return_registers(first, 0);
                    }
                    _ => {
                        let register = self.any_register(&mut e)?;
                        self.return_registers(register, 2);
                    }
                }
            }
            _ => {
                let open = self.push_all(values)?;
                self.line = end_line;
                let count = values.len() as u16;
                self.return_registers(first, if open { 0 } else { count + 1 });
            }
        }
        Ok(())
    }

    /// Whether a return from here has to close variables: field X.
    fn return_closes(&self) -> bool {
        self.close_register(0).is_some()
    }

    /// Makes a tail call of the call that was emitted last.
    fn tail_call(&mut self, call: u32) {
        let x = u8::from(self.return_closes());
        let i = &mut self.f.code[call as usize];
        *i = Instr::new(Op::TailCall, x, i.a() as u16, i.b() as u16, 0);
    }

    /// `return`, also at the end of a function.
    pub(super) fn return_nothing(&mut self) {
        if self.return_closes() {
            self.emit(Instr::new(Op::Return, 1, 0, 1, 0));
        } else {
            self.emit(Instr::new(Op::Return0, 0, 0, 0, 0));
        }
    }

    /// Returns registers from `first` on; `b` as in [`Op::Return`].
    fn return_registers(&mut self, first: u8, b: u16) {
        let closes = self.return_closes();
        let instr = if b == 2 && !closes {
            Instr::new(Op::Return1, 0, reg(first), 0, 0)
        } else {
            Instr::new(Op::Return, u8::from(closes), reg(first), b, 0)
        };
        self.emit(instr);
    }
}
