//! Bad input, refused charges and endless recursion, a little of each: `cargo xtask fuzz` does more.

#[allow(dead_code)]
#[path = "../examples/fuzz/charges.rs"]
mod charges;
#[allow(dead_code)]
#[path = "../examples/fuzz/deep.rs"]
mod deep;
#[allow(dead_code)]
#[path = "../examples/fuzz/generate.rs"]
mod generate;
#[allow(dead_code)]
#[path = "../examples/fuzz/machine.rs"]
mod machine;
#[allow(dead_code)]
#[path = "../examples/fuzz/mutate.rs"]
mod mutate;
#[allow(dead_code)]
#[path = "../examples/fuzz/random.rs"]
mod random;

use lua_gc::CollectorKind;
use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, Loader};

use machine::{Machine, Setup};
use mutate::Seeds;
use random::Random;

/// A script with something of everything, to be damaged.
const SCRIPT: &[u8] = include_bytes!("../../xtask/corpus/coro_basic.lua");
const OTHER: &[u8] = include_bytes!("../../xtask/corpus/close_basic.lua");

fn seeds() -> Seeds {
    Seeds::new(vec![("first".to_owned(), SCRIPT.to_vec()), ("second".to_owned(), OTHER.to_vec())])
}

fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(test).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn recursion_ends_in_an_error_on_a_small_stack() {
    for looped in [false, true] {
        assert_eq!(deep::check_all(Setup { looped, ..Setup::PLAIN }, 256 << 10, ""), [""; 0]);
    }
}

#[test]
fn recursion_ends_in_an_error_on_a_large_stack() {
    assert_eq!(deep::check_all(Setup::PLAIN, 8 << 20, ""), [""; 0]);
}

#[test]
fn refused_charges_are_errors_that_scripts_catch() {
    for source in [SCRIPT, OTHER] {
        for collector in [CollectorKind::MarkSweep, CollectorKind::Incremental] {
            for count in [1, 2] {
                let tally = charges::refuse_each(Setup { collector, ..Setup::PLAIN }, source, 50, count).expect("nothing else");
                assert!(tally.charges > 40 && tally.runs >= 40);
                assert!(count == 1 || tally.errors > 10, "{tally:?}");
            }
        }
    }
}

#[test]
fn damaged_sources_are_refused_or_compiled() {
    on_small_stack(|| {
        let seeds = seeds();
        let mut good = 0;
        for case in 0..3000 {
            let source = seeds.damaged(&mut Random::new(1, case), 1000);
            let chunk = Chunk { bytes: &source, name: b"=case", mode: ChunkMode::Text };
            good += u32::from(Compiler.load(chunk).is_ok());
        }
        assert!((100..2900).contains(&good), "{good}");
    });
}

#[test]
fn changed_scripts_stay_within_their_limits() {
    on_small_stack(|| {
        let seeds = seeds();
        for case in 0..100 {
            let source = seeds.changed(&mut Random::new(1, case));
            let mut machine = Machine::open(Setup { memory: 64 << 20, budget: 10_000, looped: case % 2 == 0, ..Setup::PLAIN });
            drop(machine.run(&source));
            machine.close().expect("nothing leaks");
        }
    });
}

#[test]
fn damaged_chunks_are_refused_or_run() {
    let proto = Compiler.load(Chunk { bytes: SCRIPT, name: b"=case", mode: ChunkMode::Text }).expect("a script");
    on_small_stack(move || {
        for case in 0..500 {
            let mut random = Random::new(1, case);
            let mut bytes = lua_proto::dump(&proto, case % 2 == 0);
            mutate::bytes(&mut random, &mut bytes);
            let mut machine = Machine::open(Setup { memory: 64 << 20, budget: 10_000, ..Setup::PLAIN });
            drop(machine.run(&bytes));
            machine.close().expect("nothing leaks");
        }
    });
}

#[test]
fn back_ends_and_collectors_agree_on_random_programs() {
    for case in 0..50 {
        let program = generate::program(&mut Random::new(1, case));
        let printed = |setup| {
            let mut machine = Machine::open(setup);
            let failed = machine.run(&program).is_err();
            (machine.printed(), failed)
        };
        let limits = Setup { memory: 64 << 20, budget: 1_000_000, ..Setup::PLAIN };
        let first = printed(limits);
        for collector in [CollectorKind::MarkSweep, CollectorKind::Incremental] {
            for stress_stack in [false, true] {
                assert_eq!(printed(Setup { looped: true, collector, stress_stack, ..limits }), first, "case {case}");
            }
        }
    }
}
