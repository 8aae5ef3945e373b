//! Registers that something else refers to: those that closures share, and those to be closed.
//!
//! A call puts the function that it calls into a register of its own, and execution trusts that slot while the call
//! lasts. So no upvalue may lead there. And a frame may end in the short way only if nothing refers
//! to its registers any more. Both depend on the way that execution took: what may be pending
//! is followed along every path.

use smallvec::SmallVec;

use super::{VerifyReason, ensure};
use crate::op::{Instr, Op, Operand, SLOT};
use crate::proto::Body;

/// A set of registers.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Registers([u64; 4]);

impl Registers {
    fn insert(&mut self, register: usize) {
        self.0[register / 64] |= 1 << (register % 64);
    }

    /// Takes out all registers from `first` on.
    fn truncate(&mut self, first: usize) {
        for (index, word) in self.0.iter_mut().enumerate() {
            let kept = first.saturating_sub(64 * index).min(64) as u32;
            *word &= u64::MAX.checked_shr(64 - kept).unwrap_or(0);
        }
    }

    fn join(self, other: Registers) -> Registers {
        Registers(std::array::from_fn(|index| self.0[index] | other.0[index]))
    }

    /// Whether all are below `first`.
    fn all_below(mut self, first: usize) -> bool {
        let all = self;
        self.truncate(first);
        self == all
    }
}

/// What may be pending at an instruction.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Pending {
    /// Registers that closures refer to.
    shared: Registers,
    /// Registers that are to be closed.
    closing: Registers,
}

impl Pending {
    fn join(self, other: Pending) -> Pending {
        Pending { shared: self.shared.join(other.shared), closing: self.closing.join(other.closing) }
    }

    fn is_none(self) -> bool {
        self == Pending::default()
    }
}

/// Follows all paths; the operands of all instructions were found good before.
///
/// # Errors
///
/// The instruction that something pending is in the way of, and [`VerifyReason::Pending`].
pub(super) fn verify(body: &Body<'_>) -> Result<(), (usize, VerifyReason)> {
    let shares = body.nested.iter().flat_map(|nested| nested.upvalues()).any(|upvalue| upvalue.in_stack);
    let closes = |i: &Instr| matches!(i.op(), Op::Tbc | Op::TForPrep);
    if !shares && !body.code.iter().any(closes) {
        return Ok(());
    }
    let mut states = vec![None; body.code.len()];
    states[0] = Some(Pending::default());
    let mut work = vec![0];
    while let Some(pc) = work.pop() {
        let i = body.code[pc];
        let before = states[pc].unwrap_or_default();
        check(i, before).map_err(|reason| (pc, reason))?;
        let after = effect(body, i, before);
        for next in successors(pc, i) {
            let joined = states[next].map_or(after, |known: Pending| known.join(after));
            if states[next] != Some(joined) {
                states[next] = Some(joined);
                work.push(next);
            }
        }
    }
    Ok(())
}

/// Whether the instruction may run with this pending.
fn check(i: Instr, pending: Pending) -> Result<(), VerifyReason> {
    let a = i.a() / SLOT;
    let above = |register: usize| pending.shared.all_below(register);
    let holds = match i.op() {
        Op::Call => above(a),
        Op::TForCall => above(a + 4),
        Op::TailCall if i.x() != 0 => above(a) && pending.closing == Registers::default(),
        Op::Return if i.x() != 0 => true,
        Op::TailCall | Op::Return | Op::Return0 | Op::Return1 => pending.is_none(),
        Op::Tbc => pending.closing.all_below(a),
        Op::TForPrep => pending.closing.all_below(a + 3),
        _ => true,
    };
    ensure(holds, VerifyReason::Pending)
}

/// What is pending after the instruction.
fn effect(body: &Body<'_>, i: Instr, mut pending: Pending) -> Pending {
    let a = i.a() / SLOT;
    match i.op() {
        Op::Closure => {
            let captured = body.nested[i.bx()].upvalues().iter().filter(|upvalue| upvalue.in_stack);
            captured.for_each(|upvalue| pending.shared.insert(upvalue.index.into()));
        }
        Op::Tbc => pending.closing.insert(a),
        Op::TForPrep => pending.closing.insert(a + 3),
        Op::Close => {
            pending.shared.truncate(a);
            pending.closing.truncate(a);
        }
        _ => {}
    }
    pending
}

/// The instructions that may run next in the same frame.
fn successors(pc: usize, i: Instr) -> SmallVec<[usize; 2]> {
    let to = |distance: isize| (pc + 1).wrapping_add_signed(distance);
    let mut next = SmallVec::new();
    let falls_through = match i.op() {
        Op::Jmp | Op::Loop | Op::TForPrep | Op::LoadFalseSkip => false,
        Op::TailCall | Op::Return | Op::Return0 | Op::Return1 => return next,
        _ => true,
    };
    if falls_through {
        next.push(pc + 1);
    }
    match i.op() {
        Op::LoadFalseSkip => next.push(pc + 2),
        op if op.operands()[1] == Operand::WideJump => next.push(to(i.sbx())),
        op if op.operands()[2] == Operand::Jump => next.push(to(i.sc())),
        _ => {}
    }
    next
}
