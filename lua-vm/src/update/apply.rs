//! The change itself, and the way back.

use std::collections::HashMap;
use std::ptr::NonNull;

use super::merge::Merge;
use super::plan::Plan;
use super::replace::Twins;
use super::run::Session;
use super::survey::all_threads;
use super::{Stop, UPDATE, Updated, replace};
use crate::error::Result;
use crate::function::{Closure, Upvalue};
use crate::value::{Value, tag};
use crate::vm::Vm;

impl Session<'_, '_> {
    /// Changes everything that the plan names, fills in tables, and calls the modules' `__update`.
    pub(super) fn carry_out(mut self, plan: &Plan) -> Result<Updated, Stop> {
        // SAFETY: all objects of the plan are rooted by the session.
        unsafe {
            let vm = self.cx.vm();
            give_code(vm, plan.changes.iter().map(|c| (c.closure, c.before, c.after)));
            join(vm, &plan.joins);
        }
        let mut merge = Merge::default();
        let merged = merge.tables(&mut self, plan).and_then(|()| self.replace(&plan.twins));
        let rest = merged.and_then(|()| self.call_hooks());
        if let Err(e) = rest {
            let e = self.cx.vm().own_error(e);
            merge.undo(&mut self, &plan.twins);
            // SAFETY: as above.
            unsafe { give_code(self.cx.vm(), plan.changes.iter().map(|c| (c.closure, c.after, c.before))) };
            return Err(Stop::Failed(e));
        }
        self.retire_hooks();
        for module in self.modules {
            let image = module.proto.image();
            self.cx.vm().updated.insert(image.source().into(), image.identity());
        }
        let running = self.running();
        Ok(Updated { closures: plan.changes.len(), outdated: plan.outdated, running, added: merge.added(), kept: plan.kept.clone() })
    }

    /// Puts old objects in the place of new ones, except for the new values that `__update` is to see.
    fn replace(&mut self, twins: &Twins) -> Result<()> {
        let new: Vec<Value> = (0..self.modules.len()).map(|at| self.values(at).1).collect();
        let result = replace::everywhere(self, twins);
        new.into_iter().enumerate().for_each(|(at, value)| self.set_new_value(at, value));
        result
    }

    /// Calls the modules' own `__update(old, new)`.
    fn call_hooks(&mut self) -> Result<()> {
        for at in 0..self.modules.len() {
            let (old, new) = self.value_slots(at);
            if self.cx.value(new).tag != tag::TABLE {
                continue;
            }
            self.cx.raw_get_str(new, UPDATE);
            if self.cx.value(self.cx.top() - 1).is_function() {
                self.cx.push_slot(old);
                self.cx.push_slot(new);
                self.cx.pcall(2, 0)?;
            } else {
                self.cx.pop(1);
            }
        }
        Ok(())
    }

    /// Takes `__update` of earlier versions away, where the new one has none.
    fn retire_hooks(&mut self) {
        for at in 0..self.modules.len() {
            let (old, _) = self.value_slots(at);
            if self.cx.value(old).tag != tag::TABLE {
                continue;
            }
            self.cx.raw_get_str(old, UPDATE);
            let hook = self.cx.take();
            if hook.tag == tag::CLOSURE {
                // SAFETY: a live closure.
                let image = unsafe { (*(*hook.as_closure()).function).proto() }.image();
                let new = self.modules[at].proto.image();
                if image.source() == new.source() && image.identity() != new.identity() {
                    self.cx.push_nil();
                    // The field is there, so this needs no memory.
                    let _ = self.cx.raw_set_str(old, UPDATE);
                }
            }
        }
    }

    /// How many calls go on with old code of the modules.
    fn running(&mut self) -> usize {
        let modules = self.modules;
        let mut count = 0;
        for thread in all_threads(self.cx.vm()) {
            // SAFETY: a live thread, whose fields are up to date.
            unsafe {
                let mut frame = (*thread).frames;
                while frame <= (*thread).frame {
                    if (*frame).is_lua() {
                        let image = (*(*frame).function).proto().image();
                        let of_module = modules.iter().any(|m| m.proto.source() == image.source());
                        count += usize::from(of_module && modules.iter().all(|m| m.proto.image().identity() != image.identity()));
                    }
                    frame = frame.add(1);
                }
            }
        }
        count
    }
}

/// Gives closures the code of versions of them: `(closure, version that it is, version that it becomes)`. Frames that run it go on with the
/// version that it was.
///
/// # Safety
/// All objects are live. Nothing is allocated or collected in here.
unsafe fn give_code(vm: &mut Vm, changes: impl Iterator<Item = (*mut Closure, *mut Closure, *mut Closure)>) {
    let mut leaving: HashMap<*mut Closure, *mut Closure> = HashMap::new();
    // SAFETY: the caller's promise. Frames are seen to below, before any of them runs.
    unsafe {
        for (closure, before, after) in changes {
            Closure::become_version(&mut vm.heap, closure, after);
            leaving.insert(closure, before);
        }
        for thread in all_threads(vm) {
            vm.heap.barrier(NonNull::new_unchecked(thread.cast()));
            let mut frame = (*thread).frames;
            while frame <= (*thread).frame {
                if (*frame).is_lua() {
                    let slot = (*frame).base.sub(1);
                    if (*slot).tag == tag::CLOSURE
                        && let Some(&version) = leaving.get(&(*slot).as_closure())
                    {
                        *slot = Value::closure(version);
                    }
                }
                frame = frame.add(1);
            }
        }
    }
}

/// Makes closures share variables.
///
/// # Safety
/// As for [`give_code`].
unsafe fn join(vm: &mut Vm, joins: &[(*mut Closure, usize, *mut Upvalue)]) {
    for &(closure, i, upvalue) in joins {
        // SAFETY: the caller's promise; the index is one of the closure's.
        unsafe {
            vm.heap.barrier(NonNull::new_unchecked(Closure::holder(closure).cast()));
            *(*closure).upvalues.add(i) = upvalue;
        }
    }
}
