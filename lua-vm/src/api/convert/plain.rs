//! Booleans, numbers, options.

use lua_proto::number::Number;

use super::{FromLua, IntoLua, misfit, mismatch};
use crate::api::Cx;
use crate::error::Result;
use crate::value::tag;

impl IntoLua for bool {
    #[inline]
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.push_bool(self);
        Ok(())
    }
}

impl FromLua for bool {
    #[inline]
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<bool> {
        match cx.value(slot).tag {
            tag::TRUE => Ok(true),
            tag::FALSE => Ok(false),
            _ => Err(mismatch(cx, slot, "boolean")),
        }
    }
}

#[inline]
fn integer(cx: &Cx<'_>, slot: u32) -> Result<i64> {
    let v = cx.value(slot);
    if v.tag == tag::INT {
        return Ok(v.as_int());
    }
    match cx.to_int(slot) {
        Some(i) => Ok(i),
        None if cx.to_num(slot).is_some() => Err(misfit(slot, "number has no integer representation")),
        None => Err(mismatch(cx, slot, "number")),
    }
}

macro_rules! integers {
    ($($type:ident $({ $($lists:tt)* } { $($reads:tt)* })?),*) => {$(
        impl IntoLua for $type {
            #[inline]
            fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
                match i64::try_from(self) {
                    Ok(i) => {
                        cx.push_int(i);
                        Ok(())
                    }
                    Err(_) => Err(misfit(cx.top(), concat!("integer out of range (", stringify!($type), " to Lua)"))),
                }
            }

            $($($lists)*)?
        }

        impl FromLua for $type {
            #[inline]
            fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<$type> {
                <$type>::try_from(integer(cx, slot)?)
                    .map_err(|_| misfit(slot, concat!("integer out of range (Lua to ", stringify!($type), ")")))
            }

            $($($reads)*)?
        }
    )*};
}

integers! {
    i8, i16, i32, i64, isize, u16, u32, u64, usize,
    u8 {
        fn list_into_lua(list: impl ExactSizeIterator<Item = u8>, cx: &mut Cx<'_>) -> Result<()> {
            cx.push_bytes(&list.collect::<Vec<u8>>())
        }
    } {
        fn list_from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Vec<u8>> {
            super::strings::read(cx, slot, <[u8]>::to_vec)
        }
    }
}

macro_rules! floats {
    ($($type:ident),*) => {$(
        impl IntoLua for $type {
            #[inline]
            fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
                cx.push_float(self.into());
                Ok(())
            }
        }

        impl FromLua for $type {
            #[inline]
            fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<$type> {
                match cx.to_number(slot) {
                    Some(f) => Ok(f as $type),
                    None => Err(mismatch(cx, slot, "number")),
                }
            }
        }
    )*};
}

floats!(f32, f64);

impl IntoLua for Number {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.push_number(self);
        Ok(())
    }
}

impl FromLua for Number {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Number> {
        cx.to_num(slot).ok_or_else(|| mismatch(cx, slot, "number"))
    }
}

impl<T: IntoLua> IntoLua for Option<T> {
    #[inline]
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        match self {
            Some(value) => value.into_lua(cx),
            None => {
                cx.push_nil();
                Ok(())
            }
        }
    }
}

impl<T: FromLua> FromLua for Option<T> {
    #[inline]
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Option<T>> {
        if cx.is_none_or_nil(slot) { Ok(None) } else { T::from_lua(cx, slot).map(Some) }
    }
}
