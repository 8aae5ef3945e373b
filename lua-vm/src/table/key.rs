//! Keys of the hash part: main positions, search, insertion.

use lua_gc::OutOfMemory;
use std::ptr::NonNull;

use super::{HIDDEN, NO_KEY, Node, Table};
use crate::object::Heap;
use crate::string::Str;
use crate::value::{Value, tag};

/// From how many main positions on (less one) it matters where in a table the nodes of a chain lie.
const FAR: u32 = 127;

/// Whether [`Table::find_plain`] takes a key.
#[inline(always)]
pub(crate) fn is_plain(key: Value) -> bool {
    matches!(key.tag, tag::SHORT | tag::INT) || key.tag >= tag::TABLE
}

/// Why a store under a key failed.
#[derive(Debug)]
pub(crate) enum KeyError {
    /// The key is nil.
    Nil,
    /// The key is not a number.
    Nan,
    /// No memory for a larger table.
    Memory,
}

impl From<OutOfMemory> for KeyError {
    fn from(_: OutOfMemory) -> KeyError {
        KeyError::Memory
    }
}

/// Spreads bits over all others: half of the product of 128 bits folded into the other half.
#[inline(always)]
fn mix(bits: u64) -> u32 {
    let product = u128::from(bits) * 0x9e37_79b9_7f4a_7c15;
    (product as u64 ^ (product >> 64) as u64) as u32
}

/// Leaves 256 integers that follow each other side by side, and takes such blocks to places that have nothing to do with
/// each other: neither multiples of a power of two nor numbers packed into one meet in the same nodes.
#[inline(always)]
pub(super) fn int_hash(i: i64) -> u32 {
    (i as u32).wrapping_add(mix(i as u64 >> 8))
}

/// As [`int_hash`] of the integer part, so that 0.5, 1.5, 2.5 lie side by side, too; where a block of 256 lies, the fraction also decides.
#[inline(always)]
fn float_hash(f: f64) -> u32 {
    let whole = f as i64;
    let fraction = f - whole as f64;
    (whole as u32).wrapping_add(mix((whole as u64 >> 8) ^ fraction.to_bits()))
}

/// The hash that decides the main position.
///
/// # Safety
/// `key` is a live value.
unsafe fn hash(key: Value) -> u32 {
    match key.tag {
        // SAFETY: live, as the caller promises.
        tag::SHORT => unsafe { (*key.as_str()).short_hash() },
        // SAFETY: live, as the caller promises.
        tag::LONG => unsafe { Str::hash(key.as_str()) },
        tag::INT => int_hash(key.as_int()),
        tag::FALSE | tag::TRUE => key.tag as u32,
        tag::FLOAT => float_hash(key.as_float()),
        _ => address_hash(key.payload),
    }
}

/// Leaves objects that lie side by side near each other, and takes blocks of 64 KB to places that have nothing to do with each other.
#[inline(always)]
fn address_hash(address: u64) -> u32 {
    let unit = (address >> 4) as u32;
    unit.wrapping_add(((address >> 16) as u32).wrapping_mul(0x9e37_79b1))
}

impl Table {
    /// # Safety
    /// `key` is a live value.
    #[inline(always)]
    pub(super) unsafe fn main_position(&self, key: Value) -> *mut Node {
        // SAFETY: `node_mask` bounds the index.
        unsafe { self.nodes.add((hash(key) & self.node_mask) as usize) }
    }

    /// The node of a key that is a short string, an integer, or an object other than a string, if fast paths may see it.
    ///
    /// # Safety
    /// `key` is a live value of one of these kinds, [`is_plain`].
    #[inline(always)]
    pub(crate) unsafe fn find_plain(&self, key: Value) -> Option<*mut Node> {
        // SAFETY: as for `find`.
        unsafe {
            let hash = match key.tag {
                tag::SHORT => (*key.as_str()).short_hash(),
                tag::INT => int_hash(key.as_int()),
                _ => address_hash(key.payload),
            };
            let mut node = self.nodes.add((hash & self.node_mask) as usize);
            loop {
                if (*node).key == key.payload && (*node).key_tag == key.tag {
                    return Some(node);
                }
                let next = (*node).next;
                if next == 0 {
                    return None;
                }
                node = node.offset(next as isize);
            }
        }
    }

    /// The node of a normalised key, hidden or not; its value may be nil.
    ///
    /// # Safety
    /// `key` is a live value.
    pub(crate) unsafe fn find(&self, key: Value) -> Option<*mut Node> {
        // SAFETY: chains stay inside the nodes; a long string is read only if its node has a value, which keeps it alive.
        unsafe {
            let mut node = self.main_position(key);
            loop {
                if (*node).key_tag & !HIDDEN == key.tag
                    && ((*node).key == key.payload
                        || key.tag <= tag::TRUE
                        || key.tag == tag::LONG && !(*node).is_vacant() && (*node).key().raw_equal(key))
                {
                    return Some(node);
                }
                let next = (*node).next;
                if next == 0 {
                    return None;
                }
                node = node.offset(next as isize);
            }
        }
    }

    /// A node that never had a key for one that does not get `main`: beside that, where the search finds both at once, or else from the end.
    ///
    /// # Safety
    /// `this` is live.
    #[inline(always)]
    pub(super) unsafe fn free_position(this: *mut Table, main: *mut Node) -> Option<*mut Node> {
        // SAFETY: the caller's promise; only nodes are read.
        unsafe {
            if (*this).has_dummy() {
                return None;
            }
            if (*this).node_mask >= FAR {
                let (nodes, end) = ((*this).nodes, (*this).nodes.addr() + (*this).node_bytes as usize);
                for distance in [1, -1, 2] {
                    let at = main.wrapping_offset(distance);
                    if at >= nodes && at.addr() < end && (*at).key_tag == NO_KEY {
                        return Some(at);
                    }
                }
            }
            Table::last_position(this)
        }
    }

    /// A node that never had a key, from the end.
    ///
    /// # Safety
    /// `this` is live.
    unsafe fn last_position(this: *mut Table) -> Option<*mut Node> {
        // SAFETY: the caller's promise; `last_free` starts at the number of nodes, of which there are some.
        unsafe {
            let mut last = Table::last_free(this);
            while last > 0 {
                last -= 1;
                let node = (*this).nodes.add(last as usize);
                if (*node).key_tag == NO_KEY {
                    Table::set_last_free(this, last);
                    return Some(node);
                }
            }
            Table::set_last_free(this, 0);
            None
        }
    }

    /// Enters a key that the table does not have.
    ///
    /// # Safety
    /// As for [`Table::set`]; `key` is normalised, `value` is not nil.
    pub(crate) unsafe fn insert(heap: &mut Heap, t: *mut Table, key: Value, value: Value) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise; what may allocate comes before the barrier, the stores directly after.
        unsafe {
            if key.tag == tag::INT && Table::append(heap, t, key.as_int(), value)? {
                return Ok(());
            }
            let main = (*t).main_position(key);
            let mut taken = !(*main).is_vacant() || (*t).has_dummy();
            if taken && (*t).is_weak() && !(*t).has_dummy() {
                heap.weak_slot_changes(NonNull::new_unchecked(t.cast()), main.offset_from((*t).nodes) as usize);
                taken = !(*main).is_vacant();
            }
            let free = if taken { Table::free_position(t, main) } else { None };
            if taken && free.is_none() {
                Table::rehash(heap, t, key)?;
                // Now there is room: in the array part or in the hash part.
                return match key.tag {
                    tag::INT => Table::set_int(heap, t, key.as_int(), value),
                    _ => Table::insert(heap, t, key, value),
                };
            }
            if heap.needs_barrier(NonNull::new_unchecked(t.cast())) {
                Table::barrier_insert(heap, t, main, free);
            }
            let node = Table::place(t, main, free);
            Table::fill(t, node, key, value);
            Table::changed(heap, t);
            Ok(())
        }
    }

    /// The barrier before `place` and `fill` write up to three nodes.
    ///
    /// # Safety
    /// As for [`Table::place`].
    #[cold]
    unsafe fn barrier_insert(heap: &mut Heap, t: *mut Table, main: *mut Node, free: Option<*mut Node>) {
        // SAFETY: the caller's promise.
        unsafe {
            Table::barrier_node(heap, t, main);
            let Some(free) = free else { return };
            Table::barrier_node(heap, t, free);
            let others = (*t).main_position((*main).key());
            if others != main {
                Table::barrier_node(heap, t, Table::node_before(others, main));
            }
        }
    }

    /// The node before `node` in the chain that begins at `first`.
    ///
    /// # Safety
    /// `node` stands in that chain, but not first.
    #[inline(always)]
    unsafe fn node_before(first: *mut Node, node: *mut Node) -> *mut Node {
        // SAFETY: chains stay inside the nodes.
        unsafe {
            let mut before = first;
            while before.offset((*before).next as isize) != node {
                before = before.offset((*before).next as isize);
            }
            before
        }
    }

    /// Writes key and value to a node that `place` gave.
    ///
    /// # Safety
    /// `node` is a node of `t`; the barrier has run.
    #[inline(always)]
    pub(super) unsafe fn fill(t: *mut Table, node: *mut Node, key: Value, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut hidden = if (*t).is_weak() { HIDDEN } else { 0 };
            if key.tag == tag::SHORT {
                (*t).names |= Table::name_bit((*key.as_str()).short_hash());
                if is_mode(key) {
                    hidden = HIDDEN;
                }
            }
            (*node).key = key.payload;
            (*node).key_tag = key.tag | hidden;
            (*node).payload = value.payload;
            (*node).tag = value.tag;
        }
    }

    /// Gives the node for a new key whose main position is `main`; `free` is a free node if `main` is taken.
    ///
    /// # Safety
    /// Both are nodes of this table; the barrier has run.
    #[inline(always)]
    pub(super) unsafe fn place(this: *const Table, main: *mut Node, free: Option<*mut Node>) -> *mut Node {
        let Some(free) = free else { return main };
        // SAFETY: nodes of this table; the key of `main` is live because its value is not nil.
        unsafe {
            let others = (*this).main_position((*main).key());
            if others == main {
                // The new key goes to the free node, behind `main` in its chain.
                (*free).next = if (*main).next == 0 { 0 } else { main.offset_from(free) as i32 + (*main).next };
                (*main).next = free.offset_from(main) as i32;
                free
            } else {
                // The other key moves to the free node; find the node before it in its chain.
                let before = Table::node_before(others, main);
                (*before).next = free.offset_from(before) as i32;
                *free = Node { spare: (*free).spare, ..*main };
                if (*main).next != 0 {
                    (*free).next += main.offset_from(free) as i32;
                    (*main).next = 0;
                }
                (*main).tag = tag::NIL;
                main
            }
        }
    }
}

/// Whether a key is the string `__mode`.
///
/// # Safety
/// `key` is a live value.
#[inline(always)]
unsafe fn is_mode(key: Value) -> bool {
    // SAFETY: the caller's promise.
    key.tag == tag::SHORT && unsafe { (*key.as_str()).len() == 6 && (*key.as_str()).bytes() == b"__mode" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `count` keys, or as many of them as are distinct, share their main position, at most, in the table that would hold them.
    fn most_in_one(count: i64, key: impl Fn(i64) -> Value) -> usize {
        let mut keys: Vec<Value> = (1..=count).map(key).collect();
        keys.sort_unstable_by_key(|key| key.payload);
        keys.dedup_by_key(|key| key.payload);
        let nodes = keys.len().next_power_of_two();
        let mut shared = vec![0; nodes];
        for key in keys {
            // SAFETY: numbers are always live.
            shared[unsafe { hash(key) } as usize & (nodes - 1)] += 1;
        }
        shared.into_iter().max().unwrap_or(0)
    }

    #[test]
    fn integers_in_a_row_do_not_meet_within_a_block() {
        for first in [-1000, 0, 256, 1 << 40] {
            assert_eq!(most_in_one(255, |i| Value::int(first / 256 * 256 + i)), 1);
        }
    }

    #[test]
    fn multiples_of_powers_of_two_spread() {
        for count in [16_i64, 100, 1000, 20_000] {
            // Until a bit would be lost.
            for shift in 0..count.leading_zeros() - 1 {
                let most = most_in_one(count, |i| Value::int(i << shift));
                assert!(most <= 16, "{count} << {shift}: {most}");
                let most = most_in_one(count, |i| Value::int(((-i) << shift) | 1));
                assert!(most <= 16, "-{count} << {shift}: {most}");
            }
        }
    }

    #[test]
    fn packed_coordinates_spread() {
        for shift in [8, 10, 12, 16, 20, 24, 32, 40, 48] {
            let most = most_in_one(20_000, |i| Value::int(((i % 142) << shift) | (i / 142)));
            assert!(most <= 16, "{shift}: {most}");
        }
    }

    #[test]
    fn floats_spread() {
        for exponent in -60..60 {
            for count in [16, 100, 1000, 20_000] {
                let scale = f64::from(exponent).exp2();
                for (name, offset) in [("halves", 0.5), ("thirds", 1.0 / 3.0), ("tenths", 0.1)] {
                    let most = most_in_one(count, |i| Value::float((i as f64 + offset) * scale));
                    assert!(most <= 16, "{count} {name} at 2^{exponent}: {most}");
                    let most = most_in_one(count, |i| Value::float((i % 30 - 15) as f64 * scale + (i / 30) as f64 * 1024.0 + offset));
                    assert!(most <= 16, "{count} {name} in two directions at 2^{exponent}: {most}");
                }
            }
        }
    }

    #[test]
    fn floats_one_apart_do_not_meet_within_a_block() {
        for fraction in [0.5, 0.25, 0.625] {
            for first in [0, 256, 1 << 40] {
                assert_eq!(most_in_one(255, |i| Value::float((first + i) as f64 + fraction)), 1, "{first} {fraction}");
            }
        }
    }
}
