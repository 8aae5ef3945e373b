//! Places and assignments (§3.3.3), local declarations (§3.3.7).

use lua_proto::{Instr, Op};

use super::function::{reg, up};
use super::value::{Exp, Kind};
use super::{Generator, Result};
use crate::ast::{Attrib, ExprId, ExprKind, ExprList, FunctionId, LocalId, Range32};

/// Where an assignment stores.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Local(u8),
    Upvalue(u8),
    UpvalueField { upvalue: u8, name: u16 },
    Field { table: u8, name: u16 },
    Item { table: u8, key: u16 },
    Index { table: u8, key: u8 },
}

impl Place {
    fn new(kind: Kind) -> Option<Place> {
        Some(match kind {
            Kind::Register(register) => Place::Local(register),
            Kind::Upvalue(upvalue) => Place::Upvalue(upvalue),
            Kind::UpvalueField { upvalue, name } => Place::UpvalueField { upvalue, name },
            Kind::Field { table, name } => Place::Field { table, name },
            Kind::Item { table, key } => Place::Item { table, key },
            Kind::Index { table, key } => Place::Index { table, key },
            _ => return None,
        })
    }
}

impl Generator<'_> {
    /// Computes what the left side of an assignment needs. Its registers stay taken until the
    /// end of the statement.
    fn place(&mut self, target: ExprId) -> Result<Place> {
        let expr = self.ast.expr(target);
        let kind = match expr.kind {
            ExprKind::Local(local) => self.local(local),
            ExprKind::Upvalue(index) => self.upvalue(index),
            ExprKind::Global { env, name } => {
                self.line = expr.line;
                self.global(env, name)?.kind
            }
            ExprKind::Field { object, name } => {
                let id = object;
                let mut object = Exp::default();
                self.expr(id, &mut object)?;
                self.indexed(object, Kind::Str(name))?.kind
            }
            ExprKind::Index { object, key } => {
                let id = object;
                let mut object = Exp::default();
                self.expr(id, &mut object)?;
                return self.place_in(object, key);
            }
            _ => Kind::Nil,
        };
        self.line = expr.line;
        // The parser lets only variables through.
        Ok(Place::new(kind).unwrap_or(Place::Local(0)))
    }

    /// The place `object[key]`.
    pub(super) fn place_in(&mut self, object: Exp, key: ExprId) -> Result<Place> {
        let kind = self.index(object, key)?.kind;
        self.line = self.ast.expr(key).line;
        Ok(Place::new(kind).unwrap_or(Place::Local(0)))
    }

    /// Stores a value.
    pub(super) fn store(&mut self, place: Place, e: &mut Exp) -> Result<()> {
        if let Place::Local(register) = place {
            self.discharge(e);
            self.release_exp(e);
            return self.put(e, register);
        }
        let constant = match (place, e.constant()) {
            (Place::Upvalue(_), _) | (_, None) => None,
            (_, Some(key)) => self.constant_operand(key),
        };
        let instr = match constant {
            Some(c) => match place {
                Place::UpvalueField { upvalue, name } => Instr::new(Op::SetTabUpK, 0, up(upvalue), name, c),
                Place::Field { table, name } => Instr::new(Op::SetFieldK, 0, reg(table), name, c),
                Place::Item { table, key } => Instr::new(Op::SetIntK, 0, reg(table), key, c),
                Place::Index { table, key } => Instr::new(Op::SetTableK, 0, reg(table), reg(key), c),
                Place::Local(_) | Place::Upvalue(_) => return Ok(()),
            },
            None => {
                let value = self.any_register(e)?;
                self.release(value);
                self.store_register(place, value)
            }
        };
        self.emit(instr);
        Ok(())
    }

    fn store_register(&self, place: Place, value: u8) -> Instr {
        let c = reg(value);
        match place {
            Place::Local(register) => Instr::new(Op::Move, 0, reg(register), c, 0),
            Place::Upvalue(upvalue) => Instr::new(Op::SetUpval, 0, c, up(upvalue), 0),
            Place::UpvalueField { upvalue, name } => Instr::new(Op::SetTabUp, 0, up(upvalue), name, c),
            Place::Field { table, name } => Instr::new(Op::SetField, 0, reg(table), name, c),
            Place::Item { table, key } => Instr::new(Op::SetInt, 0, reg(table), key, c),
            Place::Index { table, key } => Instr::new(Op::SetTable, 0, reg(table), reg(key), c),
        }
    }

    /// `targets = values`
    pub(super) fn assign(&mut self, targets: ExprList, values: ExprList, end_line: u32) -> Result<()> {
        let ast = self.ast;
        if let (&[target], &[value]) = (ast.list(targets), ast.list(values)) {
            let place = self.place(target)?;
            let mut e = Exp::default();
            self.expr(value, &mut e)?;
            self.line = end_line;
            return self.store(place, &mut e);
        }
        let base = self.places.len();
        for &target in ast.list(targets) {
            let place = self.place(target)?;
            self.save_from(base, place)?;
            self.places.push(place);
        }
        self.assign_all(base, values, end_line)?;
        self.places.truncate(base);
        Ok(())
    }

    /// Stores values into all the places from `base` on, the last place first.
    fn assign_all(&mut self, base: usize, values: ExprList, end_line: u32) -> Result<()> {
        let ast = self.ast;
        let wanted = self.places.len() - base;
        match ast.list(values).split_last() {
            // The last value need not go through a register of its own.
            Some((&last, before)) if before.len() + 1 == wanted => {
                self.push_each(before)?;
                let mut e = Exp::default();
                self.expr(last, &mut e)?;
                self.line = end_line;
                let place = self.places[self.places.len() - 1];
                self.store(place, &mut e)?;
                self.store_from_registers(base, wanted - 1)
            }
            _ => {
                self.push_exactly(values, wanted)?;
                self.line = end_line;
                self.store_from_registers(base, wanted)
            }
        }
    }

    /// Stores the last `count` registers in use into the first `count` places from `base` on.
    fn store_from_registers(&mut self, base: usize, count: usize) -> Result<()> {
        for i in (0..count).rev() {
            let place = self.places[base + i];
            let mut e = Kind::Register(self.f.free - 1).into();
            self.store(place, &mut e)?;
        }
        Ok(())
    }

    /// Where the places from `base` on use a variable that is to be assigned as well, as their
    /// table or key, makes them use a copy: `i, t[i] = i + 1, 20` sets `t[i]` of the old `i`.
    fn save_from(&mut self, base: usize, assigned: Place) -> Result<()> {
        let copy = self.f.free;
        let mut conflict = false;
        for place in &mut self.places[base..] {
            match (assigned, &mut *place) {
                (Place::Local(local), Place::Field { table, .. } | Place::Item { table, .. }) if *table == local => {
                    *table = copy;
                    conflict = true;
                }
                (Place::Local(local), Place::Index { table, key }) => {
                    for used in [table, key] {
                        if *used == local {
                            *used = copy;
                            conflict = true;
                        }
                    }
                }
                (Place::Upvalue(assigned), &mut Place::UpvalueField { upvalue, name }) if upvalue == assigned => {
                    *place = Place::Field { table: copy, name };
                    conflict = true;
                }
                _ => {}
            }
        }
        if conflict {
            self.reserve(1)?;
            match assigned {
                Place::Upvalue(upvalue) => {
                    self.emit(Instr::new(Op::GetUpval, 0, reg(copy), up(upvalue), 0));
                }
                Place::Local(local) => {
                    self.emit(Instr::new(Op::Move, 0, reg(copy), reg(local), 0));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `function target() … end`: an assignment on the line of `function`.
    pub(super) fn assign_function(&mut self, target: ExprId, function: FunctionId, line: u32) -> Result<()> {
        let place = self.place(target)?;
        let name = self.variable_text(target);
        let mut e = self.closure(function, name)?.into();
        self.store(place, &mut e)?;
        if let Some(last) = self.f.lines.last_mut() {
            *last = line;
        }
        Ok(())
    }

    /// `local names <attribs> = values`
    pub(super) fn declare(&mut self, locals: Range32, values: ExprList, end_line: u32) -> Result<()> {
        let ast = self.ast;
        let locals = &ast.local_lists[locals.as_range()];
        let first = self.f.free;
        let is_const = |id: LocalId| ast.local(id).attrib == Attrib::Const;
        match (locals.split_last(), ast.list(values).split_last()) {
            (Some((&local, others)), Some((&last, before))) if others.len() == before.len() && is_const(local) => {
                self.push_each(before)?;
                let mut e = Exp::default();
                self.expr(last, &mut e)?;
                if e.constant().is_some() {
                    others.iter().for_each(|&id| self.activate(id));
                    self.activate_constant(local, e.kind);
                    return Ok(());
                }
                self.line = end_line;
                self.push_last(&mut e, first, before.len(), locals.len())?;
            }
            _ => self.push_exactly(values, locals.len())?,
        }
        locals.iter().for_each(|&id| self.activate(id));
        for (&id, register) in locals.iter().zip(first..) {
            if ast.local(id).attrib == Attrib::Close {
                self.mark_inside_close();
                self.emit(Instr::new(Op::Tbc, 0, reg(register), 0, 0));
            }
        }
        Ok(())
    }

    /// The variable of `local function f`: in scope inside of the function, but visible to the debugger only behind it.
    pub(super) fn declare_name(&mut self, local: LocalId) -> Result<()> {
        self.reserve(1)?;
        self.activate(local);
        Ok(())
    }

    /// `local function f`
    pub(super) fn declare_function(&mut self, local: LocalId, function: FunctionId) -> Result<()> {
        if !self.is_early(function) {
            self.declare_name(local)?;
        }
        let register = self.f.level - 1;
        let name = self.ast.str(self.ast.local(local).name).to_vec();
        let mut e: Exp = self.closure(function, name)?.into();
        self.put(&mut e, register)?;
        self.start_last_local_here();
        Ok(())
    }
}
