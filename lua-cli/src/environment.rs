//! The VM that the environment asks for.
//!
//! The variables choose among parts of the engine, mainly for tests; scripts give the
//! same results with all of them.

use std::sync::Arc;

use lua_gc::CollectorKind;
use lua_parse::Compiler;
use lua_proto::{Cached, Policy};
use lua_vm::{Builder, Lua};

/// The collectors by the names that `LUA_VM_GC` has for them.
pub(crate) const COLLECTORS: [(&str, CollectorKind); 8] = [
    ("incremental", CollectorKind::Incremental),
    ("generational", CollectorKind::Generational),
    ("concurrent", CollectorKind::Concurrent),
    ("stress-concurrent", CollectorKind::StressConcurrent),
    ("mark-sweep", CollectorKind::MarkSweep),
    ("none", CollectorKind::None),
    ("stress", CollectorKind::Stress),
    ("stress-minor", CollectorKind::StressMinor),
];

/// The collector of a command that names none. The reference's command has the same; its library and ours begin with the
/// incremental one.
const DEFAULT: CollectorKind = CollectorKind::Generational;

/// The most bytes of code that are kept for files that are loaded again.
const CACHE_LIMIT: usize = 32 << 20;

/// Opens a VM without libraries.
///
/// # Errors
///
/// A message: a variable has an unknown value, or the VM cannot be opened.
pub(crate) fn open() -> Result<Lua, String> {
    // A script that writes a file and loads it again gets what it wrote, and one that loads ever new files does
    // not keep them.
    let loader = Cached::new(Compiler).with_policy(Policy::Stamp).with_limit(CACHE_LIMIT);
    let builder = configure(Lua::builder(Arc::new(loader)), |name| std::env::var(name).ok())?;
    builder.open().map_err(|error| format!("cannot create state: {error}"))
}

fn configure(mut builder: Builder, variable: impl Fn(&str) -> Option<String>) -> Result<Builder, String> {
    let unknown = |name: &str, value: &str| format!("unknown value '{value}' of {name}");
    builder = match variable("LUA_VM_DISPATCH").as_deref() {
        None | Some("" | "threaded") => builder,
        Some("looped") => builder.looped(true),
        Some(other) => return Err(unknown("LUA_VM_DISPATCH", other)),
    };
    builder = match variable("LUA_VM_GC").as_deref() {
        None | Some("") => builder.collector(DEFAULT),
        Some(name) => {
            let known = COLLECTORS.iter().find(|(collector, _)| *collector == name);
            builder.collector(known.ok_or_else(|| unknown("LUA_VM_GC", name))?.1)
        }
    };
    builder = match variable("LUA_VM_CODE").as_deref() {
        None | Some("" | "shared") => builder,
        Some("private") => builder.private_code(true),
        Some(other) => return Err(unknown("LUA_VM_CODE", other)),
    };
    match variable("LUA_VM_STRESS_STACK").as_deref() {
        None | Some("" | "0") => Ok(builder),
        Some("1") => Ok(builder.stress_stack(true)),
        Some(other) => Err(unknown("LUA_VM_STRESS_STACK", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str) -> Result<(), String> {
        let set = |asked: &str| (asked == name).then(|| value.to_owned());
        configure(Lua::builder(Arc::new(Compiler)), set).map(drop)
    }

    #[test]
    fn values_are_known_or_refused() {
        for (name, values) in [
            ("LUA_VM_DISPATCH", &["", "looped", "threaded"][..]),
            ("LUA_VM_CODE", &["", "shared", "private"]),
            (
                "LUA_VM_GC",
                &["incremental", "generational", "concurrent", "mark-sweep", "stress", "stress-minor", "stress-concurrent", "none"],
            ),
            ("LUA_VM_STRESS_STACK", &["0", "1"]),
        ] {
            for value in values {
                assert_eq!(check(name, value), Ok(()));
            }
            assert_eq!(check(name, "nonsense"), Err(format!("unknown value 'nonsense' of {name}")));
        }
    }
}
