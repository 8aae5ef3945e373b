//! Tools that look at code without running it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use lua_parse::{Compiler, SyntaxError};
use lua_proto::{Chunk, ChunkMode, Loader, Proto};

use crate::arguments::Tool;
use crate::messages;

/// What a tool does with each file; what is wrong with one is a message.
type Work<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Vec<u8>>;

/// Runs a tool; false if a file is wrong or cannot be read.
pub(crate) fn run(program: &[u8], tool: &Tool) -> bool {
    let each = |files: &[Vec<u8>], work: Work<'_>| {
        let mut passed = true;
        for file in files {
            passed &= report(program, work(file));
        }
        passed
    };
    match tool {
        Tool::List(files) => each(files, &mut list),
        Tool::Check(files) => {
            let mut last = None;
            let passed = each(files, &mut |file| check(file).map(|main| last = Some(main)));
            // It goes with the process.
            std::mem::forget(last);
            passed
        }
        Tool::Dump { out, strip, file } => report(program, dump(out, *strip, file)),
    }
}

fn report(program: &[u8], result: Result<(), Vec<u8>>) -> bool {
    result.inspect_err(|problem| messages::message(Some(program), problem)).is_ok()
}

/// A file as it was read.
struct Source {
    /// With its `@` or `=`.
    name: Vec<u8>,
    bytes: Vec<u8>,
}

impl Source {
    fn read(file: &[u8]) -> Result<Source, Vec<u8>> {
        let (name, read) = if file == b"-" {
            let mut bytes = Vec::new();
            let read = std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes);
            (b"=stdin".to_vec(), read.map(|_| bytes))
        } else {
            ([b"@", file].concat(), std::fs::read(path(file)))
        };
        match read {
            Ok(bytes) => Ok(Source { name, bytes }),
            Err(error) => Err([b"cannot read ", file, b": ", error.to_string().as_bytes()].concat()),
        }
    }

    /// Without the first line if that is a comment of the shell.
    fn chunk(&self) -> &[u8] {
        lua_std::skip_first_line(&self.bytes)
    }

    fn compile(&self) -> Result<Arc<Proto>, Vec<u8>> {
        let chunk = Chunk { bytes: self.chunk(), name: &self.name, mode: ChunkMode::Both };
        Compiler.load(chunk).map_err(|error| error.message())
    }
}

fn path(name: &[u8]) -> PathBuf {
    #[cfg(unix)]
    let path = std::os::unix::ffi::OsStrExt::from_bytes(name);
    #[cfg(unix)]
    let path: &std::ffi::OsStr = path;
    #[cfg(not(unix))]
    let path = &*String::from_utf8_lossy(name);
    PathBuf::from(path)
}

fn list(file: &[u8]) -> Result<(), Vec<u8>> {
    let proto = Source::read(file)?.compile()?;
    messages::to_stdout(lua_proto::listing(&proto).as_bytes());
    Ok(())
}

/// Parses and compiles; binary chunks are verified.
fn check(file: &[u8]) -> Result<Arc<Proto>, Vec<u8>> {
    let source = Source::read(file)?;
    if source.chunk().first() == lua_proto::SIGNATURE.first() {
        return source.compile();
    }
    let result = lua_parse::compile_source(source.chunk(), &source.name);
    result.map_err(|error| [&error.message, excerpt(source.chunk(), &error).as_bytes()].concat())
}

/// What is wrong with a text.
pub(crate) fn syntax_error(source: &[u8], name: &[u8]) -> Option<SyntaxError> {
    lua_parse::compile_source(source, name).err()
}

/// The line where an error is, with a mark below the token.
pub(crate) fn excerpt(source: &[u8], error: &SyntaxError) -> String {
    let start = (error.start as usize).min(source.len());
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let from = source[..start].iter().rposition(is_break).map_or(0, |at| at + 1);
    let to = source[start..].iter().position(is_break).map_or(source.len(), |at| start + at);
    let line = String::from_utf8_lossy(&source[from..to]);
    let before = String::from_utf8_lossy(&source[from..start]);
    let end = (error.end as usize).clamp(start, to);
    let token = String::from_utf8_lossy(&source[start..end]);
    let blank: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let marks = "^".repeat(token.chars().count().max(1));
    format!("\n  {line}\n  {blank}{marks}")
}

fn dump(out: &[u8], strip: bool, file: &[u8]) -> Result<(), Vec<u8>> {
    let proto = Source::read(file)?.compile()?;
    let bytes = lua_proto::dump(&proto, strip);
    let written = if out == b"-" {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&bytes).and_then(|()| stdout.flush())
    } else {
        std::fs::write(path(out), bytes)
    };
    written.map_err(|error| [b"cannot write ", out, b": ", error.to_string().as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_point_at_the_token() {
        let source = b"local x = 1\n\tx = = 2\n";
        let error = lua_parse::parse(source, b"=t").unwrap_err();
        assert_eq!(excerpt(source, &error), "\n  \tx = = 2\n  \t    ^");
        let source = b"f(";
        let error = lua_parse::parse(source, b"=t").unwrap_err();
        assert_eq!(excerpt(source, &error), "\n  f(\n    ^");
    }
}
