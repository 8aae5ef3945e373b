//! Tables, raw and with metamethods; operators.

use super::cx::view;
use super::{CompareOp, Cx, Type};
use crate::error::{Error, Result};
use crate::exec::ArithOp;
use crate::meta::{Event, type_index};
use crate::string;
use crate::table::Table;
use crate::userdata::Userdata;
use crate::value::{Value, tag};

impl Cx<'_> {
    /// The table in a slot.
    #[inline(always)]
    pub(crate) fn table_in(&self, slot: u32) -> Result<*mut Table> {
        let v = self.value(slot);
        if v.tag == tag::TABLE { Ok(v.as_table()) } else { Err(self.no_table(slot)) }
    }

    #[cold]
    #[inline(never)]
    fn no_table(&self, slot: u32) -> Error {
        Error::text(format!("table expected, got {}", self.type_name(slot)))
    }

    /// The table in a slot if it has no metatable, and `i`, an index into its array part.
    #[inline(always)]
    fn plain_item(&self, table: u32, i: i64) -> Option<(*mut Table, usize)> {
        let v = self.value(table);
        let at = (i as u64).wrapping_sub(1);
        // SAFETY: a live table.
        let plain = v.tag == tag::TABLE && unsafe { (*v.as_table()).meta.is_null() && at < u64::from((*v.as_table()).array_len) };
        plain.then(|| (v.as_table(), at as usize))
    }

    /// Pushes an item of a table without metatable; answers false, having done nothing, if it does not stand in the array part.
    #[inline(always)]
    pub fn push_item(&mut self, table: u32, i: i64) -> bool {
        let Some((t, at)) = self.plain_item(table, i) else { return false };
        // SAFETY: the index was checked. Only tables without array part are weak.
        self.push(unsafe { (*t).array_get(at) });
        true
    }

    /// Pops a value into an item of a table without metatable; answers false, having done nothing, if it does not stand in the array part.
    #[inline(always)]
    pub fn pop_item(&mut self, table: u32, i: i64) -> bool {
        let Some((t, at)) = self.plain_item(table, i) else { return false };
        let value = self.value(self.top().wrapping_sub(1));
        // SAFETY: the index was checked; the barrier stands directly before the store.
        unsafe {
            Table::barrier_item(&mut self.vm().heap, t, at, value);
            Table::array_set(t, at, value);
        }
        self.pop(1);
        true
    }

    /// A short or long string value for a name.
    fn name(&mut self, name: &str) -> Result<Value> {
        let s = self.vm().with_memory(|vm| string::new(&mut vm.heap, name.as_bytes()))?;
        // SAFETY: a fresh string.
        Ok(unsafe { Value::str(s) })
    }

    fn push_typed(&mut self, v: Value) -> Type {
        self.push(v);
        self.type_of(self.top() - 1)
    }

    /// Pops a key and pushes the raw value under it.
    pub fn raw_get(&mut self, table: u32) -> Type {
        let Ok(t) = self.table_in(table) else {
            self.pop(1);
            return self.push_typed(Value::NIL);
        };
        let key = self.take();
        // SAFETY: live values.
        let v = unsafe { self.vm().raw_get(t, key) };
        self.push_typed(v)
    }

    /// Pushes the raw value under an integer.
    #[inline]
    pub fn raw_get_int(&mut self, table: u32, i: i64) -> Type {
        let v = match self.table_in(table) {
            // SAFETY: live values.
            Ok(t) => unsafe { self.vm().raw_get(t, Value::int(i)) },
            Err(_) => Value::NIL,
        };
        self.push_typed(v)
    }

    /// Moves the items `first..=last` of a table to `to` and behind, all at once. Answers false, having done nothing, unless the table has
    /// no metatable and all places stand in its array part.
    pub fn shift_items(&mut self, table: u32, first: i64, last: i64, to: i64) -> bool {
        let Ok(t) = self.table_in(table) else { return false };
        // SAFETY: a live table, whose places are checked there.
        unsafe { (*t).meta.is_null() && !Table::watches(t) && Table::shift(&mut self.vm().heap, t, first, last, to) }
    }

    /// Pushes the raw value under a name.
    pub fn raw_get_str(&mut self, table: u32, name: &str) -> Type {
        let (Ok(t), Ok(key)) = (self.table_in(table), self.name(name)) else {
            return self.push_typed(Value::NIL);
        };
        // SAFETY: live values.
        let v = unsafe { self.vm().raw_get(t, key) };
        self.push_typed(v)
    }

    /// Stores raw: `[… key value]` on top, both popped.
    ///
    /// # Errors
    /// "table index is nil", "table index is NaN", "not enough memory"; the slot holds no table.
    pub fn raw_set(&mut self, table: u32) -> Result<()> {
        let t = self.table_in(table)?;
        let top = self.top();
        let (key, value) = (self.value(top.wrapping_sub(2)), self.value(top.wrapping_sub(1)));
        // SAFETY: live values in slots.
        unsafe { self.vm().raw_set(t, key, value)? };
        self.pop(2);
        Ok(())
    }

    /// Stores the top value raw under an integer, and pops it.
    ///
    /// # Errors
    /// "not enough memory"; the slot holds no table.
    #[inline]
    pub fn raw_set_int(&mut self, table: u32, i: i64) -> Result<()> {
        let t = self.table_in(table)?;
        let value = self.value(self.top().wrapping_sub(1));
        // SAFETY: live values in slots.
        unsafe { self.vm().raw_set(t, Value::int(i), value)? };
        self.pop(1);
        Ok(())
    }

    /// Stores the top value raw under a name, and pops it.
    ///
    /// # Errors
    /// "not enough memory"; the slot holds no table.
    pub fn raw_set_str(&mut self, table: u32, name: &str) -> Result<()> {
        let t = self.table_in(table)?;
        let value = self.value(self.top().wrapping_sub(1));
        let key = self.name(name)?;
        // SAFETY: live values; the key is young and the table, in a slot, keeps it from here on.
        unsafe { self.vm().raw_set(t, key, value)? };
        self.pop(1);
        Ok(())
    }

    /// As [`Cx::raw_set_str`] with a fixed name, which all VMs of the process share: it is kept for ever.
    ///
    /// # Errors
    /// "not enough memory"; the slot holds no table.
    pub fn raw_set_name(&mut self, table: u32, name: &'static str) -> Result<()> {
        let t = self.table_in(table)?;
        let value = self.value(self.top().wrapping_sub(1));
        let key = self.vm().with_memory(|vm| string::name(&mut vm.heap, name.as_bytes()))?;
        // SAFETY: live values.
        unsafe { self.vm().raw_set(t, Value::str(key), value)? };
        self.pop(1);
        Ok(())
    }

    /// The raw length of a table, string or userdata.
    pub fn raw_len(&self, slot: u32) -> u64 {
        let v = self.value(slot);
        // SAFETY: live objects.
        unsafe {
            match v.tag {
                tag::SHORT | tag::LONG => (*v.as_str()).len() as u64,
                tag::TABLE => (*v.as_table()).len(),
                _ => 0,
            }
        }
    }

    /// Pops a key and pushes the next key and its value; pushes nothing at the end.
    ///
    /// # Errors
    /// The key is not in the table.
    #[inline]
    pub fn next(&mut self, table: u32) -> Result<bool> {
        let t = self.table_in(table)?;
        let key = self.take();
        // SAFETY: live values; what comes out of a weak table is marked.
        unsafe {
            let mut found = (*t).next(key);
            if (*t).is_weak() {
                while let Ok(Some((k, v))) = found
                    && !self.vm().read_weak_entry(t, k, v)
                {
                    found = (*t).next(k);
                }
            }
            match found {
                Ok(Some((k, v))) => {
                    self.push(k);
                    self.push(v);
                    Ok(true)
                }
                Ok(None) => Ok(false),
                // Without a position, as in the reference: the table complains, not the library.
                Err(_) => Err(self.vm().error(format_args!("invalid key to 'next'"))),
            }
        }
    }

    /// The raw item `i` of a table, borrowed.
    #[inline]
    pub fn array_get(&self, table: u32, i: i64) -> super::Value<'_> {
        match self.table_in(table) {
            // SAFETY: a live table. A value of a weak table is not kept: it is only looked at.
            Ok(t) => view(unsafe { (*t).get_int(i) }),
            Err(_) => super::Value::Nil,
        }
    }

    /// Pops a key and pushes the value under it, with metamethods.
    ///
    /// # Errors
    /// The value cannot be indexed; what a metamethod raised.
    pub fn get_index(&mut self, object: u32) -> Result<Type> {
        let (o, key) = (self.value(object), self.value(self.top().wrapping_sub(1)));
        // SAFETY: live values in slots.
        let v = unsafe { self.vm().index(o, key)? };
        self.pop(1);
        Ok(self.push_typed(v))
    }

    /// Pushes `object[i]`, with metamethods.
    ///
    /// # Errors
    /// As for [`Cx::get_index`].
    #[inline]
    pub fn get_int(&mut self, object: u32, i: i64) -> Result<Type> {
        let o = self.value(object);
        // SAFETY: live values in slots.
        let v = unsafe { self.vm().index(o, Value::int(i))? };
        Ok(self.push_typed(v))
    }

    /// Pushes `object[name]`, with metamethods.
    ///
    /// # Errors
    /// As for [`Cx::get_index`].
    pub fn get_field(&mut self, object: u32, name: &str) -> Result<Type> {
        let o = self.value(object);
        let key = self.name(name)?;
        self.push(key);
        let top = self.top();
        // SAFETY: live values in slots.
        let v = unsafe { self.vm().index(o, key)? };
        self.set_value(top - 1, v);
        Ok(self.type_of(top - 1))
    }

    /// `object[key] = value` with `[… key value]` on top, both popped.
    ///
    /// # Errors
    /// As for [`Cx::get_index`], and those of a store.
    pub fn set_index(&mut self, object: u32) -> Result<()> {
        let top = self.top();
        let (o, key, value) = (self.value(object), self.value(top.wrapping_sub(2)), self.value(top.wrapping_sub(1)));
        // SAFETY: live values in slots.
        unsafe { self.vm().set_index(o, key, value)? };
        self.pop(2);
        Ok(())
    }

    /// `object[i] = value` with the value on top, popped.
    ///
    /// # Errors
    /// As for [`Cx::set_index`].
    #[inline]
    pub fn set_int(&mut self, object: u32, i: i64) -> Result<()> {
        let (o, value) = (self.value(object), self.value(self.top().wrapping_sub(1)));
        // SAFETY: live values in slots.
        unsafe { self.vm().set_index(o, Value::int(i), value)? };
        self.pop(1);
        Ok(())
    }

    /// `object[name] = value` with the value on top, popped.
    ///
    /// # Errors
    /// As for [`Cx::set_index`].
    pub fn set_field(&mut self, object: u32, name: &str) -> Result<()> {
        let key = self.name(name)?;
        self.push(key);
        let top = self.top();
        let (o, value) = (self.value(object), self.value(top.wrapping_sub(2)));
        // SAFETY: live values in slots.
        unsafe { self.vm().set_index(o, key, value)? };
        self.pop(2);
        Ok(())
    }

    /// Pushes `#object`, with metamethods.
    ///
    /// # Errors
    /// The value has no length; what a metamethod raised.
    pub fn len_value(&mut self, slot: u32) -> Result<()> {
        let v = self.value(slot);
        let handler = if v.is_str() { Value::NIL } else { self.event_handler(slot, Event::Len) };
        let len = if !handler.is_nil() {
            // SAFETY: live values.
            unsafe { self.vm().call_for_value(handler, &[v, v])? }
        } else if v.tag == tag::TABLE || v.is_str() {
            Value::int(self.raw_len(slot) as i64)
        } else {
            // SAFETY: a live value.
            return Err(unsafe { self.vm().operand_error("get length of", v) });
        };
        self.push(len);
        Ok(())
    }

    /// `#object` as an integer.
    ///
    /// # Errors
    /// As for [`Cx::len_value`]; "object length is not an integer".
    #[inline]
    pub fn len(&mut self, slot: u32) -> Result<i64> {
        let v = self.value(slot);
        // SAFETY: a live table.
        if v.tag == tag::TABLE && unsafe { (*v.as_table()).meta.is_null() } {
            return Ok(self.raw_len(slot) as i64);
        }
        self.len_value(slot)?;
        let len = self.to_int(self.top() - 1);
        self.pop(1);
        len.ok_or_else(|| self.error(format_args!("object length is not an integer")))
    }

    /// Concatenates the top `n` values, with metamethods.
    ///
    /// # Errors
    /// A value that cannot be concatenated; "not enough memory".
    pub fn concat(&mut self, n: u32) -> Result<()> {
        if n == 0 {
            return self.push_bytes(b"");
        }
        for _ in 1..n {
            let top = self.top();
            let (x, y) = (self.value(top - 2), self.value(top - 1));
            let plain = |v: Value| v.is_str() || v.is_number();
            // SAFETY: live values in slots.
            let joined = unsafe {
                if plain(x) && plain(y) {
                    let start = self.vm().top.sub(2);
                    self.vm().join(start, 2)?
                } else {
                    let handler = self.vm().binary_handler(Event::Concat, x, y);
                    if handler.is_nil() {
                        return Err(self.vm().concat_error(x, y));
                    }
                    self.vm().call_for_value(handler, &[x, y])?
                }
            };
            self.pop(2);
            self.push(joined);
        }
        Ok(())
    }

    /// Pops two operands (one for [`ArithOp::Unm`] and [`ArithOp::BNot`]) and pushes the result.
    ///
    /// # Errors
    /// Operands that do not fit; what a metamethod raised.
    pub fn arith(&mut self, op: ArithOp) -> Result<()> {
        let unary = matches!(op, ArithOp::Unm | ArithOp::BNot);
        let top = self.top();
        let y = self.value(top.wrapping_sub(1));
        let x = if unary { y } else { self.value(top.wrapping_sub(2)) };
        // SAFETY: live values in slots.
        let result = unsafe { self.vm().arith(op, x, y)? };
        self.pop(if unary { 1 } else { 2 });
        self.push(result);
        Ok(())
    }

    /// The result of an operation on two numbers, pushed; false if they are not numbers.
    ///
    /// # Errors
    /// Division by zero; no integer representation.
    pub fn raw_arith(&mut self, op: ArithOp, a: u32, b: u32) -> Result<bool> {
        let (x, y) = (self.value(a), self.value(b));
        if !x.is_number() || !y.is_number() {
            return Ok(false);
        }
        match self.vm().arith_raw(op, x, y)? {
            Some(v) => {
                self.push(v);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Compares two slots, with metamethods.
    ///
    /// # Errors
    /// Values that cannot be compared; what a metamethod raised.
    #[inline]
    pub fn compare(&mut self, op: CompareOp, a: u32, b: u32) -> Result<bool> {
        let (x, y) = (self.value(a), self.value(b));
        let event = match op {
            CompareOp::Eq => Event::Eq,
            CompareOp::Lt => Event::Lt,
            CompareOp::Le => Event::Le,
        };
        // SAFETY: live values in slots.
        unsafe { self.vm().compare(event, x, y) }
    }

    /// Pushes a slot's value as `tostring` words it (`__tostring`, `__name`).
    ///
    /// # Errors
    /// "'__tostring' must return a string"; what it raised.
    pub fn tostring(&mut self, slot: u32) -> Result<()> {
        let v = self.value(slot);
        let handler = self.event_handler(slot, Event::ToString);
        if !handler.is_nil() {
            // SAFETY: live values.
            let text = unsafe { self.vm().call_for_value(handler, &[v])? };
            if !text.is_str() {
                if text.is_number() {
                    self.push(text);
                    return self.coerce_str(self.top() - 1);
                }
                return Err(self.error(format_args!("'__tostring' must return a string")));
            }
            self.push(text);
            return Ok(());
        }
        if v.is_str() {
            self.push(v);
            return Ok(());
        }
        let mut text = Vec::new();
        match v.tag {
            tag::NIL => text.extend_from_slice(b"nil"),
            tag::FALSE => text.extend_from_slice(b"false"),
            tag::TRUE => text.extend_from_slice(b"true"),
            tag::INT => lua_proto::number::write_int(&mut text, v.as_int()),
            tag::FLOAT => lua_proto::number::write_float(&mut text, v.as_float()),
            _ => {
                // SAFETY: a live value.
                text = match unsafe { self.vm_ref().type_name_of(v) } {
                    name if v.tag == tag::POINTER => {
                        let _ = name;
                        b"userdata".to_vec()
                    }
                    name => name,
                };
                text.extend_from_slice(format!(": {:#x}", v.payload).as_bytes());
            }
        }
        self.push_bytes(&text)
    }

    /// Pushes a value's metatable, if it has one.
    pub fn get_metatable(&mut self, slot: u32) -> bool {
        // SAFETY: a live value.
        let meta = unsafe { self.vm_ref().roots.metatable(self.value(slot)) };
        if !meta.is_null() {
            self.push(Value::table(meta));
        }
        !meta.is_null()
    }

    /// Pops a table, or nil, and makes it the metatable of a value (of its whole type, unless a table or userdata).
    ///
    /// # Errors
    /// "not enough memory".
    pub fn set_metatable(&mut self, slot: u32) -> Result<()> {
        let v = self.value(slot);
        let top = self.value(self.top().wrapping_sub(1));
        let meta = if top.tag == tag::TABLE { top.as_table() } else { std::ptr::null_mut() };
        let vm = self.vm();
        // SAFETY: live objects in slots.
        unsafe {
            match v.tag {
                tag::TABLE => vm.set_table_metatable(v.as_table(), meta)?,
                tag::USERDATA => {
                    let header = v.header();
                    vm.heap.barrier(header);
                    (*v.as_ptr::<Userdata>()).meta = meta;
                    if !meta.is_null() {
                        Table::become_metatable(&mut vm.heap, meta);
                        if !vm.handler_in(meta, Event::Gc).is_nil() {
                            vm.heap.register_finalizer(header);
                        }
                    }
                }
                t => {
                    vm.roots.type_metatables[type_index(t)] = meta;
                    if !meta.is_null() {
                        Table::become_metatable(&mut vm.heap, meta);
                    }
                }
            }
        }
        self.pop(1);
        Ok(())
    }

    /// Pushes the field of a value's metatable, unless it is nil.
    pub fn get_metafield(&mut self, slot: u32, name: &str) -> Type {
        if !self.get_metatable(slot) {
            return Type::Nil;
        }
        let meta = self.top() - 1;
        let found = self.raw_get_str(meta, name);
        if found == Type::Nil {
            self.pop(2);
        } else {
            self.remove(meta);
        }
        found
    }

    /// Calls a metamethod of a value with it and pushes the result, if there is one.
    ///
    /// # Errors
    /// What it raised.
    pub fn call_metafield(&mut self, slot: u32, name: &str) -> Result<bool> {
        if self.get_metafield(slot, name) == Type::Nil {
            return Ok(false);
        }
        self.push_slot(slot);
        self.call(1, 1)?;
        Ok(true)
    }
}
