//! Large tables that live long: their items and fields come out of order, move between the two parts, go in ranges and come
//! again.

use super::operations::{FAR, LARGE, NOTHING, Op, ROOTED, Step, World, step};
use super::shadow::{Entry, Id, Key, Kind, Plain, Table};

/// Items of a large table.
const MOST_ITEMS: usize = 2_500;
/// Keys above [`FAR`] that large tables have.
const FAR_KEYS: usize = 600;
/// The distance of the keys that get new objects.
const STRIDE: usize = 3;
/// Few places for such keys, so that they are often there already, in either part: behind the sizes that array parts have.
const PLACES: [usize; 8] = [140, 270, 390, 530, 800, 1030, 1100, 1600];
/// The most changes of one table in a row: some need each other, and no collection between them.
const MOST_IN_A_ROW: usize = 12;

impl Table {
    /// Stores under an integer key.
    fn store(&mut self, at: usize, value: Plain) {
        if at as i64 > FAR {
            let key = Key::Int(at as i64);
            match value {
                Plain::Nil => drop(self.fields.remove(&key)),
                value => drop(self.fields.insert(key, Entry { value, is_loose: false })),
            }
            return;
        }
        if at > self.items.len() && value != Plain::Nil {
            self.items.resize(at, Plain::Nil);
        }
        if let Some(item) = self.items.get_mut(at - 1) {
            *item = value;
        }
        while self.items.last() == Some(&Plain::Nil) {
            self.items.pop();
        }
    }

    fn item(&self, at: usize) -> Plain {
        self.items.get(at - 1).copied().unwrap_or_default()
    }

    /// All items up to the last one are there.
    pub(super) fn is_sequence(&self) -> bool {
        !self.items.contains(&Plain::Nil)
    }

    /// The first key without an item.
    fn first_hole(&self) -> usize {
        1 + self.items.iter().position(|item| *item == Plain::Nil).unwrap_or(self.items.len())
    }
}

impl World {
    /// Begins a row of changes of a large table.
    pub(super) fn begin_large(&mut self) -> Step {
        self.large = (ROOTED - self.random.below(LARGE), self.random.below(MOST_IN_A_ROW));
        self.use_large()
    }

    /// The next change of a row, if there is one.
    pub(super) fn go_on_large(&mut self) -> Option<Step> {
        self.large.1 = self.large.1.checked_sub(1)?;
        Some(self.use_large())
    }

    /// Changes a large table, or makes one.
    fn use_large(&mut self) -> Step {
        let a = self.large.0;
        let Some(id) = self.root(a).object().filter(|_| !self.random.one_in(150)) else { return self.make_large(a) };
        let len = self.shadow.table(id).map_or(0, |table| table.items.len());
        match self.random.below(18) {
            16 if !self.quiet => step(Op::gc_step, [0]),
            0..3 => self.fill(a, id),
            3..7 => self.store_new(a, id, len),
            7 => self.cut(a, id, len),
            8 | 9 => self.insert_or_remove(a, id, len),
            10 => self.move_range(a, id, len),
            11 => self.unpack(a, id, len),
            12 => self.store_far(a, id),
            13 => {
                let to = self.slot();
                self.shadow.roots[to] = Plain::Object(id);
                step(Op::copy, [to, a])
            }
            _ => self.get_item(a, id, len),
        }
    }

    fn make_large(&mut self, a: usize) -> Step {
        let (b, many) = (self.slot(), 200 + self.random.below(1000));
        let value = self.root(b);
        let mut table = Table::default();
        if value != Plain::Nil {
            table.items.resize(many, value);
        }
        let id = self.shadow.add(Kind::Table(table));
        self.shadow.roots[a] = Plain::Object(id);
        step(Op::large, [a, id as usize, many, b])
    }

    /// Few mostly, sometimes many.
    fn many(&mut self, most: usize) -> usize {
        if self.random.one_in(4) { 1 + self.random.below(most) } else { 1 + self.random.below(20) }
    }

    /// Gives all keys in a range behind the sequence an item that have none, upwards or downwards.
    fn fill(&mut self, a: usize, id: Id) -> Step {
        let (b, many, is_down, crosses) = (self.slot(), self.many(1200), self.random.one_in(4), self.random.one_in(2));
        let value = self.root(b);
        let Some(table) = self.shadow.table(id).filter(|_| value != Plain::Nil) else { return NOTHING };
        let from = table.first_hole();
        // The array part grows behind a power of two.
        let next = from.next_power_of_two() + 1;
        let to = if crosses && next <= 2 * MOST_ITEMS { next } else { (from + many).min(MOST_ITEMS) };
        for at in from..=to {
            if table.item(at) == Plain::Nil {
                table.store(at, value);
            }
        }
        if from > to {
            return NOTHING;
        }
        let (first, last) = if is_down { (to, from) } else { (from, to) };
        step(Op::fill, [a, first, last, b])
    }

    /// Stores new objects that nothing else has, most behind the sequence, and some of them far away.
    fn store_new(&mut self, a: usize, id: Id, len: usize) -> Step {
        let many = 1 + self.random.below(30);
        let at = match self.random.below(8) {
            0 => 1 + self.random.below(len + 1),
            1 => FAR as usize + 1 + self.random.below(FAR_KEYS),
            2 => len + 1 + self.random.below(len + 20),
            _ => *self.random.pick(&PLACES),
        };
        if at < FAR as usize && at + STRIDE * many > MOST_ITEMS {
            return NOTHING;
        }
        let ids: Vec<Id> = (0..many).map(|_| self.shadow.add(Kind::Table(Table::default()))).collect();
        let Some(table) = self.shadow.table(id) else { return NOTHING };
        for (nth, new) in ids.iter().enumerate() {
            table.store(at + STRIDE * nth, Plain::Object(*new));
        }
        step(Op::fresh, [a, ids[0] as usize, at, many])
    }

    /// Takes the items of a range, often all from some key on.
    fn cut(&mut self, a: usize, id: Id, len: usize) -> Step {
        let (any, many, to_end) = (1 + self.random.below(len + 1), self.many(400), self.random.one_in(2));
        // Some are cut so that few are left.
        let from = if self.random.one_in(3) { any.min(260) } else { any };
        let to = if to_end { len } else { len.min(from + many) };
        let Some(table) = self.shadow.table(id) else { return NOTHING };
        (from..=to).rev().for_each(|at| table.store(at, Plain::Nil));
        step(Op::cut, [a, from, to])
    }

    fn insert_or_remove(&mut self, a: usize, id: Id, len: usize) -> Step {
        let (b, inserts, at) = (self.slot(), self.random.one_in(2), 1 + self.random.below(len + 1));
        let at = if self.random.one_in(2) { len + 1 } else { at };
        let value = self.root(b);
        let Some(table) = self.shadow.table(id).filter(|table| table.is_sequence()) else { return NOTHING };
        if inserts && value != Plain::Nil && len < MOST_ITEMS {
            table.items.insert(at - 1, value);
            return step(Op::insert_at, [a, at, b]);
        }
        if at > len {
            return NOTHING;
        }
        table.items.remove(at - 1);
        step(Op::remove_at, [a, at])
    }

    /// `table.move` within a table, or to another one.
    fn move_range(&mut self, a: usize, id: Id, len: usize) -> Step {
        let (from, many, is_within) = (1 + self.random.below(len + 1), self.many(300), self.random.one_in(2));
        let (to, b) = (len.min(from + many), ROOTED - self.random.below(LARGE));
        let at = if is_within { 1 + self.random.below(len + 20) } else { from + 7 };
        let target = if is_within { Some(id) } else { self.root(b).object() };
        let Some(target) = target.filter(|_| from <= to && at + to - from < MOST_ITEMS) else { return NOTHING };
        let items = self.shadow.table(id).map(|table| table.items[from - 1..to].to_vec()).unwrap_or_default();
        let Some(table) = self.shadow.table(target) else { return NOTHING };
        items.into_iter().enumerate().for_each(|(nth, item)| table.store(at + nth, item));
        if is_within { step(Op::move_within, [a, from, to, at]) } else { step(Op::move_range, [a, from, to, b]) }
    }

    /// A new table of the items of a large one: a constructor, or `table.pack`.
    fn unpack(&mut self, a: usize, id: Id, len: usize) -> Step {
        let (many, packs) = (self.many(1 + len).min(self.most_unpacked), self.random.one_in(2));
        let to = if self.random.one_in(4) { ROOTED - self.random.below(LARGE) } else { self.slot() };
        let items = (1..=many).map(|at| self.shadow.table(id).map_or(Plain::Nil, |table| table.item(at))).collect::<Vec<_>>();
        let mut table = Table::default();
        items.into_iter().enumerate().for_each(|(nth, item)| table.store(1 + nth, item));
        let new = self.shadow.add(Kind::Table(table));
        self.shadow.roots[to] = Plain::Object(new);
        step(if packs { Op::packed } else { Op::unpacked }, [to, new as usize, a, many])
    }

    /// Keys that stay in the hash part.
    fn store_far(&mut self, a: usize, id: Id) -> Step {
        let (b, many, from) = (self.slot(), self.many(300), FAR as usize + 1 + self.random.below(FAR_KEYS));
        let value = self.root(b);
        let Some(table) = self.shadow.table(id) else { return NOTHING };
        (from..from + many).for_each(|at| table.store(at, value));
        step(Op::store_range, [a, from, many, b])
    }

    fn get_item(&mut self, a: usize, id: Id, len: usize) -> Step {
        let (b, at) = (self.slot(), 1 + self.random.below(len + 10));
        let Some(value) = self.shadow.table(id).map(|table| table.item(at)) else { return NOTHING };
        self.shadow.roots[b] = value;
        self.checks.push_back(value);
        step(Op::get_int, [a, at, b])
    }
}
