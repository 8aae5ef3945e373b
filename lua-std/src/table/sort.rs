//! `table.sort`.
//!
//! A quicksort as the reference has it: median of three, the smaller part first, a
//! pseudo-random pivot where a large part splits badly. The order in which elements are
//! compared is visible to the order function, and an inconsistent one is found out at
//! the same points. Plain tables of elements of one plain type run no Lua code
//! without an order function, so they are sorted in Rust.

use std::cmp::Ordering;

use lua_vm::{CompareOp, Cx, Error, Outcome, Type, Value};

use super::{Access, checked_length, get, is_plain, set};

pub(super) fn sort(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let length = checked_length(cx, 0, Access::All)?;
    if length > 1 {
        if length >= i64::from(i32::MAX) {
            return Err(cx.arg_error(0, "array too big"));
        }
        if !cx.is_none_or_nil(1) {
            cx.check_type(1, Type::Function)?;
        }
        cx.set_top(2)?;
        let by_function = cx.type_of(1) == Type::Function;
        if by_function || !is_plain(cx, 0) || !sort_plain(cx, length)? {
            let mut sorter = Sorter { by_function, random: 0 };
            sorter.sort(cx, 1, length)?;
        }
    }
    Ok(cx.returns(0))
}

/// Sorts a plain table of only integers, only floats or only strings; false if it is not
/// one. Equal elements of one type are the same, so nobody can tell how they were moved.
fn sort_plain(cx: &mut Cx<'_>, length: i64) -> Result<bool, Error> {
    let count = length as usize;
    let same: fn(Value<'_>) -> bool = match cx.array_get(0, 1) {
        Value::Int(_) => |value| matches!(value, Value::Int(_)),
        Value::Float(_) => is_ordinary_float,
        Value::Str(_) => |value| matches!(value, Value::Str(_)),
        _ => return Ok(false),
    };
    if !(1..=length).all(|at| same(cx.array_get(0, at))) {
        return Ok(false);
    }
    cx.charge(count.saturating_mul(2 * size_of::<u32>()))?;
    let mut order: Vec<u32> = (0..count as u32).collect();
    for chunk in order.chunks_mut(CHUNK) {
        sort_chunk(cx, chunk);
        cx.poll(CHUNK as u32)?;
    }
    let mut width = CHUNK;
    while width < count {
        let mut merged = Vec::with_capacity(count);
        for pair in order.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(cx, left, right, &mut merged)?;
        }
        order = merged;
        width *= 2;
    }
    // Moves along the cycles of the permutation; a place done points to itself.
    for start in 0..count {
        if order[start] as usize == start {
            continue;
        }
        cx.raw_get_int(0, start as i64 + 1);
        let mut at = start;
        loop {
            let from = order[at] as usize;
            order[at] = at as u32;
            if from == start {
                break;
            }
            cx.raw_get_int(0, from as i64 + 1);
            cx.raw_set_int(0, at as i64 + 1)?;
            at = from;
        }
        cx.raw_set_int(0, at as i64 + 1)?;
    }
    Ok(true)
}

/// Elements sorted between two looks at interrupts.
const CHUNK: usize = 1 << 14;

/// Sorts places of elements (from 0) by the elements.
fn sort_chunk(cx: &Cx<'_>, places: &mut [u32]) {
    let value = |&place: &u32| (place, cx.array_get(0, i64::from(place) + 1));
    let mut values: Vec<(u32, Value<'_>)> = places.iter().map(value).collect();
    values.sort_unstable_by(|left, right| compare(left.1, right.1));
    for (place, (sorted, _)) in places.iter_mut().zip(values) {
        *place = sorted;
    }
}

/// Appends the places of two sorted runs in order.
fn merge(cx: &mut Cx<'_>, left: &[u32], right: &[u32], out: &mut Vec<u32>) -> Result<(), Error> {
    let (mut left, mut right) = (left, right);
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        let value = |place: u32| cx.array_get(0, i64::from(place) + 1);
        if compare(value(*second), value(*first)) == Ordering::Less {
            out.push(*second);
            right = right_rest;
        } else {
            out.push(*first);
            left = left_rest;
        }
        if out.len().is_multiple_of(CHUNK) {
            cx.poll(CHUNK as u32)?;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
    Ok(())
}

/// Whether `value` is a float that is equal to nothing but itself. (NaN has no place in
/// any order, and scripts can tell the two zeros apart.)
fn is_ordinary_float(value: Value<'_>) -> bool {
    matches!(value, Value::Float(value) if !value.is_nan() && value.to_bits() != (-0.0_f64).to_bits())
}

/// The order of two elements of the same type. (A finalizer might put others in between,
/// and an order it has to be all the same.)
fn compare(left: Value<'_>, right: Value<'_>) -> Ordering {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(&right),
        (Value::Float(left), Value::Float(right)) => left.total_cmp(&right),
        (Value::Str(left), Value::Str(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: Value<'_>) -> u8 {
    match value {
        Value::Int(_) => 0,
        Value::Float(_) => 1,
        Value::Str(_) => 2,
        _ => 3,
    }
}

/// Parts larger than this may choose their pivot at random.
const RANDOM_LIMIT: i64 = 100;

struct Sorter {
    by_function: bool,
    /// 0 until a part splits badly.
    random: u64,
}

impl Sorter {
    /// Whether the value in slot `left` comes before the one in slot `right`.
    #[inline(always)]
    fn is_less(&self, cx: &mut Cx<'_>, left: u32, right: u32) -> Result<bool, Error> {
        if !self.by_function {
            cx.poll(1)?;
            return cx.compare(CompareOp::Lt, left, right);
        }
        cx.call_test(1, left, right)
    }

    #[inline(always)]
    fn get(&self, cx: &mut Cx<'_>, at: i64) -> Result<u32, Error> {
        if !cx.push_item(0, at) {
            self.get_any(cx, at)?;
        }
        Ok(cx.top() - 1)
    }

    /// Pushes an element of what may have a metatable. (The order function may give the table one.)
    #[cold]
    #[inline(never)]
    fn get_any(&self, cx: &mut Cx<'_>, at: i64) -> Result<(), Error> {
        let raw = is_plain(cx, 0);
        get(cx, 0, at, raw)
    }

    /// Pops two values: the top one into `first`, the other into `second`.
    fn set2(&self, cx: &mut Cx<'_>, first: i64, second: i64) -> Result<(), Error> {
        self.set(cx, first)?;
        self.set(cx, second)
    }

    /// Pops a value into an element.
    #[inline(always)]
    fn set(&self, cx: &mut Cx<'_>, at: i64) -> Result<(), Error> {
        if cx.pop_item(0, at) { Ok(()) } else { self.set_any(cx, at) }
    }

    /// As [`Sorter::get_any`], for a store.
    #[cold]
    #[inline(never)]
    fn set_any(&self, cx: &mut Cx<'_>, at: i64) -> Result<(), Error> {
        let raw = is_plain(cx, 0);
        set(cx, 0, at, raw)
    }

    /// Exchanges the elements at `left` and `right`, `left` being before `right`, if
    /// they are out of order.
    fn order(&self, cx: &mut Cx<'_>, left: i64, right: i64) -> Result<(), Error> {
        let first = self.get(cx, left)?;
        let second = self.get(cx, right)?;
        if self.is_less(cx, second, first)? {
            self.set2(cx, left, right)
        } else {
            cx.pop(2);
            Ok(())
        }
    }

    fn sort(&mut self, cx: &mut Cx<'_>, mut low: i64, mut high: i64) -> Result<(), Error> {
        while low < high {
            self.order(cx, low, high)?;
            if high - low == 1 {
                return Ok(());
            }
            let middle = self.choose_pivot(low, high);
            self.order_middle(cx, low, middle, high)?;
            if high - low == 2 {
                return Ok(());
            }
            let pivot = self.get(cx, middle)?;
            cx.push_slot(pivot);
            self.get(cx, high - 1)?;
            self.set2(cx, middle, high - 1)?;
            let split = self.partition(cx, low, high, pivot)?;
            cx.set_top(pivot)?;
            let smaller = if split - low < high - split {
                self.sort(cx, low, split - 1)?;
                let size = split - low;
                low = split + 1;
                size
            } else {
                self.sort(cx, split + 1, high)?;
                let size = high - split;
                high = split - 1;
                size
            };
            if (high - low) / 128 > smaller {
                self.random = self.random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            }
        }
        Ok(())
    }

    /// Puts the median of three at `middle`; `low` and `high` are in order already.
    fn order_middle(&self, cx: &mut Cx<'_>, low: i64, middle: i64, high: i64) -> Result<(), Error> {
        let at_middle = self.get(cx, middle)?;
        let at_low = self.get(cx, low)?;
        if self.is_less(cx, at_middle, at_low)? {
            return self.set2(cx, middle, low);
        }
        cx.pop(1);
        let at_high = self.get(cx, high)?;
        if self.is_less(cx, at_high, at_middle)? {
            return self.set2(cx, middle, high);
        }
        cx.pop(2);
        Ok(())
    }

    fn choose_pivot(&self, low: i64, high: i64) -> i64 {
        if high - low <= RANDOM_LIMIT || self.random == 0 {
            return low + (high - low) / 2;
        }
        let quarter = (high - low) / 4;
        (self.random >> 33) as i64 % (quarter * 2) + low + quarter
    }

    /// Splits `low..=high` around the value in slot `pivot`, which also stands at
    /// `high - 1`; `low` and `high` are on their sides already. Returns its place.
    fn partition(&self, cx: &mut Cx<'_>, low: i64, high: i64, pivot: u32) -> Result<i64, Error> {
        let (mut up, mut down) = (low, high - 1);
        loop {
            let left = loop {
                up += 1;
                let value = self.get(cx, up)?;
                if !self.is_less(cx, value, pivot)? {
                    break value;
                }
                if up == high - 1 {
                    return Err(cx.error(format_args!("invalid order function for sorting")));
                }
                cx.pop(1);
            };
            loop {
                down -= 1;
                let value = self.get(cx, down)?;
                if !self.is_less(cx, pivot, value)? {
                    break;
                }
                if down < up {
                    return Err(cx.error(format_args!("invalid order function for sorting")));
                }
                cx.pop(1);
            }
            if down < up {
                cx.set_top(left + 1)?;
                self.get(cx, high - 1)?;
                // The pivot to `up`, what was there behind it.
                self.set2(cx, up, high - 1)?;
                return Ok(up);
            }
            self.set2(cx, up, down)?;
        }
    }
}
