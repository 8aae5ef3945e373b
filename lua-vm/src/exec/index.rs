//! What table access has in common (§3.2, §2.4): inline caches, raw access, the chains of `__index` and `__newindex`.
//!
//! A cache is one `u32` beside each instruction, in memory of the VM: the byte offset of a node. It is only a guess where to look
//! first, and checked every time: inside the nodes of *this* table, the same key, a value. So a cache can never be wrong, only
//! useless.

use lua_proto::op::Instr;

use super::dispatch::{in_register, taken};
use crate::error::Result;
use crate::flow::Flow;
use crate::function::Function;
use crate::meta::Event;
use crate::string::Str;
use crate::table::{KeyError, Node, Table};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// How many `__index` or `__newindex` steps a chain may have.
const MAX_CHAIN: usize = 2000;

/// The offset that the cache of the instruction before `pc` holds.
#[inline(always)]
pub(super) unsafe fn cached(pc: *const Instr, delta: isize) -> u32 {
    let address = ((pc.addr() >> 1) as isize + delta) as usize;
    // SAFETY: `delta` leads from half the address of verified code into the function's caches or the read-only area.
    unsafe { *std::ptr::with_exposed_provenance::<u32>(address) }
}

/// The node that a cache points to, if it holds `key` and a value.
#[inline(always)]
pub(super) unsafe fn cached_node(t: *mut Table, offset: u32, key: *mut Str) -> Option<*mut Node> {
    // SAFETY: a live table; the offset is checked against its nodes, and offsets are multiples of a node's size
    // because only `remember` writes them.
    unsafe {
        if offset < (*t).node_bytes {
            let node = in_register((*t).nodes.byte_add(offset as usize));
            if Node::has_key(node, key) {
                taken();
                if Node::is_seen(node) {
                    return Some(node);
                }
            }
        }
        None
    }
}

/// Remembers where a name was found; returns the delta to go on with.
#[inline(always)]
pub(super) unsafe fn remember(vm: *mut Vm, pc: *const Instr, t: *mut Table, node: *mut Node) -> isize {
    // SAFETY: `node` is one of `t`.
    unsafe {
        let offset = node.byte_offset_from((*t).nodes) as u32;
        Function::remember(&mut (*vm).heap, (*(*vm).frame).function, pc, offset)
    }
}

/// Whether a key is the string `__mode`.
#[inline(always)]
pub(super) unsafe fn is_mode(vm: *mut Vm, key: Value) -> bool {
    // SAFETY: the VM is live.
    unsafe { key.payload == (*vm).roots.event_name(Event::Mode).addr() as u64 }
}

/// What a chain of `__index` or `__newindex` leads to.
pub(crate) enum Found {
    /// The value (or, for a store, that it is done).
    Value(Value),
    /// A function to call with this object.
    Handler(Value, Value),
}

impl Vm {
    /// Raw access that keeps what it reads out of a weak table alive.
    ///
    /// # Safety
    /// Live values.
    #[inline]
    pub(crate) unsafe fn raw_get(&mut self, t: *mut Table, key: Value) -> Value {
        // SAFETY: the caller's promise.
        unsafe {
            let value = (*t).get(key);
            if (*t).is_weak() && value.is_object() && !self.heap.read_weak(value.header()) {
                return Value::NIL;
            }
            value
        }
    }

    /// Raw store; retries after a collection if memory is short.
    ///
    /// # Errors
    /// A nil or NaN key; "not enough memory".
    ///
    /// # Safety
    /// Live values, all in slots.
    pub(crate) unsafe fn raw_set(&mut self, t: *mut Table, key: Value, value: Value) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            let mut result = Table::set(&mut self.heap, t, key, value);
            if let Err(KeyError::Memory) = result {
                self.collect();
                result = Table::set(&mut self.heap, t, key, value);
            }
            match result {
                Ok(()) => {
                    if Table::watches(t) {
                        self.table_changed(t, key);
                    }
                    Ok(())
                }
                Err(KeyError::Nil) => Err(self.error(format_args!("table index is nil"))),
                Err(KeyError::Nan) => Err(self.error(format_args!("table index is NaN"))),
                Err(KeyError::Memory) => Err(crate::error::Error::memory()),
            }
        }
    }

    /// `object[key]` up to the point where a function must be called.
    ///
    /// # Errors
    /// The value cannot be indexed.
    ///
    /// # Safety
    /// Live values.
    pub(crate) unsafe fn find(&mut self, mut object: Value, key: Value) -> Result<Found> {
        // SAFETY: the caller's promise.
        unsafe {
            for _ in 0..MAX_CHAIN {
                let handler = if object.tag == tag::TABLE {
                    let t = object.as_table();
                    let value = self.raw_get(t, key);
                    if !value.is_nil() {
                        return Ok(Found::Value(value));
                    }
                    let handler = self.handler_in((*t).meta, Event::Index);
                    if handler.is_nil() {
                        return Ok(Found::Value(Value::NIL));
                    }
                    handler
                } else {
                    let handler = self.handler(object, Event::Index);
                    if handler.is_nil() {
                        return Err(self.index_error(object, Some(key)));
                    }
                    handler
                };
                if handler.is_function() {
                    return Ok(Found::Handler(handler, object));
                }
                object = handler;
            }
            Err(self.error(format_args!("'__index' chain too long; possible loop")))
        }
    }

    /// `object[key] = value` up to the point where a function must be called.
    ///
    /// # Errors
    /// The value cannot be indexed; a bad key; no memory.
    ///
    /// # Safety
    /// Live values, all in slots.
    pub(crate) unsafe fn store(&mut self, mut object: Value, key: Value, value: Value) -> Result<Found> {
        // SAFETY: the caller's promise.
        unsafe {
            for _ in 0..MAX_CHAIN {
                let handler = if object.tag == tag::TABLE {
                    let t = object.as_table();
                    let handler = if (*t).meta.is_null() { Value::NIL } else { self.handler_in((*t).meta, Event::NewIndex) };
                    if handler.is_nil() || !self.raw_get(t, key).is_nil() {
                        self.raw_set(t, key, value)?;
                        return Ok(Found::Value(Value::NIL));
                    }
                    handler
                } else {
                    let handler = self.handler(object, Event::NewIndex);
                    if handler.is_nil() {
                        return Err(self.index_error(object, Some(key)));
                    }
                    handler
                };
                if handler.is_function() {
                    return Ok(Found::Handler(handler, object));
                }
                object = handler;
            }
            Err(self.error(format_args!("'__newindex' chain too long; possible loop")))
        }
    }

    /// `*to := object[key]` for the running instruction.
    pub(super) unsafe fn get_into(&mut self, to: *mut Value, object: Value, key: Value) -> Result<Flow> {
        // SAFETY: a register of the running frame, live values.
        unsafe {
            match self.find(object, key)? {
                Found::Value(value) => {
                    *to = value;
                    Ok(Flow::Run)
                }
                Found::Handler(handler, object) => self.call_handler(handler, object, key),
            }
        }
    }

    /// `object[key] := value` for the running instruction.
    pub(super) unsafe fn set_from(&mut self, object: Value, key: Value, value: Value) -> Result<Flow> {
        // SAFETY: live values, in registers or constants.
        unsafe {
            match self.store(object, key, value)? {
                Found::Value(_) => Ok(Flow::Run),
                Found::Handler(handler, object) => {
                    let to = self.registers_end();
                    *to = handler;
                    *to.add(1) = object;
                    *to.add(2) = key;
                    *to.add(3) = value;
                    self.call_at(to, 3, 0, crate::thread::Then::Finish)
                }
            }
        }
    }
}
