//! Strings. What is read is charged to the VM until the host function returns, since a script decides its size.

use std::borrow::Cow;

use super::{FromLua, IntoLua, misfit, mismatch};
use crate::api::{Cx, HeldStr};
use crate::error::Result;
use crate::value::tag;

/// Reads the bytes of a string, or of a number's text. The slot keeps its number.
pub(super) fn read<R>(cx: &mut Cx<'_>, slot: u32, f: impl FnOnce(&[u8]) -> R) -> Result<R> {
    let v = cx.value(slot);
    let mut text = Vec::new();
    match v.tag {
        tag::SHORT | tag::LONG => {
            cx.charge(cx.bytes(slot).len())?;
            return Ok(f(cx.bytes(slot)));
        }
        tag::INT => lua_proto::number::write_int(&mut text, v.as_int()),
        tag::FLOAT => lua_proto::number::write_float(&mut text, v.as_float()),
        _ => return Err(mismatch(cx, slot, "string")),
    }
    Ok(f(&text))
}

macro_rules! pushed {
    ($push:ident: $($type:ty),*) => {$(
        impl IntoLua for $type {
            #[inline]
            fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
                cx.$push(&self)
            }
        }
    )*};
}

pushed!(push_str: &str, String, &String, Cow<'_, str>, Box<str>);
pushed!(push_bytes: HeldStr, &HeldStr);

impl FromLua for String {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<String> {
        match read(cx, slot, |bytes| std::str::from_utf8(bytes).map(str::to_owned))? {
            Ok(text) => Ok(text),
            Err(_) => Err(misfit(slot, "string is not valid UTF-8")),
        }
    }
}

impl FromLua for HeldStr {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<HeldStr> {
        read(cx, slot, HeldStr::new)
    }
}
