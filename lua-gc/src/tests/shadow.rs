//! The same graph in plain Rust, and reachability by definition.

use std::collections::{HashMap, HashSet};

use super::toy::{ALL_WEAK, EPHEMERON, Id, STRING, STRINGS, TABLE, WEAK_VALUES};

pub(crate) type ShadowPair = (Option<Id>, Option<Id>);

#[derive(Default)]
pub(crate) struct Shadow {
    pub(crate) objects: HashMap<Id, (u8, Vec<ShadowPair>)>,
    pub(crate) roots: Vec<Option<Id>>,
    /// Registered, finalizer not called.
    pub(crate) registered: HashSet<Id>,
}

impl Shadow {
    pub(crate) fn kind(&self, id: Id) -> u8 {
        if id < STRINGS { STRING } else { self.objects[&id].0 }
    }

    /// What the roots reach, and with `registered` what finalizers may see.
    pub(crate) fn reachable(&self, registered: bool) -> HashSet<Id> {
        let mut reached = HashSet::new();
        let mut queue: Vec<Id> = self.roots.iter().copied().flatten().collect();
        if registered {
            queue.extend(&self.registered);
        }
        loop {
            while let Some(id) = queue.pop() {
                if !reached.insert(id) || self.kind(id) == STRING {
                    continue;
                }
                let (kind, pairs) = &self.objects[&id];
                for &(key, value) in pairs {
                    if matches!(*kind, TABLE | WEAK_VALUES) {
                        queue.extend(key);
                    }
                    if *kind == TABLE {
                        queue.extend(value);
                    }
                }
            }
            // Weak tables: an entry stays if both sides do; then it keeps strings
            // (which are values) and, in an ephemeron table, its value.
            for &id in &reached {
                if self.kind(id) == STRING {
                    continue;
                }
                let (kind, pairs) = &self.objects[&id];
                let alive = |side: Option<Id>| side.is_none_or(|id| self.kind(id) == STRING || reached.contains(&id));
                for &(key, value) in pairs {
                    let stays = match *kind {
                        WEAK_VALUES => alive(value),
                        EPHEMERON => alive(key),
                        ALL_WEAK => alive(key) && alive(value),
                        _ => false,
                    };
                    if stays {
                        queue.extend([key, value].into_iter().flatten().filter(|id| !reached.contains(id)));
                    }
                }
            }
            if queue.is_empty() {
                return reached;
            }
        }
    }
}
