//! Tables that Rust holds.

use super::super::convert::read_pairs;
use super::super::{Access, Cx, FromLua, IntoLua};
use super::Table;
use crate::error::Result;

impl Table {
    /// Pushes the table with room for the rest, and runs `f` with its slot.
    fn on<R>(&self, lua: &mut impl Access, f: impl FnOnce(&mut Cx<'_>, u32) -> Result<R>) -> Result<R> {
        lua.access(|cx| {
            let slot = cx.top();
            cx.push_value(self)?;
            f(cx, slot)
        })
    }

    /// `table[key]`.
    ///
    /// # Errors
    /// What `__index` raised; the value is no `V`.
    pub fn get<V: FromLua>(&self, lua: &mut impl Access, key: impl IntoLua) -> Result<V> {
        self.on(lua, |cx, table| {
            cx.push_value(key)?;
            cx.get_index(table)?;
            cx.read(table + 1)
        })
    }

    /// `table[key] = value`.
    ///
    /// # Errors
    /// What `__newindex` raised; the key is nil or NaN; "not enough memory".
    pub fn set(&self, lua: &mut impl Access, key: impl IntoLua, value: impl IntoLua) -> Result<()> {
        self.on(lua, |cx, table| {
            cx.push_value(key)?;
            cx.push_value(value)?;
            cx.set_index(table)
        })
    }

    /// `rawget(table, key)`.
    ///
    /// # Errors
    /// The value is no `V`.
    pub fn raw_get<V: FromLua>(&self, lua: &mut impl Access, key: impl IntoLua) -> Result<V> {
        self.on(lua, |cx, table| {
            cx.push_value(key)?;
            cx.raw_get(table);
            cx.read(table + 1)
        })
    }

    /// `rawset(table, key, value)`.
    ///
    /// # Errors
    /// The key is nil or NaN; "not enough memory".
    pub fn raw_set(&self, lua: &mut impl Access, key: impl IntoLua, value: impl IntoLua) -> Result<()> {
        self.on(lua, |cx, table| {
            cx.push_value(key)?;
            cx.push_value(value)?;
            cx.raw_set(table)
        })
    }

    /// `#table`.
    ///
    /// # Errors
    /// What `__len` raised, or that it gave no integer.
    pub fn len(&self, lua: &mut impl Access) -> Result<i64> {
        self.on(lua, |cx, table| cx.len(table))
    }

    /// `rawlen(table)`.
    ///
    /// # Errors
    /// The handle belongs to another VM.
    pub fn raw_len(&self, lua: &mut impl Access) -> Result<u64> {
        self.on(lua, |cx, table| Ok(cx.raw_len(table)))
    }

    /// Appends an item, raw.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn append(&self, lua: &mut impl Access, value: impl IntoLua) -> Result<()> {
        self.on(lua, |cx, table| {
            let next = cx.raw_len(table) as i64 + 1;
            cx.push_value(value)?;
            cx.raw_set_int(table, next)
        })
    }

    /// All pairs, in the order of `next`.
    ///
    /// # Errors
    /// A key is no `K` or a value is no `V`; "not enough memory".
    pub fn pairs<K: FromLua, V: FromLua>(&self, lua: &mut impl Access) -> Result<Vec<(K, V)>> {
        let mut pairs = Vec::new();
        self.for_each(lua, |cx, key, value| {
            cx.charge(2 * size_of::<(K, V)>())?;
            pairs.push((key, value));
            Ok(())
        })?;
        Ok(pairs)
    }

    /// Calls `each` with every pair, in the order of `next`. It may clear fields of the table but not add any (§6.1 `next`).
    ///
    /// # Errors
    /// What `each` returned; a key is no `K` or a value is no `V`.
    pub fn for_each<K: FromLua, V: FromLua>(&self, lua: &mut impl Access, each: impl FnMut(&mut Cx<'_>, K, V) -> Result<()>) -> Result<()> {
        self.on(lua, |cx, table| read_pairs(cx, table, each))
    }

    /// The metatable, whatever `__metatable` says.
    ///
    /// # Errors
    /// The handle belongs to another VM.
    pub fn metatable(&self, lua: &mut impl Access) -> Result<Option<Table>> {
        self.on(lua, |cx, table| if cx.get_metatable(table) { cx.read(table + 1).map(Some) } else { Ok(None) })
    }

    /// Sets or removes the metatable, whatever `__metatable` says.
    ///
    /// # Errors
    /// "not enough memory"; a handle belongs to another VM.
    pub fn set_metatable(&self, lua: &mut impl Access, metatable: Option<&Table>) -> Result<()> {
        self.on(lua, |cx, table| {
            cx.push_value(metatable)?;
            cx.set_metatable(table)
        })
    }
}
