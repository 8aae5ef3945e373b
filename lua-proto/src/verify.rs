//! The verifier: what may be frozen, and so executed.
//!
//! A VM trusts a [`Proto`](crate::Proto) for indices and alignment: every register is inside of
//! the frame, every constant, upvalue and nested function exists and is of the kind that the
//! instruction expects, every jump lands on an instruction, execution cannot run off the end
//! of the code, and nothing refers to a register where a call keeps its function. It must not trust it for what a register *holds*: `debug.setlocal` reaches
//! every register.
//!
//! What is checked operand by operand derives from the table in `op.rs`; below stands what
//! concerns several operands or several instructions.

mod pending;
mod simple;

use std::fmt;

use simple::Bounds;
use smallvec::SmallVec;

use crate::constant::{Constant, tag};
use crate::op::{Instr, Op, Operand, SLOT, UP};
use crate::proto::{Body, Part};

/// How deep functions may be nested in a chunk.
pub const MAX_NESTING: usize = 200;

/// Why a draft was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct VerifyError {
    /// The line in which the function is defined; 0 for a main chunk.
    pub line_defined: u32,
    /// The instruction, if it is about one.
    pub pc: Option<usize>,
    /// What is wrong.
    pub reason: VerifyReason,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line_defined {
            0 => f.write_str("main function")?,
            line => write!(f, "function at line {line}")?,
        }
        if let Some(pc) = self.pc {
            write!(f, ", instruction {pc}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// What the verifier found wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyReason {
    /// Functions are nested deeper than [`MAX_NESTING`].
    #[error("functions nested too deeply")]
    Nesting,
    /// There is no instruction, or more than a jump can span.
    #[error("bad number of instructions")]
    CodeLength,
    /// A frame has from 2 to 255 registers.
    #[error("bad number of registers")]
    MaxStack,
    /// More parameters than registers.
    #[error("more parameters than registers")]
    Params,
    /// More than 255 upvalues.
    #[error("too many upvalues")]
    UpvalueCount,
    /// Neither none nor one line for each instruction.
    #[error("bad number of lines")]
    LineCount,
    /// A local variable outside of the registers or of the code.
    #[error("bad local variable")]
    Local,
    /// An upvalue of a nested function that its enclosing function does not have.
    #[error("bad upvalue of a nested function")]
    Upvalue,
    /// An opcode that only the VM may use.
    #[error("internal opcode")]
    Internal,
    /// A field that should be zero is not, or X has no such meaning.
    #[error("bad unused field")]
    Unused,
    /// An offset that is not a multiple of a slot.
    #[error("misaligned operand")]
    Alignment,
    /// A register outside of the frame.
    #[error("register out of range")]
    Register,
    /// No such constant.
    #[error("constant out of range")]
    Constant,
    /// The constant is not of the kind that the instruction needs.
    #[error("constant of the wrong kind")]
    ConstantKind,
    /// No such upvalue.
    #[error("upvalue out of range")]
    UpvalueIndex,
    /// No such nested function.
    #[error("nested function out of range")]
    ProtoIndex,
    /// A number outside of what the instruction takes.
    #[error("bad count")]
    Count,
    /// A jump out of the code, in a direction that the instruction does not have, or to an
    /// instruction that does not belong to it.
    #[error("bad jump")]
    Jump,
    /// The code may run off its end.
    #[error("code does not end")]
    End,
    /// `varargprep` does not stand exactly at the start of a vararg function, or `vararg` stands
    /// in another one.
    #[error("bad use of variable arguments")]
    VarArg,
    /// `tforcall` and `tforloop` do not stand together.
    #[error("bad generic loop")]
    GenericLoop,
    /// A value list up to the top without the instruction that sets the top right before it, or
    /// the reverse.
    #[error("open results are not used at once")]
    Top,
    /// A call where a closure may refer to the register of the function; a short return, although
    /// something has to be closed; variables that are not closed in the order of their registers.
    #[error("variables may not be closed yet")]
    Pending,
}

/// Checks a function whose nested functions have passed already. `constants` are those of the body
/// in their final form.
pub(crate) fn verify(body: &Body<'_>, constants: &[Constant]) -> Result<(), VerifyError> {
    let about = |reason| VerifyError { line_defined: body.line_defined, pc: None, reason };
    verify_shape(body).map_err(about)?;
    verify_code(body, constants)
}

/// Everything but the instructions.
#[inline(never)]
fn verify_shape(body: &Body<'_>) -> Result<(), VerifyReason> {
    ensure(body.nested.iter().all(|nested| nested.levels() < MAX_NESTING), VerifyReason::Nesting)?;
    let registers = body.max_stack;
    ensure(registers >= 2, VerifyReason::MaxStack)?;
    ensure(body.params <= registers, VerifyReason::Params)?;
    ensure(body.upvalues.len() <= 255, VerifyReason::UpvalueCount)?;
    let length = body.code.len();
    ensure((1..=i32::MAX as usize).contains(&length), VerifyReason::CodeLength)?;
    ensure(body.lines.is_empty() || body.lines.len() == length, VerifyReason::LineCount)?;
    for local in body.locals {
        let lifetime = local.start_pc <= local.end_pc && local.end_pc as usize <= length;
        ensure(lifetime && local.register < registers, VerifyReason::Local)?;
    }
    for upvalue in body.nested.iter().flat_map(Part::upvalues) {
        let bound = if upvalue.in_stack { registers.into() } else { body.upvalues.len() };
        ensure(usize::from(upvalue.index) < bound, VerifyReason::Upvalue)?;
    }
    Ok(())
}

#[inline(never)]
fn verify_code(body: &Body<'_>, constants: &[Constant]) -> Result<(), VerifyError> {
    let mut targets: SmallVec<[u64; 16]> = SmallVec::from_elem(0, body.code.len().div_ceil(64));
    let mut code = Code { body, constants, targets: &mut targets };
    let bounds = Bounds::new(body, constants);
    let mut open_consumers: SmallVec<[usize; 16]> = SmallVec::new();
    let at = |pc| {
        let line_defined = body.line_defined;
        move |reason| VerifyError { line_defined, pc: Some(pc), reason }
    };
    for (pc, &instr) in body.code.iter().enumerate() {
        if pc > 0 && bounds.accept(instr, constants) {
            if simple::jumps(instr.op()) {
                code.jump(pc, instr.op(), instr.sc()).map_err(at(pc))?;
            }
            continue;
        }
        code.operands(pc, instr).map_err(at(pc))?;
        code.windows(instr).map_err(at(pc))?;
        code.neighbours(pc, instr).map_err(at(pc))?;
        if is_open_consumer(instr) {
            open_consumers.push(pc);
        }
    }
    // Jumps are known only now.
    for pc in open_consumers {
        ensure(!code.is_target(pc), VerifyReason::Top).map_err(at(pc))?;
    }
    let last = body.code.len() - 1;
    let ends = matches!(body.code[last].op(), Op::Return | Op::Return0 | Op::Return1 | Op::TailCall | Op::Loop);
    ensure(ends, VerifyReason::End).map_err(at(last))?;
    // A frame is prepared for variable arguments once.
    ensure(!(body.is_vararg && code.is_target(0)), VerifyReason::VarArg).map_err(at(0))?;
    pending::verify(body, code.targets).map_err(|(pc, reason)| at(pc)(reason))
}

struct Code<'a> {
    body: &'a Body<'a>,
    constants: &'a [Constant],
    /// One bit for each instruction that something jumps to.
    targets: &'a mut [u64],
}

impl Code<'_> {
    /// What the table of instructions says of each field.
    fn operands(&mut self, pc: usize, instr: Instr) -> Result<(), VerifyReason> {
        let op = instr.op();
        ensure(!op.is_internal(), VerifyReason::Internal)?;
        ensure(op.permits_x(instr.x()), VerifyReason::Unused)?;
        let [a, b, c] = op.operands();
        self.operand(pc, instr, a, instr.a(), 0)?;
        self.operand(pc, instr, b, instr.b(), instr.sb())?;
        if !b.is_wide() {
            self.operand(pc, instr, c, instr.c(), instr.sc())?;
        }
        Ok(())
    }

    /// One field; `value` and `signed` are its two readings, which wide operands replace.
    #[inline(always)]
    fn operand(&mut self, pc: usize, instr: Instr, kind: Operand, value: usize, signed: isize) -> Result<(), VerifyReason> {
        match kind {
            Operand::None => ensure(value == 0, VerifyReason::Unused),
            // A window may be empty, and start behind the last register; see `windows`.
            Operand::Win => {
                let register = unscale(value, SLOT)?;
                ensure(register <= self.registers(), VerifyReason::Register)
            }
            Operand::Src | Operand::Dst => {
                let register = unscale(value, SLOT)?;
                ensure(register < self.registers(), VerifyReason::Register)
            }
            Operand::Const => self.constant(value).map(drop),
            Operand::WideConst => self.constant(instr.bx()).map(drop),
            Operand::Name => match self.constant(value)? {
                tag::SHORT => Ok(()),
                _ => Err(VerifyReason::ConstantKind),
            },
            Operand::Num => match (self.constant(value)?, instr.op()) {
                (tag::INT, _) => Ok(()),
                (tag::FLOAT, Op::BAndK | Op::BOrK | Op::BXorK) => Err(VerifyReason::ConstantKind),
                (tag::FLOAT, _) => Ok(()),
                _ => Err(VerifyReason::ConstantKind),
            },
            Operand::Up => {
                let index = unscale(value, UP)?;
                ensure(index < self.body.upvalues.len(), VerifyReason::UpvalueIndex)
            }
            Operand::WideProto => ensure(instr.bx() < self.body.nested.len(), VerifyReason::ProtoIndex),
            Operand::Jump => self.jump(pc, instr.op(), signed),
            Operand::WideJump => self.jump(pc, instr.op(), instr.sbx()),
            Operand::Count | Operand::Int | Operand::WideInt => Ok(()),
        }
    }

    /// The tag of a constant.
    fn constant(&self, offset: usize) -> Result<u8, VerifyReason> {
        let index = unscale(offset, SLOT)?;
        self.constants.get(index).map(|constant| constant.tag).ok_or(VerifyReason::Constant)
    }

    /// Jumps stay inside; only the ends of loops go back, and they do.
    fn jump(&mut self, pc: usize, op: Op, distance: isize) -> Result<(), VerifyReason> {
        let back = matches!(op, Op::Loop | Op::ForLoop | Op::TForLoop);
        ensure(back == (distance < 0), VerifyReason::Jump)?;
        let target = (pc + 1).checked_add_signed(distance).ok_or(VerifyReason::Jump)?;
        self.target(target)
    }

    fn target(&mut self, pc: usize) -> Result<(), VerifyReason> {
        ensure(pc < self.body.code.len(), VerifyReason::Jump)?;
        self.targets[pc / 64] |= 1 << (pc % 64);
        Ok(())
    }

    fn is_target(&self, pc: usize) -> bool {
        self.targets[pc / 64] >> (pc % 64) & 1 == 1
    }

    fn registers(&self) -> usize {
        self.body.max_stack.into()
    }

    /// Windows of registers are inside of the frame, and counts are not too small.
    fn windows(&self, instr: Instr) -> Result<(), VerifyReason> {
        let (a, b, c) = (instr.a() / SLOT, instr.b(), instr.c());
        // One behind the last register that the instruction touches.
        let end = match instr.op() {
            Op::LoadNil => {
                ensure(instr.a() <= b, VerifyReason::Count)?;
                0
            }
            Op::SelfField => a + 2,
            Op::Concat => {
                ensure(b >= 2, VerifyReason::Count)?;
                a + b
            }
            Op::Call => a + b.max(1).max(c.saturating_sub(1)),
            Op::TailCall => a + b.max(1),
            Op::Return => a + b.saturating_sub(1),
            Op::VarArg => a + c.saturating_sub(1),
            Op::SetList => a + 1 + b,
            Op::ForPrep | Op::ForLoop | Op::TForPrep => a + 4,
            Op::TForCall => {
                ensure(c >= 1, VerifyReason::Count)?;
                // The iterator, its state and the control variable are copied behind the four
                // registers of the loop to be called there.
                a + 4 + c.max(3)
            }
            Op::TForLoop => a + 5,
            _ => 0,
        };
        ensure(end <= self.registers(), VerifyReason::Register)
    }

    /// Instructions that must stand in certain places.
    fn neighbours(&mut self, pc: usize, instr: Instr) -> Result<(), VerifyReason> {
        let body = self.body;
        let before = pc.checked_sub(1).map(|pc| body.code[pc]);
        let after = body.code.get(pc + 1).copied();
        let same_loop = |other: Option<Instr>, op| other.is_some_and(|other| other.op() == op && other.a() == instr.a());
        if is_open_producer(instr) {
            ensure(after.is_some_and(is_open_consumer), VerifyReason::Top)?;
        }
        if is_open_consumer(instr) {
            // The fixed part of the list is in registers below those that were produced.
            let first = instr.a() + if instr.op() == Op::Return { 0 } else { SLOT };
            let fits = before.is_some_and(|p| is_open_producer(p) && p.a() >= first);
            ensure(fits, VerifyReason::Top)?;
        }
        match instr.op() {
            Op::LoadFalseSkip => self.target(pc + 2)?,
            Op::TForCall => ensure(same_loop(after, Op::TForLoop), VerifyReason::GenericLoop)?,
            Op::TForLoop => ensure(same_loop(before, Op::TForCall), VerifyReason::GenericLoop)?,
            Op::TForPrep => {
                let target = body.code.get(pc + 1 + instr.bx()).copied();
                ensure(same_loop(target, Op::TForCall), VerifyReason::Jump)?;
            }
            Op::ForPrep => {
                let end = body.code.get(pc + instr.bx()).copied();
                ensure(same_loop(end, Op::ForLoop), VerifyReason::Jump)?;
            }
            Op::ForLoop => {
                let start = pc.checked_add_signed(instr.sbx()).map(|pc| body.code[pc]);
                ensure(same_loop(start, Op::ForPrep), VerifyReason::Jump)?;
            }
            Op::VarArg => ensure(body.is_vararg, VerifyReason::VarArg)?,
            Op::VarArgPrep => {
                let fits = body.is_vararg && pc == 0 && instr.a() == body.params.into();
                ensure(fits, VerifyReason::VarArg)?;
            }
            _ => {}
        }
        let starts = pc == 0 && body.is_vararg;
        ensure(!starts || instr.op() == Op::VarArgPrep, VerifyReason::VarArg)
    }
}

/// Whether the instruction leaves a list of values up to the top.
fn is_open_producer(instr: Instr) -> bool {
    matches!(instr.op(), Op::Call | Op::VarArg) && instr.c() == 0
}

/// Whether the instruction takes a list of values up to the top.
fn is_open_consumer(instr: Instr) -> bool {
    matches!(instr.op(), Op::Call | Op::TailCall | Op::Return | Op::SetList) && instr.b() == 0
}

#[inline(always)]
fn unscale(offset: usize, scale: usize) -> Result<usize, VerifyReason> {
    ensure(offset.is_multiple_of(scale), VerifyReason::Alignment)?;
    Ok(offset / scale)
}

#[inline(always)]
fn ensure(holds: bool, reason: VerifyReason) -> Result<(), VerifyReason> {
    if holds { Ok(()) } else { Err(reason) }
}
