//! Which upvalues each closure gets, and the objects that are made for that before anything changes.

use std::collections::{HashMap, HashSet};

use lua_proto::Proto;

use super::counterpart::{Counterpart, proto_at};
use super::replace::Twins;
use super::run::Session;
use super::survey::{Counterparts, closures_of};
use super::variables::{Answer, Key, Variables, Wanted, wanted};
use super::{ModuleUpdate, Obstacle, ObstacleKind, Stop};
use crate::api::Cx;
use crate::error::{Error, Result};
use crate::function::{Closure, Function, Upvalue};
use crate::table::Table;
use crate::value::{Value, tag};

mod initial;

/// What the update does to the heap. All objects are rooted as long as the session lives.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) changes: Vec<Change>,
    /// New closures, and the variables of old ones that they use in place of those that the new chunk made.
    pub(super) joins: Vec<(*mut Closure, usize, *mut Upvalue)>,
    /// New objects in whose place an old one stands.
    pub(super) twins: Twins,
    /// Tables that both versions of a chunk made in the same place: the old one, and the new one.
    pub(super) tables: Vec<(*mut Table, *mut Table)>,
    pub(super) outdated: usize,
    pub(super) kept: Vec<Obstacle>,
}

/// A closure, with its code and upvalues before and after.
pub(super) struct Change {
    pub(super) closure: *mut Closure,
    pub(super) before: *mut Closure,
    pub(super) after: *mut Closure,
}

/// An upvalue that is planned.
#[derive(Clone, Copy)]
enum Source {
    Is(*mut Upvalue),
    /// A new variable of a function that is not running: this one of [`Module::made`].
    Made(usize),
}

/// The plan for one module.
struct Module<'m> {
    update: &'m ModuleUpdate,
    /// The new outermost function.
    main: *mut Function,
    counterparts: Counterparts<'m>,
    old: Variables,
    new: Variables,
    closures: Vec<(*mut Closure, u32, Vec<Source>)>,
    /// New variables: of which group of variables or which closure, and their values.
    made: Vec<Value>,
    made_for: HashMap<(*const (), Key), usize>,
}

impl<'a> Session<'a, '_> {
    /// Decides everything, and makes all objects that are needed. Nothing collects meanwhile.
    pub(super) fn plan(&mut self) -> Result<Plan, Stop> {
        self.cx.vm().collect();
        let found = closures_of(self.cx.vm(), self.modules);
        let mut plan = Plan::default();
        let mut obstacles = Vec::new();
        for (at, closures) in found.iter().enumerate() {
            // SAFETY: closures of the walk are live, and nothing collects before all objects of the plan are rooted.
            unsafe {
                let mut module = self.plan_module(at, closures, &mut plan)?;
                obstacles.append(&mut module.counterparts.obstacles);
                if obstacles.is_empty() {
                    self.make_objects(&module, &mut plan)?;
                    let (old, new) = self.values(at);
                    self.note_tables(old, new, &mut plan)?;
                    self.find_tables(&module, &mut plan)?;
                }
                plan.kept.append(&mut module.counterparts.kept);
            }
        }
        if obstacles.is_empty() { Ok(plan) } else { Err(Stop::Refused(obstacles)) }
    }

    unsafe fn plan_module(&mut self, at: usize, closures: &[*mut Closure], plan: &mut Plan) -> Result<Module<'a>, Stop> {
        let update = &self.modules[at];
        // SAFETY: live closures.
        unsafe {
            let mut module = Module {
                update,
                main: (*self.main(at)).function,
                counterparts: Counterparts::new(update),
                old: Variables::default(),
                new: Variables::default(),
                closures: Vec::new(),
                made: Vec::new(),
                made_for: HashMap::new(),
            };
            let (fresh, old): (Vec<_>, Vec<_>) = closures.iter().copied().partition(|c| self.fresh.contains(c));
            let same: Vec<Counterpart> = (0..update.proto.image().outline().len()).map(|i| Counterpart::At(i as u32)).collect();
            fresh.iter().for_each(|&closure| module.new.add(closure, &same));
            for &closure in &old {
                let to_new = module.counterparts.of_image((*(*closure).function).proto().image());
                module.old.add(closure, &to_new);
            }
            let tables = self.tables();
            module.counterparts.note_lost(self.cx.vm(), &old, &tables);
            let current = self.cx.vm().updated.get(update.proto.source()).copied();
            for &closure in &old {
                let proto = (*(*closure).function).proto();
                plan.outdated += usize::from(current.is_some_and(|current| current != proto.image().identity()));
                module.plan_closure(self.cx, closure)?;
            }
            fresh.iter().for_each(|&closure| module.plan_joins(closure, &mut plan.joins));
            module.find_twins(&fresh, &mut plan.twins.closures);
            Ok(module)
        }
    }

    /// Makes the versions of all closures of a module.
    unsafe fn make_objects(&mut self, module: &Module<'_>, plan: &mut Plan) -> Result<(), Stop> {
        let vm = self.cx.vm();
        let out_of_memory = |_| Error::memory();
        // SAFETY: what the plan names is live; what is made here is rooted before anything collects.
        unsafe {
            let mut made = Vec::with_capacity(module.made.len());
            for &value in &module.made {
                made.push(Upvalue::new_closed(&mut vm.heap, value).map_err(out_of_memory)?);
            }
            for (closure, position, sources) in &module.closures {
                let function = function_at(vm, module.main, *position)?;
                let upvalues: Vec<*mut Upvalue> = sources.iter().map(|s| s.upvalue(&made)).collect();
                let after = Closure::new_version(&mut vm.heap, *closure, function, &upvalues).map_err(out_of_memory)?;
                let holder = Closure::holder(*closure);
                let before = if holder == *closure {
                    let upvalues: Vec<*mut Upvalue> = (0..(**closure).upvalue_count as usize).map(|i| (**closure).upvalue(i)).collect();
                    Closure::new_version(&mut vm.heap, *closure, (**closure).function, &upvalues).map_err(out_of_memory)?
                } else {
                    holder
                };
                for rooted in [*closure, before, after] {
                    self.keep.add(vm, Value::closure(rooted))?;
                }
                plan.changes.push(Change { closure: *closure, before, after });
            }
        }
        Ok(())
    }

    /// Finds the tables that both versions made in the same place.
    unsafe fn find_tables(&mut self, module: &Module<'_>, plan: &mut Plan) -> Result<()> {
        // SAFETY: upvalues of live closures.
        unsafe {
            for key in module.new.keys().filter(|key| key.is_global()) {
                if let (Answer::Is(old), Answer::Is(new)) = (module.old.only(key), module.new.only(key)) {
                    let (old, new) = (*(*old).value, *(*new).value);
                    self.note_tables(old, new, plan)?;
                }
            }
        }
        Ok(())
    }

    /// Notes a pair of values, if they are different tables.
    fn note_tables(&mut self, old: Value, new: Value, plan: &mut Plan) -> Result<()> {
        if old.tag == tag::TABLE && new.tag == tag::TABLE && old.payload != new.payload {
            self.keep.add(self.cx.vm(), old)?;
            self.keep.add(self.cx.vm(), new)?;
            plan.tables.push((old.as_ptr(), new.as_ptr()));
            // What was there before the chunk ran is not its own.
            if !self.existing.contains(&new.as_ptr()) {
                plan.twins.tables.insert(new.as_ptr(), old.as_ptr());
            }
        }
        Ok(())
    }
}

impl Source {
    fn upvalue(self, made: &[*mut Upvalue]) -> *mut Upvalue {
        match self {
            Source::Is(upvalue) => upvalue,
            Source::Made(at) => made[at],
        }
    }
}

impl Module<'_> {
    /// Finds the upvalues of a closure's new code.
    unsafe fn plan_closure(&mut self, cx: &mut Cx<'_>, closure: *mut Closure) -> Result<()> {
        // SAFETY: a live closure.
        unsafe {
            let old = (*(*closure).function).proto();
            let Ok(position) = self.counterparts.of_function(old) else {
                return Ok(());
            };
            let new = proto_at(&self.update.proto, position);
            let to_new = self.counterparts.of_image(old.image());
            let mut sources = Vec::with_capacity(new.upvalues().len());
            for i in 0..new.upvalues().len() {
                let Some(wanted) = wanted(new, i) else {
                    self.counterparts.note(old, ObstacleKind::Binary);
                    return Ok(());
                };
                let own = old.upvalues().iter().position(|u| u.name.as_ref().is_some_and(|n| n.as_ptr() == wanted.key.name));
                let source = match own {
                    Some(own) => Some(Source::Is((*closure).upvalue(own))),
                    None => self.new_upvalue(cx, closure, &to_new, wanted, new)?,
                };
                sources.extend(source);
            }
            if sources.len() == new.upvalues().len() {
                self.closures.push((closure, position, sources));
            }
            Ok(())
        }
    }

    /// The variable for an upvalue that a closure did not have; notes an obstacle if there is none.
    unsafe fn new_upvalue(
        &mut self,
        cx: &mut Cx<'_>,
        closure: *mut Closure,
        to_new: &[Counterpart],
        wanted: Wanted,
        new: &Proto,
    ) -> Result<Option<Source>> {
        // SAFETY: a live closure.
        unsafe {
            let group = self.old.group_of(closure, to_new, wanted.key);
            let mut answer = self.old.of_group(group, wanted);
            if answer == Answer::None && wanted.key.is_global() {
                answer = self.new.only(wanted.key);
            } else if answer == Answer::None {
                let of = group.map_or(closure.cast_const().cast(), |group| group.cast_const().cast::<()>());
                if let Some(made) = self.make_variable(cx, of, wanted, new)? {
                    return Ok(Some(Source::Made(made)));
                }
            }
            let name = || wanted.key.name.as_ref().as_bytes().to_vec();
            let kind = match answer {
                Answer::Is(upvalue) => return Ok(Some(Source::Is(upvalue))),
                Answer::None => ObstacleKind::NoValue(name()),
                Answer::Several => ObstacleKind::SeveralVariables(name()),
            };
            self.counterparts.note((*(*closure).function).proto(), kind);
            Ok(None)
        }
    }

    /// A new variable of a function that does not run any more, if its first value is known: one for each group.
    unsafe fn make_variable(&mut self, cx: &mut Cx<'_>, of: *const (), wanted: Wanted, user: &Proto) -> Result<Option<usize>> {
        if wanted.repeated {
            return Ok(None);
        }
        if let Some(&made) = self.made_for.get(&(of, wanted.key)) {
            return Ok(Some(made));
        }
        // SAFETY: the new outermost function is live.
        let Some(value) = (unsafe { initial::value(cx.vm(), self.main, wanted.key, user)? }) else {
            return Ok(None);
        };
        self.made.push(value);
        self.made_for.insert((of, wanted.key), self.made.len() - 1);
        Ok(Some(self.made.len() - 1))
    }

    /// Finds the variables that a new closure has in common with old ones.
    unsafe fn plan_joins(&mut self, closure: *mut Closure, joins: &mut Vec<(*mut Closure, usize, *mut Upvalue)>) {
        // SAFETY: a live closure.
        unsafe {
            let proto = (*(*closure).function).proto();
            for i in 0..(*closure).upvalue_count as usize {
                let Some(wanted) = wanted(proto, i).filter(|w| w.key.is_global() && !w.repeated) else {
                    continue;
                };
                match self.old.of_group(None, wanted) {
                    Answer::Is(upvalue) => joins.push((closure, i, upvalue)),
                    Answer::None => {}
                    Answer::Several => {
                        let name = wanted.key.name.as_ref().as_bytes().to_vec();
                        self.counterparts.note(proto, ObstacleKind::SeveralVariables(name));
                    }
                }
            }
        }
    }

    /// Finds the new closures of functions directly in the chunk that are there once before and once now.
    unsafe fn find_twins(&self, fresh: &[*mut Closure], twins: &mut HashMap<*mut Closure, *mut Closure>) {
        let mut old: HashMap<u32, Option<*mut Closure>> = HashMap::new();
        for (closure, position, _) in &self.closures {
            old.entry(*position).and_modify(|only| *only = None).or_insert(Some(*closure));
        }
        let outline = self.update.proto.image().outline();
        let mut seen = HashSet::new();
        for &closure in fresh {
            // SAFETY: a live closure.
            let position = unsafe { (*(*closure).function).proto() }.position();
            if position == 0 || outline[position as usize].parent != 0 {
                continue;
            }
            if !seen.insert(position) {
                old.remove(&position);
            }
        }
        for &closure in fresh {
            // SAFETY: as above.
            let position = unsafe { (*(*closure).function).proto() }.position();
            if let Some(Some(twin)) = old.get(&position).filter(|_| seen.contains(&position)) {
                twins.insert(closure, *twin);
            }
        }
    }
}

/// The VM's side of the function at a position, made if there is none.
unsafe fn function_at(vm: &mut crate::vm::Vm, main: *mut Function, position: u32) -> Result<*mut Function> {
    let mut at = main;
    // SAFETY: the outermost function is live, and each function keeps those in it.
    unsafe {
        while (*at).proto().position() != position {
            Function::link(&mut vm.heap, at).map_err(|_| Error::memory())?;
            let nested = (*at).proto().protos();
            let Some(i) = nested.iter().rposition(|p| p.position() <= position) else {
                return Ok(at);
            };
            at = Function::child(&mut vm.heap, at, i).map_err(|_| Error::memory())?;
        }
        Ok(at)
    }
}
