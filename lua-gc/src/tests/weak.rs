//! Weak tables and ephemerons (§2.5.4).

use super::toy::*;
use crate::CollectorKind;

fn vm() -> Vm {
    Vm::new(CollectorKind::MarkSweep.build())
}

#[test]
fn weak_values_go_with_their_referents() {
    let mut vm = vm();
    let table = vm.object(WEAK_VALUES, 3);
    vm.roots[0] = Some(table);
    let (key, kept, lost) = (vm.object(TABLE, 0), vm.object(TABLE, 0), vm.object(TABLE, 0));
    let string = vm.string(1);
    vm.roots[1] = Some(kept);
    vm.store(table, 0, (Some(key), Some(kept)));
    vm.store(table, 1, (Some(key), Some(lost)));
    vm.store(table, 2, (Some(string), Some(string)));
    vm.collect();
    assert_eq!(pairs(table), [(Some(key), Some(kept)), (None, None), (Some(string), Some(string))]);
    assert_eq!(vm.ids(), [1, id(table), id(key), id(kept)]);
}

#[test]
fn a_value_of_an_ephemeron_that_refers_to_its_key_does_not_keep_it() {
    let mut vm = vm();
    let table = vm.object(EPHEMERON, 2);
    vm.roots[0] = Some(table);
    let (key, value) = (vm.object(TABLE, 0), vm.object(TABLE, 1));
    vm.store(value, 0, (Some(key), None));
    vm.store(table, 0, (Some(key), Some(value)));
    vm.roots[1] = Some(key);
    vm.collect();
    assert_eq!(vm.ids(), [id(table), id(key), id(value)]);
    vm.roots[1] = None;
    vm.collect();
    assert_eq!(pairs(table)[0], (None, None));
    assert_eq!(vm.ids(), [id(table)]);
}

#[test]
fn chains_of_ephemerons_converge_in_either_direction() {
    const LENGTH: usize = if cfg!(miri) { 20 } else { 2000 };
    for backwards in [false, true] {
        let mut vm = vm();
        let list = vm.object(TABLE, LENGTH as u32);
        vm.roots[0] = Some(list);
        let keys: Vec<Object> = (0..=LENGTH)
            .map(|index| {
                let key = vm.object(TABLE, 0);
                if index == 0 {
                    vm.roots[1] = Some(key);
                }
                key
            })
            .collect();
        for index in 0..LENGTH {
            let table = vm.object(EPHEMERON, 1);
            let link = if backwards { LENGTH - 1 - index } else { index };
            vm.store(table, 0, (Some(keys[link]), Some(keys[link + 1])));
            vm.store(list, index, (Some(table), None));
        }
        vm.collect();
        assert_eq!(vm.ids().len(), 2 * LENGTH + 2);
        vm.roots[1] = None;
        vm.collect();
        assert_eq!(vm.ids().len(), LENGTH + 1);
    }
}

/// A chain of `length` links from the root 1, in one table if `nested` is false. Otherwise each link is in a table
/// of its own that the key of the link before leads to. Returns the number of slots that a collection looked at for it.
fn slots_seen_in_chain(length: usize, nested: bool) -> usize {
    let mut vm = vm();
    // Prime lengths: the links are spread over the slots, and each is met neither before nor after the one that it follows.
    let table = vm.object(EPHEMERON, length as u32);
    vm.roots[0] = Some(table);
    let mut key = vm.object(TABLE, 0);
    vm.roots[1] = Some(key);
    for link in 1..length {
        let next = vm.object(TABLE, 1);
        if nested {
            let inner = vm.object(EPHEMERON, 1);
            vm.store(inner, 0, (Some(key), Some(next)));
            let holder = vm.object(TABLE, 1);
            vm.store(holder, 0, (Some(inner), None));
            vm.store(table, link * 7919 % length, (Some(key), Some(holder)));
        } else {
            vm.store(table, link * 7919 % length, (Some(key), Some(next)));
        }
        key = next;
    }
    EPHEMERONS_SEEN.set(0);
    vm.collect();
    let seen = EPHEMERONS_SEEN.get();
    assert_eq!(vm.ids().len(), 1 + length + if nested { 2 * (length - 1) } else { 0 });
    vm.roots[1] = None;
    vm.collect();
    assert_eq!(vm.ids(), [id(table)]);
    seen
}

#[test]
fn a_chain_takes_work_in_proportion_to_its_length() {
    for length in if cfg!(miri) { [101, 211] } else { [10_007, 20_011] } {
        for nested in [false, true] {
            let seen = slots_seen_in_chain(length, nested);
            assert!(seen <= 8 * length, "{seen} slots for {length} links, nested: {nested}");
        }
    }
}

/// As a table of Lua that grows: afterwards its entries are in other slots.
fn reverse(vm: &mut Vm, table: Object) {
    let length = pairs(table).len();
    vm.resize(table, length as u32);
    for (at, opposite) in (0..length / 2).zip((0..length).rev()) {
        let (first, last) = (pairs(table)[at], pairs(table)[opposite]);
        vm.store(table, at, last);
        vm.store(table, opposite, first);
    }
}

#[test]
fn a_chain_in_a_table_whose_entries_move_meanwhile_takes_few_passes() {
    const LENGTH: usize = if cfg!(miri) { 101 } else { 10_007 };
    // The third pass notes what waits.
    for moved_in in 0..4 {
        let mut vm = vm();
        let table = vm.object(EPHEMERON, LENGTH as u32);
        vm.roots[0] = Some(table);
        let mut key = vm.object(TABLE, 0);
        vm.roots[1] = Some(key);
        for link in 1..LENGTH {
            let next = vm.object(TABLE, 0);
            vm.store(table, link * 7919 % LENGTH, (Some(key), Some(next)));
            key = next;
        }
        EPHEMERONS_SEEN.set(0);
        let mut is_moved = false;
        at_each_slice(&mut vm, |vm| {
            if !is_moved && EPHEMERONS_SEEN.get() > LENGTH * moved_in + LENGTH / 3 {
                is_moved = true;
                reverse(vm, table);
            }
        });
        assert!(is_moved);
        assert_eq!(vm.ids().len(), 1 + LENGTH);
        let seen = EPHEMERONS_SEEN.get();
        assert!(seen <= 6 * LENGTH, "{seen} slots, moved in pass {moved_in}");
    }
}

/// `repeat ... until weak[1] == nil`
#[test]
fn asking_a_weak_table_again_and_again_does_not_keep_an_object_forever() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    let table = vm.object(WEAK_VALUES, 1);
    vm.roots[0] = Some(table);
    let length = if cfg!(miri) { 60 } else { 500 };
    let list = vm.object(TABLE, length);
    vm.roots[1] = Some(list);
    for index in 0..length as usize {
        let object = vm.object(TABLE, 1);
        vm.store(list, index, (Some(object), None));
    }
    for _ in 0..3 {
        let value = vm.object(TABLE, 0);
        vm.store(table, 0, (None, Some(value)));
        let mut count = 0;
        while vm.load(table, 0) != (None, None) {
            vm.object(TABLE, 1);
            if vm.heap.wants_step() {
                vm.step();
            }
            count += 1;
            assert!(count < 200_000);
        }
        assert!(vm.heap.cycles() > 2);
    }
}

#[test]
fn what_is_read_from_a_weak_table_before_it_is_decided_stays() {
    for (omit, decided) in [(false, false), (true, false), (false, true)] {
        let mut vm = Vm::new(CollectorKind::Incremental.build());
        let table = vm.object(WEAK_VALUES, 1);
        vm.roots[0] = Some(table);
        let value = vm.object(TABLE, 0);
        vm.store(table, 0, (None, Some(value)));
        vm.heap.begin_marking(&mut vm.roots);
        assert_eq!(vm.heap.mark_slice(if decided { usize::MAX } else { 1 }), decided);
        vm.roots[1] = if omit { pairs(table)[0].1 } else { vm.load(table, 0).1 };
        vm.heap.end_marking();
        vm.heap.finish_sweep();
        assert_eq!(vm.ids().len(), if omit || decided { 1 } else { 2 });
    }
}

/// Calls `check` after each of the smallest slices of a cycle's end, in which the program runs.
fn at_each_slice(vm: &mut Vm, mut check: impl FnMut(&mut Vm)) {
    vm.heap.begin_marking(&mut vm.roots);
    while !vm.heap.mark_slice(1) {
        check(vm);
    }
    vm.heap.end_marking();
    vm.heap.finish_sweep();
}

#[test]
fn an_entry_that_is_dead_does_not_come_back_while_tables_are_cleared() {
    const LENGTH: usize = WIDE as usize;
    for kind in [WEAK_VALUES, EPHEMERON, ALL_WEAK] {
        let mut vm = vm();
        let table = vm.object(kind, LENGTH as u32);
        vm.roots[0] = Some(table);
        let list = vm.object(TABLE, LENGTH as u32);
        vm.roots[1] = Some(list);
        for index in 0..LENGTH {
            let object = vm.object(TABLE, 0);
            vm.store(table, index, if kind == WEAK_VALUES { (None, Some(object)) } else { (Some(object), Some(object)) });
            if index % 2 == 0 {
                vm.store(list, index, (Some(object), None));
            }
        }
        let mut hidden = 0;
        at_each_slice(&mut vm, |vm| {
            let last = LENGTH - 1;
            // Asking earlier would keep it.
            if vm.heap.is_decided() && pairs(table)[last] != (None, None) {
                assert_eq!(vm.load(table, last), (None, None));
                assert_ne!(vm.load(table, last - 1), (None, None));
                hidden += 1;
            }
        });
        assert!(hidden > 2, "{kind}: {hidden}");
        assert_eq!(vm.ids().len(), 2 + LENGTH / 2);
    }
}

/// Entries of a table that takes many slices to clear.
const WIDE: u32 = if cfg!(miri) { 126 } else { 2000 };

/// A weak table at the root 0 with three dead keys: one that has a finalizer, one that such an object refers to, one that is lost.
/// At the root 1 is a table that takes many slices to clear.
fn with_dead_keys(kind: u8) -> (Vm, Object) {
    let mut vm = vm();
    let (table, wide) = (vm.object(kind, 3), vm.object(WEAK_VALUES, WIDE));
    (vm.roots[0], vm.roots[1]) = (Some(table), Some(wide));
    let value = vm.object(TABLE, 0);
    for index in 0..WIDE {
        vm.store(wide, index as usize, (None, Some(value)));
    }
    let (finalized, owner, lost) = (vm.object(TABLE, 0), vm.object(TABLE, 1), vm.object(TABLE, 0));
    let inner = vm.object(TABLE, 0);
    vm.store(owner, 0, (Some(inner), None));
    vm.register(finalized);
    vm.register(owner);
    // A value that lives: the key alone decides.
    let kept = vm.object(TABLE, 0);
    vm.roots[2] = Some(kept);
    for (index, key) in [finalized, inner, lost].into_iter().enumerate() {
        vm.store(table, index, (Some(key), Some(kept)));
    }
    (vm, table)
}

#[test]
fn an_entry_whose_dead_key_is_resurrected_is_there_at_every_moment() {
    for kind in [EPHEMERON, ALL_WEAK] {
        let (mut slices, mut moments) = (0, 0);
        // The first look decides.
        for first in 0.. {
            let (mut vm, table) = with_dead_keys(kind);
            let [finalized, inner, _] = [0, 1, 2].map(|index| pairs(table)[index]);
            let mut slice = 0;
            at_each_slice(&mut vm, |vm| {
                slice += 1;
                if slice > first && vm.heap.is_decided() {
                    moments += 1;
                    assert_eq!([0, 1, 2].map(|index| vm.load(table, index)), [finalized, inner, (None, None)], "{slice}");
                }
            });
            assert_eq!(pairs(table), [finalized, inner, (None, None)]);
            assert_eq!(std::iter::from_fn(|| vm.heap.next_finalizable()).count(), 2);
            vm.collect();
            assert_eq!(pairs(table), [(None, None); 3]);
            slices = slices.max(slice);
            if first > slices {
                break;
            }
        }
        assert!(moments > 40, "{moments}");
    }
}

#[test]
fn a_dead_key_that_nothing_resurrects_is_gone_from_the_first_look_on() {
    let mut vm = vm();
    let table = vm.object(ALL_WEAK, WIDE);
    vm.roots[0] = Some(table);
    let kept = vm.object(TABLE, 0);
    vm.roots[1] = Some(kept);
    for index in 0..WIDE {
        let key = vm.object(TABLE, 0);
        vm.store(table, index as usize, (Some(key), Some(kept)));
    }
    let mut looks = 0;
    at_each_slice(&mut vm, |vm| {
        if looks > 0 || vm.heap.is_decided() {
            looks += 1;
            assert_eq!(vm.load(table, WIDE as usize - 1), (None, None));
        }
    });
    assert!(looks > 4, "{looks}");
}

#[test]
fn a_weak_table_that_becomes_strong_keeps_what_is_resurrected() {
    for kind in [EPHEMERON, ALL_WEAK] {
        for first in 0.. {
            let (mut vm, table) = with_dead_keys(kind);
            let [finalized, inner, _] = [0, 1, 2].map(|index| pairs(table)[index]);
            let (mut slice, mut was_decided, mut found) = (0, false, Vec::new());
            at_each_slice(&mut vm, |vm| {
                if slice == first {
                    was_decided = vm.heap.is_decided();
                    // SAFETY: a live table.
                    unsafe { vm.heap.weak_ends(table) };
                    found = pairs(table).to_vec();
                }
                slice += 1;
            });
            if slice <= first {
                break;
            }
            assert!(!was_decided || found == [finalized, inner, (None, None)], "{first}: {found:?}");
        }
    }
}

#[test]
fn a_table_that_gets_other_nodes_while_it_is_cleared_is_cleared_at_once() {
    const LENGTH: usize = WIDE as usize;
    let mut vm = vm();
    let table = vm.object(ALL_WEAK, LENGTH as u32);
    vm.roots[0] = Some(table);
    for index in 0..LENGTH {
        let object = vm.object(TABLE, 0);
        vm.store(table, index, (Some(object), Some(object)));
    }
    let mut is_resized = false;
    at_each_slice(&mut vm, |vm| {
        if vm.heap.is_decided() && !is_resized {
            vm.resize(table, LENGTH as u32 + 1);
            is_resized = true;
            assert!(pairs(table).iter().all(|pair| *pair == (None, None)));
        }
    });
    assert!(is_resized);
    assert_eq!(vm.ids().len(), 1);
}

#[test]
fn finalizers_are_found_in_slices_in_reverse_order_while_others_are_registered() {
    const COUNT: u64 = WIDE as u64;
    let mut vm = vm();
    let list = vm.object(TABLE, 10 * COUNT as u32);
    vm.roots[0] = Some(list);
    for index in 0..COUNT {
        let object = vm.object(TABLE, 0);
        vm.register(object);
        if index % 3 == 0 {
            vm.store(list, index as usize, (Some(object), None));
        }
    }
    let mut born = COUNT as usize;
    at_each_slice(&mut vm, |vm| {
        let object = vm.object(TABLE, 0);
        vm.register(object);
        vm.store(list, born, (Some(object), None));
        born += 1;
    });
    let mut due = Vec::new();
    while let Some(object) = vm.heap.next_finalizable() {
        due.push(id(object) - STRINGS - 1);
    }
    let expected: Vec<Id> = (0..COUNT as Id).rev().filter(|index| index % 3 != 0).collect();
    assert_eq!(due, expected);
    vm.roots[0] = None;
    vm.collect();
    let rest = std::iter::from_fn(|| vm.heap.next_finalizable()).count();
    assert_eq!(rest, born - expected.len());
}
