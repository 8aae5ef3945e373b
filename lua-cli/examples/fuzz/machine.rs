//! VMs for scripts that nobody has read: no files, no processes, a budget and a memory limit.

use std::sync::{Arc, Mutex};

use lua_gc::{CollectorKind, CountingPages, HugePages, PageCounts};
use lua_parse::Compiler;
use lua_proto::ChunkMode;
use lua_std::Library;
use lua_vm::{Error, Lua};

/// How a VM is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) looped: bool,
    pub(crate) collector: CollectorKind,
    pub(crate) stress_stack: bool,
    pub(crate) memory: usize,
    pub(crate) budget: u64,
}

impl Setup {
    /// Threaded, incremental, without limits.
    pub(crate) const PLAIN: Setup =
        Setup { looped: false, collector: CollectorKind::Incremental, stress_stack: false, memory: usize::MAX, budget: u64::MAX };
}

/// What scripts have printed.
pub(crate) type Output = Arc<Mutex<Vec<u8>>>;

/// A VM with its pages counted and its output kept.
pub(crate) struct Machine {
    pub(crate) lua: Lua,
    pub(crate) output: Output,
    pub(crate) pages: Arc<PageCounts>,
}

/// More output than this is dropped.
const MOST_OUTPUT: usize = 1 << 20;

const LIBRARIES: &[Library] = &[
    Library { name: "_G", open: lua_std::base::open },
    Library { name: "coroutine", open: lua_std::coroutine::open },
    Library { name: "table", open: lua_std::table::open },
    Library { name: "string", open: lua_std::string::open },
    Library { name: "math", open: lua_std::math::open },
    Library { name: "utf8", open: lua_std::utf8::open },
    Library { name: "debug", open: lua_std::debug::open },
];

/// Stands in for what the libraries that are left out would do.
const PRELUDE: &[u8] = b"
    dofile, loadfile, debug.debug = nil, nil, nil
    io = {write = function(...) record(...) return io end, read = function() end}
    io.stdout, io.stderr = {write = io.write}, {write = io.write}
    os = {clock = function() return 0 end, time = function() return 0 end, getenv = function() end}
    local select, tostring, record = select, tostring, record
    function print(...)
        for i = 1, select('#', ...) do record(i > 1 and '\\t' or '', tostring((select(i, ...)))) end
        record '\\n'
    end
    _G.record = nil
";

impl Machine {
    /// A VM with all libraries but those that reach the system.
    ///
    /// # Panics
    ///
    /// If there is not enough memory for that.
    pub(crate) fn open(setup: Setup) -> Machine {
        let source = CountingPages::over(HugePages::from_size(0));
        let pages = source.counts();
        let mut lua = Lua::builder(Arc::new(Compiler))
            .pages(Box::new(source))
            .collector(setup.collector)
            .memory_limit(setup.memory)
            .looped(setup.looped)
            .stress_stack(setup.stress_stack)
            .open()
            .expect("the limit is large enough");
        lua.set_warn(|_, _| {});
        lua_std::open_libraries(&mut lua, LIBRARIES).expect("the limit is large enough");
        let output = Output::default();
        let kept = Arc::clone(&output);
        lua.with(|cx| {
            cx.push_globals();
            cx.push_rust_closure(move |cx| {
                let mut kept = kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                for at in 0..cx.arg_count() {
                    let text = cx.bytes(at);
                    if kept.len() + text.len() <= MOST_OUTPUT {
                        kept.extend_from_slice(text);
                    }
                }
                Ok(cx.returns(0))
            })?;
            cx.set_field(0, "record")
        })
        .expect("a fresh VM");
        lua.run(PRELUDE, "=prelude").expect("a fresh VM");
        lua.set_budget(setup.budget);
        Machine { lua, output, pages }
    }

    /// Loads a chunk and runs it; nothing but the error is kept.
    ///
    /// # Errors
    ///
    /// What loading or running raised.
    pub(crate) fn run(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.lua.with(|cx| {
            if !cx.load(chunk, b"=case", ChunkMode::Both)? {
                return Err(cx.throw_value());
            }
            cx.pcall(0, 0)
        })
    }

    /// What was printed.
    pub(crate) fn printed(&self) -> Vec<u8> {
        self.output.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Closes the VM: what is left then in pages has leaked.
    ///
    /// # Errors
    ///
    /// A message with the bytes.
    pub(crate) fn close(self) -> Result<(), String> {
        drop(self.lua);
        match self.pages.bytes() {
            0 => Ok(()),
            bytes => Err(format!("{bytes} bytes in {} blocks leaked", self.pages.blocks())),
        }
    }
}
