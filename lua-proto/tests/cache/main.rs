//! The cache with files of the system.

mod cases;

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use lua_proto::{Chunk, ConstantRef, Draft, DraftConstant, Instr, LoadError, Loader, Op, Proto};

use cases::World;

/// A directory that goes with it.
struct Files(PathBuf);

/// Compiles `return`, an integer.
struct Toy;

impl Loader for Toy {
    fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        chunk.check_mode()?;
        let text = String::from_utf8_lossy(chunk.bytes);
        let number = text.trim_start().strip_prefix("return ").and_then(|number| number.parse().ok());
        let Some(number) = number else {
            let line = 1 + text.matches('\n').count();
            let name = String::from_utf8_lossy(&chunk.name[1..]);
            return Err(LoadError::Syntax(format!("{name}:{line}: number expected").into_bytes()));
        };
        let draft = Draft {
            source: chunk.name.to_vec(),
            code: vec![Instr::wide(Op::LoadK, 0, 0, 0), Instr::new(Op::Return1, 0, 0, 0, 0)],
            lines: vec![1, 1],
            constants: vec![DraftConstant::Int(number)],
            ..Draft::default()
        };
        Ok(draft.freeze().expect("well-formed code"))
    }
}

impl World for Files {
    type Loader = Toy;

    fn new() -> Files {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("lua-cache-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("sub")).unwrap();
        Files(root)
    }

    fn root(&self) -> PathBuf {
        self.0.clone()
    }

    fn loader(&self) -> Toy {
        Toy
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }

    fn grow_old(&self) {
        for entry in fs::read_dir(&self.0).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let file = File::options().append(true).open(path).unwrap();
                file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
            }
        }
    }

    fn answer(&self, proto: &Arc<Proto>) -> i64 {
        match proto.constant(0) {
            Some(ConstantRef::Int(number)) => number,
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

cache_cases!(Files);

/// The stamp of a file that was just written may not tell it from the next version; later it does, and is believed.
#[test]
fn stamps_settle() {
    let world = Files::new();
    let path = world.0.join("a.lua");
    world.write("a.lua", "return 1");
    let stamp = || Toy.stamp(&path).unwrap();
    let young = stamp();
    assert!(!young.is_settled());
    std::thread::sleep(Duration::from_millis(2100));
    assert!(stamp().is_settled() && stamp().equals(young));
}
