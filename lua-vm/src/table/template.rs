//! Tables of library functions, copied rather than filled.
//!
//! The hash part of such a table is the same in every VM when it is new: names of the library are one pointer in the whole
//! process, and library functions are plain values. So it is filled by the second VM that opens the library (the
//! first one knows the names as strings of its own table), and all later ones copy it.

use std::sync::{PoisonError, RwLock};

use lua_gc::OutOfMemory;
use lua_proto::pool::Fixed;

use super::{NODE, Node, Table};
use crate::api::Native;
use crate::object::Heap;
use crate::string::Str;
use crate::value::tag;

/// The hash part of a new table.
pub(crate) struct Template {
    nodes: Box<[Node]>,
    node_mask: u32,
    /// As in the table.
    table_names: u32,
    /// VMs that know at least so many fixed names know all that are keys here: names are only ever added.
    names: usize,
}

// SAFETY: the nodes refer to fixed names, which are never released, and to statics; nobody writes to them.
unsafe impl Send for Template {}
// SAFETY: as above.
unsafe impl Sync for Template {}

/// What a template is for: functions by address, how many they are, for how many more fields there is room.
type Key = (usize, usize, usize);

/// All templates of the process, by key. Libraries are static, so there are few, and they stay.
static ALL: RwLock<Vec<(Key, &'static Template)>> = RwLock::new(Vec::new());

fn key(functions: &'static [Native], more: usize) -> Key {
    (functions.as_ptr().addr(), functions.len(), more)
}

impl Template {
    /// The template for these functions, with room for `more` fields, if a VM that knows these names can use it.
    pub(crate) fn find(functions: &'static [Native], more: usize, fixed: &Fixed) -> Option<&'static Template> {
        let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
        let place = all.binary_search_by_key(&key(functions, more), |entry| entry.0).ok()?;
        let (_, template) = all[place];
        (template.names <= fixed.len()).then_some(template)
    }

    /// Makes the template for these functions from a table that has just got them and nothing else, unless there is one, or
    /// a key is none of these names.
    ///
    /// # Safety
    /// `t` is a live table.
    pub(crate) unsafe fn keep(functions: &'static [Native], more: usize, t: *const Table, fixed: &Fixed) {
        // SAFETY: the caller's promise; nodes are read within their number, keys that are strings are live.
        let template = unsafe {
            let nodes = std::slice::from_raw_parts((*t).nodes, (*t).node_count());
            let is_fixed = |node: &Node| {
                let name = std::ptr::with_exposed_provenance_mut::<Str>(node.key as usize);
                node.key_tag == tag::SHORT && (*name).is_shared() && fixed.find((*name).short_hash(), (*name).bytes()).is_some()
            };
            if (*t).has_dummy() || !nodes.iter().all(|node| node.is_vacant() || is_fixed(node)) {
                return;
            }
            Template { nodes: nodes.into(), node_mask: (*t).node_mask, table_names: (*t).names, names: fixed.len() }
        };
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        if let Err(place) = all.binary_search_by_key(&key(functions, more), |entry| entry.0) {
            all.insert(place, (key(functions, more), Box::leak(Box::new(template))));
        }
    }

    /// A new table with this hash part.
    pub(crate) fn make(&self, heap: &mut Heap) -> Result<*mut Table, OutOfMemory> {
        let t = Table::new(heap, 0, 0)?;
        let nodes = heap.alloc_raw(size_of_val(&*self.nodes))?.as_ptr().cast::<Node>();
        // SAFETY: both are fresh, the block has room for all nodes.
        unsafe {
            nodes.copy_from_nonoverlapping(self.nodes.as_ptr(), self.nodes.len());
            (*t).nodes = nodes;
            (*t).node_mask = self.node_mask;
            (*t).node_bytes = (self.nodes.len() * NODE) as u32;
            (*t).names = self.table_names;
        }
        Ok(t)
    }
}
