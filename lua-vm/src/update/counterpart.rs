//! Which function of a new chunk takes the place of which one of an old chunk.
//!
//! A function is found by the way to it from the outermost one: at each step the name, and if several
//! functions next to each other have the same name, their order, provided that there are as many of them as before.

use std::collections::HashMap;
use std::ptr::NonNull;

use lua_proto::pool::PoolStr;
use lua_proto::{Image, Outline, Proto};

/// What takes the place of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counterpart {
    /// The function at this position of the new chunk.
    At(u32),
    /// Nothing: there is no function of the name.
    Missing,
    /// It cannot be told: there are more functions of the name than before, or fewer.
    Ambiguous,
}

type Siblings = HashMap<(u32, NonNull<PoolStr>), Vec<u32>>;

/// The counterparts of all functions of `old` by position.
pub(super) fn counterparts(old: &[Outline], new: &[Outline]) -> Vec<Counterpart> {
    let (before, after) = (siblings(old), siblings(new));
    let mut found = vec![Counterpart::At(0); old.len()];
    for (position, entry) in old.iter().enumerate().skip(1) {
        let name = entry.name.as_ptr();
        // The function around it stands before it.
        found[position] = match found[entry.parent as usize] {
            Counterpart::At(parent) => match after.get(&(parent, name)) {
                None => Counterpart::Missing,
                Some(same) if same.len() == before[&(entry.parent, name)].len() => Counterpart::At(same[entry.ordinal as usize]),
                Some(_) => Counterpart::Ambiguous,
            },
            lost => lost,
        };
    }
    found
}

/// The functions of each name in each function, in order.
fn siblings(outline: &[Outline]) -> Siblings {
    let mut all = Siblings::new();
    for (position, entry) in outline.iter().enumerate().skip(1) {
        all.entry((entry.parent, entry.name.as_ptr())).or_default().push(position as u32);
    }
    all
}

/// The names on the way to a function, as reports show it: `make/return`.
pub(super) fn path(image: &Image, position: u32) -> String {
    let outline = image.outline();
    let mut names = Vec::new();
    let mut at = position as usize;
    while let Some(entry) = outline.get(at).filter(|_| at > 0) {
        let name = String::from_utf8_lossy(entry.name.as_bytes()).into_owned();
        names.push(if name.is_empty() { String::from("?") } else { name });
        at = entry.parent as usize;
    }
    names.reverse();
    if names.is_empty() { String::from("main chunk") } else { names.join("/") }
}

/// The function at a position at or below `root`.
pub(super) fn proto_at(root: &Proto, position: u32) -> &Proto {
    let mut at = root;
    while at.position() != position {
        // Positions count in the order of the source, so the way leads through the last function that is not behind.
        match at.protos().iter().rfind(|nested| nested.position() <= position) {
            Some(nested) => at = nested,
            None => return at,
        }
    }
    at
}
