//! Modules as data: made at random, edited at random, written as Lua.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A small generator of random numbers (xorshift).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % n
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Op {
    /// `v = v + c`
    Add(String, i64),
    /// `v = v * 3 + w`
    Mix(String, String),
    /// `v = v + h(c)`
    Help(String, String, i64),
}

#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) tag: i64,
    pub(super) ops: Vec<Op>,
    pub(super) reads: Vec<String>,
}

impl Body {
    /// The variables and helpers that it names.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = self.reads.iter().cloned().collect();
        for op in &self.ops {
            let (a, b) = match op {
                Op::Add(v, _) => (v, None),
                Op::Mix(v, w) | Op::Help(v, w, _) => (v, Some(w)),
            };
            names.insert(a.clone());
            names.extend(b.cloned());
        }
        names
    }

    fn forget(&mut self, name: &str) {
        self.reads.retain(|r| r != name);
        self.ops.retain(|op| match op {
            Op::Add(v, _) => v != name,
            Op::Mix(v, w) | Op::Help(v, w, _) => v != name && w != name,
        });
    }

    fn write(&self, out: &mut String, indent: &str) {
        for op in &self.ops {
            let _ = match op {
                Op::Add(v, c) => writeln!(out, "{indent}{v} = {v} + {c}"),
                Op::Mix(v, w) => writeln!(out, "{indent}{v} = {v} * 3 + {w}"),
                Op::Help(v, h, c) => writeln!(out, "{indent}{v} = {v} + {h}({c})"),
            };
        }
    }

    fn result(&self) -> String {
        let mut text = format!("{}, x", self.tag);
        for (i, name) in self.reads.iter().enumerate() {
            let _ = write!(text, " + {} * {name}", i + 1);
        }
        text
    }
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// `M.f(x)`
    Plain(Body),
    /// `M.f(x)`, which yields so many times
    Steps(i64, Body),
    /// `M.f(n)`, which has locals and returns a table of closures
    Factory(Vec<(String, i64)>, Vec<(String, Body)>),
}

impl Kind {
    pub(super) fn fields(&self) -> &[(String, Body)] {
        if let Kind::Factory(_, fields) = self { fields } else { &[] }
    }

    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body> {
        let own = if let Kind::Plain(body) | Kind::Steps(_, body) = self { Some(body) } else { None };
        own.into_iter().chain(self.fields().iter().map(|(_, body)| body))
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Module {
    pub(super) variables: Vec<(String, i64)>,
    pub(super) helpers: Vec<(String, Body)>,
    pub(super) functions: Vec<(String, Kind)>,
    comment: usize,
    next: usize,
}

impl Module {
    pub(super) fn random(random: &mut Random) -> Module {
        let mut module = Module::default();
        for _ in 0..3 {
            module.add_variable(random);
        }
        module.add_helper(random);
        for kind in 0..6 {
            module.add_function(random, kind % 3);
        }
        module
    }

    fn name(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    /// One edit: a few changes.
    pub(super) fn edit(&self, random: &mut Random) -> Module {
        let mut module = self.clone();
        for _ in 0..1 + random.below(4) {
            module.change(random);
        }
        module.comment += random.below(3);
        module
    }

    fn change(&mut self, random: &mut Random) {
        match random.below(15) {
            0 | 1 => self.add_variable(random),
            2 => {
                let at = random.below(self.variables.len());
                let (name, _) = self.variables.remove(at);
                self.bodies().for_each(|body| body.forget(&name));
                if self.variables.is_empty() {
                    self.add_variable(random);
                }
            }
            3 => self.add_helper(random),
            4 if self.helpers.len() > 1 => {
                let at = random.below(self.helpers.len());
                let (name, _) = self.helpers.remove(at);
                self.bodies().for_each(|body| body.forget(&name));
            }
            5 => {
                let kind = random.below(3);
                self.add_function(random, kind);
            }
            6 if self.functions.len() > 4 => {
                let at = random.below(self.functions.len());
                self.functions.remove(at);
            }
            7 => random.shuffle(&mut self.variables),
            8 => random.shuffle(&mut self.helpers),
            9 => random.shuffle(&mut self.functions),
            10 => self.change_factory(random),
            _ => self.change_body(random),
        }
    }

    fn add_variable(&mut self, random: &mut Random) {
        let name = self.name("v");
        self.variables.push((name, random.below(1000) as i64));
    }

    fn add_helper(&mut self, random: &mut Random) {
        let name = self.name("h");
        let body = self.body(random, &[], false);
        self.helpers.push((name, body));
    }

    fn add_function(&mut self, random: &mut Random, kind: usize) {
        let name = self.name("f");
        let kind = match kind {
            0 => Kind::Plain(self.body(random, &[], true)),
            1 => Kind::Steps(1 + random.below(5) as i64, self.body(random, &[], true)),
            _ => {
                let locals: Vec<(String, i64)> = (0..1 + random.below(3)).map(|_| (self.name("l"), random.below(100) as i64)).collect();
                let fields = (0..1 + random.below(3)).map(|_| (self.name("c"), self.body(random, &locals, true))).collect();
                Kind::Factory(locals, fields)
            }
        };
        self.functions.push((name, kind));
    }

    /// Changes locals and fields of a factory.
    fn change_factory(&mut self, random: &mut Random) {
        let Some(at) = (0..self.functions.len()).find(|&i| matches!(self.functions[i].1, Kind::Factory(..))) else {
            return;
        };
        let (local, field) = (self.name("l"), self.name("c"));
        let Kind::Factory(mut locals, mut fields) = self.functions[at].1.clone() else {
            return;
        };
        match random.below(5) {
            0 | 1 => locals.push((local, random.below(100) as i64)),
            2 if locals.len() > 1 => {
                let (name, _) = locals.remove(random.below(locals.len()));
                fields.iter_mut().for_each(|(_, body)| body.forget(&name));
            }
            3 => fields.push((field, self.body(random, &locals, true))),
            _ if fields.len() > 1 => {
                fields.remove(random.below(fields.len()));
            }
            _ => {}
        }
        let changed = random.below(fields.len());
        fields[changed].1 = self.body(random, &locals, true);
        self.functions[at].1 = Kind::Factory(locals, fields);
    }

    fn change_body(&mut self, random: &mut Random) {
        let at = random.below(self.functions.len());
        let new = match &self.functions[at].1 {
            Kind::Plain(_) => Kind::Plain(self.body(random, &[], true)),
            Kind::Steps(rounds, _) => Kind::Steps(*rounds, self.body(random, &[], true)),
            Kind::Factory(locals, fields) => {
                let mut fields = fields.clone();
                let field = random.below(fields.len());
                fields[field].1 = self.body(random, locals, true);
                Kind::Factory(locals.clone(), fields)
            }
        };
        self.functions[at].1 = new;
    }

    fn bodies(&mut self) -> impl Iterator<Item = &mut Body> {
        let helpers = self.helpers.iter_mut().map(|(_, body)| body);
        helpers.chain(self.functions.iter_mut().flat_map(|(_, kind)| match kind {
            Kind::Plain(body) | Kind::Steps(_, body) => vec![body],
            Kind::Factory(_, fields) => fields.iter_mut().map(|(_, body)| body).collect(),
        }))
    }

    fn body(&self, random: &mut Random, locals: &[(String, i64)], may_call: bool) -> Body {
        let scope: Vec<String> = self.variables.iter().chain(locals).chain(locals).map(|(name, _)| name.clone()).collect();
        let ops = (0..random.below(4)).map(|_| match random.below(3) {
            0 => Op::Add(random.pick(&scope).clone(), random.below(50) as i64),
            1 => Op::Mix(random.pick(&scope).clone(), random.pick(&scope).clone()),
            _ if may_call && !self.helpers.is_empty() => {
                Op::Help(random.pick(&scope).clone(), random.pick(&self.helpers).0.clone(), random.below(50) as i64)
            }
            _ => Op::Add(random.pick(&scope).clone(), -(random.below(50) as i64)),
        });
        let ops = ops.collect();
        let reads = (0..random.below(4)).map(|_| random.pick(&scope).clone()).collect();
        Body { tag: random.below(1_000_000) as i64, ops, reads }
    }

    pub(super) fn source(&self) -> String {
        let mut out = "-- comment\n".repeat(self.comment);
        out.push_str("local M = {}\n");
        for (name, value) in &self.variables {
            let _ = writeln!(out, "local {name} = {value}");
        }
        for (name, body) in &self.helpers {
            let _ = writeln!(out, "local function {name}(x)");
            body.write(&mut out, "  ");
            let _ = writeln!(out, "  return ({})\nend", body.result().replacen(", ", " + ", 1));
        }
        for (name, kind) in &self.functions {
            match kind {
                Kind::Plain(body) => {
                    let _ = writeln!(out, "function M.{name}(x)");
                    body.write(&mut out, "  ");
                    let _ = writeln!(out, "  return {}\nend", body.result());
                }
                Kind::Steps(rounds, body) => {
                    let _ = writeln!(out, "M.{name} = function(x)\n  for i = 1, {rounds} do");
                    body.write(&mut out, "    ");
                    let _ = writeln!(out, "    coroutine.yield({} + i)\n  end\n  return {}\nend", body.result(), body.result());
                }
                Kind::Factory(locals, fields) => {
                    let _ = writeln!(out, "function M.{name}(n)");
                    for (local, value) in locals {
                        let _ = writeln!(out, "  local {local} = {value}");
                    }
                    out.push_str("  return {\n");
                    for (field, body) in fields {
                        let _ = writeln!(out, "    {field} = function(x)\n      n = n + 1");
                        body.write(&mut out, "      ");
                        let _ = writeln!(out, "      return {} + n\n    end,", body.result());
                    }
                    out.push_str("  }\nend\n");
                }
            }
        }
        out.push_str("return M\n");
        out
    }
}
