//! The graph as it should be, and reachability by definition.

use super::ids::{Map, Set};

/// Names an object, or a variable that closures share.
pub(super) type Id = u32;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) enum Plain {
    #[default]
    Nil,
    /// The text of this number, see [`text`].
    Text(u32),
    Object(Id),
}

impl Plain {
    pub(super) fn object(self) -> Option<Id> {
        match self {
            Plain::Object(id) => Some(id),
            _ => None,
        }
    }
}

/// The string of a number: short below 1,000, long above.
pub(super) fn text(number: u32) -> String {
    if number < 1000 { format!("key{number}") } else { format!("text{number} ").repeat(8) }
}

/// A key beside the items of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Text(u32),
    /// Far from the items.
    Int(i64),
    Object(Id),
    /// x, y or z.
    Name(u8),
}

impl Key {
    pub(super) fn object(self) -> Option<Id> {
        match self {
            Key::Object(id) => Some(id),
            _ => None,
        }
    }
}

/// Bits of a weak table: its keys, its values.
pub(super) const WEAK_KEYS: u8 = 1;
pub(super) const WEAK_VALUES: u8 = 2;
/// Metatables of the driver beside those of weak tables, which have the numbers of their bits.
pub(super) const FINALIZED: u8 = 4;
pub(super) const CLOSED: u8 = 5;

/// What stands under a key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) value: Plain,
    /// The entry may be gone: its object had died, and a finalizer brought it back.
    pub(super) is_loose: bool,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    /// [`WEAK_KEYS`], [`WEAK_VALUES`].
    pub(super) weak: u8,
    pub(super) items: Vec<Plain>,
    pub(super) fields: Map<Key, Entry>,
    pub(super) meta: Option<Id>,
    /// A metatable of the driver in place of `meta`; 0: none.
    pub(super) special: u8,
}

/// A function of a coroutine that waits.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) held: Plain,
    /// The two variables.
    pub(super) variables: [Id; 2],
    /// What is to be closed when it ends.
    pub(super) closed: Option<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Suspended,
    Running,
    Dead,
}

#[derive(Debug)]
pub(super) struct Coroutine {
    pub(super) is_wrapped: bool,
    pub(super) state: State,
    pub(super) frames: Vec<Frame>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Table(Table),
    /// The variables in the order in which the closure names them.
    Closure([Id; 2]),
    Coroutine(Coroutine),
    Item([Plain; 2]),
    Variable(Plain),
}

#[derive(Debug)]
pub(super) struct Node {
    /// Where the object is; 0 as long as nobody has told.
    pub(super) address: usize,
    pub(super) kind: Kind,
}

/// The graph.
#[derive(Default)]
pub(super) struct Shadow {
    pub(super) nodes: Map<Id, Node>,
    pub(super) roots: Vec<Plain>,
    /// What locals of the main thread hold.
    pub(super) held: Vec<Plain>,
    /// Coroutines that run, the last one now.
    pub(super) running: Vec<Id>,
    /// What handles of the host hold.
    pub(super) handles: Vec<Plain>,
    /// Objects whose finalizers are due once, and when they were registered.
    pub(super) registered: Map<Id, u64>,
    /// Those of them that were found dead, perhaps, with one whose finalizer brought them back.
    pub(super) may_be_due: Set<Id>,
    /// The roots are gone, and so will be everything else.
    pub(super) closing_down: bool,
    next_id: Id,
    next_turn: u64,
}

impl Shadow {
    /// No objects, and so many roots.
    pub(super) fn new(roots: usize) -> Shadow {
        Shadow { roots: vec![Plain::Nil; roots], ..Shadow::default() }
    }

    pub(super) fn add(&mut self, kind: Kind) -> Id {
        self.next_id += 1;
        self.nodes.insert(self.next_id, Node { address: 0, kind });
        self.next_id
    }

    pub(super) fn register(&mut self, id: Id) {
        self.next_turn += 1;
        self.registered.insert(id, self.next_turn);
    }

    pub(super) fn table(&mut self, id: Id) -> Option<&mut Table> {
        match self.nodes.get_mut(&id).map(|node| &mut node.kind) {
            Some(Kind::Table(table)) => Some(table),
            _ => None,
        }
    }

    pub(super) fn coroutine(&mut self, id: Id) -> Option<&mut Coroutine> {
        match self.nodes.get_mut(&id).map(|node| &mut node.kind) {
            Some(Kind::Coroutine(coroutine)) => Some(coroutine),
            _ => None,
        }
    }

    pub(super) fn variable(&mut self, id: Id) -> &mut Plain {
        match self.nodes.get_mut(&id).map(|node| &mut node.kind) {
            Some(Kind::Variable(value)) => value,
            _ => panic!("{id} is no variable"),
        }
    }

    fn roots(&self) -> Vec<Id> {
        let values = self.roots.iter().chain(&self.held).chain(&self.handles);
        values.filter_map(|value| value.object()).chain(self.running.iter().copied()).collect()
    }

    /// What the roots reach if all entries of weak tables are there.
    pub(super) fn reachable(&self) -> Set<Id> {
        self.reachable_from(self.roots(), Set::default(), false)
    }

    /// What the roots reach even if all entries are gone that may be: a key is no longer held by a table with weak values when its
    /// value has died.
    pub(super) fn surely_reachable(&self) -> Set<Id> {
        self.reachable_from(self.roots(), Set::default(), true)
    }

    /// What the roots and the objects that wait for their finalizers reach.
    pub(super) fn reachable_or_registered(&self) -> Set<Id> {
        self.reachable_from(self.registered.keys().copied().collect(), self.reachable(), false)
    }

    /// `reached`, and what these objects reach.
    pub(super) fn reachable_from(&self, mut queue: Vec<Id>, mut reached: Set<Id>, surely: bool) -> Set<Id> {
        let mut weak: Vec<&Table> = reached.iter().filter_map(|id| self.weak_table(*id)).collect();
        loop {
            while let Some(id) = queue.pop() {
                if reached.insert(id) {
                    self.strong_references(id, surely, &mut queue);
                    weak.extend(self.weak_table(id));
                }
            }
            for table in &weak {
                self.held_by_entries(table, surely, &reached, &mut queue);
            }
            if queue.is_empty() {
                return reached;
            }
        }
    }

    fn weak_table(&self, id: Id) -> Option<&Table> {
        match self.nodes.get(&id).map(|node| &node.kind) {
            Some(Kind::Table(table)) if table.weak != 0 => Some(table),
            _ => None,
        }
    }

    /// Adds what a weak table holds because something else lives: the values of keys, or the keys of values.
    fn held_by_entries(&self, table: &Table, surely: bool, reached: &Set<Id>, into: &mut Vec<Id>) {
        let lives = |id: Option<Id>| id.is_none_or(|id| reached.contains(&id));
        let held = table.fields.iter().filter_map(|(key, entry)| match table.weak {
            WEAK_KEYS if lives(key.object()) => entry.value.object(),
            WEAK_VALUES if surely && !entry.is_loose && lives(entry.value.object()) => key.object(),
            _ => None,
        });
        into.extend(held.filter(|id| !reached.contains(id)));
    }

    /// How the roots reach an object (through strong references), for messages.
    pub(super) fn path_to(&self, id: Id) -> Vec<String> {
        self.ids_to(id).into_iter().map(|id| format!("{id}: {:?}", self.nodes.get(&id).map(|node| &node.kind))).collect()
    }

    fn ids_to(&self, id: Id) -> Vec<Id> {
        let mut paths: Vec<Vec<Id>> = self.roots().into_iter().map(|id| vec![id]).collect();
        let (mut seen, mut at) = (Set::default(), 0);
        while let Some(path) = paths.get(at).cloned() {
            at += 1;
            let last = path[path.len() - 1];
            if last == id {
                return path;
            }
            if seen.insert(last) {
                let mut next = Vec::new();
                self.strong_references(last, true, &mut next);
                paths.extend(next.into_iter().map(|id| [path.as_slice(), &[id]].concat()));
            }
        }
        Vec::new()
    }

    /// Adds what an object holds, whatever else lives.
    fn strong_references(&self, id: Id, surely: bool, into: &mut Vec<Id>) {
        match self.nodes.get(&id).map(|node| &node.kind) {
            None => {}
            Some(Kind::Table(table)) => {
                into.extend(table.meta);
                into.extend(table.items.iter().filter_map(|item| item.object()));
                if table.weak == 0 || table.weak == WEAK_VALUES && !surely {
                    into.extend(table.fields.keys().filter_map(|key| key.object()));
                }
                if table.weak == 0 {
                    into.extend(table.fields.values().filter_map(|entry| entry.value.object()));
                }
            }
            Some(Kind::Closure(variables)) => into.extend(variables),
            Some(Kind::Coroutine(coroutine)) => {
                for frame in &coroutine.frames {
                    into.extend(frame.variables);
                    into.extend(frame.held.object());
                    into.extend(frame.closed);
                }
            }
            Some(Kind::Item(values)) => into.extend(values.iter().filter_map(|value| value.object())),
            Some(Kind::Variable(value)) => into.extend(value.object()),
        }
    }

    /// A finalizer keeps what had died, all but `reached`, perhaps: entries with such values were cleared before, if their tables
    /// lived then. If not, they lead to objects whose finalizers are due all the same.
    pub(super) fn brought_back(&mut self, reached: &Set<Id>) {
        self.may_be_due.extend(self.registered.keys().filter(|id| !reached.contains(id)));
        for node in self.nodes.values_mut() {
            if let Kind::Table(table) = &mut node.kind
                && table.weak & WEAK_VALUES != 0
            {
                let entries = table.fields.values_mut();
                entries
                    .filter(|entry| entry.value.object().is_some_and(|id| !reached.contains(&id)))
                    .for_each(|entry| entry.is_loose = true);
            }
        }
    }
}
