//! Operators: which instruction fits the operands best.

use lua_proto::{Instr, Op};

use super::constants::ConstantKey;
use super::function::reg;
use super::value::{Exp, Kind};
use super::{Generator, Result, fold};
use crate::ast::BinaryOp;

/// The right operand of an arithmetic instruction.
enum Right {
    /// A number in the instruction.
    Immediate(Op, i16),
    /// A constant.
    Constant(Op, u16),
    /// A register.
    Register(Op),
}

/// In field X: the operands stood the other way round.
const FLIPPED: u8 = 1;
/// In field X: the source had the opposite operator and the negated number.
const NEGATED: u8 = 2;

/// The instruction for two registers.
fn register_op(op: BinaryOp) -> Op {
    match op {
        BinaryOp::Add => Op::Add,
        BinaryOp::Sub => Op::Sub,
        BinaryOp::Mul => Op::Mul,
        BinaryOp::Div => Op::Div,
        BinaryOp::IDiv => Op::IDiv,
        BinaryOp::Mod => Op::Mod,
        BinaryOp::Pow => Op::Pow,
        BinaryOp::BAnd => Op::BAnd,
        BinaryOp::BOr => Op::BOr,
        BinaryOp::BXor => Op::BXor,
        BinaryOp::Shl => Op::Shl,
        _ => Op::Shr,
    }
}

/// The instruction for a register and a constant.
fn constant_op(op: BinaryOp) -> Option<Op> {
    Some(match op {
        BinaryOp::Add => Op::AddK,
        BinaryOp::Sub => Op::SubK,
        BinaryOp::Mul => Op::MulK,
        BinaryOp::Div => Op::DivK,
        BinaryOp::IDiv => Op::IDivK,
        BinaryOp::Mod => Op::ModK,
        BinaryOp::Pow => Op::PowK,
        BinaryOp::BAnd => Op::BAndK,
        BinaryOp::BOr => Op::BOrK,
        BinaryOp::BXor => Op::BXorK,
        _ => return None,
    })
}

fn is_bitwise(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::BAnd | BinaryOp::BOr | BinaryOp::BXor)
}

fn is_equality(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Eq | BinaryOp::Ne)
}

fn is_order(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
}

impl Generator<'_> {
    /// Prepares the left operand before the right one is computed: in a register, unless it is a
    /// constant that an instruction may take as it is.
    pub(super) fn left_operand(&mut self, op: BinaryOp, e: &mut Exp) -> Result<()> {
        let stays = match op {
            _ if is_equality(op) => e.constant().is_some(),
            _ if is_order(op) => e.small_number().is_some(),
            _ => e.numeral().is_some(),
        };
        if !stays {
            self.any_register(e)?;
        }
        Ok(())
    }

    /// An operation on a prepared left and a fresh right operand.
    pub(super) fn binary(&mut self, op: BinaryOp, lhs: Exp, rhs: Exp, line: u32) -> Result<Exp> {
        if is_equality(op) {
            self.equality(op, lhs, rhs)
        } else if is_order(op) {
            self.order(op, lhs, rhs)
        } else if let Some(kind) = fold::binary(op, &lhs, &rhs) {
            Ok(kind.into())
        } else {
            self.arithmetic(op, lhs, rhs, line)
        }
    }

    fn arithmetic(&mut self, op: BinaryOp, mut lhs: Exp, mut rhs: Exp, line: u32) -> Result<Exp> {
        let commutes = match op {
            BinaryOp::Add | BinaryOp::Mul => lhs.numeral().is_some(),
            _ if is_bitwise(op) => matches!(lhs.numeral(), Some(Kind::Int(_))),
            // `ShlI` has its number on the left.
            BinaryOp::Shl => lhs.small_int().is_some(),
            _ => false,
        };
        if commutes {
            (lhs, rhs) = (rhs, lhs);
        }
        let (right, x) = self.right_operand(op, &rhs, commutes);
        let (op, c) = match right {
            Right::Immediate(op, number) => (op, number as u16),
            Right::Constant(op, constant) => (op, constant),
            Right::Register(op) => {
                if commutes {
                    (lhs, rhs) = (rhs, lhs);
                }
                (op, reg(self.any_register(&mut rhs)?))
            }
        };
        let b = self.any_register(&mut lhs)?;
        let pc = self.emit_on(line, Instr::new(op, x, 0, reg(b), c));
        match rhs.kind {
            Kind::Register(rhs) => self.release_both(b, rhs),
            _ => self.release(b),
        }
        Ok(Kind::Pending(pc).into())
    }

    /// The best form for the right operand, and field X. The operands were exchanged if `flipped`.
    fn right_operand(&mut self, op: BinaryOp, rhs: &Exp, flipped: bool) -> (Right, u8) {
        let flip = if flipped { FLIPPED } else { 0 };
        let small = rhs.small_int();
        let negated = small.and_then(i16::checked_neg);
        match (op, small, negated) {
            (BinaryOp::Add, Some(i), _) => return (Right::Immediate(Op::AddI, i), flip),
            (BinaryOp::Sub, _, Some(i)) => return (Right::Immediate(Op::AddI, i), NEGATED),
            (BinaryOp::Shl, Some(i), _) if flipped => return (Right::Immediate(Op::ShlI, i), 0),
            (BinaryOp::Shl, _, Some(i)) => return (Right::Immediate(Op::ShrI, i), NEGATED),
            (BinaryOp::Shr, Some(i), _) => return (Right::Immediate(Op::ShrI, i), 0),
            _ => {}
        }
        let key = match rhs.numeral() {
            Some(Kind::Int(i)) => Some(ConstantKey::Int(i)),
            Some(Kind::Float(f)) if !is_bitwise(op) => Some(ConstantKey::Float(f.to_bits())),
            _ => None,
        };
        if let (Some(op), Some(key)) = (constant_op(op), key)
            && let Some(constant) = self.constant_operand(key)
        {
            return (Right::Constant(op, constant), flip);
        }
        (Right::Register(register_op(op)), 0)
    }

    fn equality(&mut self, op: BinaryOp, mut lhs: Exp, mut rhs: Exp) -> Result<Exp> {
        // Equality is symmetric: a constant goes to the right.
        if lhs.constant().is_some() {
            (lhs, rhs) = (rhs, lhs);
        }
        let equal = op == BinaryOp::Eq;
        let a = self.any_register(&mut lhs)?;
        let constant = match rhs.constant() {
            Some(key) => self.constant_operand(key),
            None => None,
        };
        if let Some(b) = constant {
            self.release(a);
            let op = if equal { Op::JmpEqK } else { Op::JmpNeK };
            return Ok(self.test(Instr::new(op, 0, reg(a), b, 0)));
        }
        let b = self.any_register(&mut rhs)?;
        self.release_both(a, b);
        let op = if equal { Op::JmpEq } else { Op::JmpNe };
        Ok(self.test(Instr::new(op, 0, reg(a), reg(b), 0)))
    }

    fn order(&mut self, op: BinaryOp, mut lhs: Exp, mut rhs: Exp) -> Result<Exp> {
        if let Some((number, is_float)) = rhs.small_number() {
            let op = match op {
                BinaryOp::Lt => Op::JmpLtI,
                BinaryOp::Le => Op::JmpLeI,
                BinaryOp::Gt => Op::JmpGtI,
                _ => Op::JmpGeI,
            };
            return self.order_number(op, lhs, number, is_float);
        }
        if let Some((number, is_float)) = lhs.small_number() {
            // 5 < a is a > 5.
            let op = match op {
                BinaryOp::Lt => Op::JmpGtI,
                BinaryOp::Le => Op::JmpGeI,
                BinaryOp::Gt => Op::JmpLtI,
                _ => Op::JmpLeI,
            };
            return self.order_number(op, rhs, number, is_float);
        }
        let a = self.any_register(&mut lhs)?;
        let b = self.any_register(&mut rhs)?;
        self.release_both(a, b);
        // a > b is b < a.
        let (op, a, b) = match op {
            BinaryOp::Lt => (Op::JmpLt, a, b),
            BinaryOp::Le => (Op::JmpLe, a, b),
            BinaryOp::Gt => (Op::JmpLt, b, a),
            _ => (Op::JmpLe, b, a),
        };
        Ok(self.test(Instr::new(op, 0, reg(a), reg(b), 0)))
    }

    fn order_number(&mut self, op: Op, mut e: Exp, number: i16, is_float: bool) -> Result<Exp> {
        let a = self.any_register(&mut e)?;
        self.release(a);
        Ok(self.test(Instr::new(op, u8::from(is_float), reg(a), number as u16, 0)))
    }

    fn test(&mut self, instr: Instr) -> Exp {
        Kind::Test(self.emit_jump(instr)).into()
    }
}
