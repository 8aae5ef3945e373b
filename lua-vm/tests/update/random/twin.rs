//! What a VM should do, by definition: modules are interpreted as data, and an update replaces the data. Variables
//! are cells under their names; a call that runs keeps the body and the cells that it began with.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::model::{Body, Kind, Module, Op};

type Cells = BTreeMap<String, Rc<Cell<i64>>>;

pub(super) struct Instance {
    pub(super) factory: String,
    n: i64,
    locals: Cells,
    /// The closures that it had when it was made.
    pub(super) fields: Vec<String>,
}

pub(super) struct Coroutine {
    x: i64,
    i: i64,
    rounds: i64,
    body: Body,
    cells: Cells,
}

pub(super) struct Twin {
    pub(super) module: Module,
    cells: Cells,
    pub(super) instances: Vec<Option<Instance>>,
    pub(super) coroutines: Vec<Option<Coroutine>>,
    pub(super) held: Vec<Option<String>>,
}

fn find<'a, T>(all: &'a [(String, T)], name: &str) -> Option<&'a T> {
    all.iter().find(|(n, _)| n == name).map(|(_, t)| t)
}

impl Twin {
    pub(super) fn new(module: &Module, slots: usize) -> Twin {
        let mut twin = Twin {
            module: module.clone(),
            cells: Cells::new(),
            instances: (0..slots).map(|_| None).collect(),
            coroutines: (0..slots).map(|_| None).collect(),
            held: vec![None; slots],
        };
        twin.keep_cells();
        twin
    }

    /// Cells for all variables that a live function uses; those that no function uses are gone.
    fn keep_cells(&mut self) {
        let captured = self.captured();
        self.cells.retain(|name, _| captured.contains(name));
        for (name, value) in &self.module.variables {
            if captured.contains(name) {
                self.cells.entry(name.clone()).or_insert_with(|| Rc::new(Cell::new(*value)));
            }
        }
    }

    /// The module's variables that live functions use.
    fn captured(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (_, kind) in &self.module.functions {
            kind.bodies().for_each(|body| names.extend(body.names()));
        }
        for coroutine in self.coroutines.iter().flatten() {
            names.extend(coroutine.body.names().into_iter().filter(|n| n.starts_with('h')));
        }
        for helper in names.clone() {
            if let Some(body) = find(&self.module.helpers, &helper) {
                names.extend(body.names());
            }
        }
        names
    }

    fn run(&self, body: &Body, cells: &Cells, x: i64) -> (i64, i64) {
        for op in &body.ops {
            let (v, value) = match op {
                Op::Add(v, c) => (v, cells[v].get().wrapping_add(*c)),
                Op::Mix(v, w) => (v, cells[v].get().wrapping_mul(3).wrapping_add(cells[w].get())),
                Op::Help(v, h, c) => {
                    let before = cells[v].get();
                    (v, before.wrapping_add(self.help(h, *c)))
                }
            };
            cells[v].set(value);
        }
        (body.tag, self.result(body, cells, x))
    }

    fn result(&self, body: &Body, cells: &Cells, x: i64) -> i64 {
        let weighted = body.reads.iter().enumerate().map(|(i, name)| cells[name].get().wrapping_mul(i as i64 + 1));
        weighted.fold(x, i64::wrapping_add)
    }

    /// A helper has the code that it has now, whoever calls it.
    fn help(&self, helper: &str, x: i64) -> i64 {
        let body = find(&self.module.helpers, helper).unwrap();
        let (tag, value) = self.run(body, &self.cells, x);
        tag.wrapping_add(value)
    }

    pub(super) fn call(&mut self, name: &str, x: i64) -> (i64, i64) {
        match find(&self.module.functions, name) {
            Some(Kind::Plain(body)) => self.run(body, &self.cells, x),
            _ => unreachable!(),
        }
    }

    pub(super) fn make(&mut self, at: usize, name: &str, n: i64) {
        let Some(Kind::Factory(locals, fields)) = find(&self.module.functions, name) else { unreachable!() };
        let cells = locals.iter().map(|(name, value)| (name.clone(), Rc::new(Cell::new(*value)))).collect();
        let fields = fields.iter().map(|(name, _)| name.clone()).collect();
        let mut instance = Instance { factory: name.to_string(), n, locals: cells, fields };
        instance.keep_locals(&self.module);
        self.instances[at] = Some(instance);
    }

    pub(super) fn call_closure(&mut self, at: usize, field: &str, x: i64) -> (i64, i64) {
        let instance = self.instances[at].as_mut().unwrap();
        instance.n += 1;
        let (n, factory) = (instance.n, instance.factory.clone());
        let mut cells = self.cells.clone();
        cells.extend(instance.locals.clone());
        let Some(Kind::Factory(_, fields)) = find(&self.module.functions, &factory) else { unreachable!() };
        let (tag, value) = self.run(find(fields, field).unwrap(), &cells, x);
        (tag, value.wrapping_add(n))
    }

    pub(super) fn start(&mut self, at: usize, name: &str, x: i64) -> (i64, i64) {
        let Some(Kind::Steps(rounds, body)) = find(&self.module.functions, name) else { unreachable!() };
        let cells = self.cells.clone();
        self.coroutines[at] = Some(Coroutine { x, i: 0, rounds: *rounds, body: body.clone(), cells });
        self.resume(at)
    }

    /// A round of a coroutine, or its end, after which it is gone.
    pub(super) fn resume(&mut self, at: usize) -> (i64, i64) {
        let mut coroutine = self.coroutines[at].take().unwrap();
        if coroutine.i == coroutine.rounds {
            return (coroutine.body.tag, self.result(&coroutine.body, &coroutine.cells, coroutine.x));
        }
        coroutine.i += 1;
        let (tag, value) = self.run(&coroutine.body, &coroutine.cells, coroutine.x);
        let i = coroutine.i;
        self.coroutines[at] = Some(coroutine);
        (tag, value.wrapping_add(i))
    }

    /// The functions that live when all others have their new code, by their paths, and have no counterpart in a new version.
    pub(super) fn missing(&self, new: &Module) -> BTreeSet<String> {
        let mut there: BTreeSet<String> = new.helpers.iter().map(|(name, _)| name.clone()).collect();
        for (name, kind) in &new.functions {
            there.insert(format!("M.{name}"));
            there.extend(kind.fields().iter().map(|(field, _)| format!("M.{name}/return.{field}")));
        }
        let mut missing = BTreeSet::new();
        // A function that keeps its old code keeps the helpers that it uses.
        let mut note = |path: String, bodies: &mut dyn Iterator<Item = &Body>| {
            if !there.contains(&path) {
                missing.insert(path);
                missing.extend(bodies.flat_map(Body::names).filter(|n| n.starts_with('h') && !there.contains(n)));
            }
        };
        for (name, kind) in &self.module.functions {
            note(format!("M.{name}"), &mut kind.bodies());
        }
        for instance in self.instances.iter().flatten() {
            let fields = find(&self.module.functions, &instance.factory).map_or(&[][..], Kind::fields);
            for (field, body) in fields.iter().filter(|(field, _)| instance.fields.contains(field)) {
                note(format!("M.{}/return.{field}", instance.factory), &mut std::iter::once(body));
            }
        }
        for coroutine in self.coroutines.iter().flatten() {
            missing.extend(coroutine.body.names().into_iter().filter(|n| n.starts_with('h') && !there.contains(n)));
        }
        missing
    }

    pub(super) fn update(&mut self, new: &Module) {
        // Variables of functions that are gone are gone.
        self.keep_cells();
        self.module = new.clone();
        self.keep_cells();
        for instance in self.instances.iter_mut().flatten() {
            instance.keep_locals(new);
        }
    }
}

impl Instance {
    /// As [`Twin::keep_cells`], for the variables of one call of a factory.
    fn keep_locals(&mut self, module: &Module) {
        let Some(Kind::Factory(locals, fields)) = find(&module.functions, &self.factory) else { return };
        let live = fields.iter().filter(|(name, _)| self.fields.contains(name));
        let captured: BTreeSet<String> = live.flat_map(|(_, body)| body.names()).collect();
        self.locals.retain(|name, _| captured.contains(name));
        for (name, value) in locals {
            if captured.contains(name) {
                self.locals.entry(name.clone()).or_insert_with(|| Rc::new(Cell::new(*value)));
            }
        }
    }
}
