//! Loops (§3.3.4, §3.3.5). Their jumps back are the only ones besides `goto`.

use lua_proto::{Instr, Op};

use super::function::reg;
use super::value::Exp;
use super::{Generator, Result};
use crate::ast::{ExprId, LabelId, LocalId, Stat, StatKind, StatList};

/// Registers of a generic `for`: iterator, state, control, closing value.
const STATE: usize = 4;
/// Registers that a call of the iterator needs: itself and two arguments.
const ITERATOR_CALL: usize = 3;

impl Generator<'_> {
    /// `while cond do body end`
    pub(super) fn while_loop(&mut self, cond: ExprId, body: StatList, exit: LabelId) -> Result<()> {
        let start = self.mark_target();
        let mut e = Exp::default();
        self.condition(cond, &mut e)?;
        self.go_if_true(&mut e)?;
        self.block(body)?;
        if !self.unreachable() {
            self.jump_back(start);
        }
        self.patch_here(e.on_false);
        self.place_exit(exit);
        Ok(())
    }

    /// `repeat body until cond`, in whose scope the body's locals are. If some of those have to be
    /// closed, that happens on both ways, behind the condition:
    ///
    /// ```text
    ///   start: body
    ///          if cond then goto done
    ///          close; loop start
    ///   done:  close
    /// ```
    pub(super) fn repeat_loop(&mut self, body: StatList, cond: ExprId, exit: LabelId) -> Result<()> {
        let start = self.mark_target();
        self.enter_block();
        self.statements(body)?;
        let mut e = Exp::default();
        self.condition(cond, &mut e)?;
        let once = e.kind.is_truthy() && e.on_false.is_empty();
        if once {
            self.patch_here(e.on_true);
        } else {
            self.go_if_false(&mut e)?;
            if !self.unreachable() {
                if let Some(register) = self.block_closes() {
                    self.emit(Instr::new(Op::Close, 0, reg(register), 0, 0));
                }
                self.jump_back(start);
            }
            self.patch_here(e.on_true);
        }
        self.leave_block();
        self.place_exit(exit);
        Ok(())
    }

    /// `for var = start, limit, step do body end`
    pub(super) fn numeric_for(&mut self, stat: &Stat) -> Result<()> {
        let StatKind::NumericFor { locals, start, limit, step, body, exit, do_line } = stat.kind else {
            return Ok(());
        };
        let ast = self.ast;
        let base = self.f.free;
        self.enter_block();
        for value in [Some(start), Some(limit), step] {
            match value {
                Some(value) => {
                    let mut e = Exp::default();
                    self.expr(value, &mut e)?;
                    self.next_register(&mut e)?;
                }
                None => {
                    let step = self.reserve(1)?;
                    self.emit(Instr::wide(Op::LoadI, 0, reg(step), 1));
                }
            }
        }
        let (hidden, variables) = ast.local_lists[locals.as_range()].split_at(3);
        hidden.iter().for_each(|&id| self.activate(id));
        self.line = do_line;
        let prepare = self.emit(Instr::wide(Op::ForPrep, 0, reg(base), 0));
        self.loop_body(variables, body)?;
        let end = self.mark_target();
        self.emit_on(stat.line, Instr::wide(Op::ForLoop, 0, reg(base), 0));
        self.set_target(end, prepare + 1);
        self.line = stat.end_line;
        let behind = self.mark_target();
        self.set_target(prepare, behind);
        self.leave_block();
        self.place_exit(exit);
        Ok(())
    }

    /// `for names in values do body end`
    pub(super) fn generic_for(&mut self, stat: &Stat) -> Result<()> {
        let StatKind::GenericFor { locals, values, body, exit, call_line, do_line } = stat.kind else {
            return Ok(());
        };
        let ast = self.ast;
        let base = self.f.free;
        self.enter_block();
        self.mark_inside_close();
        self.push_exactly(values, STATE)?;
        self.check_stack(ITERATOR_CALL)?;
        let (hidden, variables) = ast.local_lists[locals.as_range()].split_at(STATE);
        hidden.iter().for_each(|&id| self.activate(id));
        self.line = do_line;
        let prepare = self.emit(Instr::wide(Op::TForPrep, 0, reg(base), 0));
        // A `break` goes to where the closing value is closed, and all else with it.
        self.labels[exit.0 as usize].closes = true;
        self.loop_body(variables, body)?;
        let call = self.mark_target();
        self.set_target(prepare, call);
        let count = variables.len() as u16;
        self.emit_on(call_line, Instr::new(Op::TForCall, 0, reg(base), 0, count));
        let end = self.emit_on(call_line, Instr::wide(Op::TForLoop, 0, reg(base), 0));
        self.set_target(end, prepare + 1);
        self.line = stat.end_line;
        self.place_exit(exit);
        self.leave_block();
        Ok(())
    }

    /// The body of a `for` loop in the scope of its variables, whose values stand in registers.
    fn loop_body(&mut self, variables: &[LocalId], body: StatList) -> Result<()> {
        self.enter_block();
        self.reserve(variables.len())?;
        variables.iter().for_each(|&id| self.activate(id));
        self.mark_target();
        self.statements(body)?;
        self.leave_block();
        Ok(())
    }
}
