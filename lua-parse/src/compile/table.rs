//! Table constructors (§3.4.9).

use lua_proto::{Instr, Op};

use super::function::reg;
use super::value::{Exp, Kind};
use super::{Generator, Limit, Result};
use crate::ast::{ExprId, Range32};

/// Items that are collected in registers before they are stored at once.
const BATCH: u32 = 50;
/// List items that `SetList` can count in fields C and X, less one batch.
const MAX_ITEMS: u32 = (1 << 24) - 1 - BATCH;

/// How far a constructor has got with its list.
#[derive(Default)]
struct ListState {
    /// Items that are in the table.
    stored: u32,
    /// Items that wait in the registers behind the table.
    waiting: u32,
}

impl Generator<'_> {
    /// Compiles a constructor that begins behind a token on `line`, and ends on `end_line`. The table is
    /// in the next register.
    #[inline(never)]
    pub(super) fn table(&mut self, fields: Range32, line: u32, end_line: u32) -> Result<Kind> {
        let ast = self.ast;
        let new = self.emit_on(line, Instr::new(Op::NewTable, 0, 0, 0, 0));
        let table = self.reserve(1)?;
        let fields = &ast.fields[fields.as_range()];
        let mut list = ListState::default();
        let mut named = 0u32;
        let mut open = false;
        for (i, field) in fields.iter().enumerate() {
            match field.key() {
                Some(key) => {
                    named += 1;
                    self.named_field(table, key, field.value)?;
                }
                None => {
                    let last = i + 1 == fields.len();
                    open = self.list_item(&mut list, table, field.value, last.then_some(end_line))?;
                }
            }
        }
        self.line = end_line;
        if open || list.waiting > 0 {
            self.store_list(&mut list, table, open)?;
        }
        let hint = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
        // As a rule, a call at the end of a list has one value.
        let items = list.stored + u32::from(open && list.stored > 0);
        let hints = Instr::new(Op::NewTable, 0, reg(table), hint(items), hint(named));
        self.f.code[new as usize] = hints;
        Ok(Kind::Register(table))
    }

    fn named_field(&mut self, table: u8, key: ExprId, value: ExprId) -> Result<()> {
        let free = self.f.free;
        let place = self.place_in(Kind::Register(table).into(), key)?;
        let id = value;
        let mut value = Exp::default();
        self.expr(id, &mut value)?;
        self.store(place, &mut value)?;
        self.f.free = free;
        Ok(())
    }

    /// Computes an item of the list; true if it is the last one, before a brace on line `last`, and has several values, up to the top.
    fn list_item(&mut self, list: &mut ListState, table: u8, value: ExprId, last: Option<u32>) -> Result<bool> {
        let mut e = Exp::default();
        self.expr(value, &mut e)?;
        match last {
            Some(_) if self.keep_all(&e)? => return Ok(true),
            Some(end_line) => self.line = end_line,
            None => self.end_operand(value),
        }
        self.next_register(&mut e)?;
        list.waiting += 1;
        if list.waiting == BATCH {
            self.store_list(list, table, false)?;
        }
        Ok(false)
    }

    /// Stores the items that wait, and (`open`) those up to the top.
    fn store_list(&mut self, list: &mut ListState, table: u8, open: bool) -> Result<()> {
        if list.stored > MAX_ITEMS {
            return Err(Limit::Constructor);
        }
        let count = if open { 0 } else { list.waiting as u16 };
        let (x, c) = ((list.stored >> 16) as u8, list.stored as u16);
        self.emit(Instr::new(Op::SetList, x, reg(table), count, c));
        list.stored += std::mem::take(&mut list.waiting);
        self.f.free = table + 1;
        Ok(())
    }
}
