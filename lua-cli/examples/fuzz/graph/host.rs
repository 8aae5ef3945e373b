//! What the driver asks of the host: the next operation, and whether what it sees is right.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lua_vm::{Cx, Error, Lua, Outcome, Type};

use super::ids::Set;
use super::operations::{CRADLES, Due, FAR, NAMES, ROOTED, ROOTS, WeakRead, World};
use super::shadow::{Id, Key, Kind, Plain, State, WEAK_KEYS, WEAK_VALUES, text};

type Shared = Arc<Mutex<World>>;
type Found = Result<(), String>;

/// A userdata of the graph. It counts those that are there.
struct Item {
    id: Id,
    count: Arc<AtomicUsize>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the driver the table `host`, and `roots`.
///
/// # Errors
///
/// "not enough memory".
pub(super) fn open(lua: &mut Lua, world: &Shared, items: &Arc<AtomicUsize>) -> Result<(), Error> {
    lua.with(|cx| {
        cx.push_globals();
        cx.push_table(ROOTED, 0)?;
        cx.set_field(0, "roots")?;
        cx.push_table(0, 50)?;
        push_names(cx)?;
        cx.push_int(ROOTED as i64);
        cx.set_field(1, "roots")?;
        push_operations(cx, world)?;
        push_checks(cx, world)?;
        push_collections(cx, world, items)?;
        push_items(cx, items)?;
        cx.set_field(0, "host")
    })
}

fn push_names(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_table(NAMES.len(), 0)?;
    for (index, name) in NAMES.iter().enumerate() {
        cx.push_str(name)?;
        cx.raw_set_int(2, index as i64 + 1)?;
    }
    cx.set_field(1, "names")
}

/// Makes a Rust function the field `name` of the table in slot 1. What it returns is the number of its results, which it pushed.
fn add(
    cx: &mut Cx<'_>,
    name: &str,
    world: &Shared,
    f: impl Fn(&mut Cx<'_>, &Shared) -> Result<u32, Error> + Send + 'static,
) -> Result<(), Error> {
    let world = Arc::clone(world);
    cx.push_rust_closure(move |cx| {
        let results = f(cx, &world)?;
        Ok::<Outcome, Error>(cx.returns(results))
    })?;
    cx.set_field(1, name)
}

/// As [`add`], for a look at the arguments: the first problem that any of them finds ends the case.
fn add_check(
    cx: &mut Cx<'_>,
    name: &'static str,
    world: &Shared,
    f: impl Fn(&mut Cx<'_>, &mut World) -> Found + Send + 'static,
) -> Result<(), Error> {
    add(cx, name, world, move |cx, world| {
        let world = &mut *lock(world);
        if world.problem.is_none()
            && let Err(problem) = f(cx, world)
        {
            world.problem = Some(format!("step {}, {name}: {problem}", world.steps));
        }
        Ok(0)
    })
}

fn push_operations(cx: &mut Cx<'_>, world: &Shared) -> Result<(), Error> {
    add(cx, "step", world, |cx, world| {
        let Some((op, operands)) = lock(world).next() else { return Ok(0) };
        cx.push_int(op as i64 + 1);
        operands.into_iter().for_each(|operand| cx.push_int(operand));
        Ok(5)
    })?;
    add_check(cx, "made", world, |cx, world| {
        let id = cx.to_int(0).unwrap_or_default() as Id;
        let address = cx.address(1).ok_or("no object was made")?;
        world.shadow.nodes.get_mut(&id).ok_or("nothing was to be made")?.address = address;
        Ok(())
    })?;
    add_check(cx, "release", world, |_, world| world.shadow.held.pop().map(drop).ok_or("nothing was held".to_owned()))?;
    add_check(cx, "quiet", world, |_, world| {
        world.begin_run(40);
        world.quiet = true;
        Ok(())
    })
}

fn push_checks(cx: &mut Cx<'_>, world: &Shared) -> Result<(), Error> {
    add_check(cx, "check", world, |cx, world| {
        let expected = world.checks.pop_front().ok_or("nothing was to be seen")?;
        world.matches(cx, 0, expected)
    })?;
    add_check(cx, "check_weak", world, |cx, world| {
        let read = world.weak_read.take().ok_or("nothing was read")?;
        world.check_weak(cx, read)
    })?;
    add_check(cx, "check_held", world, |cx, world| {
        let expected = *world.shadow.held.last().ok_or("nothing is held")?;
        world.matches(cx, 0, expected)
    })?;
    add_check(cx, "equal", world, |cx, _| if cx.to_bool(0) { Ok(()) } else { Err("equal texts differ".to_owned()) })?;
    add_check(cx, "check_root", world, |cx, world| {
        let slot = cx.to_int(0).unwrap_or_default() as usize;
        if (ROOTS + 1..=ROOTS + CRADLES).contains(&slot) && !world.strict {
            // A finalizer may have used it just now.
            return Ok(());
        }
        let expected = world.shadow.roots[slot];
        world.matches(cx, 1, expected).map_err(|problem| format!("root {slot}: {problem}"))
    })?;
    add_check(cx, "check_frame", world, |cx, world| {
        let id = world.shown.take().ok_or("no frame is shown")?;
        let frame = world.shadow.coroutine(id).and_then(|coroutine| coroutine.frames.last());
        let (held, [p, q]) = frame.map(|frame| (frame.held, frame.variables)).ok_or("the coroutine has no frame")?;
        let (p, q) = (*world.shadow.variable(p), *world.shadow.variable(q));
        world.matches(cx, 0, p)?;
        world.matches(cx, 1, q)?;
        world.matches(cx, 2, held)
    })?;
    add_check(cx, "check_variables", world, |cx, world| {
        let id = world.id_at(cx, 0).ok_or("an unknown closure")?;
        let Kind::Closure([p, q]) = world.shadow.nodes[&id].kind else { return Err("no closure".to_owned()) };
        let (p, q) = (*world.shadow.variable(p), *world.shadow.variable(q));
        world.matches(cx, 1, p)?;
        world.matches(cx, 2, q)
    })?;
    add_check(cx, "frame_of", world, |cx, world| {
        world.shown = world.id_at(cx, 0);
        Ok(())
    })?;
    add_check(cx, "closed", world, |cx, world| {
        let id = id_of(cx, 0).ok_or("something else was closed")?;
        match world.closing.pop_front() {
            Some(expected) if expected == id => Ok(()),
            other => Err(format!("{id} was closed, not {other:?}")),
        }
    })?;
    add_check(cx, "special", world, |cx, world| {
        let address = cx.address(0).ok_or("no metatable")?;
        world.special.insert(address, cx.to_int(1).unwrap_or_default() as u8);
        Ok(())
    })?;
    add(cx, "is_special", world, |cx, world| {
        let is_special = cx.address(0).is_some_and(|address| lock(world).special.contains_key(&address));
        cx.push_bool(is_special);
        Ok(1)
    })?;
    add(cx, "whole", world, |cx, world| {
        let world = &mut *lock(world);
        let Some(id) = world.id_at(cx, 0).filter(|_| world.problem.is_none()) else { return Ok(0) };
        match world.check_whole(cx, id) {
            Ok(what) => cx.push_int(what),
            Err(problem) => {
                world.problem = Some(format!("step {}, object {id}: {problem}", world.steps));
                return Ok(0);
            }
        }
        Ok(1)
    })
}

fn push_collections(cx: &mut Cx<'_>, world: &Shared, items: &Arc<AtomicUsize>) -> Result<(), Error> {
    add_check(cx, "reach", world, |_, world| {
        world.look_around();
        Ok(())
    })?;
    add_check(cx, "begin_collection", world, |_, world| {
        world.finalized = 0;
        Ok(())
    })?;
    add(cx, "is_settled", world, |cx, world| {
        let mut world = lock(world);
        let is_settled = world.finalized == 0 || world.problem.is_some();
        if is_settled {
            world.shadow.may_be_due.clear();
        }
        cx.push_bool(is_settled);
        Ok(1)
    })?;
    add_check(cx, "expect_order", world, |_, world| {
        world.expect_order();
        Ok(())
    })?;
    add_check(cx, "order_ended", world, |_, world| match world.order.take().and_then(|order| order.into_iter().find(|due| due.is_dead)) {
        None => Ok(()),
        Some(Due { id, .. }) => Err(format!("{id} is dead, but was not finalized")),
    })?;
    let items = Arc::clone(items);
    add_check(cx, "strict", world, move |_, world| {
        world.look_around();
        world.strict = true;
        let count_in = |reached: &Set<Id>| reached.iter().filter(|id| matches!(world.shadow.nodes[id].kind, Kind::Item(_))).count();
        let (least, most) = (count_in(&world.surely_reached), count_in(&world.reached));
        match items.load(Ordering::Relaxed) {
            count if (least..=most).contains(&count) => Ok(()),
            count => Err(format!("{count} userdata are there, {least} to {most} are reachable")),
        }
    })?;
    add_check(cx, "not_strict", world, |_, world| {
        world.strict = false;
        let kept = world.shadow.reachable_or_registered();
        world.shadow.nodes.retain(|id, _| kept.contains(id));
        Ok(())
    })?;
    add(cx, "finalized", world, finalized)
}

/// An object's finalizer runs: its results are a root that keeps the object, or nil; whether it is registered again; and whether it fails.
fn finalized(cx: &mut Cx<'_>, world: &Shared) -> Result<u32, Error> {
    let (id, is_table) = (id_of(cx, 0), cx.type_of(0) == Type::Table);
    let world = &mut *lock(world);
    let answer = id.ok_or("an unknown object".to_owned()).and_then(|id| world.finalize(id, is_table));
    let (root, again, fails) = answer.unwrap_or_else(|problem| {
        world.problem.get_or_insert(format!("step {}, finalizer: {problem}", world.steps));
        (None, false, false)
    });
    match root {
        Some(root) => cx.push_int(root as i64),
        None => cx.push_nil(),
    }
    cx.push_bool(again);
    cx.push_bool(fails);
    Ok(3)
}

fn push_items(cx: &mut Cx<'_>, items: &Arc<AtomicUsize>) -> Result<(), Error> {
    let count = Arc::clone(items);
    cx.push_rust_closure(move |cx| {
        let id = cx.to_int(0).unwrap_or_default() as Id;
        count.fetch_add(1, Ordering::Relaxed);
        cx.push_userdata(Item { id, count: Arc::clone(&count) }, 2)?;
        if cx.type_of(1) == Type::Table {
            let item = cx.top() - 1;
            cx.push_slot(1);
            cx.set_metatable(item)?;
        }
        Ok(cx.returns(1))
    })?;
    cx.set_field(1, "item")?;
    cx.push_rust_closure(|cx| {
        let n = cx.to_int(1).unwrap_or_default();
        cx.set_user_value(0, n);
        Ok(cx.returns(0))
    })?;
    cx.set_field(1, "set_user")?;
    cx.push_rust_closure(|cx| {
        let n = cx.to_int(1).unwrap_or_default();
        cx.get_user_value(0, n);
        Ok(cx.returns(1))
    })?;
    cx.set_field(1, "get_user")
}

/// What a table of the graph, or a userdata, says it is.
fn id_of(cx: &mut Cx<'_>, slot: u32) -> Option<Id> {
    if let Some(item) = cx.userdata::<Item>(slot) {
        return Some(item.id);
    }
    if cx.type_of(slot) != Type::Table {
        return None;
    }
    cx.raw_get_str(slot, "id");
    let id = cx.to_int(cx.top() - 1);
    cx.pop(1);
    id.map(|id| id as Id)
}

impl World {
    /// Whether a slot holds this value.
    fn matches(&self, cx: &Cx<'_>, slot: u32, expected: Plain) -> Found {
        let is_right = match expected {
            Plain::Nil => cx.is_none_or_nil(slot),
            Plain::Text(number) => cx.bytes(slot) == text(number).as_bytes(),
            Plain::Object(id) => {
                let node = self.shadow.nodes.get(&id).ok_or_else(|| format!("{id} is not in the graph"))?;
                cx.address(slot) == Some(node.address) && is_type(&node.kind, cx.type_of(slot))
            }
        };
        if is_right { Ok(()) } else { Err(format!("{} where {expected:?} should be", self.describe(cx, slot))) }
    }

    fn describe(&self, cx: &Cx<'_>, slot: u32) -> String {
        match cx.type_of(slot) {
            Type::String => String::from_utf8_lossy(cx.bytes(slot)).into_owned(),
            other => format!("{other:?} {:?}", self.id_at(cx, slot)),
        }
    }

    /// The object of the graph in a slot, if it was surely reachable when the walk began.
    fn id_at(&self, cx: &Cx<'_>, slot: u32) -> Option<Id> {
        self.by_address.get(&cx.address(slot)?).copied()
    }

    /// Notes what is reachable, and where.
    fn look_around(&mut self) {
        self.reached = self.shadow.reachable();
        self.surely_reached = self.shadow.surely_reachable();
        let objects = self.surely_reached.iter().filter(|id| !matches!(self.shadow.nodes[id].kind, Kind::Variable(_)));
        self.by_address = objects.map(|id| (self.shadow.nodes[id].address, *id)).collect();
    }

    /// A look into a weak table gave what is in slot 0.
    fn check_weak(&mut self, cx: &Cx<'_>, read: WeakRead) -> Found {
        let entry = self.shadow.table(read.table).and_then(|table| table.fields.get(&read.key).copied()).unwrap_or_default();
        if cx.is_none_or_nil(0) && entry.value != Plain::Nil {
            let reached = self.shadow.surely_reachable();
            let is_dead = entry.value.object().is_some_and(|id| !reached.contains(&id));
            let weak = self.shadow.table(read.table).map_or(0, |table| table.weak);
            if !(entry.is_loose || is_dead && weak & WEAK_VALUES != 0) {
                return Err(format!("{:?} of the weak table {} is gone: {entry:?}", read.key, read.table));
            }
            self.shadow.table(read.table).and_then(|table| table.fields.remove(&read.key));
            return Ok(());
        }
        self.shadow.roots[read.into] = entry.value;
        if self.is_verbose {
            eprintln!("  weak {read:?} gives {entry:?}");
        }
        self.matches(cx, 0, entry.value)
    }

    /// Notes which registered objects are dead, or may be, in the order in which they are due: the last one first.
    fn expect_order(&mut self) {
        let (surely_reached, reached) = (self.shadow.surely_reachable(), self.shadow.reachable());
        let registered = self.shadow.registered.iter().filter(|(id, _)| !surely_reached.contains(id));
        let mut due: Vec<_> = registered.map(|(id, turn)| (*turn, *id)).collect();
        due.sort_unstable_by(|a, b| b.cmp(a));
        self.order = Some(due.into_iter().map(|(_, id)| Due { id, is_dead: !reached.contains(&id) }).collect());
    }

    /// Takes the next object that is due: it must be this one, but for those that may live.
    fn take_due(&mut self, id: Id) -> Found {
        let Some(order) = &mut self.order else { return Ok(()) };
        while let Some(due) = order.pop_front() {
            if due.id == id {
                return Ok(());
            }
            if due.is_dead {
                return Err(format!("{id} is finalized, not {}", due.id));
            }
        }
        Err(format!("{id} is finalized, and not due"))
    }

    fn finalize(&mut self, id: Id, is_table: bool) -> Result<(Option<usize>, bool, bool), String> {
        self.finalized += 1;
        self.shadow.registered.remove(&id).ok_or_else(|| format!("{id} is not registered, or was finalized before"))?;
        self.take_due(id)?;
        let reached = self.shadow.surely_reachable();
        if self.shadow.closing_down {
            return Ok((None, false, false));
        }
        if !self.shadow.may_be_due.remove(&id) && reached.contains(&id) {
            return Err(format!("{id} is reachable: {:?}", self.shadow.path_to(id)));
        }
        let root = if self.random.one_in(3) { self.next_cradle() } else { None };
        let again = is_table && self.random.one_in(8);
        let fails = self.random.one_in(6);
        if let Some(root) = root {
            self.shadow.brought_back(&reached);
            self.shadow.roots[root] = Plain::Object(id);
        }
        if again {
            self.shadow.register(id);
        }
        self.failed += u64::from(fails);
        if self.is_verbose {
            eprintln!("  finalizer of {id}: root {root:?}, again {again}, fails {fails}");
        }
        Ok((root, again, fails))
    }

    /// Looks at everything in the object in slot 0; what kind it is, as the driver counts.
    fn check_whole(&mut self, cx: &mut Cx<'_>, id: Id) -> Result<i64, String> {
        if !is_type(&self.shadow.nodes[&id].kind, cx.type_of(0)) {
            return Err(format!("it is a {:?}", cx.type_of(0)));
        }
        match &self.shadow.nodes[&id].kind {
            Kind::Table(_) => {
                self.check_meta(cx, id)?;
                self.check_entries(cx, id)?;
                Ok(1)
            }
            Kind::Closure(_) => Ok(2),
            Kind::Coroutine(coroutine) if coroutine.state == State::Suspended => Ok(3),
            Kind::Item(values) => {
                let values = *values;
                for (n, value) in (1..).zip(values) {
                    cx.get_user_value(0, n);
                    self.matches(cx, cx.top() - 1, value)?;
                    cx.pop(1);
                }
                Ok(4)
            }
            _ => Ok(0),
        }
    }

    fn check_meta(&mut self, cx: &mut Cx<'_>, id: Id) -> Found {
        let Some(table) = self.shadow.table(id) else { return Ok(()) };
        let (special, meta) = (table.special, table.meta);
        let has_one = cx.get_metatable(0);
        let slot = cx.top() - u32::from(has_one);
        if special != 0 {
            let found = cx.address(slot).and_then(|address| self.special.get(&address));
            if found != Some(&special) {
                return Err(format!("its metatable is {found:?}, not {special}"));
            }
        } else {
            self.matches(cx, slot, meta.map_or(Plain::Nil, Plain::Object)).map_err(|problem| format!("metatable: {problem}"))?;
        }
        cx.set_top(1).map_err(|error| error.to_string())
    }

    /// Every entry that is there should be, and the other way round.
    fn check_entries(&mut self, cx: &mut Cx<'_>, id: Id) -> Found {
        let (mut items, mut seen) = (0, Set::default());
        cx.push_nil();
        while cx.next(0).map_err(|error| error.to_string())? {
            if cx.bytes(1) == b"id" {
                if cx.to_int(2) != Some(id.into()) {
                    return Err(format!("it says that it is {:?}", cx.to_int(2)));
                }
            } else if let Some(at) = cx.to_int(1).filter(|at| *at <= FAR && cx.is_integer(1)) {
                let item = self.shadow.table(id).and_then(|table| table.items.get(at as usize - 1).copied());
                self.matches(cx, 2, item.unwrap_or_default()).map_err(|problem| format!("item {at}: {problem}"))?;
                items += 1;
            } else {
                let key = self.key_at(cx, id).ok_or_else(|| format!("it has an entry {}", self.describe(cx, 1)))?;
                self.check_entry(cx, id, key)?;
                seen.insert(key);
            }
            cx.pop(1);
        }
        let Some(table) = self.shadow.table(id) else { return Ok(()) };
        let expected = table.items.iter().filter(|item| **item != Plain::Nil).count();
        if items != expected {
            return Err(format!("{items} items, not {expected}"));
        }
        self.check_missing(id, |key| seen.contains(key))
    }

    fn check_entry(&self, cx: &Cx<'_>, id: Id, key: Key) -> Found {
        let Some(Kind::Table(table)) = self.shadow.nodes.get(&id).map(|node| &node.kind) else { return Ok(()) };
        let entry = table.fields.get(&key).copied().unwrap_or_default();
        self.matches(cx, 2, entry.value).map_err(|problem| {
            let at_key = self.nodes_at(cx.address(1));
            format!("{key:?} (weak: {}, at its address: {at_key}): {problem}, at its address: {}", table.weak, self.nodes_at(cx.address(2)))
        })?;
        let is_dead = |weak, id: Option<Id>| table.weak & weak != 0 && id.is_some_and(|id| !self.reached.contains(&id));
        if self.strict && (is_dead(WEAK_VALUES, entry.value.object()) || is_dead(WEAK_KEYS, key.object())) {
            return Err(format!("{key:?} is there, though {entry:?} is dead"));
        }
        Ok(())
    }

    /// For messages: what the graph has at an address. Of several, all but one are gone, or should be.
    fn nodes_at(&self, address: Option<usize>) -> String {
        let nodes = self.shadow.nodes.iter().filter(|(_, node)| address == Some(node.address));
        let reached = |id| match (self.surely_reached.contains(id), self.reached.contains(id)) {
            (true, _) => "reachable",
            (_, true) => "perhaps reachable",
            _ => "dead",
        };
        let texts = nodes
            .map(|(id, node)| format!("{id} ({}, registered: {}) {:?}", reached(id), self.shadow.registered.contains_key(id), node.kind));
        texts.collect::<Vec<_>>().join("; ")
    }

    /// Which entry of the table `id` the key in slot 1 names. Of objects with one address, the last one is there.
    fn key_at(&self, cx: &Cx<'_>, id: Id) -> Option<Key> {
        if let Some(address) = cx.address(1) {
            let Some(Kind::Table(table)) = self.shadow.nodes.get(&id).map(|node| &node.kind) else { return None };
            let is_it =
                |key: &&Key| key.object().is_some_and(|key| self.shadow.nodes.get(&key).is_some_and(|node| node.address == address));
            if cx.type_of(1) != Type::String {
                return self
                    .by_address
                    .get(&address)
                    .map(|id| Key::Object(*id))
                    .or_else(|| table.fields.keys().filter(is_it).max_by_key(|key| key.object()).copied());
            }
        }
        if let Some(n) = cx.to_int(1).filter(|_| cx.is_integer(1)) {
            return Some(Key::Int(n));
        }
        let name = std::str::from_utf8(cx.bytes(1)).ok()?;
        match name {
            "x" => Some(Key::Name(1)),
            "y" => Some(Key::Name(2)),
            "z" => Some(Key::Name(3)),
            _ => {
                let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
                let number = digits.split(' ').next()?.parse().ok()?;
                (text(number) == name).then_some(Key::Text(number))
            }
        }
    }

    /// Entries that are not there have to be dead. They are taken out.
    fn check_missing(&mut self, id: Id, is_there: impl Fn(&Key) -> bool) -> Found {
        let reached = &self.surely_reached;
        let Some(Kind::Table(table)) = self.shadow.nodes.get_mut(&id).map(|node| &mut node.kind) else { return Ok(()) };
        let weak = table.weak;
        let mut problem = Ok(());
        table.fields.retain(|key, entry| {
            let is_dead = |side, id: Option<Id>| weak & side != 0 && id.is_some_and(|id| !reached.contains(&id));
            if !is_there(key) && !entry.is_loose && !is_dead(WEAK_VALUES, entry.value.object()) && !is_dead(WEAK_KEYS, key.object()) {
                problem = Err(format!("{key:?} is gone: {entry:?}"));
            }
            is_there(key)
        });
        problem
    }
}

fn is_type(kind: &Kind, found: Type) -> bool {
    match kind {
        Kind::Table(_) => found == Type::Table,
        Kind::Closure(_) => found == Type::Function,
        Kind::Coroutine(coroutine) => found == if coroutine.is_wrapped { Type::Function } else { Type::Thread },
        Kind::Item(_) => found == Type::Userdata,
        Kind::Variable(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::shadow::{Entry, Table};
    use super::*;
    use crate::random::Random;

    /// The order of finalizers is known of what is dead; what an entry holds that may be gone may be among it.
    #[test]
    fn what_may_live_is_finalized_in_its_turn_or_not_at_all() {
        let table = |weak| Kind::Table(Table { weak, ..Table::default() });
        let mut world = World::new(Random::new(1, 1), false);
        let shadow = &mut world.shadow;
        let [first, key, last, value, live] = [0; 5].map(|_| shadow.add(table(0)));
        let weak = shadow.add(table(WEAK_VALUES));
        let entry = Entry { value: Plain::Object(value), is_loose: false };
        shadow.table(weak).unwrap().fields.insert(Key::Object(key), entry);
        shadow.handles.extend([Plain::Object(weak), Plain::Object(live)]);
        [first, key, last, live].into_iter().for_each(|id| shadow.register(id));
        let mut is_right = |finalized: &[Id]| {
            world.expect_order();
            let took_all = finalized.iter().all(|id| world.take_due(*id).is_ok());
            took_all && !world.order.take().unwrap().iter().any(|due| due.is_dead)
        };
        assert!(is_right(&[last, key, first]) && is_right(&[last, first]));
        assert!(!is_right(&[key, last, first]) && !is_right(&[first, last]) && !is_right(&[last, first, key]));
        assert!(!is_right(&[last]) && !is_right(&[last, first, live]) && !is_right(&[live, last, first]));
    }
}
