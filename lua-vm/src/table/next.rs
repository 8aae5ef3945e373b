//! Traversal (`next`, §6.1): array part, then nodes in order.

use super::Table;
use crate::value::{Value, tag};

/// The key given to `next` is not in the table.
#[derive(Debug)]
pub(crate) struct UnknownKey;

impl Table {
    /// The position behind `key` in the traversal.
    ///
    /// # Safety
    /// `key` is a live value.
    #[inline]
    unsafe fn position_after(&self, key: Value) -> Result<usize, UnknownKey> {
        // A float with the value of an integer is no key, and so not found.
        if key.tag == tag::NIL {
            return Ok(0);
        }
        if key.tag == tag::INT {
            let at = (key.as_int() as u64).wrapping_sub(1);
            if at < self.array_len as u64 {
                return Ok(at as usize + 1);
            }
        }
        // SAFETY: the caller's promise.
        match unsafe { self.find(key) } {
            // SAFETY: a node of this table.
            Some(node) => Ok(self.array_len as usize + unsafe { node.offset_from(self.nodes) } as usize + 1),
            None => Err(UnknownKey),
        }
    }

    /// The entry at or behind a position: its key, its value, and the position behind it.
    #[inline]
    pub(crate) fn entry_from(&self, mut position: usize) -> Option<(Value, Value, usize)> {
        let array_len = self.array_len as usize;
        // SAFETY: indices below the lengths.
        unsafe {
            while position < array_len {
                let value = self.array_get(position);
                position += 1;
                if !value.is_nil() {
                    return Some((Value::int(position as i64), value, position));
                }
            }
            let mut i = position - array_len;
            while i < self.node_count() {
                let node = self.nodes.add(i);
                i += 1;
                if !(*node).is_vacant() {
                    return Some(((*node).key(), (*node).value(), array_len + i));
                }
            }
        }
        None
    }

    /// As [`Table::next`], with the position behind the entry that it finds; `hint` may be the position behind `key`.
    ///
    /// # Safety
    /// As for [`Table::next`].
    #[inline(always)]
    pub(crate) unsafe fn next_from(&self, key: Value, hint: usize) -> Result<Option<(Value, Value, usize)>, UnknownKey> {
        let node = hint.wrapping_sub(self.array_len as usize + 1);
        // SAFETY: a node of this table; the caller's promise.
        let right = node < self.node_count()
            && unsafe {
                let node = self.nodes.add(node);
                key.tag > tag::TRUE && (*node).key().tag == key.tag && (*node).key().payload == key.payload
            };
        // SAFETY: the caller's promise.
        let position = if right { hint } else { unsafe { self.position_after(key)? } };
        Ok(self.entry_from(position))
    }

    /// The entry behind `key`, or the first one for nil.
    ///
    /// # Safety
    /// `key` is a live value; if the table is weak, the caller marks what it gets.
    #[inline]
    pub(crate) unsafe fn next(&self, key: Value) -> Result<Option<(Value, Value)>, UnknownKey> {
        // SAFETY: the caller's promise.
        let position = unsafe { self.position_after(key)? };
        Ok(self.entry_from(position).map(|(k, v, _)| (k, v)))
    }
}
