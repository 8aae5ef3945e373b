//! Lists and maps: tables without regard to metamethods.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use super::{FromLua, IntoLua, inside, mismatch};
use crate::api::Cx;
use crate::error::Result;

/// Pushes a table with these items.
pub(super) fn push_table<T: IntoLua>(list: impl ExactSizeIterator<Item = T>, cx: &mut Cx<'_>) -> Result<()> {
    let table = cx.top();
    cx.push_table(list.len(), 0)?;
    for (at, item) in (1..).zip(list) {
        item.into_lua(cx)?;
        cx.raw_set_int(table, at)?;
    }
    Ok(())
}

/// Reads items 1, 2, … of a table up to the first nil. They are charged as they come.
pub(super) fn read_table<T: FromLua>(cx: &mut Cx<'_>, slot: u32) -> Result<Vec<T>> {
    if cx.table_in(slot).is_err() {
        return Err(mismatch(cx, slot, "table"));
    }
    let mut list = Vec::new();
    for at in 1.. {
        cx.raw_get_int(slot, at);
        let item = cx.top() - 1;
        if cx.is_none_or_nil(item) {
            cx.pop(1);
            break;
        }
        if list.len() == list.capacity() {
            let more = list.len().max(4);
            cx.charge(more.saturating_mul(size_of::<T>()))?;
            list.reserve_exact(more);
        }
        list.push(T::from_lua(cx, item).map_err(|e| inside(slot, format_args!("item {at}"), e))?);
        cx.pop(1);
        cx.poll(1)?;
    }
    Ok(list)
}

impl<T: IntoLua> IntoLua for Vec<T> {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        T::list_into_lua(self.into_iter(), cx)
    }
}

impl<T: FromLua> FromLua for Vec<T> {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Vec<T>> {
        T::list_from_lua(cx, slot)
    }
}

impl<T: IntoLua + Clone> IntoLua for &[T] {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        T::list_into_lua(self.iter().cloned(), cx)
    }
}

impl<T: IntoLua + Clone> IntoLua for &Vec<T> {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        T::list_into_lua(self.iter().cloned(), cx)
    }
}

impl<T: IntoLua, const N: usize> IntoLua for [T; N] {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        T::list_into_lua(self.into_iter(), cx)
    }
}

impl<T: IntoLua + Clone, const N: usize> IntoLua for &[T; N] {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        T::list_into_lua(self.iter().cloned(), cx)
    }
}

fn push_map<K: IntoLua, V: IntoLua>(map: impl ExactSizeIterator<Item = (K, V)>, cx: &mut Cx<'_>) -> Result<()> {
    let table = cx.top();
    cx.push_table(0, map.len())?;
    for (key, value) in map {
        key.into_lua(cx)?;
        value.into_lua(cx)?;
        cx.raw_set(table)?;
    }
    Ok(())
}

/// Reads the pairs of a table, in the order of `next`.
pub(crate) fn read_pairs<K: FromLua, V: FromLua>(
    cx: &mut Cx<'_>,
    slot: u32,
    mut each: impl FnMut(&mut Cx<'_>, K, V) -> Result<()>,
) -> Result<()> {
    if cx.table_in(slot).is_err() {
        return Err(mismatch(cx, slot, "table"));
    }
    let bottom = cx.top();
    cx.push_nil();
    while cx.next(slot)? {
        let key = K::from_lua(cx, bottom).map_err(|e| inside(slot, format_args!("key"), e))?;
        let value = V::from_lua(cx, bottom + 1).map_err(|e| inside(slot, format_args!("value"), e))?;
        each(cx, key, value)?;
        cx.set_top(bottom + 1)?;
        cx.poll(1)?;
    }
    Ok(())
}

impl<K: IntoLua, V: IntoLua, S> IntoLua for HashMap<K, V, S> {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        push_map(self.into_iter(), cx)
    }
}

impl<K: FromLua + Eq + Hash, V: FromLua, S: BuildHasher + Default> FromLua for HashMap<K, V, S> {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<HashMap<K, V, S>> {
        let mut map = HashMap::default();
        read_pairs(cx, slot, |cx, key, value| {
            // About what an entry of the map takes.
            cx.charge(2 * size_of::<(K, V)>())?;
            map.insert(key, value);
            Ok(())
        })?;
        Ok(map)
    }
}

impl<K: IntoLua, V: IntoLua> IntoLua for BTreeMap<K, V> {
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
        push_map(self.into_iter(), cx)
    }
}

impl<K: FromLua + Ord, V: FromLua> FromLua for BTreeMap<K, V> {
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<BTreeMap<K, V>> {
        let mut map = BTreeMap::new();
        read_pairs(cx, slot, |cx, key, value| {
            cx.charge(2 * size_of::<(K, V)>())?;
            map.insert(key, value);
            Ok(())
        })?;
        Ok(map)
    }
}
