//! A quick look that accepts most instructions: those that concern nothing but the operands in their own fields.
//!
//! What it does not accept, the checks one by one look at. They are the ones that say what is wrong.

use crate::constant::{Constant, tag};
use crate::op::{Instr, Op, Operand, SLOT, UP};
use crate::proto::Body;

/// What an operand of each kind must be: below a bound, and without certain bits.
pub(super) struct Bounds([(u64, u64); KINDS]);

impl Bounds {
    pub(super) fn new(body: &Body<'_>, constants: &[Constant]) -> Bounds {
        let bound = |kind: Operand| match kind {
            Operand::None => (1, 0),
            Operand::Src | Operand::Dst => (usize::from(body.max_stack) * SLOT, SLOT - 1),
            Operand::Const | Operand::Name | Operand::WideConst => (constants.len() * SLOT, SLOT - 1),
            Operand::Up => (body.upvalues.len() * UP, UP - 1),
            Operand::WideProto => (body.nested.len(), 0),
            Operand::Count | Operand::Int | Operand::WideInt | Operand::Jump => (usize::MAX, 0),
            Operand::Win | Operand::Num | Operand::WideJump => (0, 0),
        };
        let mut bounds = [(0, 0); KINDS];
        for (kind, place) in ALL_KINDS.into_iter().zip(&mut bounds) {
            let (bound, excluded) = bound(kind);
            *place = (bound as u64, excluded as u64);
        }
        Bounds(bounds)
    }

    /// Whether all that has to be checked of the instruction is so. A jump is not looked at.
    #[inline(always)]
    pub(super) fn accept(&self, instr: Instr, constants: &[Constant]) -> bool {
        let op = instr.op();
        let Shape { is_simple, name, fields } = SHAPES[op as usize];
        let [a, b, c] = fields;
        let fits = |kind: u8, value: usize| {
            let (bound, excluded) = self.0[usize::from(kind)];
            ((value as u64) < bound) & (value as u64 & excluded == 0)
        };
        let second = if usize::from(c) == REST { instr.bx() } else { instr.b() };
        let fields = fits(a, instr.a()) & fits(b, second) & (usize::from(c) == REST || fits(c, instr.c()));
        let fits = is_simple & fields & (instr.x() == 0);
        fits && (name == 0 || constants[(instr.bits() >> name) as u16 as usize / SLOT].tag == tag::SHORT)
    }
}

/// Whether the instruction has a jump, which [`Bounds::accept`] leaves out.
#[inline(always)]
pub(super) fn jumps(op: Op) -> bool {
    SHAPES[op as usize].fields[2] == Operand::Jump as u8
}

#[derive(Clone, Copy)]
struct Shape {
    /// Whether only its operands matter, and a jump.
    is_simple: bool,
    /// Where the bits of the field that is a name begin; 0 if there is none.
    name: u8,
    /// The kinds of the fields; [`REST`] for the one that belongs to a wide one.
    fields: [u8; 3],
}

const KINDS: usize = ALL_KINDS.len();
const REST: usize = KINDS;

const ALL_KINDS: [Operand; 15] = {
    use Operand::*;
    [None, Src, Dst, Win, Const, Name, Num, Up, Count, Int, Jump, WideConst, WideInt, WideJump, WideProto]
};

const _: () = {
    let mut at = 0;
    while at < KINDS {
        assert!(ALL_KINDS[at] as usize == at);
        at += 1;
    }
};

static SHAPES: [Shape; Op::COUNT] = {
    let mut shapes = [Shape { is_simple: false, name: 0, fields: [0; 3] }; Op::COUNT];
    let mut at = 0;
    while at < shapes.len() {
        let op = Op::ALL[at];
        let [a, b, c] = op.operands();
        let is_wide = matches!(b, Operand::WideConst | Operand::WideInt | Operand::WideJump | Operand::WideProto);
        shapes[at] = Shape {
            is_simple: !op.is_internal() && !matches!(op, Op::LoadNil | Op::LoadFalseSkip | Op::VarArgPrep),
            name: if matches!(b, Operand::Name) {
                32
            } else if matches!(c, Operand::Name) {
                48
            } else {
                0
            },
            fields: [a as u8, b as u8, if is_wide { REST as u8 } else { c as u8 }],
        };
        at += 1;
    }
    shapes
};
