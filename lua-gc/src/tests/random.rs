//! Random programs against the shadow graph, under every collector, and with
//! collectors switched in between.

use std::collections::HashSet;

use super::shadow::Shadow;
use super::toy::*;
use crate::ending::Stage;
use crate::{Collector, CollectorKind, CountingPages, Demand, Heap, HugePages, Phase};

/// Marks one object and sweeps one page at a time, so that the program runs in
/// every state that a cycle can be in.
struct Dribble;

// SAFETY: the default `collect` is kept.
unsafe impl Collector<ToyModel> for Dribble {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Other
    }

    fn enter(&mut self, heap: &mut Heap<ToyModel>) {
        heap.set_demand(Demand::Always);
    }

    fn step(&mut self, heap: &mut Heap<ToyModel>, roots: &mut Vec<Option<Object>>) {
        match heap.phase() {
            Phase::Idle => heap.begin_marking(roots),
            Phase::Marking => {
                // The end of marking takes many slices, in which fewer things can go wrong.
                let is_tracing = heap.ending.stage == Stage::Tracing;
                if heap.mark_slice(if is_tracing { 1 } else { 1000 }) {
                    heap.end_marking();
                }
            }
            Phase::Sweeping => {
                heap.sweep_slice(1);
            }
        }
    }

    fn step_bytes(&mut self, heap: &mut Heap<ToyModel>, roots: &mut Vec<Option<Object>>, _: usize) -> bool {
        self.step(heap, roots);
        heap.phase() == Phase::Idle
    }
}

/// xorshift64*
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n as u64) as usize
    }
}

pub(crate) struct Run {
    pub(crate) vm: Vm,
    shadow: Shadow,
    pub(crate) random: Random,
}

fn ids_of(pair: Pair) -> (Option<Id>, Option<Id>) {
    (pair.0.map(id), pair.1.map(id))
}

impl Run {
    pub(crate) fn new(vm: Vm, seed: u64) -> Self {
        let shadow = Shadow { roots: vec![None; vm.roots.len()], ..Shadow::default() };
        Run { vm, shadow, random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1) }
    }

    fn slot(&mut self) -> usize {
        self.random.below(self.vm.roots.len())
    }

    fn set_root(&mut self, slot: usize, object: Option<Object>) {
        self.vm.roots[slot] = object;
        self.shadow.roots[slot] = object.map(id);
    }

    /// A root that is a table with at least one pair.
    fn table(&mut self) -> Option<Object> {
        let slot = self.slot();
        self.vm.roots[slot].filter(|&object| !pairs(object).is_empty())
    }

    pub(crate) fn operation(&mut self) -> Result<(), String> {
        match self.random.below(100) {
            0..16 => {
                let kind = [TABLE, TABLE, TABLE, WEAK_VALUES, EPHEMERON, ALL_WEAK];
                let kind = kind[self.random.below(kind.len())];
                let length = self.random.below(7) as u32;
                let padding = match self.random.below(40) {
                    0 => 5000,
                    1 => 700,
                    2 => 100,
                    _ => 0,
                };
                let object = self.vm.try_object(kind, length, padding).ok_or("out of memory")?;
                self.shadow.objects.insert(id(object), (kind, vec![(None, None); length as usize]));
                let slot = self.slot();
                self.set_root(slot, Some(object));
            }
            16..18 => {
                let slot = self.slot();
                self.set_root(slot, None);
            }
            18..22 => {
                let name = self.random.below(40) as Id;
                let string = self.vm.string(name);
                let slot = self.slot();
                self.set_root(slot, Some(string));
            }
            22..48 => {
                if let Some(table) = self.table() {
                    let index = self.random.below(pairs(table).len());
                    if ids_of(pairs(table)[index]) != self.shadow.objects[&id(table)].1[index] {
                        return Err("a pair changed".into());
                    }
                    let pair = self.vm.load(table, index);
                    if ids_of(pair) != ids_of(pairs(table)[index]) {
                        self.hidden(id(table), index)?;
                    }
                    let slot = self.slot();
                    let one = if self.random.below(2) == 0 { pair.0 } else { pair.1 };
                    self.set_root(slot, one);
                    // Often the table loses what the root has got.
                    if self.random.below(2) == 0 {
                        self.vm.store(table, index, (None, None));
                        self.set_shadow_pair(id(table), index, (None, None));
                    }
                }
            }
            48..85 => {
                if let Some(table) = self.table() {
                    let index = self.random.below(pairs(table).len());
                    let (key, value) = (self.slot(), self.slot());
                    let pair = (self.vm.roots[key], self.vm.roots[value]);
                    self.vm.store(table, index, pair);
                    self.set_shadow_pair(id(table), index, ids_of(pair));
                }
            }
            85..90 => {
                if let Some(table) = self.table() {
                    let most = [300, 9][self.random.below(20).min(1)];
                    let length = self.random.below(most) as u32;
                    self.vm.resize(table, length);
                    // Entries that are dead went before.
                    self.sync()?;
                    let entry = self.shadow.objects.get_mut(&id(table)).ok_or("no shadow")?;
                    entry.1.resize(length as usize, (None, None));
                }
            }
            90..93 => {
                let slot = self.slot();
                if let Some(object) = self.vm.roots[slot]
                    && kind(object) != STRING
                {
                    self.vm.register(object);
                    self.shadow.registered.insert(id(object));
                }
            }
            93..97 => {
                if let Some(object) = self.vm.heap.next_finalizable() {
                    self.finalized(object)?;
                    let slot = self.slot();
                    self.set_root(slot, Some(object));
                }
            }
            _ => {
                self.vm.heap.step_bytes(&mut self.vm.roots, 0);
            }
        }
        if self.vm.heap.wants_step() {
            self.vm.step();
        }
        self.check_freed()
    }

    fn finalized(&mut self, object: Object) -> Result<(), String> {
        if self.shadow.registered.remove(&id(object)) { Ok(()) } else { Err(format!("{} was finalized, but not registered", id(object))) }
    }

    /// An entry counts as gone before it has been cleared, if rightly so.
    fn hidden(&mut self, table: Id, index: usize) -> Result<(), String> {
        let (_, pairs) = &self.shadow.objects[&table];
        let (key, value) = pairs[index];
        let reached = self.shadow.reachable(false);
        let is_dead = |side: Option<Id>| side.is_some_and(|id| id >= STRINGS && !reached.contains(&id));
        if is_dead(key) || is_dead(value) { Ok(()) } else { Err(format!("{table}[{index}] is hidden: {key:?} {value:?}")) }
    }

    fn set_shadow_pair(&mut self, table: Id, index: usize, pair: (Option<Id>, Option<Id>)) {
        if let Some(entry) = self.shadow.objects.get_mut(&table) {
            entry.1[index] = pair;
        }
    }

    /// Nothing that can be reached has been freed.
    fn check_freed(&mut self) -> Result<(), String> {
        self.sync()?;
        let freed = std::mem::take(&mut *self.vm.freed.lock().unwrap());
        if freed.is_empty() {
            return Ok(());
        }
        let reachable = self.shadow.reachable(true);
        for id in freed {
            // Strings come again under the same id, so only those are told
            // apart that nobody has made anew.
            let again = id < STRINGS && self.vm.heap.side.strings.contains_key(&id);
            if reachable.contains(&id) && !again {
                return Err(format!("{id} was freed, but it is reachable"));
            }
        }
        Ok(())
    }

    /// Takes over which entries of weak tables were cleared, if rightly so.
    fn sync(&mut self) -> Result<(), String> {
        let cleared = std::mem::take(&mut self.vm.heap.side.cleared);
        // An entry that goes may make others unreachable in the next cycle.
        for cycle in cleared.chunk_by(|a, b| a.0 == b.0) {
            let roots = self.shadow.reachable(false);
            let all = self.shadow.reachable(true);
            let is_dead = |side: Option<Id>, reached: &HashSet<Id>| side.is_some_and(|id| id >= STRINGS && !reached.contains(&id));
            for &(_, table, index) in cycle {
                let (kind, pairs) = &self.shadow.objects[&table];
                let (key, value) = pairs[index];
                let rightly = match *kind {
                    WEAK_VALUES => is_dead(value, &roots),
                    EPHEMERON => is_dead(key, &all),
                    ALL_WEAK => is_dead(value, &roots) || is_dead(key, &all),
                    _ => false,
                };
                if !rightly {
                    return Err(format!("{table}[{index}] was cleared: {key:?} {value:?}"));
                }
            }
            for &(_, table, index) in cycle {
                self.set_shadow_pair(table, index, (None, None));
            }
        }
        Ok(())
    }

    /// After full cycles without finalizers left, exactly what is reachable is there.
    fn check_exactly(&mut self) -> Result<(), String> {
        // A finalizer may let others die; an entry that was cleared leaves what it
        // held to the next cycle.
        let mut before = usize::MAX;
        while self.vm.ids().len() != before {
            before = self.vm.ids().len();
            self.vm.collect();
            self.check_freed()?;
            while let Some(object) = self.vm.heap.next_finalizable() {
                self.finalized(object)?;
                before = usize::MAX;
            }
        }
        self.check_freed()?;
        let reachable = self.shadow.reachable(false);
        let alive = self.vm.ids();
        let unique: HashSet<Id> = alive.iter().copied().collect();
        if unique.len() != alive.len() {
            return Err("an object is there twice".into());
        }
        if unique != reachable {
            let extra: Vec<_> = unique.difference(&reachable).collect();
            let missing: Vec<_> = reachable.difference(&unique).collect();
            return Err(format!("not reachable: {extra:?}, missing: {missing:?}"));
        }
        self.shadow.objects.retain(|id, _| reachable.contains(id));
        Ok(())
    }

    pub(crate) fn run(&mut self, operations: usize) -> Result<(), String> {
        for count in 1..=operations {
            self.operation()?;
            if count % 500 == 0 {
                self.check_exactly()?;
            }
        }
        self.check_exactly()
    }
}

pub(crate) const SEEDS: u64 = if cfg!(miri) { 1 } else { 40 };

/// Operations of each run. `LUA_GC_OPERATIONS` sets how many a test does in all; by default 200,000.
pub(crate) fn operations() -> usize {
    let asked = std::env::var("LUA_GC_OPERATIONS").ok().and_then(|text| text.parse::<usize>().ok());
    match asked {
        Some(total) => total / SEEDS as usize,
        None if cfg!(miri) => 300,
        None => 5000,
    }
}

type Build = fn() -> Box<dyn Collector<ToyModel>>;

/// Every collector that works between other operations of the program, and only there: what it does to an object is noticed
/// before the program uses that object again.
const COLLECTORS: [(&str, Build); 7] = [
    ("mark-sweep", || CollectorKind::MarkSweep.build()),
    ("incremental", || CollectorKind::Incremental.build()),
    ("one object at a time", || Box::new(Dribble)),
    ("generational", || CollectorKind::Generational.build()),
    ("worker in turn", || super::apart::apart(false, 1)),
    ("stress", || CollectorKind::Stress.build()),
    ("minor stress", || CollectorKind::StressMinor.build()),
];

fn a_run(build: impl Fn() -> Box<dyn Collector<ToyModel>>, seed: u64) -> Run {
    let mut run = Run::new(Vm::new(build()), seed);
    run.vm.heap.set_pause(100);
    run.vm.heap.set_stepsize(10);
    run.vm.heap.set_generational(1, 1);
    run
}

fn check(build: impl Fn() -> Box<dyn Collector<ToyModel>>) {
    for seed in 1..=SEEDS {
        // Some on pages of the allocator, then on slabs.
        let pages = CountingPages::over(HugePages::prepared(seed as usize % 4 * 16 * 1024));
        let counts = pages.counts();
        let mut run = Run::new(Vm::with_pages(build(), Box::new(pages)), seed);
        run.vm.heap.set_pause(100);
        run.vm.heap.set_stepsize(10);
        run.vm.heap.set_generational(1, 1);
        if let Err(error) = run.run(operations()) {
            panic!("seed {seed}: {error}");
        }
        drop(run);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0), "seed {seed}: memory leaked");
    }
}

#[test]
fn mark_sweep() {
    check(|| CollectorKind::MarkSweep.build());
}

#[test]
fn incremental() {
    check(|| CollectorKind::Incremental.build());
}

#[test]
fn generational() {
    check(|| CollectorKind::Generational.build());
}

#[test]
fn one_object_at_a_time() {
    check(|| Box::new(Dribble));
}

#[test]
fn stress() {
    check(|| CollectorKind::Stress.build());
}

#[test]
fn minor_stress() {
    check(|| CollectorKind::StressMinor.build());
}

#[test]
fn no_collector() {
    check(|| CollectorKind::None.build());
}

#[test]
fn collectors_are_switched_while_a_cycle_runs() {
    let others: [Build; 2] = [|| super::apart::apart(true, 3), || CollectorKind::None.build()];
    let builds: Vec<Build> = COLLECTORS.into_iter().map(|(_, build)| build).chain(others).collect();
    for seed in 1..=SEEDS {
        let mut run = a_run(|| CollectorKind::Incremental.build(), seed);
        for _ in 0..operations() / 50 {
            let next = run.random.below(builds.len());
            run.vm.heap.set_collector(builds[next]());
            for _ in 0..50 {
                if let Err(error) = run.operation() {
                    panic!("seed {seed}: {error}");
                }
            }
        }
        run.check_exactly().unwrap();
    }
}

#[test]
fn dropping_the_heap_in_any_phase_frees_everything() {
    let builds: [Build; 2] = [|| Box::new(Dribble), || CollectorKind::StressMinor.build()];
    for (build, operations) in builds.iter().flat_map(|build| (0..if cfg!(miri) { 20 } else { 300 }).map(move |n| (build, n))) {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut run = Run::new(Vm::with_pages(build(), Box::new(pages)), 7);
        for _ in 0..operations {
            run.operation().unwrap();
        }
        drop(run);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
    }
}

#[test]
fn a_small_mark_stack_only_costs_time() {
    for seed in 1..=SEEDS {
        let mut run = Run::new(Vm::new(Box::new(Dribble)), seed);
        run.vm.heap.marking.stack_limit = (seed % 4) as usize;
        run.run(operations() / 3).unwrap();
    }
}

/// Whether runs notice that the VM does something wrong: never with collectors that run from beginning to end at once, where nothing
/// comes between, and with each other one in at least 4 of 20.
fn check_noticed(omit: impl Fn(&mut Vm)) {
    for (name, build) in COLLECTORS {
        let ends_badly = |seed: &u64| {
            let mut run = a_run(build, *seed);
            omit(&mut run.vm);
            run.run(5000).is_err()
        };
        let count = (1..=20).filter(ends_badly).count();
        let needed = if matches!(name, "mark-sweep" | "stress") { 0..=0 } else { 4..=20 };
        assert!(needed.contains(&count), "{name}: {count} of 20 runs noticed");
    }
}

/// The proof that the tests above can fail: without the barrier, objects that are
/// in use are freed.
#[test]
#[cfg_attr(miri, ignore = "does on purpose what Miri reports")]
fn without_the_barrier_objects_are_lost() {
    check_noticed(|vm| vm.omit_barrier = true);
}

/// Likewise, without reviving strings that are dead, not swept, and found again.
#[test]
#[cfg_attr(miri, ignore = "does on purpose what Miri reports")]
fn without_revival_strings_are_lost() {
    check_noticed(|vm| vm.omit_revival = true);
}
