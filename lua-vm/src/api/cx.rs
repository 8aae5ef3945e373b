//! The window of a host function on its VM.

use lua_proto::number::Number;
use std::cell::Cell;
use std::marker::PhantomData;

use crate::error::{Error, Result};
use crate::function::HostClosure;
use crate::meta::Event;
use crate::userdata::Userdata;
use crate::value::{self, tag};
use crate::vm::Vm;

/// What a host function sees of the VM: its stack slots, and everything it may ask for.
///
/// Slots count from 0: first the arguments, then what was pushed. Reading a slot that is not there
/// gives nil ([`Type::None`] tells the difference).
pub struct Cx<'a> {
    pub(super) vm: *mut Vm,
    _borrow: PhantomData<&'a mut ()>,
}

/// A value in a slot, borrowed from the VM.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// `nil`, or no value.
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A light userdata.
    Pointer(*mut ()),
    /// The bytes of a string.
    Str(&'a [u8]),
    /// A table.
    Table(TableRef<'a>),
    /// A function.
    Function(FunctionRef<'a>),
    /// A full userdata.
    Userdata(UserdataRef<'a>),
    /// A coroutine.
    Thread(ThreadRef<'a>),
}

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            pub(super) address: usize,
            _borrow: PhantomData<&'a ()>,
        }

        impl $name<'_> {
            /// The object's address: its identity.
            pub fn address(&self) -> usize {
                self.address
            }
        }
    )*};
}

references! {
    /// A table, borrowed.
    TableRef;
    /// A function, borrowed.
    FunctionRef;
    /// A full userdata, borrowed.
    UserdataRef;
    /// A coroutine, borrowed.
    ThreadRef;
}

/// The type of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Type {
    /// There is no such slot.
    None,
    Nil,
    Boolean,
    LightUserdata,
    Number,
    String,
    Table,
    Function,
    Userdata,
    Thread,
}

impl Type {
    /// The name that `type` gives, "no value" for [`Type::None`].
    pub fn name(self) -> &'static str {
        match self {
            Type::None => "no value",
            Type::Nil => "nil",
            Type::Boolean => "boolean",
            Type::LightUserdata | Type::Userdata => "userdata",
            Type::Number => "number",
            Type::String => "string",
            Type::Table => "table",
            Type::Function => "function",
            Type::Thread => "thread",
        }
    }
}

/// What `coroutine.status` answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Status {
    Suspended,
    Running,
    Normal,
    Dead,
}

/// A comparison operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    Lt,
    Le,
}

/// What to do with the collector (`collectgarbage`, §6.1).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum GcRequest {
    /// A full collection, with the finalizers that it makes due.
    Collect,
    /// Stops automatic collections.
    Stop,
    /// Starts them again.
    Restart,
    /// Kilobytes in use.
    Count,
    /// Work for so many kilobytes of allocation; 0: one basic step. In generational mode, whose steps are collections of the
    /// young, none finishes a cycle, as in the reference.
    Step(usize),
    /// Whether automatic collections run.
    IsRunning,
    /// Incremental mode, with parameters unless 0.
    Incremental {
        /// Percentage of growth before a cycle begins.
        pause: usize,
        /// Percentage of work for each allocation.
        step_multiplier: usize,
        /// Logarithm of the bytes of a step.
        step_size: usize,
    },
    /// Generational mode, with parameters unless 0.
    Generational {
        /// Percentage of growth before a minor collection.
        minor: usize,
        /// Percentage of growth before a major collection.
        major: usize,
    },
    /// Sets the pause.
    SetPause(usize),
    /// Sets the step multiplier.
    SetStepMultiplier(usize),
}

/// The answer to a [`GcRequest`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum GcResult {
    /// Done.
    Done,
    /// Kilobytes.
    Kilobytes(f64),
    /// Yes or no: whether a step finished a cycle, whether the collector runs.
    Flag(bool),
    /// The parameter before.
    Previous(usize),
    /// The mode before: "incremental" or "generational".
    Mode(&'static str),
    /// Nothing was done: a finalizer runs.
    Refused,
}

/// The public form of a value.
pub(super) fn view<'a>(v: value::Value) -> Value<'a> {
    let address = v.payload as usize;
    match v.tag {
        tag::FALSE => Value::Bool(false),
        tag::TRUE => Value::Bool(true),
        tag::INT => Value::Int(v.as_int()),
        tag::FLOAT => Value::Float(v.as_float()),
        tag::POINTER => Value::Pointer(v.as_ptr()),
        // SAFETY: a live string; the lifetime is that of the borrow of the VM, as the callers say.
        tag::SHORT | tag::LONG => Value::Str(unsafe { (*v.as_str()).bytes() }),
        tag::TABLE => Value::Table(TableRef { address, _borrow: PhantomData }),
        tag::NATIVE | tag::CLOSURE | tag::HOST_CLOSURE => Value::Function(FunctionRef { address, _borrow: PhantomData }),
        tag::USERDATA => Value::Userdata(UserdataRef { address, _borrow: PhantomData }),
        tag::THREAD => Value::Thread(ThreadRef { address, _borrow: PhantomData }),
        _ => Value::Nil,
    }
}

impl<'a> Cx<'a> {
    /// # Safety
    /// `vm` is live and a host frame is on top for as long as the result is used.
    #[inline(always)]
    pub(crate) unsafe fn new(vm: *mut Vm) -> Cx<'a> {
        Cx { vm, _borrow: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn vm(&mut self) -> &mut Vm {
        // SAFETY: `Cx` is the only way to the VM while a host function runs, and it is borrowed.
        unsafe { &mut *self.vm }
    }

    #[inline(always)]
    pub(crate) fn vm_ref(&self) -> &Vm {
        // SAFETY: as for `vm`.
        unsafe { &*self.vm }
    }

    #[inline(always)]
    pub(crate) fn base(&self) -> *mut value::Value {
        // SAFETY: the frame of this host function is on top.
        unsafe { (*self.vm_ref().frame).base }
    }

    /// The value in a slot, nil if there is none.
    #[inline(always)]
    pub(crate) fn value(&self, slot: u32) -> value::Value {
        if slot < self.top() {
            // SAFETY: below the top.
            unsafe { *self.base().add(slot as usize) }
        } else {
            value::Value::NIL
        }
    }

    /// Writes to a slot below the top.
    #[inline(always)]
    pub(crate) fn set_value(&mut self, slot: u32, v: value::Value) {
        debug_assert!(slot < self.top());
        // SAFETY: below the top.
        unsafe { *self.base().add(slot as usize) = v }
    }

    /// Pushes a value; there are always some slots free.
    #[inline(always)]
    pub(crate) fn push(&mut self, v: value::Value) {
        let vm = self.vm();
        // SAFETY: SPARE slots stand above `stack_end`; the slow path makes more.
        unsafe {
            if vm.top >= vm.stack_end {
                return self.push_slow(v);
            }
            *vm.top = v;
            vm.top = vm.top.add(1);
        }
    }

    #[cold]
    #[inline(never)]
    fn push_slow(&mut self, v: value::Value) {
        let vm = self.vm();
        // Failing to grow here raises nothing, so it is no overflow that is being handled.
        let handling = vm.handling_overflow;
        // SAFETY: the value stands in a spare slot while the stack grows. If it cannot grow, the value takes the place of the
        // last one: the overflow is raised by the next call or `reserve`.
        unsafe {
            let limit = vm.stack_end.add(crate::thread::SPARE - 8);
            if vm.top < limit {
                *vm.top = v;
                vm.top = vm.top.add(1);
                let _ = vm.grow_stack(vm.top, 32);
            } else if vm.grow_stack(vm.top, 32).is_ok() {
                *vm.top = v;
                vm.top = vm.top.add(1);
            } else {
                *vm.top.sub(1) = v;
            }
        }
        vm.handling_overflow = handling;
    }

    /// Takes the top value off.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> value::Value {
        if self.top() == 0 {
            return value::Value::NIL;
        }
        let vm = self.vm();
        // SAFETY: the stack of this call is not empty.
        unsafe {
            vm.top = vm.top.sub(1);
            *vm.top
        }
    }

    /// How many arguments the call has, plus what was pushed since: the number of slots in use.
    #[inline(always)]
    pub fn top(&self) -> u32 {
        // SAFETY: base and top belong to the frame of this host function.
        unsafe { self.vm_ref().top.offset_from(self.base()) as u32 }
    }

    /// How many arguments the call was given.
    #[inline(always)]
    pub fn arg_count(&self) -> u32 {
        // SAFETY: the frame of this host function is on top.
        unsafe { (*self.vm_ref().frame).extra }
    }

    /// Fills with nil up to `n` slots, or drops what is above.
    ///
    /// # Errors
    /// "stack overflow".
    pub fn set_top(&mut self, n: u32) -> Result<()> {
        let top = self.top();
        if n > top {
            self.reserve(n - top)?;
            for _ in top..n {
                self.push(value::Value::NIL);
            }
        } else {
            // SAFETY: `n` slots are in use.
            unsafe { self.vm().top = self.base().add(n as usize) };
        }
        Ok(())
    }

    /// Makes room for `n` more slots.
    ///
    /// # Errors
    /// "stack overflow"; "not enough memory".
    pub fn reserve(&mut self, n: u32) -> Result<()> {
        let vm = self.vm();
        vm.count_work(n as usize / 8);
        // SAFETY: compares addresses inside the stack's block and just behind it.
        if (vm.stack_end.addr().saturating_sub(vm.top.addr())) / 16 < n as usize {
            vm.grow_stack(vm.top, n as usize + 8)?;
        }
        Ok(())
    }

    /// The value in a slot.
    #[inline]
    pub fn get(&self, slot: u32) -> Value<'_> {
        view(self.value(slot))
    }

    /// The type of a slot.
    pub fn type_of(&self, slot: u32) -> Type {
        if slot >= self.top() {
            return Type::None;
        }
        match self.value(slot).tag {
            tag::NIL => Type::Nil,
            tag::FALSE | tag::TRUE => Type::Boolean,
            tag::INT | tag::FLOAT => Type::Number,
            tag::SHORT | tag::LONG => Type::String,
            tag::TABLE => Type::Table,
            tag::POINTER => Type::LightUserdata,
            tag::USERDATA => Type::Userdata,
            tag::THREAD => Type::Thread,
            _ => Type::Function,
        }
    }

    /// The name of a slot's type, "no value" if there is none.
    pub fn type_name(&self, slot: u32) -> &'static str {
        self.type_of(slot).name()
    }

    /// Whether there is no such slot.
    pub fn is_none(&self, slot: u32) -> bool {
        slot >= self.top()
    }

    /// Whether there is no such slot, or it holds nil.
    #[inline]
    pub fn is_none_or_nil(&self, slot: u32) -> bool {
        self.value(slot).is_nil()
    }

    /// Whether the slot holds an integer (not a float with an integral value).
    pub fn is_integer(&self, slot: u32) -> bool {
        self.value(slot).tag == tag::INT
    }

    /// Whether the slot holds neither nil nor false.
    #[inline]
    pub fn to_bool(&self, slot: u32) -> bool {
        self.value(slot).truthy()
    }

    /// The bytes of a string slot; empty for anything else.
    #[inline]
    pub fn bytes(&self, slot: u32) -> &[u8] {
        let v = self.value(slot);
        // SAFETY: a live string.
        if v.is_str() { unsafe { (*v.as_str()).bytes() } } else { b"" }
    }

    /// A number, or a string that is a numeral, as a number.
    pub fn to_num(&self, slot: u32) -> Option<Number> {
        let v = self.value(slot);
        match v.tag {
            tag::INT => Some(Number::Int(v.as_int())),
            tag::FLOAT => Some(Number::Float(v.as_float())),
            tag::SHORT | tag::LONG => lua_proto::number::parse_number(self.bytes(slot)),
            _ => None,
        }
    }

    /// A number as a float, with conversion of strings.
    pub fn to_number(&self, slot: u32) -> Option<f64> {
        match self.to_num(slot)? {
            Number::Int(i) => Some(i as f64),
            Number::Float(f) => Some(f),
        }
    }

    /// A number with an integral value as an integer, with conversion of strings.
    pub fn to_int(&self, slot: u32) -> Option<i64> {
        match self.to_num(slot)? {
            Number::Int(i) => Some(i),
            Number::Float(f) => lua_proto::number::float_to_int(f),
        }
    }

    /// Copies one slot over another.
    pub fn copy(&mut self, from: u32, to: u32) {
        if to < self.top() {
            let v = self.value(from);
            self.set_value(to, v);
        }
    }

    /// Moves the top value down to `slot`; the ones above shift up.
    #[inline]
    pub fn insert(&mut self, slot: u32) {
        let top = self.top();
        if slot >= top {
            return;
        }
        let v = self.value(top - 1);
        // SAFETY: slots of this call, from the top down.
        unsafe {
            let first = self.base().add(slot as usize);
            let mut at = self.base().add(top as usize - 1);
            while at > first {
                value::copy(at, at.sub(1));
                at = at.sub(1);
            }
            *first = v;
        }
    }

    /// Takes a slot out; the ones above shift down.
    pub fn remove(&mut self, slot: u32) {
        self.rotate(slot, -1);
        self.pop(1);
    }

    /// Drops the top `n` values.
    #[inline]
    pub fn pop(&mut self, n: u32) {
        let n = n.min(self.top());
        // SAFETY: `n` slots are in use.
        unsafe { self.vm().top = self.vm().top.sub(n as usize) };
    }

    /// Rotates the slots from `slot` to the top by `n` places upwards.
    pub fn rotate(&mut self, slot: u32, n: i32) {
        let len = self.top().saturating_sub(slot) as usize;
        if len == 0 {
            return;
        }
        // SAFETY: slots of this call; `Value` has no references into the slice.
        let slots = unsafe { std::slice::from_raw_parts_mut(self.base().add(slot as usize), len) };
        slots.rotate_right(n.rem_euclid(len as i32) as usize);
    }

    /// Whether two slots hold raw-equal values.
    pub fn raw_equal(&self, a: u32, b: u32) -> bool {
        // SAFETY: live values.
        unsafe { self.value(a).raw_equal(self.value(b)) }
    }

    /// Whether a value has a metatable.
    pub fn has_metatable(&self, slot: u32) -> bool {
        // SAFETY: a live value.
        unsafe { !self.vm_ref().roots.metatable(self.value(slot)).is_null() }
    }

    /// The address that identifies a value, as `%p` and `tostring` print it; `None` for plain values.
    pub fn address(&self, slot: u32) -> Option<usize> {
        let v = self.value(slot);
        (v.tag >= tag::POINTER).then_some(v.payload as usize)
    }

    /// The upvalue `i` (from 0) of the running host closure.
    pub fn upvalue(&self, i: u32) -> Value<'_> {
        view(self.upvalue_value(i))
    }

    pub(super) fn upvalue_value(&self, i: u32) -> value::Value {
        match self.running_closure() {
            // SAFETY: in range.
            Some(c) if i < unsafe { (*c).upvalue_count } => unsafe { *HostClosure::upvalue(c, i as usize) },
            _ => value::Value::NIL,
        }
    }

    pub(super) fn running_closure(&self) -> Option<*mut HostClosure> {
        // SAFETY: the frame of this host function is on top.
        let func = unsafe { *(*self.vm_ref().frame).func };
        (func.tag == tag::HOST_CLOSURE).then(|| func.as_ptr())
    }

    /// The status of the coroutine in a slot (§6.2); dead if there is none.
    pub fn thread_status(&self, slot: u32) -> Status {
        // SAFETY: the value is in a slot.
        unsafe { self.vm_ref().status(self.value(slot)) }.unwrap_or(Status::Dead)
    }

    /// Whether the running function may yield.
    pub fn is_yieldable(&self) -> bool {
        self.vm_ref().is_yieldable()
    }

    /// The state of the VM's random generator: words that a library keeps here, zero at first, and that shortcuts reach, too
    /// ([`Args::random_state`](super::Args::random_state)).
    pub fn random_state(&self) -> &Cell<[u64; 4]> {
        &self.vm_ref().random_state
    }

    /// A borrowed view of the Rust value in a userdata slot.
    pub fn userdata<T: std::any::Any + Send>(&self, slot: u32) -> Option<&T> {
        let v = self.value(slot);
        // SAFETY: a live userdata; the borrow of the VM keeps it from changing.
        (v.tag == tag::USERDATA).then(|| unsafe { (*v.as_ptr::<Userdata>()).data.downcast_ref::<T>() }).flatten()
    }

    /// A mutable view of the Rust value in a userdata slot.
    pub fn userdata_mut<T: std::any::Any + Send>(&mut self, slot: u32) -> Option<&mut T> {
        let v = self.value(slot);
        // SAFETY: a live userdata; the exclusive borrow of the VM makes this the only view.
        (v.tag == tag::USERDATA).then(|| unsafe { (*v.as_ptr::<Userdata>()).data.downcast_mut::<T>() }).flatten()
    }

    pub(super) fn event_handler(&mut self, slot: u32, event: Event) -> value::Value {
        // SAFETY: a live value.
        unsafe {
            let value = self.value(slot);
            self.vm().handler(value, event)
        }
    }

    /// An error with the position of the Lua function that called this one (`luaL_error`).
    pub fn error(&mut self, message: std::fmt::Arguments<'_>) -> Error {
        self.error_bytes(message.to_string().as_bytes())
    }

    /// As [`Cx::error`], for messages that hold script text.
    pub fn error_bytes(&mut self, message: &[u8]) -> Error {
        let mut text = self.position_text(1);
        text.extend_from_slice(message);
        Error::text(text)
    }

    /// "chunk:line: " of the function at a level (0: this one), empty if it is not a Lua function.
    pub fn position_text(&self, level: u32) -> Vec<u8> {
        let vm = self.vm_ref();
        // SAFETY: frames of the running thread.
        unsafe {
            let first = (*vm.roots.thread).frames;
            let depth = vm.frame.offset_from(first);
            if (level as isize) < depth { vm.position_of(vm.frame.sub(level as usize)) } else { Vec::new() }
        }
    }

    /// Raises the value on top, which is popped: an error of any type.
    pub fn throw_value(&mut self) -> Error {
        let v = self.take();
        self.vm().throw(v)
    }

    /// Pushes the Lua value of an error that was caught.
    pub fn push_error(&mut self, e: &Error) {
        let v = self.vm().error_value(e);
        self.push(v);
    }
}
