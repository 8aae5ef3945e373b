//! Upvalues: those of the tree that are variables, renumbered without those that are constants.

use lua_proto::{UpvalueDesc, VarKind};

use super::scope::Slot;
use super::value::Kind;
use super::{Generator, Limit, Result};
use crate::ast::{Attrib, Upvalue};

/// What became of an upvalue of the tree.
#[derive(Clone, Copy)]
pub(super) enum UpvalueSlot {
    /// It is this upvalue of the function.
    Index(u8),
    /// It is a `<const>` that folded.
    Constant(Kind),
}

impl Generator<'_> {
    /// Decides for each new upvalue of the function at a depth what it is. The variables
    /// are declared already, so it is known which of them folded.
    pub(super) fn collect_upvalues(&mut self, depth: usize) -> Result<()> {
        let ast = self.ast;
        let state = self.state(depth);
        for upvalue in &ast.function(state.id).upvalues[state.upvalue_slots.len()..] {
            let slot = match self.folded(upvalue) {
                Some(constant) => UpvalueSlot::Constant(constant),
                None => self.add_upvalue(depth, upvalue)?,
            };
            self.state(depth).upvalue_slots.push(slot);
        }
        Ok(())
    }

    fn folded(&self, upvalue: &Upvalue) -> Option<Kind> {
        match self.slots.get(upvalue.local?) {
            Slot::Constant(kind) => Some(kind),
            Slot::Register(_) => None,
        }
    }

    fn add_upvalue(&mut self, depth: usize, upvalue: &Upvalue) -> Result<UpvalueSlot> {
        let new = u8::try_from(self.state(depth).upvalues.len()).ok().filter(|&n| n < u8::MAX);
        let new = new.ok_or(Limit::Upvalues)?;
        let index = match (upvalue.in_stack, upvalue.local) {
            (true, Some(local)) => match self.slots.get(local) {
                Slot::Register(register) => register,
                Slot::Constant(_) => unreachable!("folded ones are no upvalues"),
            },
            // The main function's `_ENV`.
            (true, None) => 0,
            (false, _) => match self.state(depth - 1).upvalue_slots[usize::from(upvalue.index)] {
                UpvalueSlot::Index(index) => index,
                UpvalueSlot::Constant(_) => unreachable!("folded for all functions or none"),
            },
        };
        let kind = match upvalue.local.map(|local| self.ast.local(local).attrib) {
            None | Some(Attrib::Regular) => VarKind::Regular,
            Some(Attrib::Const) => VarKind::Const,
            Some(Attrib::Close) => VarKind::Close,
        };
        let name = Some(self.string(upvalue.name));
        let variable = self.variable_of(depth, upvalue);
        let state = self.state(depth);
        state.variables.push(variable);
        state.upvalues.push(UpvalueDesc { name, in_stack: upvalue.in_stack, index, kind });
        Ok(UpvalueSlot::Index(new))
    }
}
