//! Checked arguments: the messages of the reference's auxiliary library.

use lua_proto::number::Number;

use super::{Cx, HeldStr, Type};
use crate::error::{Error, Result};
use crate::string;
use crate::value::{Value, tag};

impl Cx<'_> {
    /// "bad argument #n to 'f' (message)"; knows methods.
    #[cold]
    pub fn arg_error(&self, slot: u32, message: &str) -> Error {
        // SAFETY: the frame of this host function is on top.
        let name = unsafe { self.vm_ref().running_function_name() };
        let (kind, name) = match name {
            Some((kind, name)) => (kind, name),
            None => ("", b"?".to_vec()),
        };
        let mut text = self.position_text(1);
        let mut number = slot as i64 + 1;
        if kind == "method" {
            number -= 1;
            if number == 0 {
                text.extend_from_slice(b"calling '");
                text.extend_from_slice(&name);
                text.extend_from_slice(b"' on bad self (");
                text.extend_from_slice(message.as_bytes());
                text.push(b')');
                return Error::text(text);
            }
        }
        text.extend_from_slice(format!("bad argument #{number} to '").as_bytes());
        text.extend_from_slice(&name);
        text.extend_from_slice(b"' (");
        text.extend_from_slice(message.as_bytes());
        text.push(b')');
        Error::text(text)
    }

    /// "X expected, got Y".
    #[cold]
    pub fn type_error(&self, slot: u32, expected: &str) -> Error {
        let got = if self.is_none(slot) {
            b"no value".to_vec()
        } else {
            // SAFETY: a live value.
            unsafe { self.vm_ref().type_name_of(self.value(slot)) }
        };
        self.arg_error(slot, &format!("{expected} expected, got {}", String::from_utf8_lossy(&got)))
    }

    /// An integer; floats with integral values and numerals are converted.
    ///
    /// # Errors
    /// Not a number; "number has no integer representation".
    #[inline]
    pub fn check_int(&self, slot: u32) -> Result<i64> {
        let v = self.value(slot);
        if v.tag == tag::INT { Ok(v.as_int()) } else { self.check_int_slow(slot) }
    }

    #[cold]
    fn check_int_slow(&self, slot: u32) -> Result<i64> {
        match self.to_int(slot) {
            Some(i) => Ok(i),
            None if self.to_num(slot).is_some() => Err(self.arg_error(slot, "number has no integer representation")),
            None => Err(self.type_error(slot, "number")),
        }
    }

    /// A float; integers and numerals are converted.
    ///
    /// # Errors
    /// Not a number.
    #[inline]
    pub fn check_number(&self, slot: u32) -> Result<f64> {
        let v = self.value(slot);
        match v.tag {
            tag::FLOAT => Ok(v.as_float()),
            tag::INT => Ok(v.as_int() as f64),
            _ => self.to_number(slot).ok_or_else(|| self.type_error(slot, "number")),
        }
    }

    /// A number of either kind; numerals are converted.
    ///
    /// # Errors
    /// Not a number.
    pub fn check_num(&self, slot: u32) -> Result<Number> {
        self.to_num(slot).ok_or_else(|| self.type_error(slot, "number"))
    }

    /// An integer, or `default` for nil or none.
    ///
    /// # Errors
    /// As for [`Cx::check_int`].
    #[inline]
    pub fn opt_int(&self, slot: u32, default: i64) -> Result<i64> {
        if self.is_none_or_nil(slot) { Ok(default) } else { self.check_int(slot) }
    }

    /// A float, or `default` for nil or none.
    ///
    /// # Errors
    /// As for [`Cx::check_number`].
    pub fn opt_number(&self, slot: u32, default: f64) -> Result<f64> {
        if self.is_none_or_nil(slot) { Ok(default) } else { self.check_number(slot) }
    }

    /// Makes sure that the slot holds a string; a number is converted in place.
    ///
    /// # Errors
    /// Neither; "not enough memory".
    #[inline]
    pub fn coerce_str(&mut self, slot: u32) -> Result<()> {
        let v = self.value(slot);
        if v.is_str() { Ok(()) } else { self.coerce_str_slow(slot) }
    }

    #[cold]
    fn coerce_str_slow(&mut self, slot: u32) -> Result<()> {
        let v = self.value(slot);
        let mut text = Vec::new();
        match v.tag {
            tag::INT => lua_proto::number::write_int(&mut text, v.as_int()),
            tag::FLOAT => lua_proto::number::write_float(&mut text, v.as_float()),
            _ => return Err(self.type_error(slot, "string")),
        }
        let s = self.vm().with_memory(|vm| string::new(&mut vm.heap, &text))?;
        // SAFETY: a fresh string.
        self.set_value(slot, unsafe { Value::str(s) });
        Ok(())
    }

    /// The bytes of a string argument; a number is converted in place.
    ///
    /// # Errors
    /// As for [`Cx::coerce_str`].
    #[inline]
    pub fn check_bytes(&mut self, slot: u32) -> Result<&[u8]> {
        self.coerce_str(slot)?;
        Ok(self.bytes(slot))
    }

    /// The bytes of a string argument, held.
    ///
    /// # Errors
    /// As for [`Cx::coerce_str`].
    pub fn hold_str(&mut self, slot: u32) -> Result<HeldStr> {
        self.coerce_str(slot)?;
        let len = self.bytes(slot).len();
        self.charge(len)?;
        Ok(HeldStr::new(self.bytes(slot)))
    }

    /// Requires a table.
    ///
    /// # Errors
    /// The slot holds something else.
    #[inline]
    pub fn check_table(&self, slot: u32) -> Result<()> {
        if self.value(slot).tag == tag::TABLE { Ok(()) } else { Err(self.type_error(slot, "table")) }
    }

    /// Requires a type.
    ///
    /// # Errors
    /// The slot holds something else.
    pub fn check_type(&self, slot: u32, expected: Type) -> Result<()> {
        if self.type_of(slot) == expected { Ok(()) } else { Err(self.type_error(slot, expected.name())) }
    }

    /// Requires an argument, nil included.
    ///
    /// # Errors
    /// "value expected".
    pub fn check_any(&self, slot: u32) -> Result<()> {
        if self.is_none(slot) { Err(self.arg_error(slot, "value expected")) } else { Ok(()) }
    }

    /// The index of a string argument among options.
    ///
    /// # Errors
    /// "invalid option 'x'".
    pub fn check_option(&mut self, slot: u32, default: Option<&str>, options: &[&str]) -> Result<usize> {
        let name = match default {
            Some(default) if self.is_none_or_nil(slot) => default.as_bytes().to_vec(),
            _ => self.check_bytes(slot)?.to_vec(),
        };
        options
            .iter()
            .position(|o| o.as_bytes() == name)
            .ok_or_else(|| self.arg_error(slot, &format!("invalid option '{}'", String::from_utf8_lossy(&name))))
    }
}
