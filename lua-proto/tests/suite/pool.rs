//! The pool of strings, from one thread and from many.

use std::sync::{Arc, Barrier};
use std::thread;

use lua_proto::pool::{self, KIND_STRING, PoolRef, SHARED, adopt, find, intern, intern_static, pool_id_bound, pool_len, release};
use lua_proto::{MAX_SHORT, hash_bytes};

use crate::drafts::Random;

#[test]
fn equal_contents_are_one_string() {
    let a = intern(b"pool: one");
    let b = intern(&[b"pool: ".as_slice(), b"one"].concat());
    assert_eq!(a.as_ptr(), b.as_ptr());
    assert_ne!(a, intern(b"pool: two"));
    assert_eq!(find(b"pool: one"), Some(a));
    assert_eq!(find(b"pool: three"), None);
}

#[test]
fn the_layout_is_that_of_a_string_object() {
    for len in [0, 1, MAX_SHORT - 1, MAX_SHORT, MAX_SHORT + 1, 1000] {
        let text = vec![b'\xf0'; len];
        let string = intern(&text);
        assert_eq!((string.header, string.kind, string.extra), (SHARED, KIND_STRING, 0));
        assert_eq!(string.is_short(), len <= MAX_SHORT);
        assert_eq!((string.len, string.hash), (len, hash_bytes(&text)));
        assert_eq!(string.as_bytes(), text);
        assert_eq!(string.bytes(), 24 + len + 1);
        assert!(string.id < pool_id_bound());
        assert!(pool_len() > 0);
        // SAFETY: the handle keeps the string alive, and one zero byte follows its contents.
        let end = unsafe { string.as_ptr().cast::<u8>().add(24 + len).read() };
        assert_eq!(end, 0);
    }
}

#[test]
fn a_string_leaves_with_its_last_count() {
    let first = intern(b"pool: leaves");
    let second = first.clone();
    let raw = second.into_raw();
    // SAFETY: `raw` is counted; the counts given up are those that were taken.
    unsafe {
        adopt(raw);
        drop(first);
        release(raw);
        assert!(find(b"pool: leaves").is_some());
        drop(PoolRef::from_raw(raw));
    }
    assert!(find(b"pool: leaves").is_none());
}

#[test]
fn static_names_stay() {
    let name = intern_static(b"pool: static");
    assert_eq!(intern_static(b"pool: static"), name);
    for _ in 0..3 {
        drop(intern(b"pool: static"));
        // SAFETY: the string is never released, so giving up a count changes nothing.
        unsafe { release(name) };
    }
    assert_eq!(find(b"pool: static").map(|s| s.as_ptr()), Some(name));
}

#[test]
fn the_table_of_fixed_names_grows_and_old_ones_stay_as_they_are() {
    let before = pool::fixed();
    let names: Vec<&'static [u8]> = (0..300).map(|n| format!("pool: fixed {n}").leak().as_bytes()).collect();
    let strings: Vec<_> = names.iter().map(|name| intern_static(name)).collect();
    let after = pool::fixed();
    assert!(after.len() >= before.len() + names.len() && !after.is_empty());
    for (name, string) in names.iter().zip(strings) {
        let hash = pool::hash_bytes(name);
        assert_eq!(after.find(hash, name), Some(string));
        assert_eq!(after.find_static(name), Some(string));
        assert_eq!(after.find_static(name.to_vec().leak()), Some(string), "the same text elsewhere");
        assert_eq!(after.find_static(&name[..name.len() - 1]), after.find_static(name[..name.len() - 1].to_vec().leak()), "a part of it");
        assert!(after.contains(string, hash));
        assert_eq!(before.find(hash, name), None);
        assert_eq!(before.find_static(name), None);
        assert!(!before.contains(string, hash));
        assert_eq!(after.find(hash, b"another text"), None);
    }
    let passing = intern(b"pool: not fixed");
    assert!(!pool::fixed().contains(passing.as_ptr(), passing.hash));
}

#[test]
fn ids_of_live_strings_differ() {
    let strings: Vec<PoolRef> = (0..500).map(|n| intern(format!("pool: id {n}").as_bytes())).collect();
    let mut ids: Vec<u32> = strings.iter().map(|s| s.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), strings.len());
    assert!(ids.last() < Some(&pool_id_bound()));
}

/// Threads take and drop the same few strings all the time, so that counts fall to zero while
/// others look for the string.
#[test]
fn threads_agree() {
    const NAMES: usize = 6;
    let text = |n: usize| format!("pool: threads {n}").into_bytes();
    let barrier = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4u64)
        .map(|seed| {
            let barrier = barrier.clone();
            thread::spawn(move || {
                let mut random = Random::new(seed);
                let mut held: Vec<(usize, PoolRef)> = Vec::new();
                barrier.wait();
                for _ in 0..20_000 {
                    let n = random.below(NAMES);
                    if random.below(5) < 3 && held.len() < 3 {
                        let string = match random.below(3) {
                            0 => pool::find(&text(n)),
                            _ => Some(intern(&text(n))),
                        };
                        let Some(string) = string else {
                            continue;
                        };
                        assert_eq!(string.as_bytes(), text(n));
                        assert_eq!(string.hash, hash_bytes(&text(n)));
                        // Whoever holds the contents holds this pointer.
                        assert_eq!(intern(&text(n)), string);
                        assert!(held.iter().all(|(m, other)| (*m == n) == (*other == string)));
                        held.push((n, string));
                    } else if !held.is_empty() {
                        let (n, string) = held.swap_remove(random.below(held.len()));
                        assert_eq!(string.as_bytes(), text(n));
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    for n in 0..NAMES {
        assert!(find(&text(n)).is_none(), "{n} is left over");
    }
}
