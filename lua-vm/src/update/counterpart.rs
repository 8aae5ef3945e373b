//! Which function of a new chunk takes the place of which one of an old chunk.
//!
//! A function is found by the way to it from the outermost one: at each step the name, and if several
//! functions next to each other have the same name, their order, provided that there are as many of them as before.

use std::collections::HashMap;

use lua_proto::{Image, Proto};

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

/// The functions of each name in each function, in order.
type Siblings<'i> = HashMap<(u32, &'i [u8]), Vec<u32>>;

/// The counterparts of all functions of `old` by position.
pub(super) fn counterparts(old: &Image, new: &Image) -> Vec<Counterpart> {
    let (before, after) = (siblings(old), siblings(new));
    let mut found = vec![Counterpart::At(0); old.outline().len()];
    for position in 1..old.outline().len() {
        let (parent, name) = place(old, position);
        // The function around it stands before it.
        found[position] = match found[parent as usize] {
            Counterpart::At(new_parent) => match after.get(&(new_parent, name)) {
                None => Counterpart::Missing,
                Some(now) => in_order(&before[&(parent, name)], now, position as u32),
            },
            lost => lost,
        };
    }
    found
}

/// The counterpart of one of several functions of the same name.
fn in_order(before: &[u32], now: &[u32], position: u32) -> Counterpart {
    match before.binary_search(&position) {
        Ok(at) if before.len() == now.len() => Counterpart::At(now[at]),
        _ => Counterpart::Ambiguous,
    }
}

fn siblings(image: &Image) -> Siblings<'_> {
    let mut all = Siblings::new();
    for position in 1..image.outline().len() {
        all.entry(place(image, position)).or_default().push(position as u32);
    }
    all
}

/// The function around the one at a position, and its name.
fn place(image: &Image, position: usize) -> (u32, &[u8]) {
    (image.outline()[position].parent, image.name(position as u32))
}

/// The names on the way to a function, as reports show it: `make/return`.
pub(super) fn path(image: &Image, position: u32) -> String {
    let outline = image.outline();
    let mut names = Vec::new();
    let mut at = position as usize;
    while let Some(entry) = outline.get(at).filter(|_| at > 0) {
        let name = String::from_utf8_lossy(image.name(at as u32)).into_owned();
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
