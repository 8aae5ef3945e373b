//! The standard libraries of Lua 5.4 (§6).
//!
//! Each library is a module, and a Cargo feature, and opens on its own: its `open`
//! pushes the library's table. [`open_all`] opens those that are compiled in and sets
//! the globals, as the reference's `luaL_openlibs` does.
//!
//! The libraries use nothing but the public embedding API of lua-vm, without `unsafe`.
//! What needs no VM (patterns, formats, binary layouts, calendar, streams) is plain Rust
//! in modules of its own.
//!
//! Nothing here knows how Lua runs, how values are stored, or what compiles a chunk.
//!
//! Start at [`open_all`], then [`string`], the largest library.
//!
//! ```
//! use std::sync::Arc;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut lua = lua_vm::Lua::new(Arc::new(lua_proto::BinaryLoader))?;
//! lua_std::open_all(&mut lua)?;
//! let text = lua.with(|cx| {
//!     cx.push_globals();
//!     cx.get_field(0, "string")?;
//!     cx.get_field(1, "format")?;
//!     cx.push_str("%-5s|%5.1f")?;
//!     cx.push_str("pi")?;
//!     cx.push_float(3.14159);
//!     cx.call(3, 1)?;
//!     Ok(cx.bytes(2).to_vec())
//! })?;
//! assert_eq!(text, b"pi   |  3.1");
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
// What libraries share is used by some of them only, where not all are compiled in.
#![cfg_attr(
    not(all(
        feature = "base",
        feature = "codecache",
        feature = "io",
        feature = "os",
        feature = "package",
        feature = "string",
        feature = "table",
        feature = "utf8"
    )),
    allow(dead_code, unused_imports)
)]

mod open;
mod output;

#[cfg(feature = "base")]
pub mod base;
#[cfg(feature = "codecache")]
pub mod codecache;
#[cfg(feature = "coroutine")]
pub mod coroutine;
#[cfg(feature = "debug")]
pub mod debug;
#[cfg(feature = "io")]
pub mod io;
#[cfg(any(feature = "base", feature = "codecache", feature = "package"))]
mod load;
#[cfg(feature = "math")]
pub mod math;
#[cfg(feature = "os")]
pub mod os;
#[cfg(feature = "package")]
pub mod package;
#[cfg(feature = "stream")]
pub mod stream;
#[cfg(feature = "string")]
pub mod string;
#[cfg(any(feature = "io", feature = "os", feature = "package"))]
mod system;
#[cfg(feature = "table")]
pub mod table;
#[cfg(feature = "utf8")]
pub mod utf8;

#[cfg(any(feature = "base", feature = "package"))]
pub use load::load_file;
pub use lua_proto::skip_first_line;
pub use open::{Library, open_all, open_libraries, require};

/// The guide beside lua-proto, whose examples need a VM with libraries.
#[cfg(doctest)]
#[doc = include_str!("../../lua-proto/write-a-loader.md")]
struct WriteALoader;

/// The guide beside lua-gc, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../lua-gc/write-a-collector.md")]
struct WriteACollector;
/// The guide about sharing code, whose example needs a compiler, too.
#[cfg(doctest)]
#[doc = include_str!("../many-vms.md")]
struct ManyVms;
