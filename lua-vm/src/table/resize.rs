//! The sizes of array and hash part.

use lua_gc::{FreeRaw, OutOfMemory};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use super::{NO_KEY, NODE, Node, ROOM_SHIFT, Table, dummy};
use crate::object::Heap;
use crate::value::{Value, tag};

/// The array part holds at most this many slots (its length is a `u32`, its bytes fit).
const MAX_ARRAY: usize = 1 << 31;
/// The hash part holds at most this many nodes (offsets are `u32`).
const MAX_NODES: usize = 1 << 27;

/// # Safety
/// `array` is an array block of `len` slots, or `len` is 0.
pub(super) unsafe fn free_array(heap: &mut impl FreeRaw, array: *mut u8, len: u32) {
    if len != 0 {
        // SAFETY: the block begins at the last payload and has 9 bytes a slot.
        unsafe { heap.free_raw(NonNull::new_unchecked(array.sub(len as usize * 8)), len as usize * 9) }
    }
}

/// # Safety
/// `nodes` is a block of so many bytes, or the dummy.
pub(super) unsafe fn free_nodes(heap: &mut impl FreeRaw, nodes: *mut Node, bytes: u32) {
    if nodes != dummy() {
        // SAFETY: allocated with that size below.
        unsafe { heap.free_raw(NonNull::new_unchecked(nodes.cast()), bytes as usize) }
    }
}

/// Gives back an array block that `t` had until now.
///
/// # Safety
/// As for [`free_array`]; `t` is live.
unsafe fn replaced_array(heap: &mut Heap, t: *mut Table, array: *mut u8, len: u32) {
    if len != 0 {
        // SAFETY: as in `free_array`.
        unsafe {
            let block = NonNull::new_unchecked(array.sub(len as usize * 8));
            heap.free_replaced(NonNull::new_unchecked(t.cast()), block, len as usize * 9);
        }
    }
}

/// Gives back nodes that `t` had until now.
///
/// # Safety
/// As for [`free_nodes`]; `t` is live.
unsafe fn replaced_nodes(heap: &mut Heap, t: *mut Table, nodes: *mut Node, bytes: u32) {
    if nodes != dummy() {
        // SAFETY: as in `free_nodes`.
        unsafe {
            let block = NonNull::new_unchecked(nodes.cast());
            heap.free_replaced(NonNull::new_unchecked(t.cast()), block, bytes as usize);
        }
    }
}

fn alloc_array(heap: &mut Heap, len: usize) -> Result<*mut u8, OutOfMemory> {
    if len == 0 {
        return Ok(ptr::null_mut());
    }
    if len > MAX_ARRAY {
        return Err(OutOfMemory);
    }
    // SAFETY: the block has 9 bytes a slot, 8 of them below the returned address.
    Ok(unsafe { heap.alloc_raw(len * 9)?.as_ptr().add(len * 8) })
}

/// How many nodes a hash part for `count` keys has, and how many of them are main positions.
///
/// Up to [`MOST_EXTRA`] nodes, sizes between the powers of two spare memory: most tables are objects with a few fields.
fn rounded(count: usize) -> (usize, usize) {
    let power = count.next_power_of_two();
    if has_extra(count, power) { (count, power / 2) } else { (power, power) }
}

/// For how many keys there should be room when `count` have come one after the other.
fn grown(count: usize) -> usize {
    let power = count.next_power_of_two();
    if has_extra(count, power) { power / 4 * 3 } else { count }
}

/// Whether nodes that are nobody's main position follow half of a power of two.
fn has_extra(count: usize, power: usize) -> bool {
    count <= power / 4 * 3 && (8..=MOST_EXTRA).contains(&power)
}

const MOST_EXTRA: usize = 64;

/// Empty nodes for so many keys: the block, its nodes, its main positions less one.
fn alloc_nodes(heap: &mut Heap, count: usize) -> Result<(*mut Node, u32, u32), OutOfMemory> {
    if count == 0 {
        return Ok((dummy(), 1, 0));
    }
    if count > MAX_NODES {
        return Err(OutOfMemory);
    }
    let (count, main_positions) = rounded(count);
    let nodes = heap.alloc_raw(count * NODE)?.as_ptr().cast::<Node>();
    for i in 0..count {
        // SAFETY: inside the fresh block.
        unsafe { nodes.add(i).write(Node { payload: 0, tag: tag::NIL, key_tag: NO_KEY, spare: 0, next: 0, key: 0 }) };
    }
    Ok((nodes, count as u32, main_positions as u32 - 1))
}

/// For how many fields an object has room at first, if others with its metatable grew to that: most objects of a class have the same
/// fields, and get them one after the other. It is not more, because some metatables belong to tables of all sizes.
const ROOM: [usize; 4] = [0, 2, 4, 6];

/// # Safety
/// `meta` is live.
unsafe fn first_room(meta: *const Table) -> usize {
    // SAFETY: the caller's promise.
    ROOM[unsafe { (*meta).flags >> ROOM_SHIFT } as usize & 3]
}

/// An object with this metatable grew to so many nodes.
///
/// # Safety
/// `meta` is live.
unsafe fn remember_room(heap: &mut Heap, meta: *mut Table, nodes: usize) {
    let Some(room) = ROOM.iter().position(|&room| room >= nodes) else { return };
    // SAFETY: the caller's promise. Tracing reads the flags.
    unsafe {
        if ROOM[room] > first_room(meta) {
            Table::barrier_head(heap, meta);
            (*meta).flags = (*meta).flags & !(3 << ROOM_SHIFT) | (room as u8) << ROOM_SHIFT;
        }
    }
}

/// How many integer keys fall in each range `2^(i-1) < k <= 2^i`.
struct Census {
    bins: [u32; 64],
    /// All integer keys that an array part could hold.
    ints: usize,
    /// All keys.
    total: usize,
}

impl Census {
    fn count(&mut self, key: Value) {
        self.total += 1;
        if key.tag == tag::INT {
            let k = key.as_int();
            if k >= 1 && k as u64 <= MAX_ARRAY as u64 {
                self.bins[(k as u64 - 1).checked_ilog2().map_or(0, |b| b as usize + 1)] += 1;
                self.ints += 1;
            }
        }
    }

    /// The largest power of two of which more than half would be used, and how many keys go there.
    fn array_size(&self) -> (usize, usize) {
        let (mut below, mut best, mut in_best) = (0usize, 0usize, 0usize);
        for (i, &n) in self.bins.iter().enumerate() {
            let size = 1usize << i;
            if size / 2 >= self.ints {
                break;
            }
            below += n as usize;
            if below > size / 2 {
                (best, in_best) = (size, below);
            }
        }
        (best, in_best)
    }
}

impl Table {
    /// Makes room for `array` items and `hash` fields in a new table.
    ///
    /// # Safety
    /// `t` is an empty table of the heap, without any parts, and new: it needs no barrier yet.
    pub(super) unsafe fn presize(heap: &mut Heap, t: *mut Table, array: usize, hash: usize) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise. If there is no memory for the second part, the table owns the first one.
        unsafe {
            if array > 0 {
                let block = alloc_array(heap, array)?;
                clear_tags(block, array);
                (*t).array = block;
                (*t).array_len = array as u32;
            }
            if hash > 0 {
                let (nodes, count, mask) = alloc_nodes(heap, hash)?;
                (*t).nodes = nodes;
                (*t).node_mask = mask;
                (*t).node_bytes = count * NODE as u32;
                Table::set_last_free(t, count);
            }
        }
        Ok(())
    }

    /// Grows the array part when key `array_len + 1` arrives and all of it is in use; true if the value is stored.
    ///
    /// # Safety
    /// As for [`Table::insert`].
    #[inline(always)]
    pub(super) unsafe fn append(heap: &mut Heap, t: *mut Table, key: i64, value: Value) -> Result<bool, OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let len = (*t).array_len as usize;
            if key != len as i64 + 1 || (*t).is_weak() || (*t).len() != len as u64 || len >= MAX_ARRAY / 2 {
                return Ok(false);
            }
            // With no hole below, at least half of the doubled part is used.
            let nodes = if (*t).has_dummy() { 0 } else { (*t).node_count() };
            if nodes > 0 && (len == 0 || nodes > len) {
                return Ok(false);
            }
            Table::grow_array(heap, t, if len == 0 { 4 } else { len * 2 })?;
            Table::barrier_item(heap, t, len, value);
            Table::array_set(t, len, value);
            Ok(true)
        }
    }

    /// Grows the array part and moves in the keys that the hash part held for it; their nodes stay, without value.
    unsafe fn grow_array(heap: &mut Heap, t: *mut Table, new: usize) -> Result<(), OutOfMemory> {
        let array = alloc_array(heap, new)?;
        // SAFETY: sizes as allocated; new slots are nil before they are read.
        unsafe {
            heap.barrier_grow(NonNull::new_unchecked(t.cast()));
            let (old, old_len) = ((*t).array, (*t).array_len);
            move_array(old, array, old_len as usize, new);
            (*t).array = array;
            (*t).array_len = new as u32;
            replaced_array(heap, t, old, old_len);
            if !(*t).has_dummy() {
                for i in 0..(*t).node_count() {
                    let node = (*t).nodes.add(i);
                    let key = (*node).key();
                    if key.tag == tag::INT && !(*node).is_vacant() && (key.as_int() as u64).wrapping_sub(1) < new as u64 {
                        Table::barrier_node(heap, t, node);
                        Table::barrier_item(heap, t, key.as_int() as usize - 1, (*node).value());
                        Table::array_set(t, key.as_int() as usize - 1, (*node).value());
                        (*node).tag = tag::NIL;
                    }
                }
            }
        }
        Ok(())
    }

    /// Finds sizes that hold what the table has and one more key.
    ///
    /// # Safety
    /// As for [`Table::insert`].
    #[cold]
    pub(super) unsafe fn rehash(heap: &mut Heap, t: *mut Table, extra: Value) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            if (*t).has_dummy() && (*t).array_len == 0 && extra.tag != tag::INT {
                let room = if (*t).meta.is_null() { 0 } else { first_room((*t).meta) };
                return Table::resize(heap, t, 0, room.max(1));
            }
            let mut census = Census { bins: [0; 64], ints: 0, total: 0 };
            (*t).for_each_key(|key| census.count(key));
            census.count(extra);
            let (array, in_array) = if (*t).is_weak() { (0, 0) } else { census.array_size() };
            let nodes = grown(census.total - in_array);
            Table::resize(heap, t, array, nodes)?;
            if !(*t).meta.is_null() && extra.tag == tag::SHORT {
                remember_room(heap, (*t).meta, nodes);
            }
            Ok(())
        }
    }

    /// Makes room for `more` fields.
    ///
    /// # Safety
    /// As for [`Table::insert`].
    pub(crate) unsafe fn reserve(heap: &mut Heap, t: *mut Table, more: usize) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise.
        unsafe {
            let used = (0..(*t).node_count()).filter(|&i| !(*(*t).nodes.add(i)).is_vacant()).count();
            let wanted = used.saturating_add(more);
            if wanted > Table::used_nodes(t) { Table::resize(heap, t, (*t).array_len as usize, wanted) } else { Ok(()) }
        }
    }

    /// Calls `f` with each key that has a value.
    unsafe fn for_each_key(&self, mut f: impl FnMut(Value)) {
        // SAFETY: indices below the lengths.
        unsafe {
            for i in 0..self.array_len as usize {
                if *self.array_tag(i) != tag::NIL {
                    f(Value::int(i as i64 + 1));
                }
            }
            for i in 0..self.node_count() {
                let node = self.nodes.add(i);
                if !(*node).is_vacant() {
                    f((*node).key());
                }
            }
        }
    }

    /// Gives the table these sizes (that of the hash part may be rounded up) and moves all entries.
    ///
    /// # Safety
    /// As for [`Table::insert`]; the sizes hold all entries.
    pub(crate) unsafe fn resize(heap: &mut Heap, t: *mut Table, array_len: usize, hash: usize) -> Result<(), OutOfMemory> {
        // SAFETY: the caller's promise; memory is requested before the barrier, then only stores follow.
        unsafe {
            let same_array = array_len == (*t).array_len as usize;
            let array = if same_array { (*t).array } else { alloc_array(heap, array_len)? };
            let (nodes, count, mask) = match alloc_nodes(heap, hash) {
                Ok(made) => made,
                Err(e) => {
                    if !same_array {
                        free_array(heap, array, array_len as u32);
                    }
                    return Err(e);
                }
            };
            Table::barrier_head(heap, t);
            Table::changed(heap, t);
            if (*t).is_weak() {
                heap.weak_changes(NonNull::new_unchecked(t.cast()));
            }
            let (old_array, old_len) = ((*t).array, (*t).array_len);
            let (old_nodes, old_bytes) = ((*t).nodes, (*t).node_bytes);
            (*t).nodes = nodes;
            (*t).node_mask = mask;
            (*t).node_bytes = count * NODE as u32;
            (*t).names = 0;
            if nodes != dummy() {
                Table::set_last_free(t, count);
            }
            if !same_array {
                let kept = (old_len as usize).min(array_len);
                move_array(old_array, array, kept, array_len);
                (*t).array = array;
                (*t).array_len = array_len as u32;
                (*t).border = Cell::new(0);
                for i in kept..old_len as usize {
                    let value = Value { payload: *old_array.cast::<u64>().sub(i + 1), tag: *old_array.add(i) };
                    if !value.is_nil() {
                        Table::reinsert(t, Value::int(i as i64 + 1), value);
                    }
                }
                replaced_array(heap, t, old_array, old_len);
            }
            if old_nodes != dummy() {
                for i in (0..old_bytes as usize / NODE).rev() {
                    let node = old_nodes.add(i);
                    if !(*node).is_vacant() {
                        Table::reinsert(t, (*node).key(), (*node).value());
                    }
                }
                replaced_nodes(heap, t, old_nodes, old_bytes);
            }
            Ok(())
        }
    }

    /// Enters an entry in parts that have room for it.
    unsafe fn reinsert(this: *mut Table, key: Value, value: Value) {
        // SAFETY: called by `resize` after its barrier.
        unsafe {
            if key.tag == tag::INT {
                let at = (key.as_int() as u64).wrapping_sub(1);
                if at < (*this).array_len as u64 {
                    Table::array_set(this, at as usize, value);
                    return;
                }
            }
            let main = (*this).main_position(key);
            let free = if (*main).is_vacant() { None } else { Table::free_position(this, main) };
            let node = Table::place(this, main, free);
            Table::fill(this, node, key, value);
        }
    }
}

/// Makes all slots of a new array block nil.
///
/// # Safety
/// `array` is a block of `len` slots, of which there is at least one.
#[inline]
unsafe fn clear_tags(array: *mut u8, len: usize) {
    // SAFETY: the tags begin and the block ends at multiples of 8 bytes, so a whole word always fits.
    unsafe {
        array.cast::<u64>().write(u64::from_ne_bytes([tag::NIL; 8]));
        if len > 8 {
            array.add(8).write_bytes(tag::NIL, len - 8);
        }
    }
}

/// Copies `kept` slots between blocks and fills the rest of the new one with nil.
unsafe fn move_array(old: *mut u8, new: *mut u8, kept: usize, new_len: usize) {
    // SAFETY: blocks of at least these lengths, as the callers allocated them.
    unsafe {
        if kept > 0 {
            new.copy_from_nonoverlapping(old, kept);
            new.cast::<u64>().sub(kept).copy_from_nonoverlapping(old.cast::<u64>().sub(kept), kept);
        }
        if new_len > kept {
            new.add(kept).write_bytes(tag::NIL, new_len - kept);
        }
    }
}
