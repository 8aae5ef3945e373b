//! In builds with debug assertions: what every instruction may touch, looked at before it runs.
//!
//! The verifier promised it for the code; here it is counted again for the frame that runs, so that fuzzing of
//! binary chunks sees an access outside of the frame where it happens rather than where it hurts.

use lua_proto::op::{Instr, Op, Operand, SLOT, UP};

use crate::thread::{RETURNING, SPARE};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// Looks at the running frame and at the operands of the instruction that is next.
///
/// # Panics
/// If the instruction would reach outside of the frame's registers, the constants or the upvalues.
///
/// # Safety
/// A Lua frame of the live VM runs; `base` and `k` are what its handlers were given.
#[inline(never)]
pub(super) unsafe fn operands(vm: *mut Vm, i: Instr, base: *mut Value, k: *const Value) {
    // SAFETY: the caller's promise; each pointer is compared before it is followed.
    unsafe {
        let frame = &*(*vm).frame;
        assert!(frame.is_lua() && frame.base == base, "a stale base");
        if matches!(i.op(), Op::Link | Op::Halt) {
            return;
        }
        let function = &*frame.function;
        assert_eq!(k, function.constants, "constants of another function");
        assert_eq!((*base.sub(1)).tag, tag::CLOSURE, "no closure below the base");
        let registers = function.frame_bytes as usize / SLOT;
        let thread = &*(*vm).roots.thread;
        assert!(base > thread.stack && base.add(registers) <= (*vm).stack_end, "a frame outside of the stack");
        let bounds = Bounds {
            registers,
            constants: function.proto().constants().len(),
            upvalues: (*(*base.sub(1)).as_closure()).upvalue_count as usize,
        };
        bounds.check(i);
        // A `return` that runs again after `__close` has counted its list before.
        if let Some(first) = open_list(i).filter(|_| frame.flags & RETURNING == 0) {
            let first = base.add(first);
            let end = (*vm).top;
            assert!(first <= end && end <= (*vm).stack_end.add(SPARE), "{:?} takes a list that ends elsewhere", i.op());
        }
    }
}

/// How many there are of what operands count.
struct Bounds {
    registers: usize,
    constants: usize,
    upvalues: usize,
}

impl Bounds {
    fn check(&self, i: Instr) {
        let op = i.op();
        let [a, b, c] = op.operands();
        self.operand(op, a, i.a());
        self.operand(op, b, if b.is_wide() { i.bx() } else { i.b() });
        self.operand(op, c, i.c());
        if let Some(count) = window(i) {
            assert!(i.a() / SLOT + count <= self.registers, "{op:?} reaches over its registers");
        }
    }

    fn operand(&self, op: Op, kind: Operand, value: usize) {
        let (scale, most) = match kind {
            Operand::Src | Operand::Dst => (SLOT, self.registers),
            // An empty window may stand behind the last register.
            Operand::Win => (SLOT, self.registers + 1),
            Operand::Const | Operand::Name | Operand::Num | Operand::WideConst => (SLOT, self.constants),
            Operand::Up => (UP, self.upvalues),
            _ => return,
        };
        assert!(value.is_multiple_of(scale) && value / scale < most, "{op:?} has an operand {kind:?} outside of its frame");
    }
}

/// How many registers from A on an instruction touches; `None` if that does not depend on it.
fn window(i: Instr) -> Option<usize> {
    Some(match i.op() {
        Op::SelfField => 2,
        Op::Concat => i.b(),
        Op::Call => i.b().max(1).max(i.c().saturating_sub(1)),
        Op::TailCall => i.b().max(1),
        Op::Return => i.b().saturating_sub(1),
        Op::VarArg => i.c().saturating_sub(1),
        Op::SetList => 1 + i.b(),
        Op::ForPrep | Op::ForLoop | Op::TForPrep => 4,
        // The three values of the call stand above the four of the loop.
        Op::TForCall => 4 + i.c().max(3),
        Op::TForLoop => 5,
        _ => return None,
    })
}

/// The register where a list begins that runs up to the top, if the instruction takes one.
fn open_list(i: Instr) -> Option<usize> {
    let behind = match i.op() {
        Op::Call | Op::TailCall | Op::SetList => 1,
        Op::Return => 0,
        _ => return None,
    };
    (i.b() == 0).then_some(i.a() / SLOT + behind)
}
