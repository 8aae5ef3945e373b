//! Tables of library functions, copied rather than filled.
//!
//! The hash part of such a table is the same in every VM when it is new: names of the library are one pointer in the whole
//! process, and library functions are plain values. So it is filled by the second VM that opens the library (the
//! first one knows the names as strings of its own table), and all later ones copy it.

use lua_proto::pool::Fixed;
use std::ptr::NonNull;
use std::sync::{PoisonError, RwLock};

use super::{NO_KEY, Node, Table};
use crate::api::Native;
use crate::object::Heap;
use crate::string::Str;
use crate::value::tag;

/// The hash part of a table that has library functions and nothing else.
struct Template {
    nodes: Box<[Node]>,
    /// As in the table.
    table_names: u32,
    /// VMs that know at least so many fixed names know all that are keys here: names are only ever added.
    names: usize,
}

// SAFETY: the nodes refer to fixed names, which are never released, and to statics; nobody writes to them.
unsafe impl Send for Template {}
// SAFETY: as above.
unsafe impl Sync for Template {}

/// What a template is for: functions by address, how many they are, for how many nodes.
type Key = (usize, usize, usize);

/// All templates of the process, by key. Libraries are static, so there are few, and they stay.
static ALL: RwLock<Vec<(Key, &'static Template)>> = RwLock::new(Vec::new());

/// A table that never had a key, and gets library functions.
pub(crate) struct Blank {
    key: Key,
    table: *mut Table,
}

impl Blank {
    /// The table, if it can get these functions from a template: it has nodes, none of which ever had a key, and nobody watches it.
    ///
    /// # Safety
    /// `t` is a live table, for as long as the result is used.
    pub(crate) unsafe fn new(heap: &Heap, t: *mut Table, functions: &'static [Native]) -> Option<Blank> {
        // SAFETY: the caller's promise; nodes are read within their number.
        unsafe {
            let nodes = std::slice::from_raw_parts((*t).nodes, (*t).node_count());
            let is_plain = (*t).flags == 0 && (*t).absent == 0 && !heap.needs_barrier(NonNull::new_unchecked(t.cast()));
            let is_blank = is_plain && !(*t).has_dummy() && nodes.iter().all(|node| node.key_tag == NO_KEY);
            is_blank.then(|| Blank { key: (functions.as_ptr().addr(), functions.len(), nodes.len()), table: t })
        }
    }

    /// Gives the table what the template for it has, if there is one that a VM that knows these names can use.
    pub(crate) fn fill(&self, fixed: &Fixed) -> bool {
        let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
        let Ok(place) = all.binary_search_by_key(&self.key, |entry| entry.0) else { return false };
        let (_, template) = all[place];
        if template.names > fixed.len() {
            return false;
        }
        // SAFETY: as `new` was promised, the table is live; it has as many nodes (the key says so), which refer to nothing and no barrier guards.
        unsafe {
            (*self.table).nodes.copy_from_nonoverlapping(template.nodes.as_ptr(), template.nodes.len());
            (*self.table).names = template.table_names;
        }
        true
    }

    /// Makes the template from the table, which has just got the functions and nothing else, unless there is one, the table grew, or
    /// a key is none of these names.
    pub(crate) fn keep(self, fixed: &Fixed) {
        let t = self.table;
        // SAFETY: as `new` was promised, the table is live; nodes are read within their number, keys that are strings are live.
        let template = unsafe {
            let nodes = std::slice::from_raw_parts((*t).nodes, (*t).node_count());
            let is_fixed = |node: &Node| {
                let name = std::ptr::with_exposed_provenance_mut::<Str>(node.key as usize);
                node.key_tag == tag::SHORT && (*name).is_shared() && fixed.find((*name).short_hash(), (*name).bytes()).is_some()
            };
            if nodes.len() != self.key.2 || !nodes.iter().all(|node| node.is_vacant() || is_fixed(node)) {
                return;
            }
            Template { nodes: nodes.into(), table_names: (*t).names, names: fixed.len() }
        };
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        if let Err(place) = all.binary_search_by_key(&self.key, |entry| entry.0) {
            all.insert(place, (self.key, Box::leak(Box::new(template))));
        }
    }
}
