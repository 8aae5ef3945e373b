//! Expressions (§3.4).

use lua_proto::{Instr, MAX_SHORT, Op};

use super::constants::ConstantKey;
use super::function::reg;
use super::scope::Slot;
use super::upvalue::UpvalueSlot;
use super::value::{Exp, Kind};
use super::{Generator, Result};
use crate::ast::{BinaryOp, ExprId, ExprKind, ExprList, FunctionId, LocalId, StrId, UnaryOp};

impl Generator<'_> {
    /// Compiles an expression.
    ///
    /// Left sides may be nested 100,000s deep (`a + a + a …`, `f()()() …`), so the way down to the
    /// leftmost leaf is kept in `spine`, and only right sides are compiled by recursion.
    ///
    /// `e` is an [`Exp::default`], which is filled where it is: a value that is copied as soon as it was written makes the
    /// processor wait.
    pub(super) fn expr(&mut self, id: ExprId, e: &mut Exp) -> Result<()> {
        let base = self.spine.len();
        let mut leaf = id;
        loop {
            let left = match self.ast.expr(leaf).kind {
                ExprKind::Binary { lhs, .. } => lhs,
                ExprKind::Field { object, .. } | ExprKind::Index { object, .. } | ExprKind::MethodCall { object, .. } => object,
                ExprKind::Call { callee, .. } => callee,
                ExprKind::Unary { operand, .. } => operand,
                ExprKind::Paren(inner) => inner,
                _ => break,
            };
            self.spine.push(leaf);
            leaf = left;
        }
        self.leaf(leaf, e)?;
        while self.spine.len() > base {
            let outer = self.spine.pop().expect("longer than its base");
            self.climb(outer, e)?;
        }
        Ok(())
    }

    /// Compiles what has no left side.
    fn leaf(&mut self, id: ExprId, e: &mut Exp) -> Result<()> {
        let expr = self.ast.expr(id);
        // Tables and `...` come to be before their first token is read.
        let before = std::mem::replace(&mut self.line, expr.line);
        match expr.kind {
            ExprKind::True => e.kind = Kind::True,
            ExprKind::False => e.kind = Kind::False,
            ExprKind::Int(i) => e.kind = Kind::Int(i.get()),
            ExprKind::Float(f) => e.kind = Kind::Float(f.get()),
            ExprKind::Str(id) => e.kind = Kind::Str(id),
            ExprKind::Vararg => e.kind = Kind::Vararg(self.emit_on(before, Instr::new(Op::VarArg, 0, 0, 0, 2))),
            ExprKind::Local(local) => e.kind = self.local(local),
            ExprKind::Upvalue(index) => e.kind = self.upvalue(index),
            ExprKind::Global { env, name } => *e = self.global(env, name)?,
            ExprKind::Function(function) => {
                let name = self.outline.take(id);
                e.kind = self.closure(function, name)?;
                self.pass_function(id);
            }
            ExprKind::Table { fields, end_line } => {
                let name = self.outline.take(id);
                self.name_fields(&name, id, fields);
                e.kind = self.table(fields, before, end_line)?;
            }
            // `nil`, which `e` is: `expr` goes down to a leaf.
            _ => {}
        }
        Ok(())
    }

    pub(super) fn local(&self, id: LocalId) -> Kind {
        match self.slots.get(id) {
            Slot::Register(register) => Kind::Register(register),
            Slot::Constant(kind) => kind,
        }
    }

    pub(super) fn upvalue(&self, index: u16) -> Kind {
        match self.f.upvalue_slots[usize::from(index)] {
            UpvalueSlot::Index(index) => Kind::Upvalue(index),
            UpvalueSlot::Constant(kind) => kind,
        }
    }

    /// The variable `_ENV.name`.
    pub(super) fn global(&mut self, env: ExprId, name: StrId) -> Result<Exp> {
        let env = match self.ast.expr(env).kind {
            ExprKind::Local(local) => self.local(local),
            ExprKind::Upvalue(index) => self.upvalue(index),
            _ => Kind::Nil,
        };
        self.indexed(env.into(), Kind::Str(name))
    }

    /// A function as an instruction that makes a closure of it.
    #[inline(never)]
    pub(super) fn closure(&mut self, id: FunctionId, name: Vec<u8>) -> Result<Kind> {
        let stat = self.stat;
        let part = match self.take_early(id, &name) {
            Some(part) => part,
            None => self.function(id, name)?,
        };
        self.stat = stat;
        let index = self.f.nested.len() as u32;
        self.f.nested.push(part);
        self.line = self.ast.function(id).end_line;
        Ok(Kind::Pending(self.emit(Instr::wide(Op::Closure, 0, 0, index))))
    }

    /// Compiles an expression whose left side is `e`.
    fn climb(&mut self, id: ExprId, e: &mut Exp) -> Result<()> {
        let ast = self.ast;
        let expr = ast.expr(id);
        match expr.kind {
            ExprKind::Binary { op, rhs, .. } => {
                self.line = expr.line;
                match op {
                    BinaryOp::And => self.and(e, rhs),
                    BinaryOp::Or => self.or(e, rhs),
                    BinaryOp::Concat => self.concat(e, rhs, expr.line),
                    _ => {
                        self.left_operand(op, e)?;
                        let id = rhs;
                        let mut rhs = Exp::default();
                        self.expr(id, &mut rhs)?;
                        *e = self.binary(op, *e, rhs, expr.line)?;
                        Ok(())
                    }
                }
            }
            ExprKind::Unary { op, .. } => self.unary(op, e, expr.line),
            ExprKind::Paren(inner) => {
                self.end_operand(inner);
                self.settle(e);
                Ok(())
            }
            ExprKind::Field { name, .. } => {
                *e = self.indexed(*e, Kind::Str(name))?;
                self.line = expr.line;
                Ok(())
            }
            ExprKind::Index { key, .. } => {
                *e = self.index(*e, key)?;
                self.line = expr.line;
                Ok(())
            }
            ExprKind::Call { args, .. } => {
                self.name_arguments(id, args);
                let base = self.next_register(e)?;
                self.call(e, base, args, expr.line)
            }
            ExprKind::MethodCall { name, args, .. } => {
                self.name_arguments(id, args);
                self.line = expr.line;
                let base = self.method(e, name)?;
                self.call(e, base, args, expr.line)
            }
            // Only these have a left side.
            _ => Ok(()),
        }
    }

    /// The literal or folded constant that an expression is.
    fn literal(&self, id: ExprId) -> Option<Kind> {
        let kind = match self.ast.expr(id).kind {
            ExprKind::Str(id) => Kind::Str(id),
            ExprKind::Int(i) => Kind::Int(i.get()),
            ExprKind::Local(local) => self.local(local),
            ExprKind::Upvalue(index) => self.upvalue(index),
            _ => return None,
        };
        matches!(kind, Kind::Str(_) | Kind::Int(_)).then_some(kind)
    }

    /// `object[key]`
    pub(super) fn index(&mut self, mut object: Exp, key: ExprId) -> Result<Exp> {
        if let Some(key_kind) = self.literal(key) {
            return self.indexed(object, key_kind);
        }
        let table = self.any_register(&mut object)?;
        let id = key;
        let mut key = Exp::default();
        self.expr(id, &mut key)?;
        if let (Kind::Str(_) | Kind::Int(_), false) = (key.kind, key.has_jumps()) {
            return self.indexed(object, key.kind);
        }
        let key = self.any_register(&mut key)?;
        Ok(Kind::Index { table, key }.into())
    }

    /// `object[key]`, where the key is a string or an integer.
    pub(super) fn indexed(&mut self, mut object: Exp, key: Kind) -> Result<Exp> {
        let name = match key {
            Kind::Str(id) => self.name_operand(id),
            _ => None,
        };
        if let (Kind::Upvalue(upvalue), false, Some(name)) = (object.kind, object.has_jumps(), name) {
            return Ok(Kind::UpvalueField { upvalue, name }.into());
        }
        let table = self.any_register(&mut object)?;
        if let Some(name) = name {
            return Ok(Kind::Field { table, name }.into());
        }
        if let Kind::Int(i) = key
            && let Ok(key) = u16::try_from(i)
        {
            return Ok(Kind::Item { table, key }.into());
        }
        let key = self.any_register(&mut key.into())?;
        Ok(Kind::Index { table, key }.into())
    }

    /// A string as the name of a field, unless it is too long or the function has too many
    /// constants.
    fn name_operand(&mut self, id: StrId) -> Option<u16> {
        if self.ast.strings[id.0 as usize].len() > MAX_SHORT {
            return None;
        }
        self.constant_operand(ConstantKey::Str(id))
    }

    /// Puts `object.name` and `object` into the next two registers and gives the first.
    fn method(&mut self, object: &mut Exp, name: StrId) -> Result<u8> {
        let from = self.any_register(object)?;
        self.release(from);
        let base = self.reserve(2)?;
        if let Some(name) = self.name_operand(name) {
            self.emit(Instr::new(Op::SelfField, 0, reg(base), reg(from), name));
        } else {
            if from != base + 1 {
                self.emit(Instr::new(Op::Move, 0, reg(base + 1), reg(from), 0));
            }
            let key = self.wide_constant(ConstantKey::Str(name))?;
            self.emit(Instr::wide(Op::LoadK, 0, reg(base), key));
            self.emit(Instr::new(Op::GetTable, 0, reg(base), reg(base + 1), reg(base)));
        }
        Ok(base)
    }

    /// Calls what `base` holds; arguments are what stands above it already, and `args`.
    #[inline(never)]
    fn call(&mut self, e: &mut Exp, base: u8, args: ExprList, line: u32) -> Result<()> {
        let open = self.push_all(args)?;
        let count = if open { 0 } else { u16::from(self.f.free - base) };
        let call = self.emit_on(line, Instr::new(Op::Call, 0, reg(base), count, 2));
        self.f.free = base + 1;
        *e = Kind::Call(call).into();
        Ok(())
    }

    /// Puts expressions into the next registers. If the last one may have several values, it keeps
    /// them all, up to the top, and the result is true.
    pub(super) fn push_all(&mut self, list: ExprList) -> Result<bool> {
        let ast = self.ast;
        let Some((&last, first)) = ast.list(list).split_last() else {
            return Ok(false);
        };
        self.push_each(first)?;
        let mut e = Exp::default();
        self.expr(last, &mut e)?;
        self.end_operand(last);
        if self.keep_all(&e)? {
            return Ok(true);
        }
        self.next_register(&mut e)?;
        Ok(false)
    }

    /// Puts one value of each expression into the next registers. A comma follows each.
    pub(super) fn push_each(&mut self, list: &[ExprId]) -> Result<()> {
        for &id in list {
            let mut e = Exp::default();
            self.expr(id, &mut e)?;
            self.end_operand(id);
            self.next_register(&mut e)?;
        }
        Ok(())
    }

    /// Goes on to the line of the token behind an operand.
    pub(super) fn end_operand(&mut self, operand: ExprId) {
        if let Ok(at) = self.ast.late.binary_search_by_key(&operand.0, |(id, _)| id.0) {
            self.line = self.ast.late[at].1;
        }
    }

    /// Makes a call or `...` keep all its values, in the next registers; false if `e` is
    /// something else.
    pub(super) fn keep_all(&mut self, e: &Exp) -> Result<bool> {
        self.keep(e, 0)
    }

    /// Makes a call or `...` put `count` values into the next registers; false if `e` is
    /// something else. The registers are not taken.
    pub(super) fn keep_exactly(&mut self, e: &Exp, count: usize) -> Result<bool> {
        self.keep(e, count as u16 + 1)
    }

    fn keep(&mut self, e: &Exp, c: u16) -> Result<bool> {
        match e.kind {
            Kind::Call(pc) => {
                // Its result is taken to be in a register already.
                self.set_c(pc, c);
                self.f.free = (self.f.code[pc as usize].a() / lua_proto::SLOT) as u8;
            }
            Kind::Vararg(pc) => {
                self.set_c(pc, c);
                self.set_a(pc, self.f.free);
                self.check_stack(1)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Computes expressions and puts exactly `wanted` values into the next registers.
    pub(super) fn push_exactly(&mut self, list: ExprList, wanted: usize) -> Result<()> {
        let ast = self.ast;
        let first = self.f.free;
        let Some((&last, before)) = ast.list(list).split_last() else {
            return self.push_nils(wanted);
        };
        self.push_each(before)?;
        let mut e = Exp::default();
        self.expr(last, &mut e)?;
        self.push_last(&mut e, first, before.len(), wanted)
    }

    /// The last step of [`Generator::push_exactly`]: `e` is the last expression, and `before`
    /// values stand in registers from `first` on.
    pub(super) fn push_last(&mut self, e: &mut Exp, first: u8, before: usize, wanted: usize) -> Result<()> {
        let missing = wanted.saturating_sub(before);
        if self.keep_exactly(e, missing)? {
            self.reserve(missing)?;
        } else {
            self.next_register(e)?;
            self.push_nils(missing.saturating_sub(1))?;
        }
        // Values that nobody wants are computed, and dropped.
        self.f.free = first + wanted as u8;
        Ok(())
    }

    fn push_nils(&mut self, count: usize) -> Result<()> {
        if count > 0 {
            let first = self.reserve(count)?;
            self.load_nil(first, count);
        }
        Ok(())
    }

    /// Makes one value of an expression. A negation, which may still become a jump, stays one.
    fn settle(&mut self, e: &mut Exp) {
        if !matches!(e.kind, Kind::Not(_)) {
            self.discharge(e);
        }
    }

    /// `e and rhs`
    fn and(&mut self, e: &mut Exp, rhs: ExprId) -> Result<()> {
        if e.kind.is_falsy() && e.on_true.is_empty() {
            // The right side cannot be reached.
            self.line = self.ast.expr(rhs).line;
            return Ok(());
        }
        self.go_if_true(e)?;
        let id = rhs;
        let mut rhs = Exp::default();
        self.expr(id, &mut rhs)?;
        self.settle(&mut rhs);
        rhs.on_false = self.join(e.on_false, rhs.on_false);
        *e = rhs;
        Ok(())
    }

    /// `e or rhs`
    fn or(&mut self, e: &mut Exp, rhs: ExprId) -> Result<()> {
        // A string is tested like a variable, as in the reference: messages do not name what a test leaves behind.
        if e.kind.is_truthy() && e.on_false.is_empty() && !matches!(e.kind, Kind::Str(_)) {
            self.line = self.ast.expr(rhs).line;
            return Ok(());
        }
        self.go_if_false(e)?;
        let id = rhs;
        let mut rhs = Exp::default();
        self.expr(id, &mut rhs)?;
        self.settle(&mut rhs);
        rhs.on_true = self.join(e.on_true, rhs.on_true);
        *e = rhs;
        Ok(())
    }

    /// `e .. rhs`, as one instruction with all of `rhs` that is a concatenation itself. (It is right
    /// associative, so parentheses around the right side change nothing.)
    #[inline(never)]
    fn concat(&mut self, e: &mut Exp, rhs: ExprId, line: u32) -> Result<()> {
        let ast = self.ast;
        let base = self.next_register(e)?;
        let (mut rest, mut line) = (rhs, line);
        loop {
            let mut inner = rest;
            while let ExprKind::Paren(id) = ast.expr(inner).kind {
                inner = id;
            }
            let ExprKind::Binary { op: BinaryOp::Concat, lhs, rhs } = ast.expr(inner).kind else {
                break;
            };
            let mut operand = Exp::default();
            self.expr(lhs, &mut operand)?;
            line = ast.expr(inner).line;
            self.line = line;
            self.next_register(&mut operand)?;
            rest = rhs;
        }
        let mut last = Exp::default();
        self.expr(rest, &mut last)?;
        self.next_register(&mut last)?;
        let count = u16::from(self.f.free - base);
        self.emit_on(line, Instr::new(Op::Concat, 0, reg(base), count, 0));
        self.f.free = base + 1;
        *e = Kind::Register(base).into();
        Ok(())
    }

    fn unary(&mut self, op: UnaryOp, e: &mut Exp, line: u32) -> Result<()> {
        if op == UnaryOp::Not {
            return self.not(e);
        }
        if let Some(kind) = super::fold::unary(op, e) {
            e.kind = kind;
            return Ok(());
        }
        let op = match op {
            UnaryOp::Len => Op::Len,
            UnaryOp::Neg => Op::Unm,
            _ => Op::BNot,
        };
        let operand = self.any_register(e)?;
        self.release(operand);
        *e = Kind::Pending(self.emit_on(line, Instr::new(op, 0, 0, reg(operand), 0))).into();
        Ok(())
    }

    fn not(&mut self, e: &mut Exp) -> Result<()> {
        self.discharge(e);
        e.kind = match e.kind {
            Kind::Test(jump) => {
                self.invert(jump);
                e.kind
            }
            kind if kind.is_falsy() => Kind::True,
            kind if kind.is_truthy() => Kind::False,
            Kind::Register(register) => Kind::Not(register),
            Kind::Pending(pc) => {
                let register = self.reserve(1)?;
                self.set_a(pc, register);
                Kind::Not(register)
            }
            // `discharge` leaves no other kinds.
            kind => kind,
        };
        (e.on_true, e.on_false) = (e.on_false, e.on_true);
        // Their values are not the negation's.
        self.drop_values(e.on_true);
        self.drop_values(e.on_false);
        Ok(())
    }
}
