//! Registers that something else refers to: those that closures share, and those to be closed.
//!
//! A call puts the function that it calls into a register of its own, and execution trusts that slot while the call
//! lasts. So no upvalue may lead there. And a frame may end in the short way only if nothing refers
//! to its registers any more. Both depend on the way that execution took: what may be pending
//! is followed along every path.

//!
//! Code is looked at in blocks: from a target of jumps to the next one. What is kept is what may be pending where a block begins, and a
//! block is walked through again if more may be.

use smallvec::SmallVec;

use super::{VerifyReason, ensure};
use crate::op::{Instr, Op, Operand, SLOT};
use crate::proto::Body;

/// A set of registers, the first `64 * WORDS` at most.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Registers<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Registers<WORDS> {
    const NONE: Registers<WORDS> = Registers([0; WORDS]);

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

    fn join(self, other: Registers<WORDS>) -> Registers<WORDS> {
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
#[derive(Clone, Copy, PartialEq, Eq)]
struct Pending<const WORDS: usize> {
    /// Registers that closures refer to.
    shared: Registers<WORDS>,
    /// Registers that are to be closed.
    closing: Registers<WORDS>,
}

impl<const WORDS: usize> Pending<WORDS> {
    const NONE: Pending<WORDS> = Pending { shared: Registers::NONE, closing: Registers::NONE };

    fn join(self, other: Pending<WORDS>) -> Pending<WORDS> {
        Pending { shared: self.shared.join(other.shared), closing: self.closing.join(other.closing) }
    }

    fn is_none(self) -> bool {
        self == Pending::NONE
    }
}

/// Follows all paths; the operands of all instructions were found good before. `targets` has one bit for each instruction that something
/// jumps to.
///
/// # Errors
///
/// The instruction that something pending is in the way of, and [`VerifyReason::Pending`].
pub(super) fn verify(body: &Body<'_>, targets: &[u64]) -> Result<(), (usize, VerifyReason)> {
    let shares = body.nested.iter().flat_map(|nested| nested.upvalues()).any(|upvalue| upvalue.in_stack);
    let closes = |i: &Instr| matches!(i.op(), Op::Tbc | Op::TForPrep);
    if !shares && !body.code.iter().any(closes) {
        return Ok(());
    }
    match body.max_stack {
        0..=64 => Paths::<1>::new(body, targets).follow(),
        _ => Paths::<4>::new(body, targets).follow(),
    }
}

struct Paths<'a, const WORDS: usize> {
    body: &'a Body<'a>,
    /// The blocks: one bit for the first instruction of each.
    blocks: &'a [u64],
    /// How many blocks begin in the words before each word of `blocks`.
    ranks: SmallVec<[u32; 16]>,
    /// What may be pending where a block begins, as far as it was reached.
    states: SmallVec<[Option<Pending<WORDS>>; 16]>,
    /// Which of `blocks` have to be walked through.
    waiting: SmallVec<[u64; 16]>,
    /// No earlier word of `waiting` has a bit.
    first_waiting: usize,
}

impl<'a, const WORDS: usize> Paths<'a, WORDS> {
    fn new(body: &'a Body<'a>, blocks: &'a [u64]) -> Self {
        let (mut ranks, mut count) = (SmallVec::with_capacity(blocks.len()), 0);
        for word in blocks {
            ranks.push(count);
            count += word.count_ones();
        }
        Paths {
            body,
            blocks,
            ranks,
            states: SmallVec::from_elem(None, count as usize),
            waiting: SmallVec::from_elem(0, blocks.len()),
            first_waiting: blocks.len(),
        }
    }

    fn follow(mut self) -> Result<(), (usize, VerifyReason)> {
        self.walk(0, Pending::NONE)?;
        while let Some(pc) = self.next_waiting() {
            let state = self.states[self.rank(pc)].unwrap_or(Pending::NONE);
            self.walk(pc, state)?;
        }
        Ok(())
    }

    /// Walks from an instruction to the end of its block.
    fn walk(&mut self, mut pc: usize, mut pending: Pending<WORDS>) -> Result<(), (usize, VerifyReason)> {
        loop {
            let i = self.body.code[pc];
            if !IS_PLAIN[i.op() as usize] {
                if !pending.is_none() {
                    check(i, pending).map_err(|reason| (pc, reason))?;
                }
                effect(self.body, i, &mut pending);
                if let Some(target) = jump(pc, i) {
                    self.arrive(target, pending);
                }
                if !falls_through(i) {
                    return Ok(());
                }
            }
            pc += 1;
            if self.blocks[pc / 64] >> (pc % 64) & 1 == 1 {
                self.arrive(pc, pending);
                return Ok(());
            }
        }
    }

    /// Notes that the block at `pc` may begin with this pending.
    fn arrive(&mut self, pc: usize, pending: Pending<WORDS>) {
        let rank = self.rank(pc);
        let state = &mut self.states[rank];
        let joined = state.map_or(pending, |known| known.join(pending));
        if *state != Some(joined) {
            *state = Some(joined);
            self.waiting[pc / 64] |= 1 << (pc % 64);
            self.first_waiting = self.first_waiting.min(pc / 64);
        }
    }

    /// Takes out the first block that has to be walked through.
    fn next_waiting(&mut self) -> Option<usize> {
        while let Some(word) = self.waiting.get_mut(self.first_waiting) {
            if *word != 0 {
                let bit = word.trailing_zeros() as usize;
                *word &= *word - 1;
                return Some(64 * self.first_waiting + bit);
            }
            self.first_waiting += 1;
        }
        None
    }

    /// How many blocks begin before the one at `pc`.
    fn rank(&self, pc: usize) -> usize {
        let before = self.blocks[pc / 64] & ((1 << (pc % 64)) - 1);
        (self.ranks[pc / 64] + before.count_ones()) as usize
    }
}

/// Whether the instruction may run with this pending.
fn check<const WORDS: usize>(i: Instr, pending: Pending<WORDS>) -> Result<(), VerifyReason> {
    let a = i.a() / SLOT;
    let above = |register: usize| pending.shared.all_below(register);
    let holds = match i.op() {
        Op::Call => above(a),
        Op::TForCall => above(a + 4),
        Op::TailCall if i.x() != 0 => above(a) && pending.closing == Registers::NONE,
        Op::Return if i.x() != 0 => true,
        Op::TailCall | Op::Return | Op::Return0 | Op::Return1 => pending.is_none(),
        Op::Tbc => pending.closing.all_below(a),
        Op::TForPrep => pending.closing.all_below(a + 3),
        _ => true,
    };
    ensure(holds, VerifyReason::Pending)
}

/// Adds and takes away what the instruction makes or ends.
fn effect<const WORDS: usize>(body: &Body<'_>, i: Instr, pending: &mut Pending<WORDS>) {
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
}

/// Where the instruction may jump to.
fn jump(pc: usize, i: Instr) -> Option<usize> {
    let [_, b, c] = i.op().operands();
    let distance = match (b, c) {
        _ if i.op() == Op::LoadFalseSkip => 1,
        (Operand::WideJump, _) => i.sbx(),
        (_, Operand::Jump) => i.sc(),
        _ => return None,
    };
    Some((pc + 1).wrapping_add_signed(distance))
}

/// Whether the instruction behind it may be the next one.
fn falls_through(i: Instr) -> bool {
    use Op::*;
    !matches!(i.op(), Jmp | Loop | TForPrep | LoadFalseSkip | TailCall | Return | Return0 | Return1)
}

/// Instructions that neither jump nor have to do with what is pending.
static IS_PLAIN: [bool; Op::ALL.len()] = {
    let mut plain = [true; Op::ALL.len()];
    let mut at = 0;
    while at < plain.len() {
        use Op::*;
        let concerns = matches!(
            Op::ALL[at],
            Call | TForCall | TailCall | Return | Return0 | Return1 | Tbc | TForPrep | Closure | Close | LoadFalseSkip
        );
        let [_, b, c] = Op::ALL[at].operands();
        plain[at] = !concerns && !matches!((b, c), (Operand::WideJump, _) | (_, Operand::Jump));
        at += 1;
    }
    plain
};
