//! Scopes: active locals, blocks, labels.

use std::collections::HashMap;

use lua_proto::{Instr, LocalDesc, Op};

use super::Generator;
use super::function::reg;
use super::jump::JumpList;
use super::value::Kind;
use crate::ast::{Attrib, LabelId, LocalId};

/// Where a local variable lives.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// In a register, while it is active.
    Register(u8),
    /// Nowhere: it is a `<const>` that folded to this constant.
    Constant(Kind),
}

/// Where all local variables of a chunk live.
#[derive(Default)]
pub(super) struct Slots {
    /// The register of each; [`Slots::FOLDED`] for those without one.
    registers: Vec<u8>,
    constants: HashMap<LocalId, Kind>,
}

impl Slots {
    /// No register, as a function has fewer.
    const FOLDED: u8 = u8::MAX;

    /// Makes room for a number of variables.
    pub(super) fn resize(&mut self, count: usize) {
        self.registers.resize(count, 0);
    }

    /// Forgets all variables.
    pub(super) fn clear(&mut self) {
        self.registers.clear();
        self.constants.clear();
    }

    #[inline(always)]
    pub(super) fn get(&self, id: LocalId) -> Slot {
        match self.registers[id.0 as usize] {
            Slots::FOLDED => Slot::Constant(self.constants[&id]),
            register => Slot::Register(register),
        }
    }

    fn set(&mut self, id: LocalId, slot: Slot) {
        self.registers[id.0 as usize] = match slot {
            Slot::Register(register) => register,
            Slot::Constant(kind) => {
                self.constants.insert(id, kind);
                Slots::FOLDED
            }
        };
    }
}

/// A local in scope.
#[derive(Clone, Copy)]
pub(super) struct Active {
    /// The first register behind it: its own plus one, if it has one.
    end: u8,
    /// Which one it is.
    pub(super) local: LocalId,
    /// Whether leaving its scope must close it: a closure captured it, or it is `<close>`.
    pub(super) closes: bool,
    /// Its entry in the debug information; `None` if it has no register.
    pub(super) info: Option<u32>,
}

/// A block being compiled.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// How many locals were active when it began.
    first_active: u32,
    /// The first free register when it began.
    level: u8,
    /// Whether a `<close>` variable or the state of a generic `for` is in scope: calls in
    /// `return` are no tail calls then.
    inside_close: bool,
}

/// What is known of a label.
#[derive(Clone, Copy, Default)]
pub(super) struct LabelState {
    /// Its instruction, once it is reached.
    pc: Option<u32>,
    /// Jumps to it from before.
    pending: JumpList,
    /// Whether the code there closes what the jumps to it leave.
    pub(super) closes: bool,
}

impl Generator<'_> {
    /// Opens a scope.
    pub(super) fn enter_block(&mut self) {
        let inside_close = self.inside_close();
        let first_active = self.f.active.len() as u32;
        self.f.blocks.push(Block { first_active, level: self.f.level, inside_close });
    }

    /// Ends a scope: closes its captured variables and gives its registers back.
    pub(super) fn leave_block(&mut self) {
        let block = *self.f.blocks.last().expect("a block is open");
        let closes = self.close_register(block.first_active);
        self.end_block_locals();
        if let Some(register) = closes
            && !self.unreachable()
        {
            self.emit(Instr::new(Op::Close, 0, reg(register), 0, 0));
        }
    }

    /// Ends a scope without closing anything: its locals are gone, its registers free.
    pub(super) fn end_block_locals(&mut self) {
        let block = self.f.blocks.pop().expect("a block is open");
        let pc = self.pc();
        for active in self.f.active.drain(block.first_active as usize..) {
            if let Some(info) = active.info {
                self.f.locals[info as usize].end_pc = pc;
            }
        }
        self.f.level = block.level;
        self.f.free = block.level;
    }

    /// The register from which on the innermost block has to be closed at its end.
    pub(super) fn block_closes(&self) -> Option<u8> {
        self.close_register(self.f.blocks.last().map_or(0, |b| b.first_active))
    }

    /// The register of the first active local, from number `first` on, that has to be closed.
    pub(super) fn close_register(&self, first: u32) -> Option<u8> {
        let mut active = self.f.active.get(first as usize..)?.iter();
        active.find(|a| a.closes).map(|a| a.end - 1)
    }

    /// Begins the scope of a local that the next register behind the active locals holds.
    pub(super) fn activate(&mut self, id: LocalId) {
        let local = *self.ast.local(id);
        let register = self.f.level;
        let start_pc = self.pc();
        self.note_declaration(id);
        self.slots.set(id, Slot::Register(register));
        self.f.level += 1;
        let name = self.string(local.name);
        // `end_pc` is set when the scope ends.
        self.f.locals.push(LocalDesc { name, register, start_pc, end_pc: start_pc });
        self.f.active.push(Active {
            end: self.f.level,
            local: id,
            closes: local.captured || local.attrib == Attrib::Close,
            info: Some(self.f.locals.len() as u32 - 1),
        });
    }

    /// Begins the scope of a local that is a constant.
    pub(super) fn activate_constant(&mut self, id: LocalId, kind: Kind) {
        self.slots.set(id, Slot::Constant(kind));
        self.f.active.push(Active { end: self.f.level, local: id, closes: false, info: None });
    }

    /// Puts the beginning of the last declared local's scope, for the debugger, here.
    pub(super) fn start_last_local_here(&mut self) {
        let pc = self.pc();
        if let Some(info) = self.f.locals.last_mut() {
            info.start_pc = pc;
        }
    }

    /// Whether something in scope has to be closed even if nothing captures it.
    pub(super) fn inside_close(&self) -> bool {
        self.f.blocks.last().is_some_and(|b| b.inside_close)
    }

    /// Marks the innermost block: it holds something to be closed.
    pub(super) fn mark_inside_close(&mut self) {
        if let Some(block) = self.f.blocks.last_mut() {
            block.inside_close = true;
        }
    }

    /// Whether a jump to this label has to close variables first, and from which on.
    pub(super) fn jump_closes(&self, id: LabelId) -> Option<u8> {
        if self.labels[id.0 as usize].closes {
            return None;
        }
        self.close_register(self.ast.labels[id.0 as usize].active)
    }

    /// Whether the label stands behind the next instruction.
    pub(super) fn is_ahead(&self, id: LabelId) -> bool {
        self.labels[id.0 as usize].pc.is_none()
    }

    /// `goto`, and `break`.
    pub(super) fn goto(&mut self, id: LabelId) {
        if self.unreachable() {
            return;
        }
        if let Some(register) = self.jump_closes(id) {
            self.emit(Instr::new(Op::Close, 0, reg(register), 0, 0));
        }
        match self.labels[id.0 as usize].pc {
            Some(target) => self.jump_back(target),
            None => {
                let jump = self.jump();
                self.jump_to_label(id, jump);
            }
        }
    }

    /// Sends jumps to a label ahead.
    pub(super) fn jump_to_label(&mut self, id: LabelId, jumps: JumpList) {
        let label = &mut self.labels[id.0 as usize];
        label.pending = JumpList::join(&mut self.f.jumps, label.pending, jumps);
    }

    /// Whether the label is where `break` goes.
    pub(super) fn is_loop_exit(&self, id: LabelId) -> bool {
        // A keyword, which no other label can be called.
        self.ast.str(self.ast.labels[id.0 as usize].name) == b"break"
    }

    /// Puts the target of a loop's `break` here.
    pub(super) fn place_exit(&mut self, id: LabelId) {
        let pending = std::mem::take(&mut self.labels[id.0 as usize].pending);
        self.patch_here(pending);
    }

    /// Puts a label here.
    pub(super) fn place_label(&mut self, id: LabelId) {
        // What follows may run again.
        self.outline.loops += 1;
        let pending = std::mem::take(&mut self.labels[id.0 as usize].pending);
        self.patch_here(pending);
        let pc = self.mark_target();
        self.labels[id.0 as usize].pc = Some(pc);
    }
}
