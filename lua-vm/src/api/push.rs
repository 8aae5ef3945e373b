//! Pushing values.

use lua_proto::number::Number;
use std::any::Any;
use std::fmt;

use super::{Cx, Native, Outcome};
use crate::error::{Error, Result};
use crate::function::HostClosure;
use crate::string;
use crate::table::{Blank, Table};
use crate::value::Value;

impl Cx<'_> {
    /// Pushes nil.
    pub fn push_nil(&mut self) {
        self.push(Value::NIL);
    }

    /// Pushes a boolean.
    pub fn push_bool(&mut self, b: bool) {
        self.push(Value::bool(b));
    }

    /// Pushes an integer.
    #[inline]
    pub fn push_int(&mut self, i: i64) {
        self.push(Value::int(i));
    }

    /// Pushes a float.
    #[inline]
    pub fn push_float(&mut self, f: f64) {
        self.push(Value::float(f));
    }

    /// Pushes a number.
    pub fn push_number(&mut self, n: Number) {
        self.push(match n {
            Number::Int(i) => Value::int(i),
            Number::Float(f) => Value::float(f),
        });
    }

    /// Pushes a light userdata.
    pub fn push_pointer(&mut self, p: *mut ()) {
        self.push(Value::pointer(p));
    }

    /// Pushes a string with these bytes.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let vm = self.vm();
        // Long strings count as work: a loop that makes them is noticed as soon as one that runs Lua.
        vm.count_work(bytes.len() / 64);
        vm.safepoint();
        let s = vm.with_memory(|vm| string::new(&mut vm.heap, bytes))?;
        // SAFETY: a fresh string.
        self.push(unsafe { Value::str(s) });
        Ok(())
    }

    /// Pushes a part of the string in a slot as a string of its own.
    ///
    /// # Errors
    /// "not enough memory".
    ///
    /// # Panics
    /// If the slot holds no string, or one without such a part.
    pub fn push_part(&mut self, slot: u32, part: std::ops::Range<usize>) -> Result<()> {
        if part.len() == self.bytes(slot).len() {
            self.push_slot(slot);
            return Ok(());
        }
        let vm = self.vm();
        vm.count_work(part.len() / 64);
        vm.safepoint();
        let text: *const [u8] = &raw const self.bytes(slot)[part];
        // SAFETY: strings do not move, and the slot keeps this one alive.
        let s = self.vm().with_memory(|vm| string::new(&mut vm.heap, unsafe { &*text }))?;
        // SAFETY: a fresh string.
        self.push(unsafe { Value::str(s) });
        Ok(())
    }

    /// Pushes a string with this text.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_str(&mut self, text: &str) -> Result<()> {
        self.push_bytes(text.as_bytes())
    }

    /// Pushes a fixed text, which all VMs of the process share: it is kept for ever.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_name(&mut self, text: &'static [u8]) -> Result<()> {
        let s = self.vm().with_memory(|vm| string::name(&mut vm.heap, text))?;
        // SAFETY: a live string.
        self.push(unsafe { Value::str(s) });
        Ok(())
    }

    /// Pushes formatted text.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_fmt(&mut self, text: fmt::Arguments<'_>) -> Result<()> {
        match text.as_str() {
            Some(text) => self.push_str(text),
            None => self.push_str(&text.to_string()),
        }
    }

    /// Pushes a copy of a slot.
    #[inline]
    pub fn push_slot(&mut self, slot: u32) {
        let v = self.value(slot);
        self.push(v);
    }

    /// Pushes a library function.
    pub fn push_native(&mut self, native: &'static Native) {
        self.push(Value::native(native));
    }

    /// Pops `upvalues` values and pushes a library function that holds copies of them.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_closure(&mut self, native: &'static Native, upvalues: u32) -> Result<()> {
        let vm = self.vm();
        vm.safepoint();
        let c = vm.with_memory(|vm| HostClosure::new(&mut vm.heap, native, None, upvalues as usize))?;
        let first = self.top().saturating_sub(upvalues);
        for i in 0..upvalues {
            // SAFETY: a fresh closure with that many upvalues.
            unsafe { *HostClosure::upvalue(c, i as usize) = self.value(first + i) };
        }
        self.pop(upvalues);
        self.push(Value::host_closure(c));
        Ok(())
    }

    /// Pushes a function that runs a Rust closure.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_rust_closure<F>(&mut self, f: F) -> Result<()>
    where
        F: FnMut(&mut Cx<'_>) -> Result<Outcome, Error> + Send + 'static,
    {
        fn trampoline<F>(cx: &mut Cx<'_>) -> Result<Outcome, Error>
        where
            F: FnMut(&mut Cx<'_>) -> Result<Outcome, Error> + Send + 'static,
        {
            let Some(closure) = cx.running_closure() else {
                return Err(Error::text("not a Rust closure"));
            };
            // The state is taken out while it runs: a closure that calls itself finds it gone.
            // SAFETY: the running closure is live; nothing else touches its state.
            let Some(mut state) = (unsafe { (*closure).state.take() }) else {
                return Err(cx.error(format_args!("Rust closure called recursively")));
            };
            let result = match state.downcast_mut::<F>() {
                Some(f) => f(cx),
                None => Err(Error::text("not a Rust closure")),
            };
            // SAFETY: the closure stands in the function slot of the running frame and is still live.
            unsafe { (*closure).state = Some(state) };
            result
        }
        let mut state: Option<Box<dyn Any + Send>> = Some(Box::new(f));
        let vm = self.vm();
        vm.safepoint();
        let c = vm.with_memory(|vm| {
            let c = HostClosure::new(&mut vm.heap, const { &Native::new("closure", trampoline::<F>) }, None, 0)?;
            // SAFETY: fresh.
            unsafe { (*c).state = state.take() };
            Ok(c)
        })?;
        self.push(Value::host_closure(c));
        Ok(())
    }

    /// Pushes a new table with room for so many items and fields.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_table(&mut self, array: usize, hash: usize) -> Result<()> {
        let vm = self.vm();
        vm.safepoint();
        let t = vm.with_memory(|vm| Table::new(&mut vm.heap, array, hash))?;
        self.push(Value::table(t));
        Ok(())
    }

    /// Pushes the table of globals.
    pub fn push_globals(&mut self) {
        let t = self.vm().roots.globals;
        self.push(Value::table(t));
    }

    /// Pushes the registry.
    pub fn push_registry(&mut self) {
        let t = self.vm().roots.registry;
        self.push(Value::table(t));
    }

    /// Pushes a new table with these functions, and with room for `more` fields.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_library(&mut self, functions: &'static [Native], more: usize) -> Result<()> {
        self.push_table(0, functions.len() + more)?;
        self.set_natives(self.top() - 1, functions)
    }

    /// Makes room for `more` fields in a table.
    ///
    /// # Errors
    /// "not enough memory"; the slot holds no table.
    pub fn reserve_fields(&mut self, table: u32, more: usize) -> Result<()> {
        let t = self.table_in(table)?;
        // SAFETY: the table is in a slot.
        self.vm().with_memory(|vm| unsafe { Table::reserve(&mut vm.heap, t, more) })
    }

    /// Enters functions in a table under their names.
    ///
    /// # Errors
    /// "not enough memory"; the slot holds no table.
    pub fn set_natives(&mut self, table: u32, functions: &'static [Native]) -> Result<()> {
        let t = self.table_in(table)?;
        let vm = self.vm();
        // SAFETY: the table is in a slot.
        let blank = unsafe { Blank::new(&vm.heap, t, functions) };
        if let Some(blank) = &blank
            && blank.fill(&vm.heap.side.strings.fixed)
        {
            return Ok(());
        }
        for native in functions {
            let vm = self.vm();
            let name = vm.with_memory(|vm| string::name(&mut vm.heap, native.name.as_bytes()))?;
            // SAFETY: names are immortal; the table is in a slot.
            unsafe {
                vm.raw_set(t, Value::str(name), Value::native(native))?;
            }
        }
        if let Some(blank) = blank {
            blank.keep(&self.vm().heap.side.strings.fixed);
        }
        Ok(())
    }

    /// Tells the VM which functions are the iterators of `pairs` and `ipairs`: loops over plain tables then step without a call.
    pub fn register_iterators(&mut self, next: &'static Native, ipairs: &'static Native) {
        let roots = &mut self.vm().roots;
        roots.next = next;
        roots.ipairs = ipairs;
    }

    /// Pushes upvalue `i` (from 0) of the running host closure.
    pub fn push_upvalue(&mut self, i: u32) {
        let v = self.upvalue_value(i);
        self.push(v);
    }

    /// Pops a value into upvalue `i` of the running host closure.
    pub fn set_upvalue(&mut self, i: u32) {
        let v = self.take();
        if let Some(c) = self.running_closure() {
            // SAFETY: a live closure; in range.
            unsafe {
                if i < (*c).upvalue_count {
                    self.vm().heap.barrier(std::ptr::NonNull::new_unchecked(c.cast()));
                    *HostClosure::upvalue(c, i as usize) = v;
                }
            }
        }
    }

    /// Pushes the running coroutine; true if it is the main one.
    pub fn push_thread(&mut self) -> bool {
        let t = self.vm().roots.thread;
        self.push(Value::thread(t));
        t == self.vm().roots.main
    }
}
