//! Refused charges: an error that scripts can catch, and nothing more.

use crate::machine::{Machine, Setup};

/// Runs what is in the global `case` and keeps what that came to.
const DRIVER: &[u8] = b"ok, message = pcall(case) done = true";

/// More than any of the scripts needs.
const BUDGET: u64 = 300_000;

/// Works in a VM where anything may have been refused, also in the library.
const AFTERWARDS: &[u8] = b"
    local t = {}
    for i = 1, 100 do t[i] = {i, i .. 'x'} end
    table.sort(t, function(a, b) return a[1] > b[1] end)
    local co = coroutine.wrap(function(...) local a = ... while true do a = a + coroutine.yield(a) end end)
    co(1) co(2)
    assert(co(3) == 6 and t[1][2] == '100x' and #t == 100 and load('return 7')() == 7 and ('x'):rep(100):gsub('x', 'yy') == ('y'):rep(200))
    collectgarbage()
";

/// What came of one script.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Charges that the script makes when none is refused.
    pub(crate) charges: usize,
    /// Runs with a refusal.
    pub(crate) runs: usize,
    /// Runs that ended in an error.
    pub(crate) errors: usize,
}

fn prepared(setup: Setup, source: &[u8]) -> Result<Machine, String> {
    let mut machine = Machine::open(setup);
    let loaded = machine.lua.with(|cx| {
        cx.push_globals();
        if !cx.load(source, b"=case", lua_proto::ChunkMode::Both)? {
            return Err(cx.throw_value());
        }
        cx.set_field(0, "case")
    });
    loaded.map_err(|error| text(&error))?;
    // The globals have room for what the driver keeps.
    machine.lua.run(b"ok, message, done = false, false, false", "=prepare").map_err(|error| text(&error))?;
    Ok(machine)
}

fn text(error: &lua_vm::Error) -> String {
    String::from_utf8_lossy(error.message()).into_owned()
}

/// Refuses the n-th charge, and the `count - 1` after it, for every n, or for `most` of them, evenly spread.
///
/// # Errors
///
/// What went wrong, and for which n.
pub(crate) fn refuse_each(setup: Setup, source: &[u8], most: usize, count: usize) -> Result<Tally, String> {
    let mut machine = prepared(setup, source)?;
    let far = usize::MAX / 2;
    machine.lua.refuse_charges(far, 1);
    let result = machine.run(DRIVER);
    let charges = far - machine.lua.charges_to_refusal();
    result.map_err(|error| text(&error))?;
    drop(machine);
    let stride = charges.div_ceil(most).max(1);
    let mut tally = Tally { charges, ..Tally::default() };
    let mut n = 1;
    while n <= charges {
        one(setup, source, n, count, &mut tally).map_err(|problem| format!("charge {n} of {charges} refused: {problem}"))?;
        // The first ones lie in the call itself: all of them.
        n += if n < 40 { 1 } else { stride };
    }
    Ok(tally)
}

fn one(setup: Setup, source: &[u8], n: usize, count: usize, tally: &mut Tally) -> Result<(), String> {
    let mut machine = prepared(setup, source)?;
    machine.lua.refuse_charges(n, count);
    // Some scripts wait for something that an error keeps away.
    machine.lua.set_budget(BUDGET);
    let result = machine.run(DRIVER);
    let reached = machine.lua.charges_to_refusal() == 0;
    machine.lua.refuse_charges(0, 0);
    machine.lua.set_budget(u64::MAX);
    tally.runs += 1;
    match result {
        Ok(()) => {}
        Err(error) if error.message().ends_with(b"instruction budget exhausted") => {}
        // Refused before the protected call began: the host's call fails.
        Err(error) if error.is_memory() => {
            let called = machine.lua.run(b"if done then error 'not caught' end", "=check");
            called.map_err(|error| text(&error))?;
            if n > 40 {
                return Err("the script did not catch it".to_owned());
            }
        }
        Err(error) => return Err(format!("the script did not catch it: {}", text(&error))),
    }
    let failed = machine.lua.with(|cx| {
        cx.push_globals();
        cx.get_field(0, "ok")?;
        Ok(!cx.to_bool(1))
    });
    if failed.map_err(|error| text(&error))? {
        tally.errors += usize::from(reached);
    }
    machine.lua.run(AFTERWARDS, "=afterwards").map_err(|error| format!("afterwards: {}", text(&error)))?;
    machine.close()
}
