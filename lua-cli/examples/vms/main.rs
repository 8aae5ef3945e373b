//! Many VMs in one process, and what each of them costs.
//!
//! ```console
//! $ cargo run --release -p lua-cli --example vms -- --modules DIR --count 1000 --run
//! ```
//!
//! Opens VMs, loads or runs the same modules in each, keeps all of them, and reports. [`open`] and [`work`] are what a host
//! does for each VM; the rest measures.

mod modules;
mod options;
mod report;
mod system;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lua_parse::Compiler;
use lua_proto::{Cached, CodeCache, Loader, Policy};
use lua_vm::{Lua, Table};

use modules::Module;
use options::{Options, USAGE, Work};
use report::{Report, Step};

fn main() -> ExitCode {
    let Some(options) = Options::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match measure(&options) {
        Ok(report) => {
            report.print(&options);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("vms: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What all threads work on.
struct Plan<'o> {
    options: &'o Options,
    loader: Arc<dyn Loader>,
    modules: Vec<Module>,
    /// Made at run time before anything else.
    strings: Vec<Vec<u8>>,
    /// Modules that did not load or run in the first VM; messages are shown for those.
    failed: AtomicUsize,
    /// The first VM is under way, or done.
    begun: AtomicBool,
}

/// The VMs of one thread, and what they took.
struct Part {
    vms: Vec<Lua>,
    open: Step,
    work: Step,
}

/// What can go wrong, also on other threads.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

fn measure(options: &Options) -> Result<Report, Failure> {
    let modules = options.modules.as_deref().map(modules::find).transpose()?.unwrap_or_default();
    let strings = modules::constants(&modules, options.strings)?;
    let policy = if options.stamps { Policy::Stamp } else { Policy::Pinned };
    let loader = Arc::new(Cached::new(Compiler));
    loader.set_policy(policy);
    let plan = Plan { options, loader, modules, strings, failed: AtomicUsize::new(0), begun: AtomicBool::new(false) };
    let cpu = system::cpu();
    // The first VM compiles; the others find everything there.
    let mut all = part(&plan, 1)?;
    let before = system::resident();
    let rest = options.count - 1;
    let shares = (0..options.threads).map(|t| (rest + t) / options.threads).filter(|&share| share > 0);
    let parts: Vec<Result<Part, Failure>> = if options.threads == 1 {
        shares.map(|share| part(&plan, share)).collect()
    } else {
        std::thread::scope(|scope| {
            let threads: Vec<_> = shares
                .map(|share| {
                    scope.spawn({
                        let plan = &plan;
                        move || part(plan, share)
                    })
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err("a thread panicked".into()))).collect()
        })
    };
    for part in parts {
        let part = part?;
        all.open.merge(part.open);
        all.work.merge(part.work);
        all.vms.extend(part.vms);
    }
    let after = system::resident();
    let accounted = all.vms.iter().map(Lua::memory).sum::<usize>() / all.vms.len();
    let peak = system::peak();
    let start = Instant::now();
    drop(all.vms);
    Ok(Report {
        modules: plan.modules.len(),
        failed: plan.failed.into_inner(),
        open: all.open,
        work: all.work,
        accounted,
        marginal: before.zip(after).filter(|_| rest > 0).map(|(before, after)| after.saturating_sub(before) / rest),
        peak,
        cpu: system::cpu().saturating_sub(cpu),
        drop: start.elapsed(),
    })
}

fn part(plan: &Plan<'_>, count: usize) -> Result<Part, Failure> {
    let mut part = Part { vms: Vec::with_capacity(count), open: Step::default(), work: Step::default() };
    for _ in 0..count {
        let is_first = !plan.begun.swap(true, Ordering::Relaxed);
        let start = system::thread_cpu();
        let mut lua = open(&plan.loader)?;
        part.open.add(system::thread_cpu().saturating_sub(start), is_first);
        make_strings(plan, &mut lua)?;
        part.work.add(work(plan, &mut lua, is_first)?, is_first);
        if is_first || !plan.options.in_turn {
            part.vms.push(lua);
        }
    }
    Ok(part)
}

/// A VM with the standard library.
fn open(loader: &Arc<dyn Loader>) -> Result<Lua, Failure> {
    let mut lua = Lua::new(Arc::clone(loader))?;
    lua_std::open_all(&mut lua)?;
    Ok(lua)
}

/// Makes strings at run time, as if read from somewhere, and keeps them in the global `strings`.
fn make_strings(plan: &Plan<'_>, lua: &mut Lua) -> Result<(), Failure> {
    if plan.strings.is_empty() {
        return Ok(());
    }
    lua.with(|cx| {
        cx.push_globals();
        cx.push_table(plan.strings.len(), 0)?;
        for (i, string) in (1..).zip(&plan.strings) {
            cx.push_bytes(string)?;
            cx.raw_set_int(1, i)?;
        }
        cx.raw_set_str(0, "strings")
    })?;
    Ok(())
}

/// Loads or runs the modules, and keeps what they gave. Answers how long that took.
fn work(plan: &Plan<'_>, lua: &mut Lua, is_first: bool) -> Result<Duration, Failure> {
    let Some(directory) = plan.options.modules.as_deref().filter(|_| plan.options.work != Work::Bare) else {
        return Ok(Duration::ZERO);
    };
    let package: Table = lua.globals().get(lua, "package")?;
    let directory = directory.display();
    package.set(lua, "path", format!("{directory}/?.lua;{directory}/?/init.lua"))?;
    let start = system::thread_cpu();
    if !plan.options.own_text {
        lua.with(lua_std::codecache::share_loaded_text)?;
    }
    lua.with(|cx| {
        cx.push_registry();
        cx.push_table(plan.modules.len(), 0)?;
        for (i, module) in (1..).zip(&plan.modules) {
            let done = match plan.options.work {
                Work::Run => require(cx, module),
                _ => load(cx, module),
            };
            match done {
                Ok(()) => cx.raw_set_int(1, i)?,
                Err(error) if is_first => {
                    plan.failed.fetch_add(1, Ordering::Relaxed);
                    eprintln!("{}: {error}", module.name);
                }
                Err(_) => {}
            }
            cx.set_top(2)?;
        }
        cx.raw_set_str(0, "vms.kept")
    })?;
    Ok(system::thread_cpu().saturating_sub(start))
}

fn require(cx: &mut lua_vm::Cx<'_>, module: &Module) -> Result<(), lua_vm::Error> {
    cx.push_globals();
    cx.get_field(2, "require")?;
    cx.push_str(&module.name)?;
    cx.pcall(1, 1)
}

fn load(cx: &mut lua_vm::Cx<'_>, module: &Module) -> Result<(), lua_vm::Error> {
    let file = module.file.as_os_str().as_encoded_bytes();
    match lua_std::load_file(cx, Some(file), b"bt")? {
        true => Ok(()),
        false => Err(cx.throw_value()),
    }
}
