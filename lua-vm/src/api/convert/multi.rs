//! Several values: arguments and results.

use std::ops::{Deref, DerefMut};

use super::{FromLua, FromLuaMulti, IntoLua, IntoLuaMulti};
use crate::api::Cx;
use crate::error::Result;

/// Any number of values of one type, alone or as the last part of a tuple: `...` in Lua.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rest<T>(pub Vec<T>);

impl<T> Deref for Rest<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for Rest<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T> FromIterator<T> for Rest<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Rest<T> {
        Rest(iter.into_iter().collect())
    }
}

impl<T: IntoLua> IntoLuaMulti for Rest<T> {
    fn into_lua_multi(self, cx: &mut Cx<'_>) -> Result<u32> {
        let before = cx.top();
        for value in self.0 {
            cx.reserve(1)?;
            value.into_lua(cx)?;
        }
        Ok(cx.top() - before)
    }
}

impl<T: FromLua> FromLuaMulti for Rest<T> {
    fn from_lua_multi(cx: &mut Cx<'_>, first: u32) -> Result<Rest<T>> {
        (first..cx.top()).map(|slot| T::from_lua(cx, slot)).collect()
    }
}

impl IntoLuaMulti for () {
    fn into_lua_multi(self, _: &mut Cx<'_>) -> Result<u32> {
        Ok(0)
    }
}

impl FromLuaMulti for () {
    fn from_lua_multi(_: &mut Cx<'_>, _: u32) -> Result<()> {
        Ok(())
    }
}

impl<T: IntoLua> IntoLuaMulti for T {
    #[inline]
    fn into_lua_multi(self, cx: &mut Cx<'_>) -> Result<u32> {
        self.into_lua(cx)?;
        Ok(1)
    }
}

impl<T: FromLua> FromLuaMulti for T {
    #[inline]
    fn from_lua_multi(cx: &mut Cx<'_>, first: u32) -> Result<T> {
        T::from_lua(cx, first)
    }
}

/// Tuples: one value for each part but the last, which may stand for several.
macro_rules! tuples {
    ($(($($part:ident $index:tt,)* ; $last:ident $at:tt))*) => {$(
        impl<$($part: IntoLua,)* $last: IntoLuaMulti> IntoLuaMulti for ($($part,)* $last,) {
            #[inline]
            fn into_lua_multi(self, cx: &mut Cx<'_>) -> Result<u32> {
                $(self.$index.into_lua(cx)?;)*
                Ok($at + self.$at.into_lua_multi(cx)?)
            }
        }

        impl<$($part: FromLua,)* $last: FromLuaMulti> FromLuaMulti for ($($part,)* $last,) {
            #[inline]
            fn from_lua_multi(cx: &mut Cx<'_>, first: u32) -> Result<($($part,)* $last,)> {
                Ok(($($part::from_lua(cx, first + $index)?,)* $last::from_lua_multi(cx, first + $at)?,))
            }
        }
    )*};
}

tuples! {
    (; A 0)
    (A 0,; B 1)
    (A 0, B 1,; C 2)
    (A 0, B 1, C 2,; D 3)
    (A 0, B 1, C 2, D 3,; E 4)
    (A 0, B 1, C 2, D 3, E 4,; F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5,; G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6,; H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7,; I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8,; J 9)
}
