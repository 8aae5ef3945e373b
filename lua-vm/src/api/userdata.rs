//! Full userdata and their named metatables.

use std::any::Any;

use super::{Cx, Type};
use crate::error::Result;
use crate::userdata::Userdata;
use crate::value::Value;

impl Cx<'_> {
    /// Pushes a userdata with a Rust value and `values` user values.
    ///
    /// # Errors
    /// "not enough memory"; the Rust value is dropped.
    pub fn push_userdata<T: Any + Send>(&mut self, value: T, values: u32) -> Result<()> {
        let mut data: Option<Box<dyn Any + Send>> = Some(Box::new(value));
        let vm = self.vm();
        vm.safepoint();
        let u = vm.with_memory(|vm| {
            let u = Userdata::new(&mut vm.heap, Box::new(()), values as usize)?;
            if let Some(data) = data.take() {
                // SAFETY: fresh.
                unsafe { (*u).data = data };
            }
            Ok(u)
        })?;
        self.push(Value::userdata(u));
        Ok(())
    }

    /// Pushes the metatable that the registry holds under a name; makes one, with `__name`, if there is none, and says so.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn new_metatable(&mut self, name: &'static str) -> Result<bool> {
        self.push_registry();
        let registry = self.top() - 1;
        if self.raw_get_str(registry, name) != Type::Nil {
            self.remove(registry);
            return Ok(false);
        }
        self.pop(1);
        self.push_table(0, 8)?;
        self.push_name(name.as_bytes())?;
        self.raw_set_name(registry + 1, "__name")?;
        self.push_slot(registry + 1);
        self.raw_set_name(registry, name)?;
        self.remove(registry);
        Ok(true)
    }

    /// Gives the top value the metatable that the registry holds under a name.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn set_named_metatable(&mut self, name: &'static str) -> Result<()> {
        let slot = self.top() - 1;
        self.push_registry();
        self.raw_get_str(slot + 1, name);
        self.remove(slot + 1);
        self.set_metatable(slot)
    }

    /// The Rust value of a userdata argument.
    ///
    /// # Errors
    /// The slot holds something else; the message names `name`.
    pub fn check_userdata<T: Any + Send>(&self, slot: u32, name: &str) -> Result<&T> {
        match self.userdata::<T>(slot) {
            Some(value) => Ok(value),
            None => Err(self.type_error(slot, name)),
        }
    }

    /// The Rust value of a userdata argument, mutable.
    ///
    /// # Errors
    /// As for [`Cx::check_userdata`].
    pub fn check_userdata_mut<T: Any + Send>(&mut self, slot: u32, name: &str) -> Result<&mut T> {
        if self.userdata::<T>(slot).is_none() {
            return Err(self.type_error(slot, name));
        }
        match self.userdata_mut::<T>(slot) {
            Some(value) => Ok(value),
            None => Err(crate::error::Error::text("userdata expected")),
        }
    }
}
