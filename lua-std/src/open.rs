//! Opening libraries in a VM.

use lua_vm::{Cx, Error, Lua, Type};

/// One library: its name, and what pushes its table.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// The global under which scripts find it; `_G` for the basic functions.
    pub name: &'static str,
    /// Pushes the table.
    pub open: fn(&mut Cx<'_>) -> Result<(), Error>,
}

/// The libraries that are compiled in.
const LIBRARIES: &[Library] = &[
    #[cfg(feature = "base")]
    Library { name: "_G", open: crate::base::open },
    #[cfg(feature = "package")]
    Library { name: "package", open: crate::package::open },
    #[cfg(feature = "coroutine")]
    Library { name: "coroutine", open: crate::coroutine::open },
    #[cfg(feature = "table")]
    Library { name: "table", open: crate::table::open },
    #[cfg(feature = "io")]
    Library { name: "io", open: crate::io::open },
    #[cfg(feature = "os")]
    Library { name: "os", open: crate::os::open },
    #[cfg(feature = "string")]
    Library { name: "string", open: crate::string::open },
    #[cfg(feature = "math")]
    Library { name: "math", open: crate::math::open },
    #[cfg(feature = "utf8")]
    Library { name: "utf8", open: crate::utf8::open },
    #[cfg(feature = "debug")]
    Library { name: "debug", open: crate::debug::open },
];

/// Opens all libraries that are compiled in.
///
/// # Errors
///
/// "not enough memory".
pub fn open_all(lua: &mut Lua) -> Result<(), Error> {
    open_libraries(lua, LIBRARIES)?;
    #[cfg(feature = "codecache")]
    lua.with(crate::codecache::preload)?;
    Ok(())
}

/// Opens these libraries.
///
/// # Errors
///
/// "not enough memory".
pub fn open_libraries(lua: &mut Lua, libraries: &[Library]) -> Result<(), Error> {
    lua.with(|cx| {
        fill_registry(cx)?;
        let tables = Tables::push(cx)?;
        tables.reserve(cx, libraries.len())?;
        libraries.iter().try_for_each(|library| tables.require(cx, *library))
    })
}

/// Where the registry holds the main thread, as in the reference.
pub(crate) const MAIN_THREAD: i64 = 1;

/// Where the registry holds the table of globals, as in the reference.
const GLOBALS: i64 = 2;

/// Fields of the registry when all libraries are open, but for main thread and globals.
const REGISTRY_FIELDS: usize = 6;

/// Globals that are no libraries.
const BASIC_FUNCTIONS: usize = 25;

fn fill_registry(cx: &mut Cx<'_>) -> Result<(), Error> {
    cx.push_registry();
    let registry = cx.top() - 1;
    if cx.push_thread() {
        cx.raw_set_int(registry, MAIN_THREAD)?;
    }
    cx.push_globals();
    cx.raw_set_int(registry, GLOBALS)?;
    cx.set_top(registry)
}

/// Opens a library, makes it a global, and lets `require` find it.
///
/// # Errors
///
/// "not enough memory".
pub fn require(cx: &mut Cx<'_>, library: Library) -> Result<(), Error> {
    let tables = Tables::push(cx)?;
    tables.require(cx, library)?;
    cx.set_top(tables.loaded)
}

/// The slots of the two tables that libraries are entered in.
#[derive(Clone, Copy)]
struct Tables {
    loaded: u32,
    globals: u32,
}

impl Tables {
    fn push(cx: &mut Cx<'_>) -> Result<Tables, Error> {
        let loaded = cx.top();
        push_subtable(cx, LOADED)?;
        cx.push_globals();
        Ok(Tables { loaded, globals: loaded + 1 })
    }

    /// Makes room for what so many libraries enter here, and in the registry.
    fn reserve(self, cx: &mut Cx<'_>, libraries: usize) -> Result<(), Error> {
        let registry = cx.top();
        cx.push_registry();
        cx.reserve_fields(registry, REGISTRY_FIELDS)?;
        cx.reserve_fields(self.loaded, libraries)?;
        cx.reserve_fields(self.globals, libraries + BASIC_FUNCTIONS)?;
        cx.set_top(registry)
    }

    fn require(self, cx: &mut Cx<'_>, library: Library) -> Result<(), Error> {
        let module = cx.top();
        (library.open)(cx)?;
        for table in [self.loaded, self.globals] {
            cx.push_slot(module);
            cx.raw_set_name(table, library.name)?;
        }
        cx.set_top(module)
    }
}

/// The registry field with the table of loaded modules, as in the reference.
pub(crate) const LOADED: &str = "_LOADED";

/// Pushes a table of the registry, made if it is not there.
pub(crate) fn push_subtable(cx: &mut Cx<'_>, name: &'static str) -> Result<(), Error> {
    cx.push_registry();
    let registry = cx.top() - 1;
    if cx.raw_get_str(registry, name) != Type::Table {
        cx.pop(1);
        cx.push_table(0, 0)?;
        cx.push_slot(cx.top() - 1);
        cx.raw_set_name(registry, name)?;
    }
    cx.remove(registry);
    Ok(())
}
