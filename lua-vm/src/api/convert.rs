//! Conversions between Rust and Lua values.

use super::Cx;
use crate::error::{Error, Result};

/// What can be pushed as one Lua value.
pub trait IntoLua {
    /// Pushes the value.
    ///
    /// # Errors
    /// "not enough memory".
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<(), Error>;
}

/// What can be read from one Lua value.
pub trait FromLua: Sized {
    /// Reads the value in a slot.
    ///
    /// # Errors
    /// The value does not fit.
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Self, Error>;
}

/// What can be pushed as a list of Lua values.
pub trait IntoLuaMulti {
    /// Pushes the values and says how many.
    ///
    /// # Errors
    /// "not enough memory".
    fn into_lua_multi(self, cx: &mut Cx<'_>) -> Result<u32, Error>;
}

/// What can be read from a list of Lua values.
pub trait FromLuaMulti: Sized {
    /// Reads the values from a slot to the top.
    ///
    /// # Errors
    /// A value does not fit.
    fn from_lua_multi(cx: &mut Cx<'_>, first: u32) -> Result<Self, Error>;
}
