//! One measurement: one collector, one form of the workload.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lua_gc::{CollectorKind, CountingPages, HugePages, PoolPolicy, set_pool_policy};
use lua_parse::Compiler;
use lua_vm::{Error, Function, GcRequest, Lua};

use crate::clocks;
use crate::longest::Longest;
use crate::options::Options;
use crate::report::{Distribution, Report};

const WORKLOAD: &[u8] = include_bytes!("workload.lua");
/// Length of a row where the live set is in chunks.
const CHUNK: i64 = 1000;

/// Builds the live set, runs all iterations, and collects once more.
///
/// # Errors
///
/// A message, if the VM has not enough memory.
pub(crate) fn run(options: &Options, collector: CollectorKind) -> Result<Report, String> {
    measure(options, collector).map_err(|error| String::from_utf8_lossy(error.message()).into_owned())
}

fn measure(options: &Options, collector: CollectorKind) -> Result<Report, Error> {
    set_pool_policy(PoolPolicy { percent: options.throttle, ..PoolPolicy::default() });
    let pages = CountingPages::over(HugePages::default());
    let counts = pages.counts();
    let builder = Lua::builder(Arc::new(Compiler)).pages(Box::new(pages)).collector(collector);
    let mut lua = builder.open().map_err(|error| Error::text(error.to_string()))?;
    lua_std::open_all(&mut lua)?;
    let iterate = prepare(&mut lua, options)?;

    lua.measure_collection(true);
    let cost = clocks::cost();
    let (process, wall) = (clocks::process(), Instant::now());
    let Times { cpu, walls, longest } = iterate_all(&mut lua, &iterate, options.iterations, cost)?;
    let (process, wall) = (clocks::process() - process, wall.elapsed());
    let (collection, sweep_wait) = (lua.collection_time(), lua.collection_wait());

    let peak = if clocks::peak_memory() > 0 { clocks::peak_memory() } else { counts.peak() as u64 };
    let began = clocks::thread();
    lua.with(|cx| cx.gc(GcRequest::Collect))?;
    let full = clocks::thread() - began;
    let overhead = cost * u32::try_from(options.iterations).unwrap_or(u32::MAX);
    Ok(Report {
        collector,
        form: options.form(),
        mutate_cpu: cpu.sum(),
        collection,
        process_cpu: process.saturating_sub(overhead),
        wall,
        wall_of_iterations: walls.sum(),
        longest_wall: walls.longest(),
        longest,
        iterations: cpu,
        sweep_wait,
        full,
        peak,
        live: lua.memory() as u64,
    })
}

fn prepare(lua: &mut Lua, options: &Options) -> Result<Function, Error> {
    let globals = lua.globals();
    globals.set(lua, "OBJECTS", options.objects as i64)?;
    globals.set(lua, "CHUNK", if options.chunks { CHUNK } else { 0 })?;
    globals.set(lua, "STACKS", options.stacks)?;
    globals.set(lua, "WEAK", options.weak)?;
    lua.run(WORKLOAD, "=workload")?;
    let prepare: Function = globals.get(lua, "prepare")?;
    prepare.call::<()>(lua, ())?;
    lua.with(|cx| {
        for (percent, request) in
            [(options.pause, GcRequest::SetPause as fn(usize) -> GcRequest), (options.stepmul, GcRequest::SetStepMultiplier)]
        {
            if percent > 0 {
                cx.gc(request(percent))?;
            }
        }
        cx.gc(GcRequest::Collect)
    })?;
    globals.get(lua, "iterate")
}

/// How long the iterations took.
struct Times {
    /// On the thread's clock.
    cpu: Distribution,
    /// On the wall's.
    walls: Distribution,
    longest: Longest,
}

fn iterate_all(lua: &mut Lua, iterate: &Function, count: u64, cost: Duration) -> Result<Times, Error> {
    let (mut cpu, mut walls) = (Distribution::with_room(count), Distribution::with_room(count));
    let mut longest = Longest::default();
    let (mut cpu_before, mut wall_before) = (clocks::thread(), Instant::now());
    for step in 1..=count {
        let was_collecting = lua.is_collecting();
        iterate.call::<i64>(lua, step as i64)?;
        let (cpu_now, wall_now) = (clocks::thread(), Instant::now());
        let took = (cpu_now - cpu_before).saturating_sub(cost);
        longest.add(took, was_collecting || lua.is_collecting());
        cpu.add(took);
        walls.add((wall_now - wall_before).saturating_sub(cost));
        (cpu_before, wall_before) = (cpu_now, wall_now);
    }
    Ok(Times { cpu, walls, longest })
}
