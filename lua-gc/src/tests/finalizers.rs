//! Finalizers (§2.5.3).

use super::toy::*;
use crate::CollectorKind;

fn vm() -> Vm {
    Vm::new(CollectorKind::MarkSweep.build())
}

/// Calls all finalizers that are due; returns their ids relative to the first object.
fn drain(vm: &mut Vm) -> Vec<Id> {
    std::iter::from_fn(|| vm.heap.next_finalizable()).map(|object| id(object) - STRINGS).collect()
}

#[test]
fn the_latest_registered_comes_first() {
    let mut vm = vm();
    for index in 0..5 {
        let object = vm.object(TABLE, 0);
        vm.register(object);
        vm.register(object);
        if index == 2 {
            vm.roots[0] = Some(object);
        }
    }
    vm.collect();
    assert!(vm.heap.has_finalizable());
    assert_eq!(drain(&mut vm), [4, 3, 1, 0]);
    assert_eq!(vm.ids().len(), 5);
    vm.collect();
    assert_eq!(vm.ids().len(), 1);
    assert!(!vm.heap.has_finalizable());
}

#[test]
fn a_pending_object_keeps_what_it_refers_to() {
    let mut vm = vm();
    let (object, inner) = (vm.object(TABLE, 1), vm.object(TABLE, 0));
    vm.store(object, 0, (Some(inner), None));
    vm.register(object);
    for _ in 0..3 {
        vm.collect();
        assert_eq!(vm.ids().len(), 2);
    }
    assert_eq!(vm.heap.next_finalizable(), Some(object));
    vm.roots[0] = Some(object);
    vm.collect();
    assert_eq!(vm.ids().len(), 2);
    vm.register(object);
    vm.roots[0] = None;
    vm.collect();
    assert_eq!(drain(&mut vm), [0]);
    vm.collect();
    assert_eq!(vm.ids().len(), 0);
}

/// "Resurrected objects are removed from weak values before running their
/// finalizers, while they are removed from weak keys only in the next cycle."
#[test]
fn resurrected_objects_leave_weak_values_at_once_and_weak_keys_later() {
    let mut vm = vm();
    let object = vm.object(TABLE, 0);
    vm.register(object);
    let (values, keys) = (vm.object(WEAK_VALUES, 1), vm.object(EPHEMERON, 1));
    vm.roots[0] = Some(values);
    vm.roots[1] = Some(keys);
    vm.store(values, 0, (None, Some(object)));
    let value = vm.object(TABLE, 0);
    vm.store(keys, 0, (Some(object), Some(value)));
    vm.collect();
    assert_eq!(pairs(values)[0], (None, None));
    assert_eq!(pairs(keys)[0], (Some(object), Some(value)));
    assert_eq!(drain(&mut vm), [0]);
    vm.collect();
    assert_eq!(pairs(keys)[0], (None, None));
    assert_eq!(vm.ids().len(), 2);
}

#[test]
fn closing_finalizes_everything_once() {
    let mut vm = vm();
    for index in 0..4 {
        let object = vm.object(TABLE, 0);
        vm.roots[index] = Some(object);
        vm.register(object);
    }
    vm.roots[1] = None;
    vm.collect();
    vm.heap.finalize_all();
    assert_eq!(drain(&mut vm), [1, 3, 2, 0]);
    let late = vm.object(TABLE, 0);
    vm.register(late);
    vm.heap.finalize_all();
    assert_eq!(drain(&mut vm), [0; 0]);
}

#[test]
fn an_object_registered_while_marking_is_found() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    let old = vm.object(TABLE, 0);
    vm.heap.begin_marking(&mut vm.roots);
    let new = vm.object(TABLE, 0);
    vm.register(old);
    vm.register(new);
    vm.heap.end_marking();
    assert_eq!(drain(&mut vm), [0]);
    vm.collect();
    assert_eq!(drain(&mut vm), [1]);
}
