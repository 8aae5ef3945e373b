//! Bad input, for `cargo xtask fuzz`: everything in one process, a case after the other.
//!
//! A case is determined by the seed and its number, which stands in the file `last` while it runs: where
//! the process dies, `--only NUMBER` runs that case again.

mod charges;
mod chunks;
mod deep;
mod generate;
mod graph;
mod machine;
mod mutate;
mod random;
mod sabotage;

use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lua_gc::CollectorKind;
use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, Loader};

use machine::{Machine, Setup};
use mutate::Seeds;
use random::Random;

struct Options {
    mode: String,
    count: Option<u64>,
    seed: u64,
    from: u64,
    only: Option<u64>,
    /// Bytes of native stack.
    stack: usize,
    /// For `charges`: at most so many refusals for a script and a collector.
    most: usize,
    /// For `deep` and `charges`: scripts with this in their names.
    name: String,
    /// For `programs`: the reference to compare with.
    reference: Option<String>,
    /// For `graph`: what the VM does without.
    omit: Option<String>,
}

fn options() -> Option<Options> {
    let mut options = Options {
        mode: String::new(),
        count: None,
        seed: 1,
        from: 0,
        only: None,
        stack: 256 * 1024,
        most: usize::MAX,
        name: String::new(),
        reference: None,
        omit: None,
    };
    let mut words = std::env::args().skip(1);
    options.mode = words.next()?;
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--count" => options.count = Some(value.parse().ok()?),
            "--seed" => options.seed = value.parse().ok()?,
            "--from" => options.from = value.parse().ok()?,
            "--only" => options.only = Some(value.parse().ok()?),
            "--stack" => options.stack = value.parse::<usize>().ok()? * 1024,
            "--most" => options.most = value.parse().ok()?,
            "--name" => options.name = value,
            "--reference" => options.reference = Some(value),
            "--omit" => options.omit = Some(value),
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: cargo xtask fuzz MODE [OPTIONS], see cargo xtask fuzz --help");
        return ExitCode::from(2);
    };
    let problems = match options.mode.as_str() {
        "deep" => deep(&options),
        "charges" => charges(&options),
        "truncations" => truncations(&options),
        "graph" => graph(&options),
        "sabotage" => sabotage::check_all(),
        "sources" | "vm" | "chunks" | "programs" => cases(options),
        _ => {
            eprintln!("no mode '{}'", options.mode);
            return ExitCode::from(2);
        }
    };
    ExitCode::from(u8::from(problems > 0))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("lua-cli lies in the workspace")
}

/// Our Lua files below a folder of xtask, by name.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(root().join("xtask").join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "lua"))
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

fn deep(options: &Options) -> u64 {
    let mut problems = 0;
    for stack in [256 << 10, 8 << 20] {
        for looped in [false, true] {
            let started = Instant::now();
            let found = deep::check_all(Setup { looped, ..Setup::PLAIN }, stack, &options.name);
            for problem in &found {
                println!("{problem}");
            }
            println!(
                "{} KB, {}: {} scripts, {} wrong, {:.1} s",
                stack / 1024,
                if looped { "looped" } else { "threaded" },
                deep::RUNAWAY.len() + deep::DEEP.len(),
                found.len(),
                started.elapsed().as_secs_f64()
            );
            problems += found.len() as u64;
        }
    }
    problems
}

/// Scripts whose charges are refused: those that need neither files nor processes nor much time, and have at most
/// [`MOST_CHARGES`], so that every one of them can be refused.
fn quick_scripts() -> Vec<(String, Vec<u8>)> {
    let mut scripts = files("corpus");
    scripts.retain(|(name, source)| {
        let area = name.split('_').next().unwrap_or_default();
        if ["io", "os", "req", "limit", "err"].contains(&area) || source.starts_with(b"#") {
            return false;
        }
        let mut machine = Machine::open(Setup { budget: 20_000, ..Setup::PLAIN });
        machine.lua.refuse_charges(MOST_CHARGES, 2);
        machine.run(source).is_ok()
    });
    scripts
}

const MOST_CHARGES: usize = 1_500;

/// The collectors under which charges are refused.
const CHARGED: [CollectorKind; 7] = [
    CollectorKind::MarkSweep,
    CollectorKind::Incremental,
    CollectorKind::Generational,
    CollectorKind::Concurrent,
    CollectorKind::StressConcurrent,
    CollectorKind::StressMinor,
    CollectorKind::Stress,
];

/// One refusal in every place, and several in a row in some.
const REFUSALS: [(usize, usize); 3] = [(1, usize::MAX), (2, 100), (4, 100)];

fn charges(options: &Options) -> u64 {
    let mut problems = 0;
    let mut all = charges::Tally::default();
    let mut scripts = quick_scripts();
    scripts.retain(|(name, _)| name.contains(&options.name));
    scripts.truncate(options.count.unwrap_or(50) as usize);
    for (name, source) in &scripts {
        for collector in CHARGED {
            for (count, most) in REFUSALS {
                // A hook that is still on runs in the driver, too, where nothing catches the second refusal.
                if count > 1 && source.windows(7).any(|word| word == b"sethook") {
                    continue;
                }
                let setup = Setup { collector, ..Setup::PLAIN };
                if std::env::var_os("FUZZ_VERBOSE").is_some() {
                    eprintln!("{name} ({collector:?}, {count} refused)");
                }
                let result = catch_unwind(|| charges::refuse_each(setup, source, options.most.min(most), count));
                match result {
                    Ok(Ok(tally)) => {
                        all.charges += tally.charges;
                        all.runs += tally.runs;
                        all.errors += tally.errors;
                    }
                    Ok(Err(problem)) => {
                        println!("{name} ({collector:?}, {count} refused): {problem}");
                        problems += 1;
                    }
                    Err(_) => {
                        println!("{name} ({collector:?}, {count} refused): a panic");
                        problems += 1;
                    }
                }
            }
        }
    }
    println!("{} scripts, {} runs with refusals, of which {} ended in an error, {problems} wrong", scripts.len(), all.runs, all.errors);
    problems
}

/// Random mutators under every collector, or under that which `--name` names.
fn graph(options: &Options) -> u64 {
    let mut problems = 0;
    for under in graph::ALL.into_iter().filter(|under| options.name.is_empty() || under.name == options.name) {
        let (began, mut steps, mut wrong) = (Instant::now(), 0, 0);
        let operations = if under.is_slow { graph::OPERATIONS / 10 } else { graph::OPERATIONS };
        let cases = options.only.map_or(options.from..options.from + options.count.unwrap_or(20), |only| only..only + 1);
        for case in cases {
            let result = catch_unwind(AssertUnwindSafe(|| graph::run(under, options.seed, case, operations, options.omit.as_deref())));
            match result.unwrap_or_else(|_| Err("a panic".to_owned())) {
                Ok(done) => steps += done,
                Err(problem) => {
                    println!("{}, case {case}: {problem}", under.name);
                    wrong += 1;
                }
            }
        }
        println!("{}: {steps} operations in {:.1} s, {wrong} wrong", under.name, began.elapsed().as_secs_f64());
        problems += wrong;
    }
    problems
}

/// Every beginning of the chunks of our scripts, and of `--count` random programs.
fn truncations(options: &Options) -> u64 {
    let mut sources = files("corpus");
    sources.extend(files("bench"));
    sources.extend((0..options.count.unwrap_or(1000)).map(|case| {
        let program = generate::program(&mut Random::new(options.seed, case));
        (format!("program {case}"), program)
    }));
    let (mut problems, mut count) = (0, 0);
    for (name, source) in &sources {
        match chunks::truncations(source) {
            Ok(beginnings) => count += beginnings,
            Err(problem) => {
                println!("{name}: {problem}");
                problems += 1;
            }
        }
    }
    println!("{} chunks twice, {count} beginnings that are refused as truncated, {problems} wrong", sources.len());
    problems
}

/// When the case that runs began, in milliseconds since the start; for the watchdog.
static BEGAN: AtomicU64 = AtomicU64::new(0);

fn cases(options: Options) -> u64 {
    let directory = target();
    std::fs::create_dir_all(&directory).expect("a folder for findings");
    let mut last = std::fs::File::create(directory.join("last")).expect("a file for the number of the case");
    let start = Instant::now();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let now = start.elapsed().as_millis() as u64;
            if now.saturating_sub(BEGAN.load(Ordering::Relaxed)) > 60_000 {
                eprintln!("a case runs for a minute");
                std::process::abort();
            }
        }
    });
    let work = move || {
        let mut seeds = files("corpus");
        seeds.extend(files("bench"));
        let seeds = Seeds::new(seeds);
        let cases = match options.only {
            Some(only) => only..only + 1,
            None => options.from..options.from + options.count.unwrap_or(10_000),
        };
        let (mut problems, mut passed, mut bytes) = (0, 0_u64, 0_usize);
        let count = cases.end - cases.start;
        for case in cases {
            let _ = last.seek(SeekFrom::Start(0)).and_then(|_| write!(last, "{case:<20}"));
            BEGAN.store(start.elapsed().as_millis() as u64, Ordering::Relaxed);
            let mut random = Random::new(options.seed, case);
            let input = input(&options.mode, &seeds, &mut random);
            bytes += input.len();
            if options.only.is_some() {
                let path = directory.join("case");
                std::fs::write(&path, &input).expect("a file for the case");
                println!("case {case} is in {}", path.display());
            }
            let result = catch_unwind(AssertUnwindSafe(|| match options.mode.as_str() {
                "sources" => Ok(load(&input)),
                "vm" => run(&input, &mut random, ChunkMode::Text),
                "chunks" => run(&input, &mut random, ChunkMode::Binary),
                _ => compare(&input, options.reference.as_deref()),
            }));
            let problem = match result {
                Ok(Ok(good)) => {
                    passed += u64::from(good);
                    continue;
                }
                Ok(Err(problem)) => problem,
                Err(_) => "a panic".to_owned(),
            };
            let path = directory.join(format!("{}-{}-{case}", options.mode, options.seed));
            let _ = std::fs::write(&path, &input);
            println!("case {case}: {problem}\n  kept as {}", path.display());
            problems += 1;
            if problems >= 50 {
                println!("enough");
                break;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{}: {count} cases of {:.1} MB in {seconds:.1} s, {:.0}/s; {passed} good, {problems} wrong",
            options.mode,
            bytes as f64 / 1e6,
            count as f64 / seconds
        );
        problems
    };
    let stack = options_stack();
    std::thread::Builder::new().stack_size(stack).spawn(work).expect("a thread").join().unwrap_or(1)
}

fn options_stack() -> usize {
    options().map_or(256 * 1024, |options| options.stack)
}

/// Where findings are kept: beside the folder that holds this program.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("the program has a path");
    program.ancestors().nth(3).unwrap_or(Path::new(".")).join("fuzz-findings")
}

/// What a case works on.
fn input(mode: &str, seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    match mode {
        "sources" => {
            let most = *random.pick(&[200, 1000, 1000, 1000, 4000]);
            seeds.damaged(random, most)
        }
        "vm" if random.one_in(8) => seeds.damaged(random, 2000),
        "vm" => seeds.changed(random),
        "chunks" => chunks::damaged(seeds, random),
        _ => generate::program(random),
    }
}

/// Lexer, parser, compiler and verifier; whether it is Lua.
fn load(input: &[u8]) -> bool {
    Compiler.load(Chunk { bytes: input, name: b"=case", mode: ChunkMode::Text }).is_ok()
}

/// Runs a script; whether it was one.
fn run(input: &[u8], random: &mut Random, mode: ChunkMode) -> Result<bool, String> {
    if Compiler.load(Chunk { bytes: input, name: b"=case", mode }).is_err() {
        return Ok(false);
    }
    let setup = Setup {
        looped: random.one_in(2),
        collector: *random.pick(&[
            CollectorKind::Incremental,
            CollectorKind::Incremental,
            CollectorKind::MarkSweep,
            CollectorKind::MarkSweep,
            CollectorKind::Stress,
        ]),
        stress_stack: random.one_in(4),
        memory: 64 << 20,
        // What is wrong with a chunk shows early or never.
        budget: if mode == ChunkMode::Binary { *random.pick(&[1_000, 5_000, 50_000]) } else { 100_000 },
    };
    // Depth in calls costs its square then.
    let setup = if setup.stress_stack { Setup { budget: 2_000, ..setup } } else { setup };
    // A full collection at every safepoint takes its time, and ten times that with a stack that has grown.
    let budget = if setup.collector == CollectorKind::Stress { 300 } else { setup.budget };
    let mut machine = Machine::open(Setup { budget, ..setup });
    drop(machine.run(input));
    // Finalizers and `collectgarbage` may fail, but not more.
    machine.lua.set_budget(10_000);
    drop(machine.lua.run(b"debug.sethook() collectgarbage()", "=afterwards"));
    machine.close().map(|()| true)
}

/// Runs a program in several ways, which have to agree.
fn compare(input: &[u8], reference: Option<&str>) -> Result<bool, String> {
    let setup = |looped, collector, stress_stack| Setup { looped, collector, stress_stack, memory: 64 << 20, budget: 1_000_000 };
    let setups = [
        setup(false, CollectorKind::Incremental, false),
        setup(true, CollectorKind::MarkSweep, false),
        setup(false, CollectorKind::Stress, false),
        setup(true, CollectorKind::Incremental, true),
    ];
    let mut first: Option<Vec<u8>> = None;
    let mut good = true;
    for setup in setups {
        let mut machine = Machine::open(setup);
        let result = machine.run(input);
        let mut printed = machine.printed();
        if let Err(error) = &result {
            printed.extend_from_slice(b"error: ");
            printed.extend_from_slice(error.message());
            printed.push(b'\n');
            good = false;
        }
        drop(result);
        machine.close()?;
        match &first {
            None => first = Some(printed),
            Some(first) if *first != printed => return Err(difference(&format!("{setup:?}"), first, &printed)),
            Some(_) => {}
        }
    }
    let first = first.unwrap_or_default();
    if let Some(reference) = reference.filter(|_| good) {
        let path = target().join("program.lua");
        std::fs::write(&path, input).map_err(|error| error.to_string())?;
        let output = std::process::Command::new(reference)
            .args(["-e", "arg = nil", "-e"])
            .arg(format!("local f = io.open({:?}) local s = f:read('a') f:close() assert(load(s, '=case'))()", path.display().to_string()))
            .output()
            .map_err(|error| error.to_string())?;
        if output.stdout != first {
            return Err(difference(reference, &output.stdout, &first));
        }
    }
    Ok(good)
}

fn difference(what: &str, expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
    let mut lines = expected.lines().zip(actual.lines()).enumerate().filter(|(_, (a, b))| a != b);
    match lines.next() {
        Some((at, (a, b))) => format!("{what} differs in line {}\n  {a}\n  {b}", at + 1),
        None => format!("{what}: {} bytes, not {}", actual.len(), expected.len()),
    }
}
