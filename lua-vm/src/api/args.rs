//! The arguments of a library function that is computed without a frame ([`Shortcut::Value`](super::Shortcut::Value)).
//!
//! Everything here either gives what is asked for as it stands, or `None`: then the function declines, and is called.

use lua_proto::number::Number;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU8;
use std::ptr::{self, NonNull};

use super::Status;
use crate::function::HostClosure;
use crate::meta::{Event, type_index};
use crate::string;
use crate::table::Table;
use crate::value::{Value, tag};
use crate::vm::Vm;

/// What a shortcut sees: its arguments, counted from 0, and of the VM only what makes strings.
pub struct Args<'a> {
    vm: *mut Vm,
    first: *const Value,
    count: u32,
    single: bool,
    /// The called closure, or null.
    closure: *mut HostClosure,
    _borrow: PhantomData<&'a mut Vm>,
}

/// What a shortcut answers: one value, or none.
#[derive(Clone, Copy)]
pub struct Answer {
    payload: u64,
    /// The tag plus 1, so that there is room for `None`.
    tag: NonZeroU8,
}

/// The tag of [`Answer::nothing`].
const NOTHING: NonZeroU8 = NonZeroU8::MAX;

impl Answer {
    /// No result.
    pub fn nothing() -> Answer {
        Answer { payload: 0, tag: NOTHING }
    }

    /// The result nil.
    pub fn nil() -> Answer {
        Answer::value(Value::NIL)
    }

    /// A boolean.
    #[inline(always)]
    pub fn bool(b: bool) -> Answer {
        Answer::value(Value::bool(b))
    }

    /// An integer.
    #[inline(always)]
    pub fn int(i: i64) -> Answer {
        Answer::value(Value::int(i))
    }

    /// A float.
    #[inline(always)]
    pub fn float(f: f64) -> Answer {
        Answer::value(Value::float(f))
    }

    /// A number.
    #[inline(always)]
    pub fn number(n: Number) -> Answer {
        match n {
            Number::Int(i) => Answer::int(i),
            Number::Float(f) => Answer::float(f),
        }
    }

    #[inline(always)]
    fn value(value: Value) -> Answer {
        // No tag is as large as that.
        Answer { payload: value.payload, tag: NonZeroU8::MIN.saturating_add(value.tag) }
    }

    /// The value, if there is one.
    #[inline(always)]
    pub(crate) fn get(self) -> Option<Value> {
        (self.tag != NOTHING).then_some(Value { payload: self.payload, tag: self.tag.get() - 1 })
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({:#x}, {})", self.payload, self.tag)
    }
}

impl<'a> Args<'a> {
    /// The `count` values from `first` on; `single`: at most one result is wanted.
    ///
    /// # Safety
    /// The values are live and in slots that a collection sees, and stay there as long as the result is used; nothing else uses
    /// the VM meanwhile. Shared access to `self` may change the VM: nothing that it gives out lies inside of what changes.
    #[inline(always)]
    pub(crate) unsafe fn new(vm: &'a mut Vm, first: *const Value, count: usize, single: bool) -> Args<'a> {
        Args { vm, first, count: count as u32, single, closure: ptr::null_mut(), _borrow: PhantomData }
    }

    /// The same, for a call of a closure.
    ///
    /// # Safety
    /// The closure is live and in a slot that a collection sees, as long as the arguments are used.
    #[inline(always)]
    pub(crate) unsafe fn with_closure(self, closure: *mut HostClosure) -> Args<'a> {
        Args { closure, ..self }
    }

    /// An upvalue of the called closure.
    #[inline(always)]
    fn upvalue(&self, i: u32) -> Option<*mut Value> {
        // SAFETY: as `with_closure` demands; in range.
        unsafe { (!self.closure.is_null() && i < (*self.closure).upvalue_count).then(|| HostClosure::upvalue(self.closure, i as usize)) }
    }

    /// The bytes of an upvalue that is a string.
    #[inline(always)]
    pub fn upvalue_bytes(&self, i: u32) -> Option<&[u8]> {
        // SAFETY: a live string, which nothing moves or frees while the upvalue holds it: only integers are replaced here.
        unsafe {
            let v = *self.upvalue(i)?;
            v.is_str().then(|| (*v.as_str()).bytes())
        }
    }

    /// An upvalue that is an integer.
    #[inline(always)]
    pub fn upvalue_int(&self, i: u32) -> Option<i64> {
        // SAFETY: a live closure.
        let v = unsafe { *self.upvalue(i)? };
        (v.tag == tag::INT).then(|| v.as_int())
    }

    /// Gives an upvalue that is an integer another one; any other stays as it is.
    #[inline(always)]
    pub fn set_upvalue_int(&self, i: u32, n: i64) {
        let Some(upvalue) = self.upvalue(i) else { return };
        // SAFETY: as `new` and `with_closure` demand. The barrier comes first, because other threads may trace the closure.
        unsafe {
            if (*upvalue).tag == tag::INT {
                (*self.vm).heap.barrier(NonNull::new_unchecked(self.closure.cast()));
                *upvalue = Value::int(n);
            }
        }
    }

    #[inline(always)]
    fn value(&self, at: u32) -> Option<Value> {
        // SAFETY: there are so many values.
        (at < self.count).then(|| unsafe { *self.first.add(at as usize) })
    }

    /// How many arguments there are.
    #[inline(always)]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether at most one result is wanted.
    #[inline(always)]
    pub fn single(&self) -> bool {
        self.single
    }

    /// An integer (no float, no numeral).
    #[inline(always)]
    pub fn int(&self, at: u32) -> Option<i64> {
        self.value(at).filter(|v| v.tag == tag::INT).map(Value::as_int)
    }

    /// An integer, or `default` for nil or none.
    #[inline(always)]
    pub fn int_or(&self, at: u32, default: i64) -> Option<i64> {
        match self.value(at) {
            Some(v) if v.tag == tag::INT => Some(v.as_int()),
            Some(v) if !v.is_nil() => None,
            _ => Some(default),
        }
    }

    /// A float (no integer, no numeral).
    #[inline(always)]
    pub fn float(&self, at: u32) -> Option<f64> {
        self.value(at).filter(|v| v.tag == tag::FLOAT).map(Value::as_float)
    }

    /// A number (no numeral).
    #[inline(always)]
    pub fn number(&self, at: u32) -> Option<Number> {
        let v = self.value(at)?;
        match v.tag {
            tag::INT => Some(Number::Int(v.as_int())),
            tag::FLOAT => Some(Number::Float(v.as_float())),
            _ => None,
        }
    }

    /// A number as a float.
    #[inline(always)]
    pub fn as_float(&self, at: u32) -> Option<f64> {
        match self.number(at)? {
            Number::Int(i) => Some(i as f64),
            Number::Float(f) => Some(f),
        }
    }

    /// The bytes of a string.
    #[inline(always)]
    pub fn bytes(&self, at: u32) -> Option<&[u8]> {
        let v = self.value(at)?;
        // SAFETY: a live string, which nothing moves or frees while its slot holds it.
        v.is_str().then(|| unsafe { (*v.as_str()).bytes() })
    }

    /// Whether an argument is there and is neither nil nor false.
    #[inline(always)]
    pub fn is_true(&self, at: u32) -> bool {
        self.value(at).is_some_and(Value::truthy)
    }

    /// Whether an argument is missing or nil.
    #[inline(always)]
    pub fn is_none_or_nil(&self, at: u32) -> bool {
        self.value(at).is_none_or(Value::is_nil)
    }

    /// An argument as the result.
    #[inline(always)]
    pub fn same(&self, at: u32) -> Option<Answer> {
        self.value(at).map(Answer::value)
    }

    /// The status of a coroutine (§6.2).
    pub fn thread_status(&self, at: u32) -> Option<Status> {
        // SAFETY: as `new` demands.
        unsafe { (*self.vm).status(self.value(at)?) }
    }

    /// Whether the running function may yield.
    pub fn is_yieldable(&self) -> bool {
        // SAFETY: as `new` demands.
        unsafe { (*self.vm).is_yieldable() }
    }

    /// The state of the VM's random generator, as [`Cx::random_state`](super::Cx::random_state) has it.
    #[inline(always)]
    pub fn random_state(&self) -> &Cell<[u64; 4]> {
        // SAFETY: as `new` demands; a cell may be written while others refer to it.
        unsafe { &(*self.vm).random_state }
    }

    /// Counts work that a shortcut did, as [`Cx::poll`](super::Cx::poll) does for functions: the next look at limits comes the sooner.
    #[inline]
    pub fn count_work(&self, units: usize) {
        // SAFETY: as `new` demands.
        unsafe { (*self.vm).count_work(units) }
    }

    /// A string with these bytes.
    #[inline]
    pub fn string(&self, bytes: &[u8]) -> Option<Answer> {
        // SAFETY: as `new` demands; the collector frees nothing that the arguments hold, and `bytes` belong to them or to Rust.
        unsafe {
            let vm = &mut *self.vm;
            vm.count_work(bytes.len() / 64);
            vm.safepoint();
            let s = string::new(&mut vm.heap, bytes).ok()?;
            Some(Answer::value(Value::str(s)))
        }
    }

    /// The name of the type of an argument, as `type` gives it.
    #[inline]
    pub fn type_name(&self, at: u32) -> Option<Answer> {
        let v = self.value(at)?;
        // SAFETY: as `new` demands; the names are roots.
        Some(Answer::value(unsafe { Value::str((*self.vm).roots.type_names[type_index(v.tag)]) }))
    }

    /// Whether the metatable of an argument has a `__tostring`.
    #[inline]
    pub fn has_tostring(&self, at: u32) -> bool {
        // SAFETY: as `new` demands.
        self.value(at).is_some_and(|v| unsafe { !(*self.vm).handler(v, Event::ToString).is_nil() })
    }

    /// Whether an argument is a boolean.
    #[inline]
    pub fn is_bool(&self, at: u32) -> bool {
        self.value(at).is_some_and(|v| v.tag == tag::TRUE || v.tag == tag::FALSE)
    }

    /// Whether two arguments are the same value, without metamethods.
    #[inline]
    pub fn raw_equal(&self, a: u32, b: u32) -> Option<bool> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        // SAFETY: live values.
        Some(unsafe { a.raw_equal(b) })
    }

    /// `table[key]` without metamethods, for the table and the key at these places.
    #[inline]
    pub fn raw_get(&self, table: u32, key: u32) -> Option<Answer> {
        let (table, key) = (self.value(table)?, self.value(key)?);
        if table.tag != tag::TABLE {
            return None;
        }
        // SAFETY: as `new` demands; what is read out of a weak table is marked.
        Some(Answer::value(unsafe { (*self.vm).raw_get(table.as_table(), key) }))
    }

    /// The length of a table or string without metamethods.
    #[inline]
    pub fn raw_len(&self, at: u32) -> Option<i64> {
        let v = self.value(at)?;
        // SAFETY: live values; the border that a table remembers is no part of what is borrowed.
        unsafe {
            match v.tag {
                tag::TABLE => Some((*v.as_table()).len() as i64),
                tag::SHORT | tag::LONG => Some((*v.as_str()).len() as i64),
                _ => None,
            }
        }
    }

    /// A table without metatable, on which raw access is exact.
    #[inline(always)]
    fn plain_table(&self, at: u32) -> Option<*mut Table> {
        let v = self.value(at)?;
        // SAFETY: a live table. One that is itself a metatable takes the ordinary way, which notices what changes.
        (v.tag == tag::TABLE && unsafe { (*v.as_table()).meta.is_null() && !Table::watches(v.as_table()) }).then(|| v.as_table())
    }

    /// Stores a value behind the last one of a table without metatable (`table.insert`).
    #[inline]
    pub fn append(&self, table: u32, value: u32) -> Option<Answer> {
        let (t, value) = (self.plain_table(table)?, self.value(value)?);
        // SAFETY: as `new` demands; all are live and in slots.
        unsafe {
            let at = (*t).len() as i64 + 1;
            Table::set_int(&mut (*self.vm).heap, t, at, value).ok()?;
        }
        Some(Answer::nothing())
    }

    /// Takes the last value off a table without metatable that has one (`table.remove`).
    #[inline]
    pub fn take_last(&self, table: u32) -> Option<Answer> {
        let t = self.plain_table(table)?;
        // SAFETY: as `new` demands. A slot that exists is set to nil without memory.
        unsafe {
            let at = (*t).len() as i64;
            let last = (*t).get_int(at);
            if last.is_nil() {
                return None;
            }
            Table::set_int(&mut (*self.vm).heap, t, at, Value::NIL).ok()?;
            Some(Answer::value(last))
        }
    }

    /// Gives a table without metatable one that is no more than that (`setmetatable`): no weak table, no finalizer.
    #[inline]
    pub fn set_metatable(&self, table: u32, meta: u32) -> Option<Answer> {
        let (table, meta) = (self.value(table)?, self.value(meta)?);
        if table.tag != tag::TABLE || meta.tag != tag::TABLE {
            return None;
        }
        // SAFETY: as `new` demands.
        unsafe {
            let (t, meta) = (table.as_table(), meta.as_table());
            let vm = &mut *self.vm;
            if !(*t).meta.is_null()
                || (*t).is_weak()
                || !vm.handler_in(meta, Event::Gc).is_nil()
                || !vm.handler_in(meta, Event::Mode).is_nil()
            {
                return None;
            }
            vm.set_table_metatable(t, meta).ok()?;
        }
        Some(Answer::value(table))
    }

    /// The metatable of a table, or nil, unless it is protected (`getmetatable`).
    #[inline]
    pub fn metatable(&self, at: u32) -> Option<Answer> {
        let v = self.value(at)?;
        if v.tag != tag::TABLE {
            return None;
        }
        // SAFETY: live tables.
        unsafe {
            let meta = (*v.as_table()).meta;
            if meta.is_null() {
                return Some(Answer::nil());
            }
            (*self.vm).handler_in(meta, Event::Metatable).is_nil().then(|| Answer::value(Value::table(meta)))
        }
    }
}
