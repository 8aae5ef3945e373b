//! Tracebacks, worded as `luaL_traceback` words them (§5.1).

use crate::debug::{DebugInfo, function_of};
use crate::table::Table;
use crate::thread::{Frame, Thread};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// Levels shown at the top of a long traceback.
const FIRST_LEVELS: i64 = 10;
/// Levels shown at its end.
const LAST_LEVELS: i64 = 11;

/// The entries of a table whose keys are strings.
///
/// # Safety
/// `t` is live and does not change meanwhile.
unsafe fn named_entries<'t>(t: *mut Table) -> impl Iterator<Item = (&'t [u8], Value)> {
    let mut position = 0;
    std::iter::from_fn(move || {
        loop {
            // SAFETY: the caller's promise.
            let (key, value, next) = unsafe { (*t).entry_from(position)? };
            position = next;
            if key.is_str() {
                // SAFETY: a live string.
                return Some((unsafe { (*key.as_str()).bytes() }, value));
            }
        }
    })
}

impl Vm {
    /// The name of a function in the loaded modules: "string.format", "print".
    ///
    /// # Safety
    /// `function` is live.
    pub(crate) unsafe fn global_function_name(&self, function: Value) -> Option<Vec<u8>> {
        // SAFETY: the registry and what it holds are live; nothing runs here.
        unsafe {
            let (_, loaded) = named_entries(self.roots.registry).find(|(key, _)| *key == b"_LOADED")?;
            if loaded.tag != tag::TABLE {
                return None;
            }
            for (module, fields) in named_entries(loaded.as_table()) {
                if fields.raw_equal(function) {
                    return Some(module.to_vec());
                }
                if fields.tag != tag::TABLE {
                    continue;
                }
                if let Some((name, _)) = named_entries(fields.as_table()).find(|(_, value)| value.raw_equal(function)) {
                    return Some(if module == b"_G" { name.to_vec() } else { [module, b".", name].concat() });
                }
            }
            None
        }
    }

    /// What a traceback calls the function of a frame.
    unsafe fn described_function(&self, frame: *mut Frame, info: &DebugInfo) -> Vec<u8> {
        // SAFETY: a frame of a live thread.
        if let Some(name) = unsafe { self.global_function_name(function_of(frame)) } {
            return [b"function '", name.as_slice(), b"'"].concat();
        }
        match (&info.name, info.what) {
            (Some(name), _) => [info.name_what.as_bytes(), b" '", name, b"'"].concat(),
            (None, "main") => b"main chunk".to_vec(),
            (None, "C") => b"?".to_vec(),
            (None, _) => [b"function <", info.short_src.as_slice(), format!(":{}>", info.line_defined).as_bytes()].concat(),
        }
    }

    /// The traceback of a thread from a level on, behind a message if there is one.
    ///
    /// # Safety
    /// `thread` is live.
    pub(crate) unsafe fn traceback(&self, thread: *mut Thread, message: Option<&[u8]>, mut level: i64) -> Vec<u8> {
        let mut text = message.map_or_else(Vec::new, |m| [m, b"\n"].concat());
        text.extend_from_slice(b"stack traceback:");
        // SAFETY: the caller's promise; nothing runs meanwhile.
        unsafe {
            let last = self.depth(thread) - 1;
            let long = last.saturating_sub(level) > FIRST_LEVELS + LAST_LEVELS;
            let mut left = if long { FIRST_LEVELS } else { i64::MAX };
            while let Some(frame) = self.frame_at(thread, level) {
                level += 1;
                if left == 0 {
                    let skipped = last - level - LAST_LEVELS + 1;
                    text.extend_from_slice(format!("\n\t...\t(skipping {skipped} levels)").as_bytes());
                    level += skipped;
                } else {
                    let info = self.frame_info(thread, frame, b"Slnt");
                    text.extend_from_slice(b"\n\t");
                    text.extend_from_slice(&info.short_src);
                    if info.current_line > 0 {
                        text.extend_from_slice(format!(":{}", info.current_line).as_bytes());
                    }
                    text.extend_from_slice(b": in ");
                    text.extend_from_slice(&self.described_function(frame, &info));
                    if info.is_tail_call {
                        text.extend_from_slice(b"\n\t(...tail calls...)");
                    }
                }
                left -= 1;
            }
        }
        text
    }
}
