//! Values that are described, but not computed yet.
//!
//! Compiling an expression gives an [`Exp`]: where its value is, or the last instruction
//! that is missing to have it somewhere. Whoever uses the value then asks for it in the next
//! register, in any register, as a constant, or as a jump.

use lua_proto::{Instr, Op, number};

use super::constants::ConstantKey;
use super::function::{NO_REGISTER, reg, up};
use super::jump::JumpList;
use super::{Generator, Result};
use crate::ast::StrId;

/// Where the value of an expression is, if none of its jumps is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Nil,
    True,
    False,
    Int(i64),
    Float(f64),
    Str(StrId),
    /// In this register, which is a local's or the last temporary.
    Register(u8),
    /// In this upvalue.
    Upvalue(u8),
    /// In a field of an upvalue; the name is an operand.
    UpvalueField {
        upvalue: u8,
        name: u16,
    },
    /// In a field of the table in this register; the name is an operand.
    Field {
        table: u8,
        name: u16,
    },
    /// In an item of the table in this register.
    Item {
        table: u8,
        key: u16,
    },
    /// In the table in this register, under the key in that register.
    Index {
        table: u8,
        key: u8,
    },
    /// The opposite of this register's truth.
    Not(u8),
    /// This instruction computes it, into a register that is not chosen yet.
    Pending(u32),
    /// A call at this instruction, which gives one value so far.
    Call(u32),
    /// `...` at this instruction, which gives one value so far; its register is not chosen yet.
    Vararg(u32),
    /// The comparison that this jump does: it jumps if the comparison is true.
    Test(JumpList),
}

/// An expression's value, and the jumps out of it.
#[derive(Clone, Copy)]
pub(super) struct Exp {
    pub(super) kind: Kind,
    /// Jumps that are taken where the whole expression is true.
    pub(super) on_true: JumpList,
    /// Jumps that are taken where the whole expression is false or nil.
    pub(super) on_false: JumpList,
}

/// `nil`
impl Default for Exp {
    fn default() -> Exp {
        Kind::Nil.into()
    }
}

impl From<Kind> for Exp {
    fn from(kind: Kind) -> Exp {
        let none = JumpList::default();
        Exp { kind, on_true: none, on_false: none }
    }
}

impl Kind {
    fn constant(self) -> Option<ConstantKey> {
        Some(match self {
            Kind::Nil => ConstantKey::Nil,
            Kind::True => ConstantKey::Bool(true),
            Kind::False => ConstantKey::Bool(false),
            Kind::Int(i) => ConstantKey::Int(i),
            Kind::Float(f) => ConstantKey::Float(f.to_bits()),
            Kind::Str(id) => ConstantKey::Str(id),
            _ => return None,
        })
    }

    /// Whether [`Generator::discharge`] has something to do.
    fn is_variable(self) -> bool {
        use Kind::*;
        matches!(self, Upvalue(_) | UpvalueField { .. } | Field { .. } | Item { .. } | Index { .. } | Not(_) | Call(_) | Vararg(_))
    }

    /// Whether it is a constant that counts as true.
    pub(super) fn is_truthy(self) -> bool {
        matches!(self, Kind::True | Kind::Int(_) | Kind::Float(_) | Kind::Str(_))
    }

    /// Whether it is a constant that counts as false.
    pub(super) fn is_falsy(self) -> bool {
        matches!(self, Kind::Nil | Kind::False)
    }
}

impl Exp {
    pub(super) fn has_jumps(&self) -> bool {
        !self.on_true.is_empty() || !self.on_false.is_empty()
    }

    /// The constant that the whole expression is, if it is one.
    pub(super) fn constant(&self) -> Option<ConstantKey> {
        if self.has_jumps() { None } else { self.kind.constant() }
    }

    /// The number that the whole expression is, if it is one.
    pub(super) fn numeral(&self) -> Option<Kind> {
        let number = matches!(self.kind, Kind::Int(_) | Kind::Float(_));
        (number && !self.has_jumps()).then_some(self.kind)
    }

    /// The integer literal of 16 bits that it is, if it is one.
    pub(super) fn small_int(&self) -> Option<i16> {
        match self.numeral()? {
            Kind::Int(i) => i16::try_from(i).ok(),
            _ => None,
        }
    }

    /// The number of 16 bits without a fraction that it is, and whether it is a float.
    pub(super) fn small_number(&self) -> Option<(i16, bool)> {
        match self.numeral()? {
            Kind::Int(i) => Some((i16::try_from(i).ok()?, false)),
            Kind::Float(f) => {
                let i = number::float_to_int(f)?;
                Some((i16::try_from(i).ok()?, true))
            }
            _ => None,
        }
    }
}

impl Generator<'_> {
    /// Makes a value of a variable: afterwards it is a constant, in a register, pending, or a test.
    #[inline]
    pub(super) fn discharge(&mut self, e: &mut Exp) {
        if e.kind.is_variable() {
            self.discharge_variable(e);
        }
    }

    fn discharge_variable(&mut self, e: &mut Exp) {
        let instr = match e.kind {
            Kind::Upvalue(upvalue) => Instr::new(Op::GetUpval, 0, 0, up(upvalue), 0),
            Kind::UpvalueField { upvalue, name } => Instr::new(Op::GetTabUp, 0, 0, up(upvalue), name),
            Kind::Field { table, name } => {
                self.release(table);
                Instr::new(Op::GetField, 0, 0, reg(table), name)
            }
            Kind::Item { table, key } => {
                self.release(table);
                Instr::new(Op::GetInt, 0, 0, reg(table), key)
            }
            Kind::Index { table, key } => {
                self.release_both(table, key);
                Instr::new(Op::GetTable, 0, 0, reg(table), reg(key))
            }
            Kind::Not(register) => {
                self.release(register);
                Instr::new(Op::Not, 0, 0, reg(register), 0)
            }
            Kind::Call(pc) => {
                let register = self.f.code[pc as usize].a() / lua_proto::SLOT;
                e.kind = Kind::Register(register as u8);
                return;
            }
            Kind::Vararg(pc) => {
                e.kind = Kind::Pending(pc);
                return;
            }
            _ => return,
        };
        e.kind = Kind::Pending(self.emit(instr));
    }

    /// Puts a value, but not yet those of its jumps, into a register. A test stays one.
    fn load(&mut self, e: &mut Exp, register: u8) -> Result<()> {
        self.discharge(e);
        let a = reg(register);
        match e.kind {
            Kind::Nil => self.load_nil(register, 1),
            Kind::True => drop(self.emit(Instr::new(Op::LoadTrue, 0, a, 0, 0))),
            Kind::False => drop(self.emit(Instr::new(Op::LoadFalse, 0, a, 0, 0))),
            Kind::Int(i) => self.load_number(Op::LoadI, a, i32::try_from(i).ok(), e.kind)?,
            Kind::Float(f) => {
                // -0.0 is no integer.
                let i = number::float_to_int(f).and_then(|i| i32::try_from(i).ok());
                let i = i.filter(|&i| i != 0 || f.is_sign_positive());
                self.load_number(Op::LoadF, a, i, e.kind)?;
            }
            Kind::Str(id) => {
                let k = self.wide_constant(ConstantKey::Str(id))?;
                self.emit(Instr::wide(Op::LoadK, 0, a, k));
            }
            Kind::Pending(pc) => self.set_a(pc, register),
            Kind::Register(from) => {
                if from != register {
                    self.emit(Instr::new(Op::Move, 0, a, reg(from), 0));
                }
            }
            // `discharge` leaves no other kinds.
            _ => return Ok(()),
        }
        e.kind = Kind::Register(register);
        Ok(())
    }

    fn load_number(&mut self, op: Op, a: u16, small: Option<i32>, kind: Kind) -> Result<()> {
        let instr = match (small, kind.constant()) {
            (None, Some(key)) => Instr::wide(Op::LoadK, 0, a, self.wide_constant(key)?),
            (small, _) => Instr::wide(op, 0, a, small.unwrap_or_default() as u32),
        };
        self.emit(instr);
        Ok(())
    }

    /// Sets `count` registers to nil, together with those of the instruction before if they touch.
    pub(super) fn load_nil(&mut self, from: u8, count: usize) {
        let (mut first, mut last) = (usize::from(from), usize::from(from) + count - 1);
        let reachable = self.f.last_target != self.pc();
        if let Some(before) = self.f.code.last_mut().filter(|i| reachable && i.op() == Op::LoadNil) {
            let (a, b) = (before.a() / lua_proto::SLOT, before.b() / lua_proto::SLOT);
            if first <= b + 1 && a <= last + 1 {
                (first, last) = (first.min(a), last.max(b));
                *before = Instr::new(Op::LoadNil, 0, reg(first as u8), reg(last as u8), 0);
                return;
            }
        }
        self.emit(Instr::new(Op::LoadNil, 0, reg(first as u8), reg(last as u8), 0));
    }

    /// Puts the value of the whole expression into a register.
    pub(super) fn put(&mut self, e: &mut Exp, register: u8) -> Result<()> {
        self.load(e, register)?;
        let is_test = match e.kind {
            Kind::Test(jump) => {
                e.on_true = self.join(e.on_true, jump);
                true
            }
            _ => false,
        };
        if e.has_jumps() {
            let (mut set_false, mut set_true) = (0, 0);
            if self.lacks_value(e.on_true) || self.lacks_value(e.on_false) {
                let skip = if is_test { JumpList::default() } else { self.jump() };
                set_false = self.mark_target();
                self.emit(Instr::new(Op::LoadFalseSkip, 0, reg(register), 0, 0));
                set_true = self.mark_target();
                self.emit(Instr::new(Op::LoadTrue, 0, reg(register), 0, 0));
                self.patch_here(skip);
            }
            let end = self.mark_target();
            self.patch(e.on_false, end, Some(register), set_false);
            self.patch(e.on_true, end, Some(register), set_true);
        }
        *e = Kind::Register(register).into();
        Ok(())
    }

    /// Puts the value into the next register and gives that.
    pub(super) fn next_register(&mut self, e: &mut Exp) -> Result<u8> {
        self.discharge(e);
        if let Kind::Register(register) = e.kind {
            self.release(register);
        }
        let register = self.reserve(1)?;
        self.put(e, register)?;
        Ok(register)
    }

    /// Puts the value into a register, if it is not in one, and gives that.
    pub(super) fn any_register(&mut self, e: &mut Exp) -> Result<u8> {
        self.discharge(e);
        if let Kind::Register(register) = e.kind {
            if !e.has_jumps() {
                return Ok(register);
            }
            // A temporary can take the values of the jumps, too; a local cannot.
            if register >= self.f.level {
                self.put(e, register)?;
                return Ok(register);
            }
        }
        self.next_register(e)
    }

    /// Gives the register of a value back, if it has one.
    pub(super) fn release_exp(&mut self, e: &Exp) {
        if let Kind::Register(register) = e.kind {
            self.release(register);
        }
    }

    /// Emits a jump that is taken if the value is `wanted`.
    fn jump_if(&mut self, e: &mut Exp, wanted: bool) -> Result<JumpList> {
        if let Kind::Not(register) = e.kind {
            self.release(register);
            let op = if wanted { Op::JmpNot } else { Op::JmpIf };
            return Ok(self.emit_jump(Instr::wide(op, 0, reg(register), 0)));
        }
        self.discharge(e);
        let register = match e.kind {
            Kind::Register(register) => register,
            _ => {
                let register = self.reserve(1)?;
                self.load(e, register)?;
                register
            }
        };
        self.release(register);
        let op = if wanted { Op::JmpIfSet } else { Op::JmpNotSet };
        Ok(self.emit_jump(Instr::new(op, 0, NO_REGISTER, reg(register), 0)))
    }

    /// Goes on where the value is true, and leaves by `on_false` where it is not.
    pub(super) fn go_if_true(&mut self, e: &mut Exp) -> Result<()> {
        let jump = match e.kind {
            Kind::Test(jump) => {
                self.invert(jump);
                jump
            }
            kind if kind.is_truthy() => JumpList::default(),
            Kind::False => self.jump(),
            _ => self.jump_if(e, false)?,
        };
        e.on_false = self.join(e.on_false, jump);
        self.patch_here(std::mem::take(&mut e.on_true));
        Ok(())
    }

    /// Goes on where the value is false or nil, and leaves by `on_true` where it is not.
    pub(super) fn go_if_false(&mut self, e: &mut Exp) -> Result<()> {
        let jump = match e.kind {
            Kind::Test(jump) => jump,
            kind if kind.is_falsy() => JumpList::default(),
            Kind::True => self.jump(),
            _ => self.jump_if(e, true)?,
        };
        e.on_true = self.join(e.on_true, jump);
        self.patch_here(std::mem::take(&mut e.on_false));
        Ok(())
    }
}
