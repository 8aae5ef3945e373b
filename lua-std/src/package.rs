//! The package library (§6.3), `require` included.
//!
//! Native modules are Rust: a host registers them with [`add_library`], and then
//! `require` finds them where the reference finds C libraries. Without a registered
//! library the two native searchers say what the reference says where there is no
//! dynamic loading.

mod searchers;

use lua_vm::{Cx, Error, Native, Outcome, Type};

use crate::open::{LOADED, push_subtable};
use crate::output::c_string;
use crate::system;

pub(crate) use searchers::search_path;

/// Registry fields, as in the reference.
pub(crate) const PRELOAD: &str = "_PRELOAD";
const LIBRARIES: &str = "_CLIBS";

/// The registry field that tells to ignore the environment (`lua -E`).
pub const NO_ENVIRONMENT: &str = "LUA_NOENV";

const PATH: &str = "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;\
                    /usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua;./?.lua;./?/init.lua";
const NATIVE_PATH: &str = "/usr/local/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so";

/// What there is to say about files with machine code.
const NO_DYNAMIC: &str = "dynamic libraries not enabled; check your Lua installation";

static FUNCTIONS: [Native; 2] = [Native::new("loadlib", loadlib), Native::new("searchpath", searchpath)];

/// Pushes the library's table, and sets the global `require`.
///
/// # Errors
///
/// "not enough memory".
pub fn open(cx: &mut Cx<'_>) -> Result<(), Error> {
    push_subtable(cx, LIBRARIES)?;
    cx.pop(1);
    cx.push_library(&FUNCTIONS, 6)?;
    let package = cx.top() - 1;
    searchers::open(cx, package)?;
    set_path(cx, package, "path", "LUA_PATH", PATH)?;
    set_path(cx, package, "cpath", "LUA_CPATH", NATIVE_PATH)?;
    cx.push_name(b"/\n;\n?\n!\n-\n")?;
    cx.raw_set_name(package, "config")?;
    push_subtable(cx, LOADED)?;
    cx.raw_set_name(package, "loaded")?;
    push_subtable(cx, PRELOAD)?;
    cx.raw_set_name(package, "preload")?;
    cx.push_globals();
    let globals = cx.top() - 1;
    cx.push_slot(package);
    cx.push_closure(&searchers::REQUIRE, 1)?;
    cx.raw_set_name(globals, "require")?;
    cx.pop(1);
    Ok(())
}

/// Makes Rust functions available to `require` and `package.loadlib`, as a C library
/// would be: `functions` are its entry points, named `luaopen_a` for the module `a` and
/// `luaopen_a_b` for the module `a.b`, which is looked for in the library `a` too.
///
/// # Errors
///
/// "not enough memory".
pub fn add_library(cx: &mut Cx<'_>, name: &str, functions: &'static [Native]) -> Result<(), Error> {
    push_subtable(cx, LIBRARIES)?;
    cx.push_library(functions, 0)?;
    cx.raw_set_str(cx.top() - 2, name)?;
    cx.pop(1);
    Ok(())
}

/// Sets a path from the environment, where `;;` stands for the default.
fn set_path(cx: &mut Cx<'_>, package: u32, field: &'static str, variable: &str, default: &'static str) -> Result<(), Error> {
    cx.push_registry();
    let registry = cx.top() - 1;
    cx.raw_get_str(registry, NO_ENVIRONMENT);
    let ignored = cx.to_bool(cx.top() - 1);
    cx.pop(2);
    let versioned = format!("{variable}_5_4");
    let given = system::environment(versioned.as_bytes()).or_else(|| system::environment(variable.as_bytes()));
    match given.filter(|_| !ignored) {
        Some(path) => cx.push_bytes(&with_default(&path, default.as_bytes()))?,
        None => cx.push_name(default.as_bytes())?,
    }
    cx.raw_set_name(package, field)
}

/// `path` with its first `;;` replaced by the default path.
fn with_default(path: &[u8], default: &[u8]) -> Vec<u8> {
    let Some(mark) = memchr::memmem::find(path, b";;") else {
        return path.to_vec();
    };
    let (before, after) = (&path[..mark], &path[mark + 2..]);
    let mut result = Vec::new();
    if !before.is_empty() {
        result.extend_from_slice(before);
        result.push(b';');
    }
    result.extend_from_slice(default);
    if !after.is_empty() {
        result.push(b';');
        result.extend_from_slice(after);
    }
    result
}

/// Pushes the entry point `function` of a registered library (or `true` for `*`).
/// `None` if there is no such library, false if it has no such function.
pub(crate) fn push_entry(cx: &mut Cx<'_>, library: &[u8], function: &[u8]) -> Result<Option<bool>, Error> {
    push_subtable(cx, LIBRARIES)?;
    let libraries = cx.top() - 1;
    cx.push_bytes(library)?;
    if cx.raw_get(libraries) != Type::Table {
        cx.set_top(libraries)?;
        return Ok(None);
    }
    if function == b"*" {
        cx.set_top(libraries)?;
        cx.push_bool(true);
        return Ok(Some(true));
    }
    cx.push_bytes(function)?;
    let found = cx.raw_get(libraries + 1) != Type::Nil;
    cx.copy(cx.top() - 1, libraries);
    cx.set_top(libraries + u32::from(found))?;
    Ok(Some(found))
}

fn loadlib(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.coerce_str(0)?;
    cx.coerce_str(1)?;
    let (library, function) = (c_string(cx, 0), c_string(cx, 1));
    let place = match push_entry(cx, &library, &function)? {
        Some(true) => return Ok(cx.returns(1)),
        Some(false) => "init",
        None => "absent",
    };
    cx.push_nil();
    match place {
        "absent" => cx.push_str(NO_DYNAMIC)?,
        _ => cx.push_bytes(&[b"undefined symbol: ".as_slice(), &function].concat())?,
    }
    cx.push_str(place)?;
    Ok(cx.returns(3))
}

fn searchpath(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let mut separators = [b".".to_vec(), b"/".to_vec()];
    // The reference looks at its arguments from the last to the first.
    for (slot, separator) in (2..4).zip(&mut separators).rev() {
        if !cx.is_none_or_nil(slot) {
            cx.coerce_str(slot)?;
            *separator = c_string(cx, slot).to_vec();
        }
    }
    cx.coerce_str(1)?;
    cx.coerce_str(0)?;
    let (name, path) = (c_string(cx, 0), c_string(cx, 1));
    match search_path(cx, &name, &path, [&separators[0], &separators[1]])? {
        Ok(file) => {
            cx.push_bytes(&file)?;
            Ok(cx.returns(1))
        }
        Err(message) => {
            cx.push_nil();
            cx.push_bytes(&message)?;
            Ok(cx.returns(2))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::with_default;

    #[test]
    fn defaults_in_paths() {
        let check = |path: &str, expected: &str| {
            assert_eq!(with_default(path.as_bytes(), b"D"), expected.as_bytes());
        };
        check("a;b", "a;b");
        check(";;", "D");
        check("a;;", "a;D");
        check(";;b", "D;b");
        check("a;;b", "a;D;b");
        check("a;;b;;", "a;D;b;;");
    }
}
