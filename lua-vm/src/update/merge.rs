//! New functions find their way into the tables that stay.

use std::collections::HashSet;

use super::ModuleUpdate;
use super::plan::Plan;
use super::replace::Twins;
use super::run::Session;
use crate::error::Result;
use crate::table::Table;
use crate::value::{Value, tag};

/// Fields that were added.
#[derive(Default)]
pub(super) struct Merge {
    added: Vec<(*mut Table, Value)>,
    seen: HashSet<(*mut Table, *mut Table)>,
    /// Pairs of tables that are left, and whether everything new is added, or functions alone.
    left: Vec<(*mut Table, *mut Table, bool)>,
}

impl Merge {
    pub(super) fn added(&self) -> usize {
        self.added.len()
    }

    /// Adds what is new in tables of the new chunk to those that stand in their place. Nothing that is there changes.
    pub(super) fn tables(&mut self, session: &mut Session<'_, '_>, plan: &Plan) -> Result<()> {
        for at in 0..session.modules.len() {
            let (old, new) = session.values(at);
            if old.tag == tag::TABLE && new.tag == tag::TABLE {
                self.left.push((old.as_ptr(), new.as_ptr(), true));
            }
        }
        self.left.extend(plan.tables.iter().map(|&(old, new)| (old, new, false)));
        // The modules' own come first, so that their data is added if a variable holds the same table.
        self.left.reverse();
        while let Some((old, new, everything)) = self.left.pop() {
            if old != new && self.seen.insert((old, new)) {
                // SAFETY: the session keeps the tables that this began with, and they keep the others.
                unsafe { self.table(session, old, new, everything)? };
            }
        }
        Ok(())
    }

    unsafe fn table(&mut self, session: &mut Session<'_, '_>, old: *mut Table, new: *mut Table, everything: bool) -> Result<()> {
        // SAFETY: live tables; entries of `new` live as long as it does, and nobody changes it.
        unsafe {
            if (*new).is_weak() {
                return Ok(());
            }
            if !(*old).meta.is_null() && !(*new).meta.is_null() {
                self.left.push(((*old).meta, (*new).meta, false));
            }
            let mut position = 0;
            while let Some((key, value, next)) = (*new).entry_from(position) {
                position = next;
                let there = session.cx.vm().raw_get(old, key);
                if there.tag == tag::TABLE && value.tag == tag::TABLE {
                    self.left.push((there.as_ptr(), value.as_ptr(), false));
                } else if there.is_nil() && (everything || is_code(value, session.modules)) {
                    session.cx.vm().raw_set(old, key, value)?;
                    self.added.push((old, key));
                    session.keep.add(session.cx.vm(), Value::table(old))?;
                    session.keep.add(session.cx.vm(), key)?;
                }
            }
            Ok(())
        }
    }

    /// Takes all added fields away.
    pub(super) fn undo(&mut self, session: &mut Session<'_, '_>, twins: &Twins) {
        for (table, key) in self.added.drain(..) {
            let key = twins.of(key).unwrap_or(key);
            // SAFETY: the session keeps both. Storing nil under a key that is there needs no memory, and under one that is not,
            // nothing happens.
            let _ = unsafe { session.cx.vm().raw_set(table, key, Value::NIL) };
        }
    }
}

/// Whether a value is a function of the modules, or a table that holds one.
///
/// # Safety
/// A live value.
unsafe fn is_code(value: Value, modules: &[ModuleUpdate]) -> bool {
    // SAFETY: the tag tells the type.
    unsafe {
        match value.tag {
            tag::CLOSURE => is_function_of(value, modules),
            tag::TABLE => {
                let table = value.as_ptr::<Table>();
                let mut position = 0;
                while let Some((_, value, next)) = (*table).entry_from(position) {
                    if value.tag == tag::CLOSURE && is_function_of(value, modules) {
                        return true;
                    }
                    position = next;
                }
                false
            }
            _ => false,
        }
    }
}

unsafe fn is_function_of(value: Value, modules: &[ModuleUpdate]) -> bool {
    // SAFETY: a live closure.
    let image = unsafe { (*(*value.as_closure()).function).proto() }.image().identity();
    modules.iter().any(|m| m.proto.image().identity() == image)
}
