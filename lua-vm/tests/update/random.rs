//! Random edits of a module against many VMs, each compared with a twin that interprets the module as data.
//!
//! `UPDATE_EDITS` and `UPDATE_VMS` set how many; more of them is what a release is tested with. The VMs take turns with the collectors;
//! `UPDATE_COLLECTOR` names one for all of them, as in `UPDATE_COLLECTOR=Concurrent`.

mod model;
mod twin;

use std::sync::Arc;

use lua_proto::Proto;
use lua_vm::{CollectorKind, UpdateError};

use super::{Host, compile};
use model::{Kind, Module, Random};
use twin::Twin;

/// Instances, coroutines and held functions of one VM.
const SLOTS: usize = 4;

const DRIVER: &str = "
    instances, coroutines, held = {}, {}, {}
    local registry = debug.getregistry()
    function call(name, x) return m[name](x) end
    function make(i, name, n) instances[i] = m[name](n) return 0, 0 end
    function call_closure(i, field, x) return instances[i][field](x) end
    function start(i, name, x) coroutines[i] = coroutine.create(m[name]) return resume(i, x) end
    function resume(i, x)
        local ok, tag, value = coroutine.resume(coroutines[i], x)
        assert(ok, tag)
        if coroutine.status(coroutines[i]) == 'dead' then coroutines[i] = nil end
        return tag, value
    end
    function hold(i, name)
        local f = m[name]
        held[i] = { value = f, [f] = i, upvalue = function() return f end, waiting = coroutine.wrap(function() while true do coroutine.yield(f) end end) }
        held[i].waiting()
        registry['held' .. i] = f
        return 0, 0
    end
    function call_held(i, x, name)
        local h = held[i]
        local f = h.value
        assert(h[f] == i and h.upvalue() == f and h.waiting() == f and registry['held' .. i] == f and m[name] == f)
        return f(x)
    end
    function drop_function(name) m[name] = nil return 0, 0 end
    function drop(kind, i)
        _G[kind][i] = nil
        if kind == 'held' then registry['held' .. i] = nil end
        return 0, 0
    end";

const COLLECTORS: [CollectorKind; 7] = [
    CollectorKind::Incremental,
    CollectorKind::Generational,
    CollectorKind::MarkSweep,
    CollectorKind::Concurrent,
    CollectorKind::Stress,
    CollectorKind::StressMinor,
    CollectorKind::StressConcurrent,
];

/// The collector of a VM: the one that was asked for, or each in its turn.
fn collector(turn: usize) -> CollectorKind {
    let Ok(name) = std::env::var("UPDATE_COLLECTOR") else {
        return COLLECTORS[turn % COLLECTORS.len()];
    };
    let named = COLLECTORS.into_iter().find(|kind| format!("{kind:?}") == name);
    named.unwrap_or_else(|| panic!("no collector '{name}'; there are {COLLECTORS:?}"))
}

struct Pair {
    host: Host,
    twin: Twin,
    random: Random,
    trace: Vec<String>,
}

impl Pair {
    fn new(module: &Module, proto: &Arc<Proto>, seed: u64) -> Pair {
        let mut host = Host::with("return {}", collector(seed as usize), seed.is_multiple_of(5));
        host.run("package.loaded.m = nil");
        host.require(proto);
        host.run(DRIVER);
        Pair { host, twin: Twin::new(module, SLOTS), random: Random::new(seed), trace: Vec::new() }
    }

    /// Calls a function of the driver and compares what it returns.
    fn expect(&mut self, call: String, expected: (i64, i64)) {
        let function = self.host.lua.load(format!("return {call}").as_bytes(), "=driver").unwrap();
        let result: Result<(i64, i64), _> = function.call(&mut self.host.lua, ());
        self.trace.push(call);
        match result {
            Ok(result) if result == expected => {}
            other => panic!("{other:?}, expected {expected:?}\n{}\n{}", self.trace.join("\n"), self.twin.module.source()),
        }
    }

    /// The name of a function of this kind.
    fn function(&mut self, of_kind: fn(&Kind) -> bool) -> Option<String> {
        let names: Vec<&String> = self.twin.module.functions.iter().filter(|(_, kind)| of_kind(kind)).map(|(name, _)| name).collect();
        if names.is_empty() { None } else { Some((*self.random.pick(&names)).clone()) }
    }

    fn step(&mut self) {
        let (i, x) = (self.random.below(SLOTS), self.random.below(100) as i64);
        match self.random.below(8) {
            0 | 1 => {
                if let Some(name) = self.function(|k| matches!(k, Kind::Plain(_))) {
                    let expected = self.twin.call(&name, x);
                    self.expect(format!("call('{name}', {x})"), expected);
                }
            }
            2 => {
                if let Some(name) = self.function(|k| matches!(k, Kind::Factory(..))) {
                    self.twin.make(i, &name, x);
                    self.expect(format!("make({i}, '{name}', {x})"), (0, 0));
                }
            }
            3 | 4 => {
                if let Some(field) = self.twin.instances[i].as_ref().map(|o| self.random.pick(&o.fields).clone()) {
                    let expected = self.twin.call_closure(i, &field, x);
                    self.expect(format!("call_closure({i}, '{field}', {x})"), expected);
                }
            }
            5 | 6 if self.twin.coroutines[i].is_some() => {
                let expected = self.twin.resume(i);
                self.expect(format!("resume({i}, {x})"), expected);
            }
            5 | 6 => {
                if let Some(name) = self.function(|k| matches!(k, Kind::Steps(..))) {
                    let expected = self.twin.start(i, &name, x);
                    self.expect(format!("start({i}, '{name}', {x})"), expected);
                }
            }
            _ => match self.twin.held[i].clone() {
                Some(name) => {
                    let expected = self.twin.call(&name, x);
                    self.expect(format!("call_held({i}, {x}, '{name}')"), expected);
                }
                None => {
                    if let Some(name) = self.function(|k| matches!(k, Kind::Plain(_))) {
                        self.expect(format!("hold({i}, '{name}')"), (0, 0));
                        self.twin.held[i] = Some(name);
                    }
                }
            },
        }
    }

    /// Lets go of everything that a new version has no place for.
    fn drop_missing(&mut self, new: &Module) {
        let missing = self.twin.missing(new);
        let is_missing = |name: &str| missing.contains(&format!("M.{name}"));
        for i in 0..SLOTS {
            let closures = |o: &twin::Instance| o.fields.iter().any(|f| missing.contains(&format!("M.{}/return.{f}", o.factory)));
            if self.twin.instances[i].as_ref().is_some_and(|o| is_missing(&o.factory) || closures(o)) {
                self.twin.instances[i] = None;
                self.expect(format!("drop('instances', {i})"), (0, 0));
            }
            // Whether a coroutine uses a missing helper is not looked at: all go.
            if self.twin.coroutines[i].is_some() && !missing.is_empty() {
                self.twin.coroutines[i] = None;
                self.expect(format!("drop('coroutines', {i})"), (0, 0));
            }
            if self.twin.held[i].as_ref().is_some_and(|name| is_missing(name)) {
                self.twin.held[i] = None;
                self.expect(format!("drop('held', {i})"), (0, 0));
            }
        }
        let gone: Vec<String> = self.twin.module.functions.iter().map(|(name, _)| name.clone()).filter(|name| is_missing(name)).collect();
        for name in gone {
            self.twin.module.functions.retain(|(n, _)| *n != name);
            self.expect(format!("drop_function('{name}')"), (0, 0));
        }
    }

    /// A version whose chunk raises an error changes nothing.
    fn fail(&mut self, broken: &Arc<Proto>) {
        let result = self.host.lua.update("m", broken);
        assert!(matches!(result, Err(UpdateError::Failed(_) | UpdateError::Refused(_))), "{result:?}");
        self.trace.push("-- an update that fails".into());
        self.step();
    }

    /// Updates, or sees that it is refused with just the functions that are missing. Answers whether it was done.
    fn update(&mut self, new: &Module, proto: &Arc<Proto>) -> bool {
        if self.random.chance(60) {
            self.drop_missing(new);
        }
        let missing = self.twin.missing(new);
        self.trace.push(format!("-- update\n{}-- end", new.source()));
        match self.host.lua.update("m", proto) {
            Ok(_) => {
                assert!(missing.is_empty(), "not refused: {missing:?}\n{}", self.trace.join("\n"));
                self.twin.update(new);
                true
            }
            Err(UpdateError::Refused(obstacles)) => {
                let found = obstacles.iter().map(|o| o.function.clone()).collect();
                assert_eq!(missing, found, "{obstacles:?}\n{}", self.trace.join("\n"));
                self.trace.push("-- refused".into());
                false
            }
            Err(e) => panic!("{e}\n{}", self.trace.join("\n")),
        }
    }
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn random_edits() {
    let (edits, vms, seed) = (setting("UPDATE_EDITS", 25), setting("UPDATE_VMS", 2 * COLLECTORS.len()), setting("UPDATE_SEED", 1));
    let mut random = Random::new(seed as u64);
    let mut module = Module::random(&mut random);
    let first = compile(&module.source());
    let mut pairs: Vec<Pair> = (0..vms).map(|i| Pair::new(&module, &first, (seed * 1000 + i + 1) as u64)).collect();
    let (mut done, mut refused) = (0, 0);
    for edit in 0..edits {
        if edit % 10 == 9 {
            let broken = compile(&module.edit(&mut random).source().replace("return M\n", "error 'broken'\n"));
            pairs.iter_mut().for_each(|pair| pair.fail(&broken));
        }
        let new = module.edit(&mut random);
        let proto = compile(&new.source());
        for pair in &mut pairs {
            for _ in 0..1 + pair.random.below(12) {
                pair.step();
            }
            // Some VMs stay behind for a while.
            if pair.random.chance(90) {
                if pair.update(&new, &proto) {
                    done += 1;
                } else {
                    refused += 1;
                }
            }
            pair.trace.truncate(if pair.trace.len() > 4000 { 0 } else { usize::MAX });
        }
        module = new;
    }
    for pair in &mut pairs {
        (0..50).for_each(|_| pair.step());
    }
    println!("{edits} edits, {vms} VMs: {done} updates, {refused} refused as expected");
    assert!(done > edits * vms / 3 && refused > 0);
}
