//! What lives: the closures of modules, and threads.

use lua_proto::{Image, Proto};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::Rc;

use super::counterpart::{Counterpart, counterparts, path};
use super::needed::needed;
use super::{ModuleUpdate, Obstacle, ObstacleKind};
use crate::function::Closure;
use crate::object::kind;
use crate::table::Table;
use crate::thread::Thread;
use crate::vm::Vm;

/// All closures that live; exact right after a collection. Nothing may collect while they are used, unless they are rooted.
pub(super) fn all_closures(vm: &mut Vm) -> Vec<*mut Closure> {
    let all = objects(vm, kind::CLOSURE).into_iter().map(|object| object.as_ptr().cast::<Closure>());
    // SAFETY: the kind tells the type.
    all.filter(|&c| unsafe { (*c).original().is_null() }).collect()
}

/// All threads that live; their fields are up to date.
pub(super) fn all_threads(vm: &mut Vm) -> Vec<*mut Thread> {
    vm.store_thread();
    objects(vm, kind::THREAD).into_iter().map(|object| object.as_ptr().cast()).collect()
}

/// All objects of a kind that live.
pub(super) fn objects(vm: &mut Vm, kind: u8) -> Vec<NonNull<lua_gc::Header>> {
    let mut found = Vec::new();
    // SAFETY: nothing happens to the objects here.
    unsafe {
        vm.heap.for_each_object(|_, object| {
            if object.as_ref().kind() == kind {
                found.push(object);
            }
        });
    }
    found
}

/// The closures whose chunks have the names of these modules' chunks.
pub(super) fn closures_of(vm: &mut Vm, modules: &[ModuleUpdate]) -> Vec<Vec<*mut Closure>> {
    let mut found = vec![Vec::new(); modules.len()];
    let mut known: HashMap<u64, Option<usize>> = HashMap::new();
    for closure in all_closures(vm) {
        // SAFETY: live closures.
        let image = unsafe { (*(*closure).function).proto() }.image();
        let module = *known.entry(image.identity()).or_insert_with(|| modules.iter().position(|m| m.proto.source() == image.source()));
        if let Some(module) = module {
            found[module].push(closure);
        }
    }
    found
}

/// The counterparts in one new chunk, for all old ones.
pub(super) struct Counterparts<'m> {
    module: &'m ModuleUpdate,
    known: HashMap<u64, Rc<[Counterpart]>>,
    /// What stands in the way, each function once.
    pub(super) obstacles: Vec<Obstacle>,
    /// What would, if it was not to be kept.
    pub(super) kept: Vec<Obstacle>,
}

impl<'m> Counterparts<'m> {
    pub(super) fn new(module: &'m ModuleUpdate) -> Counterparts<'m> {
        Counterparts { module, known: HashMap::new(), obstacles: Vec::new(), kept: Vec::new() }
    }

    /// The counterparts of all functions of an image, by position.
    pub(super) fn of_image(&mut self, image: &Image) -> Rc<[Counterpart]> {
        let new = self.module.proto.image();
        Rc::clone(self.known.entry(image.identity()).or_insert_with(|| counterparts(image, new).into()))
    }

    /// The new outermost function.
    pub(super) fn new_code(&self) -> &'m Proto {
        &self.module.proto
    }

    /// The position of a function's counterpart, or what is wrong with it.
    pub(super) fn of_function(&mut self, proto: &Proto) -> Result<u32, ObstacleKind> {
        if proto.image().outline().is_empty() {
            return Err(ObstacleKind::Binary);
        }
        match self.of_image(proto.image())[proto.position() as usize] {
            Counterpart::At(position) => Ok(position),
            Counterpart::Missing => Err(ObstacleKind::Missing),
            Counterpart::Ambiguous => Err(ObstacleKind::Ambiguous),
        }
    }

    /// Notes the closures without a counterpart that somebody needs.
    ///
    /// # Safety
    /// `closures` are all of the module, `tables` those of all modules; they live, and nothing collects meanwhile.
    pub(super) unsafe fn note_lost(&mut self, vm: &mut Vm, closures: &[*mut Closure], tables: &[*mut Table]) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut lost = closures.to_vec();
            lost.retain(|c| self.of_function((*(**c).function).proto()).is_err());
            for closure in needed(vm, &lost, closures, self, tables) {
                let proto = (*(*closure).function).proto();
                if let Err(kind) = self.of_function(proto) {
                    self.note(proto, kind);
                }
            }
            let order = |o: &Obstacle| (o.line, o.function.clone());
            self.obstacles.sort_by_key(order);
            self.kept.sort_by_key(order);
        }
    }

    /// Notes an obstacle, once for each function.
    pub(super) fn note(&mut self, proto: &Proto, kind: ObstacleKind) {
        let keep = self.module.keep_missing && kind == ObstacleKind::Missing;
        let list = if keep { &mut self.kept } else { &mut self.obstacles };
        let function = path(proto.image(), proto.position());
        let obstacle = Obstacle { module: self.module.name.clone(), function, line: proto.line_defined(), kind };
        if !list.contains(&obstacle) {
            list.push(obstacle);
        }
    }
}
