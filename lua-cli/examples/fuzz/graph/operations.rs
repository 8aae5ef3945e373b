//! Which operation comes next, and what the graph is after it.

use std::collections::VecDeque;

use super::ids::{Map, Set};
use super::shadow::{Coroutine, Entry, FINALIZED, Frame, Id, Key, Kind, Plain, Shadow, State, Table};
use crate::random::Random;

/// Slots of the table of roots that operations use.
pub(super) const ROOTS: usize = 40;
/// Slots behind them for what finalizers keep: these may run between the choice of an operation and its end.
pub(super) const CRADLES: usize = 64;
/// Slots behind these for large tables: no other operations write to them, so that their tables live over collections.
pub(super) const LARGE: usize = 3;
/// All slots.
pub(super) const ROOTED: usize = ROOTS + CRADLES + LARGE;
/// Integer keys that are no items lie above.
pub(super) const FAR: i64 = 5_000_000;
/// Runs of the driver inside each other.
const MOST_RUNS: usize = 6;
/// Items of one table.
const MOST_ITEMS: usize = 5_000;

macro_rules! operations {
    ($($name:ident)*) => {
        /// An operation of the driver.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types)]
        pub(super) enum Op {
            $($name),*
        }

        /// Their names in the driver, in the order of their numbers.
        pub(super) const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

operations! {
    nothing drop copy adopt text same_text garbage table pair weak finalized meta no_meta
    set_text set_int set_object set_name raw_set get_text get_int get_object get_name weak_text weak_object weak_next clear
    append pop shift unshift move_items
    large fill fresh cut insert_at remove_at move_within move_range unpacked packed store_range closure closures set_upvalue get_upvalue
    coroutine wrapped resume fetch close fail deep item set_user get_user
    collect gc_step mode count walk strict
}

/// What a coroutine is told to do; the numbers stand in the driver.
mod command {
    pub(super) const FETCH: usize = 3;
    pub(super) const CAPTURE: usize = 5;
    pub(super) const RETURN: usize = 6;
    pub(super) const NEST: usize = 7;
    pub(super) const CLOSED: usize = 8;
    pub(super) const DRIVE: usize = 9;
    pub(super) const SWAP: usize = 12;
}

/// An operation and its operands.
pub(super) type Step = (Op, [i64; 4]);

/// A run of the driver.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Operations that are left.
    pub(super) left: u32,
    /// The coroutine that it runs in, if that was resumed for it.
    coroutine: Option<Id>,
}

/// A look into a weak table, of which only the VM knows what it gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeakRead {
    pub(super) table: Id,
    pub(super) key: Key,
    /// The root that gets the value.
    pub(super) into: usize,
}

/// An object whose finalizer is due at the next collection.
pub(super) struct Due {
    pub(super) id: Id,
    /// If not, it may live: an entry of a weak table holds it that may be gone. What the walk cannot come to, such as tables
    /// that only frames hold, has lost entries that the graph still knows.
    pub(super) is_dead: bool,
}

/// The graph, and what is going to be seen of it.
pub(super) struct World {
    pub(super) random: Random,
    pub(super) shadow: Shadow,
    pub(super) runs: Vec<Run>,
    /// What the operation shows.
    pub(super) checks: VecDeque<Plain>,
    /// The cradle that was used last.
    cradle: usize,
    pub(super) weak_read: Option<WeakRead>,
    /// Objects that are closed next.
    pub(super) closing: VecDeque<Id>,
    /// Objects whose finalizers run next, if that is known.
    pub(super) order: Option<VecDeque<Due>>,
    pub(super) finalized: u64,
    /// Finalizers that failed on purpose.
    pub(super) failed: u64,
    /// The large table that is changed, and how often in a row it still will be.
    pub(super) large: (usize, usize),
    /// Values that are on a stack together: one that moves all the time should not be large, and none has room for a million.
    pub(super) most_unpacked: usize,
    /// Nothing but stores: no collection is asked for.
    pub(super) quiet: bool,
    /// A full collection has just ended: what is not reachable is gone.
    pub(super) strict: bool,
    /// `collectgarbage` changes the mode.
    pub(super) switches: bool,
    /// Metatables of the driver, by address.
    pub(super) special: Map<usize, u8>,
    /// What was reachable when a walk began, and where.
    pub(super) reached: Set<Id>,
    /// Likewise, if all entries are gone that may be.
    pub(super) surely_reached: Set<Id>,
    pub(super) by_address: Map<usize, Id>,
    /// The coroutine whose frame is shown next.
    pub(super) shown: Option<Id>,
    pub(super) steps: u64,
    /// Those of them that did something.
    pub(super) done: u64,
    pub(super) problem: Option<String>,
    /// Every step is printed.
    pub(super) is_verbose: bool,
}

pub(super) const NOTHING: Step = (Op::nothing, [0; 4]);

pub(super) fn step<const N: usize>(op: Op, operands: [usize; N]) -> Step {
    let mut all = [0; 4];
    for (to, from) in all.iter_mut().zip(operands) {
        *to = from as i64;
    }
    (op, all)
}

impl World {
    pub(super) fn new(random: Random, switches: bool) -> World {
        World {
            random,
            shadow: Shadow::new(ROOTED + 1),
            runs: Vec::new(),
            checks: VecDeque::new(),
            cradle: 0,
            weak_read: None,
            closing: VecDeque::new(),
            order: None,
            finalized: 0,
            failed: 0,
            large: (0, 0),
            most_unpacked: 10_000,
            quiet: false,
            strict: false,
            switches,
            special: Map::default(),
            reached: Set::default(),
            surely_reached: Set::default(),
            by_address: Map::default(),
            shown: None,
            steps: 0,
            done: 0,
            problem: None,
            is_verbose: std::env::var_os("FUZZ_VERBOSE").is_some(),
        }
    }

    /// Begins a run of the driver.
    pub(super) fn begin_run(&mut self, left: u32) {
        self.runs.push(Run { left, coroutine: None });
    }

    /// The next operation; `None` if the run ends.
    pub(super) fn next(&mut self) -> Option<Step> {
        match self.runs.last_mut() {
            Some(run) if run.left > 0 && self.problem.is_none() => run.left -= 1,
            _ => {
                self.end_run();
                return None;
            }
        }
        self.steps += 1;
        let step = self.choose();
        self.done += u64::from(step.0 != Op::nothing);
        if self.is_verbose {
            eprintln!("{} {step:?}", self.steps);
        }
        Some(step)
    }

    fn end_run(&mut self) {
        if let Some(Run { coroutine: Some(id), .. }) = self.runs.pop() {
            self.shadow.running.pop();
            if let Some(coroutine) = self.shadow.coroutine(id) {
                coroutine.state = State::Suspended;
            }
        }
        self.quiet = false;
    }

    fn choose(&mut self) -> Step {
        if let Some(step) = self.go_on_large() {
            return step;
        }
        match self.random.below(1010) {
            0..20 => self.drop_root(),
            20..80 => self.copy(),
            80..90 => self.adopt(),
            90..130 => self.make_text(),
            130..150 => self.same_text(),
            150..165 => step(Op::garbage, [self.random.below(30)]),
            165..240 => self.make_table(),
            240..255 => self.set_finalizer(),
            255..285 => self.set_meta(),
            285..500 => self.set(),
            500..640 => self.get(),
            640..650 => self.clear(),
            650..720 => self.change_items(),
            720..780 => self.make_closure(),
            780..830 => self.use_closure(),
            830..860 => self.make_coroutine(),
            860..940 => self.use_coroutine(),
            940..975 => self.use_item(),
            975..980 => self.go_deep(),
            980..990 => self.ask_collector(),
            990..1000 => self.begin_large(),
            _ => NOTHING,
        }
    }

    pub(super) fn slot(&mut self) -> usize {
        self.random.below(ROOTS) + 1
    }

    pub(super) fn root(&self, slot: usize) -> Plain {
        self.shadow.roots[slot]
    }

    /// A root whose object pleases, and the object.
    fn find(&mut self, pleases: impl Fn(&Kind) -> bool) -> Option<(usize, Id)> {
        (0..6).find_map(|_| {
            let slot = self.slot();
            let id = self.root(slot).object()?;
            pleases(&self.shadow.nodes.get(&id)?.kind).then_some((slot, id))
        })
    }

    fn find_table(&mut self) -> Option<(usize, Id)> {
        self.find(|kind| matches!(kind, Kind::Table(_)))
    }

    /// A table that is not weak.
    fn find_strong(&mut self) -> Option<(usize, Id)> {
        self.find(|kind| matches!(kind, Kind::Table(table) if table.weak == 0))
    }

    fn drop_root(&mut self) -> Step {
        let a = self.slot();
        self.shadow.roots[a] = Plain::Nil;
        step(Op::drop, [a])
    }

    fn copy(&mut self) -> Step {
        let (a, b) = (self.slot(), self.slot());
        self.shadow.roots[a] = self.root(b);
        step(Op::copy, [a, b])
    }

    /// Takes over what a finalizer has kept.
    fn adopt(&mut self) -> Step {
        let (a, b) = (self.slot(), ROOTS + 1 + self.cradle);
        self.shadow.roots[a] = std::mem::take(&mut self.shadow.roots[b]);
        step(Op::adopt, [a, b])
    }

    /// A root that no operation uses now.
    pub(super) fn next_cradle(&mut self) -> Option<usize> {
        let next = (self.cradle + 1) % CRADLES;
        let slot = ROOTS + 1 + next;
        (self.shadow.roots[slot] == Plain::Nil).then(|| {
            self.cradle = next;
            slot
        })
    }

    /// The number of a text: few short ones, so that they come again.
    fn any_text(&mut self) -> usize {
        if self.random.one_in(10) { 1000 + self.random.below(20) } else { self.random.below(60) }
    }

    fn make_text(&mut self) -> Step {
        let (a, n) = (self.slot(), self.any_text());
        self.shadow.roots[a] = Plain::Text(n as u32);
        step(Op::text, [a, n])
    }

    fn same_text(&mut self) -> Step {
        let slots = (0..6).map(|_| self.slot()).collect::<Vec<_>>();
        let text = slots.into_iter().find_map(|slot| match self.root(slot) {
            Plain::Text(n) => Some([slot, n as usize]),
            _ => None,
        });
        text.map_or(NOTHING, |operands| step(Op::same_text, operands))
    }

    fn make_table(&mut self) -> Step {
        let a = self.slot();
        let weak = if self.random.one_in(5) { 1 + self.random.below(3) as u8 } else { 0 };
        let mut table = Table { weak, special: weak, ..Table::default() };
        let (b, c) = (self.slot(), self.slot());
        let items = [self.root(b), self.root(c)];
        let is_pair = weak == 0 && self.random.one_in(3) && !items.contains(&Plain::Nil);
        if is_pair {
            table.items.extend(items);
        }
        let id = self.shadow.add(Kind::Table(table));
        self.shadow.roots[a] = Plain::Object(id);
        match weak {
            0 if is_pair => step(Op::pair, [a, id as usize, b, c]),
            0 => step(Op::table, [a, id as usize]),
            weak => step(Op::weak, [a, id as usize, weak.into()]),
        }
    }

    fn set_finalizer(&mut self) -> Step {
        let Some((a, id)) = self.find_strong() else { return NOTHING };
        let is_registered = self.shadow.registered.contains_key(&id);
        let Some(table) = self.shadow.table(id).filter(|_| !is_registered) else { return NOTHING };
        (table.meta, table.special) = (None, FINALIZED);
        self.shadow.register(id);
        step(Op::finalized, [a])
    }

    fn set_meta(&mut self) -> Step {
        let (Some((a, id)), Some((b, meta))) = (self.find_strong(), self.find_strong()) else { return NOTHING };
        let is_kept = self.random.one_in(2);
        match self.shadow.table(id) {
            Some(table) if table.special == 0 => table.meta = is_kept.then_some(meta),
            _ => return NOTHING,
        }
        if is_kept { step(Op::meta, [a, b]) } else { step(Op::no_meta, [a]) }
    }

    /// A key: how it is given, and its operand.
    fn any_key(&mut self) -> Option<(u8, usize, Key)> {
        match self.random.below(8) {
            0..3 => {
                let n = self.any_text();
                Some((0, n, Key::Text(n as u32)))
            }
            3 => {
                let n = FAR + 1 + self.random.below(20) as i64;
                Some((1, n as usize, Key::Int(n)))
            }
            4 | 5 => {
                let n = 1 + self.random.below(3);
                Some((2, n, Key::Name(n as u8)))
            }
            _ => {
                let c = self.slot();
                Some((3, c, Key::Object(self.root(c).object()?)))
            }
        }
    }

    fn set(&mut self) -> Step {
        let (Some((a, id)), Some((how, operand, key)), b) = (self.find_table(), self.any_key(), self.slot()) else { return NOTHING };
        let value = self.root(b);
        let raw = self.random.one_in(4);
        if let Some(table) = self.shadow.table(id) {
            if value == Plain::Nil {
                table.fields.remove(&key);
            } else {
                table.fields.insert(key, Entry { value, is_loose: false });
            }
        }
        let op = match how {
            0 if raw => Op::raw_set,
            0 => Op::set_text,
            1 => Op::set_int,
            2 => Op::set_name,
            _ => Op::set_object,
        };
        step(op, [a, operand, b])
    }

    fn get(&mut self) -> Step {
        let (Some((a, id)), Some((how, operand, key)), b) = (self.find_table(), self.any_key(), self.slot()) else { return NOTHING };
        let scans = self.random.one_in(4);
        let Some(table) = self.shadow.table(id) else { return NOTHING };
        if table.weak != 0 {
            let op = match how {
                0 if scans => Op::weak_next,
                0 => Op::weak_text,
                3 => Op::weak_object,
                _ => return NOTHING,
            };
            self.weak_read = Some(WeakRead { table: id, key, into: b });
            self.shadow.roots[b] = Plain::Nil;
            return step(op, [a, operand, b]);
        }
        let value = table.fields.get(&key).map_or(Plain::Nil, |entry| entry.value);
        self.shadow.roots[b] = value;
        self.checks.push_back(value);
        let op = match how {
            0 => Op::get_text,
            1 => Op::get_int,
            2 => Op::get_name,
            _ => Op::get_object,
        };
        step(op, [a, operand, b])
    }

    fn clear(&mut self) -> Step {
        let Some((a, id)) = self.find_table() else { return NOTHING };
        if let Some(table) = self.shadow.table(id) {
            table.items.clear();
            table.fields.clear();
        }
        step(Op::clear, [a])
    }

    fn change_items(&mut self) -> Step {
        let (Some((a, id)), b) = (self.find_strong(), self.slot()) else { return NOTHING };
        let (value, choice) = (self.root(b), self.random.below(9));
        let many = if self.random.one_in(25) { self.random.below(1500) } else { self.random.below(8) };
        let other = self.find_strong();
        let Some(table) = self.shadow.table(id).filter(|table| table.is_sequence()) else { return NOTHING };
        let len = table.items.len();
        match choice {
            0..4 if value != Plain::Nil && len + many < MOST_ITEMS => {
                table.items.resize(len + many, value);
                step(Op::append, [a, b, many])
            }
            4 | 5 => {
                let many = many.min(len);
                table.items.truncate(len - many);
                step(Op::pop, [a, many])
            }
            6 if len > 0 && len < 200 => {
                table.items.remove(0);
                step(Op::shift, [a])
            }
            7 if value != Plain::Nil && len < 200 => {
                table.items.insert(0, value);
                step(Op::unshift, [a, b])
            }
            8 => match other {
                Some((to_slot, to)) => self.move_items([a, to_slot], id, to, many.min(len)),
                None => NOTHING,
            },
            _ => NOTHING,
        }
    }

    fn move_items(&mut self, [a, b]: [usize; 2], from: Id, to: Id, many: usize) -> Step {
        let items = self.shadow.table(from).map(|table| table.items[..many].to_vec()).unwrap_or_default();
        if let Some(table) = self.shadow.table(to) {
            let kept = table.items.split_off(many.min(table.items.len()));
            table.items = items;
            table.items.extend(kept);
        }
        step(Op::move_items, [a, b, many])
    }

    fn variables(&mut self, values: [Plain; 2]) -> [Id; 2] {
        values.map(|value| self.shadow.add(Kind::Variable(value)))
    }

    fn make_closure(&mut self) -> Step {
        let (a, b, c) = (self.slot(), self.slot(), self.slot());
        let variables = self.variables([self.root(b), self.root(c)]);
        let id = self.shadow.add(Kind::Closure(variables));
        self.shadow.roots[a] = Plain::Object(id);
        if self.random.one_in(2) {
            return step(Op::closure, [a, id as usize, b, c]);
        }
        let second = self.shadow.add(Kind::Closure([variables[1], variables[0]]));
        self.shadow.roots[b] = Plain::Object(second);
        step(Op::closures, [a, id as usize, b, c])
    }

    fn use_closure(&mut self) -> Step {
        let (Some((a, id)), b) = (self.find(|kind| matches!(kind, Kind::Closure(_))), self.slot()) else { return NOTHING };
        let which = self.random.below(2);
        let variable = match self.shadow.nodes[&id].kind {
            Kind::Closure(variables) => variables[which],
            _ => return NOTHING,
        };
        if self.random.one_in(2) {
            *self.shadow.variable(variable) = self.root(b);
            return step(Op::set_upvalue, [a, which + 1, b]);
        }
        let value = *self.shadow.variable(variable);
        self.shadow.roots[b] = value;
        self.checks.push_back(value);
        step(Op::get_upvalue, [a, which + 1, b])
    }

    fn new_frame(&mut self, held: Plain, closed: Option<Id>) -> Frame {
        Frame { held, variables: self.variables([Plain::Nil; 2]), closed }
    }

    fn levels(&mut self) -> usize {
        if self.random.one_in(30) { self.random.below(400) } else { self.random.below(4) }
    }

    fn make_coroutine(&mut self) -> Step {
        let (a, b, levels, is_wrapped) = (self.slot(), self.slot(), self.levels(), self.random.one_in(3));
        let frames = vec![self.new_frame(self.root(b), None)];
        let id = self.shadow.add(Kind::Coroutine(Coroutine { is_wrapped, state: State::Suspended, frames }));
        let held = self.root(b);
        // The driver first stores the coroutine, then passes what the root holds then.
        self.shadow.roots[a] = Plain::Object(id);
        if a == b {
            self.first_frame(id).held = Plain::Object(id);
        } else {
            self.first_frame(id).held = held;
        }
        step(if is_wrapped { Op::wrapped } else { Op::coroutine }, [a, id as usize, b, levels])
    }

    fn first_frame(&mut self, id: Id) -> &mut Frame {
        self.shadow.coroutine(id).and_then(|coroutine| coroutine.frames.first_mut()).expect("a new coroutine has a frame")
    }

    fn use_coroutine(&mut self) -> Step {
        let suspended = |kind: &Kind| matches!(kind, Kind::Coroutine(coroutine) if coroutine.state == State::Suspended);
        let (Some((a, id)), x) = (self.find(suspended), self.slot()) else { return NOTHING };
        let choice = self.random.below(20);
        let value = self.root(x);
        let Some(coroutine) = self.shadow.coroutine(id) else { return NOTHING };
        let (is_wrapped, depth) = (coroutine.is_wrapped, coroutine.frames.len());
        let Some(variables) = coroutine.frames.last().map(|frame| frame.variables) else { return NOTHING };
        match choice {
            0..6 => {
                *self.shadow.variable(variables[choice % 2]) = value;
                step(Op::resume, [a, 1 + choice % 2, x])
            }
            6..9 => {
                let value = *self.shadow.variable(variables[choice % 2]);
                self.shadow.roots[x] = value;
                self.checks.push_back(value);
                step(Op::fetch, [a, command::FETCH + choice % 2, x])
            }
            9..13 => {
                let closure = self.shadow.add(Kind::Closure(variables));
                self.shadow.roots[x] = Plain::Object(closure);
                step(Op::resume, [a, command::CAPTURE, x, closure as usize])
            }
            13 => {
                let (p, q) = (*self.shadow.variable(variables[0]), *self.shadow.variable(variables[1]));
                *self.shadow.variable(variables[0]) = q;
                *self.shadow.variable(variables[1]) = p;
                step(Op::resume, [a, command::SWAP])
            }
            14 if depth < 6 => {
                let levels = self.levels();
                let frame = self.new_frame(value, None);
                self.push_frame(id, frame);
                step(Op::resume, [a, command::NEST, x, levels])
            }
            15 if depth < 6 => {
                let closed = self.shadow.add(Kind::Table(Table { special: super::shadow::CLOSED, ..Table::default() }));
                let frame = self.new_frame(value, Some(closed));
                self.push_frame(id, frame);
                step(Op::resume, [a, command::CLOSED, x, closed as usize])
            }
            16 if self.runs.len() < MOST_RUNS && !self.quiet => {
                let left = 1 + self.random.below(60) as u32;
                self.runs.push(Run { left, coroutine: Some(id) });
                self.shadow.running.push(id);
                if let Some(coroutine) = self.shadow.coroutine(id) {
                    coroutine.state = State::Running;
                }
                step(Op::resume, [a, command::DRIVE])
            }
            17 => {
                self.pop_frames(id, 1);
                step(Op::resume, [a, command::RETURN])
            }
            18 if !is_wrapped => {
                self.pop_frames(id, depth);
                step(Op::close, [a])
            }
            19 if value.object().is_some() => {
                self.checks.push_back(value);
                self.pop_frames(id, depth);
                step(Op::fail, [a, x])
            }
            _ => NOTHING,
        }
    }

    fn push_frame(&mut self, id: Id, frame: Frame) {
        if let Some(coroutine) = self.shadow.coroutine(id) {
            coroutine.frames.push(frame);
        }
    }

    fn pop_frames(&mut self, id: Id, count: usize) {
        let Some(coroutine) = self.shadow.coroutine(id) else { return };
        let ended = coroutine.frames.split_off(coroutine.frames.len() - count);
        if coroutine.frames.is_empty() {
            coroutine.state = State::Dead;
        }
        self.closing.extend(ended.iter().rev().filter_map(|frame| frame.closed));
    }

    fn use_item(&mut self) -> Step {
        let (a, b, which) = (self.slot(), self.slot(), self.random.below(2));
        let Some((slot, id)) = self.find(|kind| matches!(kind, Kind::Item(_))).filter(|_| !self.random.one_in(4)) else {
            let (id, is_finalized) = (self.shadow.add(Kind::Item([Plain::Nil; 2])), self.random.one_in(2));
            if is_finalized {
                self.shadow.register(id);
            }
            self.shadow.roots[a] = Plain::Object(id);
            return step(Op::item, [a, id as usize, is_finalized.into()]);
        };
        let value = self.root(b);
        let stores = self.random.one_in(2);
        let Some(Kind::Item(values)) = self.shadow.nodes.get_mut(&id).map(|node| &mut node.kind) else { return NOTHING };
        if stores {
            values[which] = value;
            return step(Op::set_user, [slot, which + 1, b]);
        }
        let value = values[which];
        self.shadow.roots[b] = value;
        self.checks.push_back(value);
        step(Op::get_user, [slot, which + 1, b])
    }

    fn go_deep(&mut self) -> Step {
        if self.runs.len() >= MOST_RUNS || self.quiet {
            return NOTHING;
        }
        let b = self.slot();
        let levels = if self.random.one_in(10) { 1 + self.random.below(3000) } else { 1 + self.random.below(30) };
        self.shadow.held.push(self.root(b));
        let left = 1 + self.random.below(200) as u32;
        self.runs.push(Run { left, coroutine: None });
        step(Op::deep, [levels, b])
    }

    fn ask_collector(&mut self) -> Step {
        let choice = self.random.below(120);
        match choice {
            _ if self.quiet => NOTHING,
            0 => step(Op::collect, []),
            1..60 => step(Op::gc_step, [*self.random.pick(&[0, 0, 1, 20])]),
            60..64 if self.switches => step(Op::mode, [self.random.below(2)]),
            64 | 65 => step(Op::walk, []),
            66 | 67 => step(Op::strict, []),
            68..80 => step(Op::count, []),
            _ => NOTHING,
        }
    }
}
