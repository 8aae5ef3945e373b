//! A loader that compiles equal chunks once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lua_parse::Compiler;
use lua_proto::{Chunk, LoadError, Loader, Proto};

#[derive(Default)]
pub(crate) struct Shared(Mutex<HashMap<Vec<u8>, Arc<Proto>>>);

impl Loader for Shared {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(proto) = known.get(chunk.name) {
            return Ok(Arc::clone(proto));
        }
        let proto = Compiler.load(chunk)?;
        known.insert(chunk.name.to_vec(), Arc::clone(&proto));
        Ok(proto)
    }
}
