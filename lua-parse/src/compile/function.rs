//! One function while its code is being written.

use std::borrow::Cow;

use lua_proto::{Body, Instr, LocalDesc, Op, Part, SLOT, StringId, UP, UpvalueDesc, Variable};

use super::constants::{ConstantKey, ConstantTable};
use super::jump::JumpNode;
use super::scope::{Active, Block};
use super::upvalue::UpvalueSlot;
use super::{Generator, Limit, Result};
use crate::ast::FunctionId;

/// Registers that a function may have. One less than a byte can count, as in the reference.
const MAX_REGISTERS: u32 = 254;
/// Constants that fit a scaled operand of 16 bits.
const MAX_SCALED: u32 = 4096;
/// Instructions of a function for which the buffer itself is kept, rather than copied.
const LARGE: usize = 4096;
/// In field A of a jump that may set a register: none is chosen yet.
pub(super) const NO_REGISTER: u16 = u16::MAX;

/// Everything that belongs to one function. The buffers are used for one function after the other.
#[derive(Default)]
pub(super) struct FunctionState {
    /// Which function of the tree it is.
    pub(super) id: FunctionId,
    /// What it is called.
    name: Vec<u8>,
    /// Of the function around it, see [`super::outline::Outline::loops`].
    outer_loops: u32,
    /// Which variable each upvalue is.
    pub(super) variables: Vec<Variable>,
    pub(super) code: Vec<Instr>,
    /// The line of each instruction.
    pub(super) lines: Vec<u32>,
    pub(super) constants: ConstantTable,
    /// The functions nested directly in this one.
    pub(super) nested: Vec<Part>,
    pub(super) upvalues: Vec<UpvalueDesc<StringId>>,
    /// What became of each upvalue of the tree.
    pub(super) upvalue_slots: Vec<UpvalueSlot>,
    /// Local variables for the debugger, in order of declaration.
    pub(super) locals: Vec<LocalDesc<StringId>>,
    /// Locals in scope, `<const>` ones without a register among them.
    pub(super) active: Vec<Active>,
    pub(super) blocks: Vec<Block>,
    /// All jumps forward.
    pub(super) jumps: Vec<JumpNode>,
    /// Jumps of 16 bits whose target is too far: (instruction, target). Their field C is zero.
    pub(super) far: Vec<(u32, u32)>,
    /// The first free register; all below are in use.
    pub(super) free: u8,
    /// The first register behind the active locals; `level <= free`.
    pub(super) level: u8,
    pub(super) max_stack: u8,
    /// The last instruction known to be the target of a jump: what stands before it must not
    /// be merged with what comes.
    pub(super) last_target: u32,
}

impl FunctionState {
    fn reset(&mut self) {
        self.code.clear();
        self.lines.clear();
        self.constants.clear();
        self.variables.clear();
        self.upvalues.clear();
        self.upvalue_slots.clear();
        self.locals.clear();
        self.active.clear();
        self.blocks.clear();
        self.jumps.clear();
        self.far.clear();
        self.nested = Vec::new();
        self.free = 0;
        self.level = 0;
        self.max_stack = 2;
        self.last_target = 0;
    }
}

/// A register as an operand.
pub(super) fn reg(register: u8) -> u16 {
    u16::from(register) * SLOT as u16
}

/// An upvalue as an operand.
pub(super) fn up(upvalue: u8) -> u16 {
    u16::from(upvalue) * UP as u16
}

impl Generator<'_> {
    /// Compiles a function and all that is nested in it.
    pub(super) fn function(&mut self, id: FunctionId, name: Vec<u8>) -> Result<Part> {
        self.open_function(id, name)?;
        let ast = self.ast;
        let function = ast.function(id);
        for stat in ast.block(function.body) {
            self.statement(stat)?;
        }
        self.close_function(id)
    }

    #[inline(never)]
    pub(super) fn open_function(&mut self, id: FunctionId, name: Vec<u8>) -> Result<()> {
        let mut state = self.spare.pop().unwrap_or_default();
        state.reset();
        state.id = id;
        state.name = name;
        state.outer_loops = std::mem::take(&mut self.outline.loops);
        let main = id.0 == 0;
        let outer = std::mem::replace(&mut self.f, state);
        if !main {
            self.outer.push(outer);
        }
        let ast = self.ast;
        let function = ast.function(id);
        self.collect_upvalues(self.outer.len())?;
        self.line = if main { 1 } else { function.line };
        self.enter_block();
        let params = &ast.local_lists[function.params.as_range()];
        self.reserve(params.len())?;
        for &param in params {
            self.activate(param);
        }
        if function.is_vararg {
            self.emit(Instr::new(Op::VarArgPrep, 0, params.len() as u16, 0, 0));
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn close_function(&mut self, id: FunctionId) -> Result<Part> {
        let function = self.ast.function(id);
        let main = id.0 == 0;
        if !main {
            self.line = function.end_line;
        }
        self.return_nothing();
        self.end_block_locals();
        self.finish_jumps();
        let outer = self.outer.pop().unwrap_or_default();
        let mut state = std::mem::replace(&mut self.f, outer);
        self.outline.loops = state.outer_loops;
        let mut constants = std::mem::take(&mut self.constants);
        constants.clear();
        constants.extend(state.constants.keys().iter().map(|&key| self.constant(key)));
        let code = match state.code.len() {
            0..LARGE => Cow::Borrowed(&state.code[..]),
            _ => Cow::Owned(std::mem::take(&mut state.code)),
        };
        let part = self.builder.function(Body {
            line_defined: if main { 0 } else { function.line },
            last_line: if main { 0 } else { function.end_line },
            params: function.params.len() as u8,
            is_vararg: function.is_vararg,
            max_stack: state.max_stack,
            code,
            constants: &constants,
            nested: std::mem::take(&mut state.nested),
            upvalues: &state.upvalues,
            lines: &state.lines,
            locals: &state.locals,
            name: Some(&state.name),
            variables: &state.variables,
        });
        self.constants = constants;
        self.spare.push(state);
        part.map_err(|refused| {
            self.refused = Some(refused);
            Limit::Refused
        })
    }

    /// The function at a depth: 0 is the main function.
    pub(super) fn state(&mut self, depth: usize) -> &mut FunctionState {
        self.outer.get_mut(depth).unwrap_or(&mut self.f)
    }

    /// The index of the next instruction.
    pub(super) fn pc(&self) -> u32 {
        self.f.code.len() as u32
    }

    /// Says that something will jump to the next instruction, and gives its index.
    pub(super) fn mark_target(&mut self) -> u32 {
        self.f.last_target = self.pc();
        self.f.last_target
    }

    /// Appends an instruction on the current line and gives its index.
    pub(super) fn emit(&mut self, instr: Instr) -> u32 {
        self.emit_on(self.line, instr)
    }

    /// Appends an instruction on this line and gives its index.
    pub(super) fn emit_on(&mut self, line: u32, instr: Instr) -> u32 {
        let pc = self.pc();
        self.f.code.push(instr);
        self.f.lines.push(line);
        pc
    }

    /// Whether no path leads to the next instruction. (A path whose jump is not resolved yet
    /// makes the place where it is resolved a target.)
    pub(super) fn unreachable(&self) -> bool {
        self.f.last_target != self.pc()
            && self.f.code.last().is_some_and(|i| {
                use Op::*;
                matches!(i.op(), Return | Return0 | Return1 | TailCall | Jmp | Loop)
            })
    }

    /// Replaces an instruction's field A by this register.
    pub(super) fn set_a(&mut self, pc: u32, register: u8) {
        let i = &mut self.f.code[pc as usize];
        *i = Instr::new(i.op(), i.x(), reg(register), i.b() as u16, i.c() as u16);
    }

    /// Replaces an instruction's field C.
    pub(super) fn set_c(&mut self, pc: u32, c: u16) {
        let i = &mut self.f.code[pc as usize];
        *i = Instr::new(i.op(), i.x(), i.a() as u16, i.b() as u16, c);
    }

    /// Makes sure that `count` registers above those in use exist.
    pub(super) fn check_stack(&mut self, count: usize) -> Result<()> {
        let needed = usize::from(self.f.free) + count;
        if needed > MAX_REGISTERS as usize {
            return Err(Limit::Registers);
        }
        self.f.max_stack = self.f.max_stack.max(needed as u8);
        Ok(())
    }

    /// Takes the next `count` registers and gives the first.
    pub(super) fn reserve(&mut self, count: usize) -> Result<u8> {
        self.check_stack(count)?;
        let first = self.f.free;
        self.f.free += count as u8;
        Ok(first)
    }

    /// Gives a register back, unless it is that of a local. Temporaries come back in reverse order.
    pub(super) fn release(&mut self, register: u8) {
        if register >= self.f.level {
            self.f.free -= 1;
            debug_assert_eq!(register, self.f.free);
        }
    }

    /// Gives two registers back, the higher one first.
    pub(super) fn release_both(&mut self, a: u8, b: u8) {
        self.release(a.max(b));
        self.release(a.min(b));
    }

    /// A constant as a scaled operand, unless the function has too many.
    pub(super) fn constant_operand(&mut self, key: ConstantKey) -> Option<u16> {
        let index = self.f.constants.index(key);
        (index < MAX_SCALED).then(|| index as u16 * SLOT as u16)
    }

    /// A constant as a wide scaled operand.
    pub(super) fn wide_constant(&mut self, key: ConstantKey) -> Result<u32> {
        self.f.constants.index(key).checked_mul(SLOT as u32).ok_or(Limit::Code)
    }
}
