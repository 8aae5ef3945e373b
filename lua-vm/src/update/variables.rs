//! Variables that outlive their functions: which upvalues are the same variable in both versions of a chunk.

use std::collections::HashMap;
use std::ptr::NonNull;

use lua_proto::pool::PoolStr;
use lua_proto::{Image, Proto};

use crate::function::{Closure, Upvalue};

use super::counterpart::Counterpart;

/// The home of `_ENV` as the outermost function gets it.
const OUTSIDE: u32 = u32::MAX;

/// A variable of the new chunk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key {
    /// The function that declares it, by position.
    home: u32,
    pub(super) name: NonNull<PoolStr>,
    ordinal: u16,
}

impl Key {
    /// Whether the outermost function declares it, or gets it from outside: then running the chunk makes it.
    pub(super) fn is_global(self) -> bool {
        self.home == OUTSIDE || self.home == 0
    }

    pub(super) fn home(self) -> u32 {
        self.home
    }
}

/// An upvalue of a function: its variable, and whether that may be declared again while its home runs.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) key: Key,
    pub(super) repeated: bool,
}

/// What an upvalue of a function is. `None` if nobody knows: it was a binary chunk.
pub(super) fn wanted(proto: &Proto, i: usize) -> Option<Wanted> {
    let variable = proto.variables().get(i)?;
    let name = proto.upvalues().get(i)?.name.as_ref()?.as_ptr();
    let home = match variable.levels {
        0 => OUTSIDE,
        levels => outward(proto.image(), proto.position(), levels),
    };
    Some(Wanted { key: Key { home, name, ordinal: variable.ordinal }, repeated: variable.repeated })
}

fn outward(image: &Image, position: u32, levels: u8) -> u32 {
    (0..levels).fold(position, |at, _| image.outline().get(at as usize).map_or(0, |entry| entry.parent))
}

/// The live variables of one version, as its closures hold them.
///
/// Two variables with the same home belong to the same call of it if a closure holds both. That is what *group* means here; `_ENV` counts
/// as a variable of the outermost function.
#[derive(Default)]
pub(super) struct Variables {
    found: HashMap<Key, Vec<*mut Upvalue>>,
    /// Leads from each upvalue of a group to another one, in the end to the one that stands for the group.
    parents: HashMap<*mut Upvalue, *mut Upvalue>,
}

/// What is known of the variable that a closure asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Is(*mut Upvalue),
    /// There is none.
    None,
    /// There are several.
    Several,
}

impl Variables {
    /// Takes in what a closure holds. `to_new` maps positions to those of the new chunk.
    ///
    /// # Safety
    /// A live closure.
    pub(super) unsafe fn add(&mut self, closure: *mut Closure, to_new: &[Counterpart]) {
        // SAFETY: the caller's promise.
        for (key, upvalue) in unsafe { keys_of(closure, to_new) } {
            let instances = self.found.entry(key).or_default();
            if !instances.contains(&upvalue) {
                instances.push(upvalue);
            }
            self.parents.entry(upvalue).or_insert(upvalue);
        }
        // SAFETY: as above.
        unsafe { self.join_groups(closure, to_new) }
    }

    unsafe fn join_groups(&mut self, closure: *mut Closure, to_new: &[Counterpart]) {
        let mut of_home: HashMap<u32, *mut Upvalue> = HashMap::new();
        // SAFETY: as in `add`.
        for (key, upvalue) in unsafe { keys_of(closure, to_new) } {
            let first = *of_home.entry(group_home(key)).or_insert(upvalue);
            let (a, b) = (self.group(first), self.group(upvalue));
            self.parents.insert(a, b);
        }
    }

    fn group(&self, upvalue: *mut Upvalue) -> *mut Upvalue {
        let mut at = upvalue;
        while let Some(&parent) = self.parents.get(&at)
            && parent != at
        {
            at = parent;
        }
        at
    }

    /// The group of the variables with the same home as `key` that a closure holds.
    ///
    /// # Safety
    /// A live closure.
    pub(super) unsafe fn group_of(&self, closure: *mut Closure, to_new: &[Counterpart], key: Key) -> Option<*mut Upvalue> {
        // SAFETY: the caller's promise.
        let mut held = unsafe { keys_of(closure, to_new) }.into_iter();
        held.find(|(k, _)| group_home(*k) == group_home(key)).map(|(_, upvalue)| self.group(upvalue))
    }

    /// The variable that a closure of this group means.
    pub(super) fn of_group(&self, group: Option<*mut Upvalue>, wanted: Wanted) -> Answer {
        let all = self.all(wanted.key);
        if let Some(group) = group {
            let mut inside = all.iter().copied().filter(|&u| self.group(u) == group);
            if let Some(first) = inside.next() {
                return if wanted.repeated || inside.next().is_some() { Answer::Several } else { Answer::Is(first) };
            }
        }
        match all {
            _ if !wanted.key.is_global() => Answer::None,
            [] => Answer::None,
            &[only] if !wanted.repeated && self.instances() <= 1 => Answer::Is(only),
            _ => Answer::Several,
        }
    }

    /// The variable, if there is but one.
    pub(super) fn only(&self, key: Key) -> Answer {
        match *self.all(key) {
            [] => Answer::None,
            [only] => Answer::Is(only),
            _ => Answer::Several,
        }
    }

    /// All keys with a variable.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.found.keys().copied()
    }

    fn all(&self, key: Key) -> &[*mut Upvalue] {
        self.found.get(&key).map_or(&[], Vec::as_slice)
    }

    /// How many times the chunk was loaded, as far as its closures tell.
    fn instances(&self) -> usize {
        self.found.iter().filter(|(key, _)| key.home == OUTSIDE).map(|(_, all)| all.len()).max().unwrap_or_default()
    }

    /// The `_ENV` that the outermost function was given, if all live closures agree.
    pub(super) fn environment(&self) -> Option<*mut Upvalue> {
        let mut outside = self.found.iter().filter(|(key, _)| key.home == OUTSIDE);
        match (outside.next(), outside.next()) {
            (Some((_, all)), None) if all.len() == 1 => Some(all[0]),
            _ => None,
        }
    }
}

fn group_home(key: Key) -> u32 {
    if key.home == OUTSIDE { 0 } else { key.home }
}

/// The variables of the new chunk that correspond to a closure's upvalues.
unsafe fn keys_of(closure: *mut Closure, to_new: &[Counterpart]) -> Vec<(Key, *mut Upvalue)> {
    // SAFETY: the callers pass a live closure.
    unsafe {
        let proto = (*(*closure).function).proto();
        let count = (*closure).upvalue_count as usize;
        let translated = |i: usize| {
            let Wanted { mut key, .. } = wanted(proto, i)?;
            if key.home != OUTSIDE {
                match to_new.get(key.home as usize) {
                    Some(Counterpart::At(position)) => key.home = *position,
                    _ => return None,
                }
            }
            Some((key, (*closure).upvalue(i)))
        };
        (0..count).filter_map(translated).collect()
    }
}
