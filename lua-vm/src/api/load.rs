//! Loading chunks.

use lua_proto::{CacheMode, Chunk, ChunkMode, LoadError, Loader, Proto};
use smallvec::SmallVec;
use std::sync::Arc;

use super::Cx;
use crate::error::{Error, Result};
use crate::function::{Closure, Function, Upvalue};
use crate::object::discharge_code;
use crate::own_code::OwnCode;
use crate::value::{Value, tag};
use crate::vm::Vm;

impl Vm {
    /// How many bytes may still be taken.
    fn memory_left(&self) -> usize {
        match self.heap.limit() {
            usize::MAX => usize::MAX,
            limit => limit.saturating_sub(self.heap.bytes()),
        }
    }

    /// Charges the VM for a chunk that nobody shares, as a loader without a cache returns it.
    fn charge_code(&mut self, proto: &Arc<Proto>) -> Result<()> {
        if Arc::strong_count(proto) > 1 {
            return Ok(());
        }
        if self.heap.side.own_code.is_crowded() {
            discharge_code(&mut self.heap);
        }
        let bytes = OwnCode::charge_for(proto.image());
        self.with_memory(|vm| vm.heap.charge(bytes))?;
        self.heap.side.own_code.add(proto.image(), bytes);
        Ok(())
    }

    /// A function of a prototype with fresh upvalues, the first of which holds the globals.
    ///
    /// # Errors
    /// "not enough memory".
    pub(crate) fn instantiate(&mut self, proto: &Arc<Proto>) -> Result<*mut Closure> {
        let globals = Value::table(self.roots.globals);
        let count = proto.upvalues().len();
        self.safepoint();
        self.with_memory(|vm| {
            let heap = &mut vm.heap;
            let function = Function::new(heap, Arc::clone(proto))?;
            let mut upvalues: SmallVec<[_; 4]> = SmallVec::with_capacity(count);
            for i in 0..count {
                upvalues.push(Upvalue::new_closed(heap, if i == 0 { globals } else { Value::NIL })?);
            }
            // SAFETY: all upvalues are written at once.
            unsafe {
                let c = Closure::new(heap, function, count)?;
                for (i, u) in upvalues.into_iter().enumerate() {
                    *(*c).upvalues.add(i) = u;
                }
                Ok(c)
            }
        })
    }
}

impl Cx<'_> {
    /// Loads a chunk and pushes the function; its first upvalue is the table of globals. If the chunk does not load, pushes the
    /// message and answers false.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn load(&mut self, chunk: &[u8], name: &[u8], mode: ChunkMode) -> Result<bool> {
        match self.load_in_limit(Chunk { bytes: chunk, name, mode }) {
            Ok(proto) => {
                self.push_proto(&proto)?;
                Ok(true)
            }
            Err(LoadError::Memory) => Err(Error::memory()),
            Err(e) => {
                self.push_bytes(&e.message())?;
                Ok(false)
            }
        }
    }

    /// Loads a chunk with the memory that is left; if that is short, collects everything and tries once more.
    fn load_in_limit(&mut self, chunk: Chunk<'_>) -> std::result::Result<Arc<Proto>, LoadError> {
        let vm = self.vm();
        let loader = Arc::clone(&vm.loader);
        match loader.load_within(chunk, vm.memory_left()) {
            Err(LoadError::Memory) => {
                vm.collect();
                loader.load_within(chunk, vm.memory_left())
            }
            loaded => loaded,
        }
    }

    /// Pushes a function of a prototype, with fresh upvalues, the first of which holds this VM's table of globals. If nobody else has
    /// a reference to the prototype, its chunk counts as memory of this VM until no function of it is left.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_proto(&mut self, proto: &Arc<Proto>) -> Result<()> {
        self.vm().charge_code(proto)?;
        let c = self.vm().instantiate(proto)?;
        self.push(Value::closure(c));
        Ok(())
    }

    /// What this VM loads code with.
    pub fn loader(&self) -> Arc<dyn Loader> {
        Arc::clone(&self.vm_ref().loader)
    }

    /// How this VM uses a code cache, if its loader is one.
    pub fn cache_mode(&self) -> CacheMode {
        self.vm_ref().cache_mode
    }

    /// Sets how this VM uses a code cache.
    pub fn set_cache_mode(&mut self, mode: CacheMode) {
        self.vm().cache_mode = mode;
    }

    /// The most bytes that this VM may use; `usize::MAX`: no limit.
    pub fn memory_limit(&self) -> usize {
        self.vm_ref().heap.limit()
    }

    /// The portable binary form of the Lua function in a slot (`string.dump`); `None` for anything else.
    pub fn dump(&self, slot: u32, strip: bool) -> Option<Vec<u8>> {
        let v = self.value(slot);
        // SAFETY: a live closure.
        (v.tag == tag::CLOSURE).then(|| lua_proto::dump(unsafe { (*(*v.as_closure()).function).proto() }, strip))
    }

    /// The prototype of the Lua function in a slot.
    pub fn proto_of(&self, slot: u32) -> Option<Arc<Proto>> {
        let v = self.value(slot);
        // SAFETY: a live closure.
        (v.tag == tag::CLOSURE).then(|| unsafe { (*(*v.as_closure()).function).share_proto() })
    }

    /// Pops a value into upvalue `n` (from 0) of the Lua function in a slot; false (and nothing is popped) if it has none.
    pub fn set_upvalue_of(&mut self, slot: u32, n: u32) -> bool {
        let v = self.value(slot);
        if v.tag != tag::CLOSURE {
            return false;
        }
        let c = v.as_closure();
        // SAFETY: a live closure, whose upvalues are live.
        unsafe {
            if n >= (*c).upvalue_count {
                return false;
            }
            let u = (*c).upvalue(n as usize);
            let value = self.take();
            self.vm().heap.barrier(std::ptr::NonNull::new_unchecked(u.cast()));
            *(*u).value = value;
        }
        true
    }
}
