//! Upvalues: those of the tree that are variables, renumbered without those that are constants.

use lua_proto::{UpvalueDesc, VarKind};

use super::scope::Slot;
use super::value::Kind;
use super::{Generator, Limit, Result};
use crate::ast::{Attrib, Function, Upvalue};

/// What became of an upvalue of the tree.
#[derive(Clone, Copy)]
pub(super) enum UpvalueSlot {
    /// It is this upvalue of the function.
    Index(u8),
    /// It is a `<const>` that folded.
    Constant(Kind),
}

impl Generator<'_> {
    /// Decides for each upvalue of a function that is being opened what it is. The variables
    /// are declared already, so it is known which of them folded.
    pub(super) fn collect_upvalues(&mut self, function: &Function) -> Result<()> {
        for upvalue in &function.upvalues {
            let slot = match self.folded(upvalue) {
                Some(constant) => UpvalueSlot::Constant(constant),
                None => self.add_upvalue(upvalue)?,
            };
            self.f.upvalue_slots.push(slot);
        }
        Ok(())
    }

    fn folded(&self, upvalue: &Upvalue) -> Option<Kind> {
        match self.slots[upvalue.local?.0 as usize] {
            Slot::Constant(kind) => Some(kind),
            Slot::Register(_) => None,
        }
    }

    fn add_upvalue(&mut self, upvalue: &Upvalue) -> Result<UpvalueSlot> {
        let new = u8::try_from(self.f.upvalues.len()).ok().filter(|&n| n < u8::MAX);
        let new = new.ok_or(Limit::Upvalues)?;
        let index = match (upvalue.in_stack, upvalue.local) {
            (true, Some(local)) => match self.slots[local.0 as usize] {
                Slot::Register(register) => register,
                Slot::Constant(_) => unreachable!("folded ones are no upvalues"),
            },
            // The main function's `_ENV`.
            (true, None) => 0,
            (false, _) => {
                let outer = self.outer.last().expect("an upvalue comes from an enclosing function");
                match outer.upvalue_slots[usize::from(upvalue.index)] {
                    UpvalueSlot::Index(index) => index,
                    UpvalueSlot::Constant(_) => unreachable!("folded for all functions or none"),
                }
            }
        };
        let kind = match upvalue.local.map(|local| self.ast.local(local).attrib) {
            None | Some(Attrib::Regular) => VarKind::Regular,
            Some(Attrib::Const) => VarKind::Const,
            Some(Attrib::Close) => VarKind::Close,
        };
        let name = Some(self.string(upvalue.name));
        let variable = self.variable_of(upvalue);
        self.f.variables.push(variable);
        self.f.upvalues.push(UpvalueDesc { name, in_stack: upvalue.in_stack, index, kind });
        Ok(UpvalueSlot::Index(new))
    }
}
