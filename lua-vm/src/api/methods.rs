//! Rust types as userdata: methods and metamethods, registered once per type and VM.

use std::any::TypeId;
use std::marker::PhantomData;

use super::convert::mismatch;
use super::handle::Handle;
use super::{Cx, FromLuaMulti, IntoLua, IntoLuaMulti};
use crate::error::{Error, Result};

/// A Rust type whose values scripts may hold.
///
/// ```
/// use lua_vm::{Error, Methods, Userdata};
///
/// struct Counter(i64);
///
/// impl Userdata for Counter {
///     const NAME: &'static str = "Counter";
///
///     fn register(methods: &mut Methods<'_, '_, Self>) -> Result<(), Error> {
///         methods.method_mut("add", |counter, by: i64| {
///             counter.0 += by;
///             Ok(counter.0)
///         })?;
///         methods.method("__tostring", |counter, ()| Ok(format!("Counter: {}", counter.0)))
///     }
/// }
/// ```
pub trait Userdata: Sized + Send + 'static {
    /// What messages call the type (`__name`).
    const NAME: &'static str;

    /// Registers methods and metamethods. Called when a VM sees the type for the first time.
    ///
    /// # Errors
    /// Those of the registrations; the userdata is not made.
    fn register(methods: &mut Methods<'_, '_, Self>) -> Result<(), Error> {
        let _ = methods;
        Ok(())
    }
}

/// Registers the methods of a type. Names that begin with two underscores are metamethods, others are found with `:`.
pub struct Methods<'c, 'v, T> {
    cx: &'c mut Cx<'v>,
    /// The slot of the metatable; that of its `__index` follows.
    metatable: u32,
    _type: PhantomData<fn(&T)>,
}

impl<T: Userdata> Methods<'_, '_, T> {
    /// A method that looks at the value.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn method<A, R, F>(&mut self, name: &str, f: F) -> Result<()>
    where
        A: FromLuaMulti,
        R: IntoLuaMulti,
        F: Fn(&T, A) -> Result<R, Error> + Send + 'static,
    {
        self.cx.push_shared_closure(move |cx| {
            check_self::<T>(cx)?;
            let arguments = cx.arguments(1)?;
            let results = match cx.userdata::<T>(0) {
                Some(this) => f(this, arguments)?,
                None => return Err(cx.type_error(0, T::NAME)),
            };
            let count = results.into_lua_multi(cx)?;
            Ok(cx.returns(count))
        })?;
        self.enter(name)
    }

    /// A method that may change the value.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn method_mut<A, R, F>(&mut self, name: &str, f: F) -> Result<()>
    where
        A: FromLuaMulti,
        R: IntoLuaMulti,
        F: Fn(&mut T, A) -> Result<R, Error> + Send + 'static,
    {
        self.cx.push_shared_closure(move |cx| {
            check_self::<T>(cx)?;
            let arguments = cx.arguments(1)?;
            let results = match cx.userdata_mut::<T>(0) {
                Some(this) => f(this, arguments)?,
                None => return Err(Error::text("userdata changed")),
            };
            let count = results.into_lua_multi(cx)?;
            Ok(cx.returns(count))
        })?;
        self.enter(name)
    }

    /// A function that gets the VM and all arguments as they are, the object included: for methods that run Lua, and operators
    /// whose first operand need not be the object. [`Cx::userdata`] finds the Rust value of a slot.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn function<A, R, F>(&mut self, name: &str, f: F) -> Result<()>
    where
        A: FromLuaMulti,
        R: IntoLuaMulti,
        F: Fn(&mut Cx<'_>, A) -> Result<R, Error> + Send + 'static,
    {
        self.cx.push_function(f)?;
        self.enter(name)
    }

    /// A constant.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn constant(&mut self, name: &str, value: impl IntoLua) -> Result<()> {
        self.cx.push_value(value)?;
        self.enter(name)
    }

    /// Enters the value on top where scripts find it.
    fn enter(&mut self, name: &str) -> Result<()> {
        let table = if name.starts_with("__") { self.metatable } else { self.metatable + 1 };
        self.cx.raw_set_str(table, name)
    }
}

fn check_self<T: Userdata>(cx: &Cx<'_>) -> Result<()> {
    if cx.userdata::<T>(0).is_some() { Ok(()) } else { Err(cx.type_error(0, T::NAME)) }
}

impl Cx<'_> {
    /// Pushes the metatable of a Rust type; makes it if this is the first time.
    fn push_type<T: Userdata>(&mut self) -> Result<()> {
        let known = self.vm_ref().userdata_types.get(&TypeId::of::<T>());
        if let Some(value) = known.and_then(|handle| handle.value(self.vm_ref())) {
            self.push(value);
            return Ok(());
        }
        let metatable = self.top();
        self.push_table(0, 8)?;
        self.push_table(0, 8)?;
        self.push_name(T::NAME.as_bytes())?;
        self.raw_set_name(metatable, "__name")?;
        self.push_slot(metatable + 1);
        self.raw_set_name(metatable, "__index")?;
        T::register(&mut Methods { cx: &mut *self, metatable, _type: PhantomData })?;
        self.set_top(metatable + 1)?;
        let value = self.value(metatable);
        let handle = Handle::new(self.vm(), value);
        self.vm().userdata_types.insert(TypeId::of::<T>(), handle);
        Ok(())
    }
}

impl<T: Userdata> IntoLua for T {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.push_type::<T>()?;
        let metatable = cx.top() - 1;
        cx.push_userdata(self, 0)?;
        cx.insert(metatable);
        cx.set_metatable(metatable)
    }
}

impl Cx<'_> {
    /// The Rust value of type `T` in a slot.
    ///
    /// # Errors
    /// The slot holds something else.
    pub fn object<T: Userdata>(&self, slot: u32) -> Result<&T> {
        self.userdata(slot).ok_or_else(|| mismatch(self, slot, T::NAME))
    }
}
