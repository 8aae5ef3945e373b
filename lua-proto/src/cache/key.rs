//! Under what a chunk is found.
//!
//! ```text
//!   mode (1 byte) | length of the place (8 bytes) | place | chunk name
//! ```
//!
//! The place of a file is its absolute path; that of a string is its text, and bit 7 of the mode is set.
//!
//! Paths are joined and not simplified, so that two different files never have one key: `a/../b`
//! may be another file than `b`. One file may have several keys, as it has several chunk names then. Paths
//! are compared in simplified form only where files are [evicted](crate::CodeCache::evict) and replaced.

use std::path::{Component, Path, PathBuf};

use smallvec::SmallVec;

use crate::{Chunk, ChunkMode};

/// A key on the stack, where it is short enough.
pub(super) type Key = SmallVec<[u8; 240]>;

const HEAD: usize = 9;
const TEXT: u8 = 0x80;

/// The key of a file below `directory`, if the path is not absolute.
pub(super) fn of_file(directory: Option<&Path>, path: &Path, name: &[u8], mode: ChunkMode) -> Key {
    let mut key = Key::new();
    fill(&mut key, directory, path, name, mode);
    key
}

/// As [`of_file`], in place: a key is large to move.
#[inline]
pub(super) fn fill(key: &mut Key, directory: Option<&Path>, path: &Path, name: &[u8], mode: ChunkMode) {
    let directory = directory.map_or(&[][..], |directory| directory.as_os_str().as_encoded_bytes());
    let separator = if directory.is_empty() { "" } else { std::path::MAIN_SEPARATOR_STR };
    compose(key, mode as u8, &[directory, separator.as_bytes(), path.as_os_str().as_encoded_bytes()], name);
}

/// The key of a string.
pub(super) fn of_text(chunk: &Chunk<'_>) -> Key {
    let mut key = Key::new();
    compose(&mut key, TEXT | chunk.mode as u8, &[chunk.bytes], chunk.name);
    key
}

#[inline]
fn compose(key: &mut Key, mode: u8, place: &[&[u8]], name: &[u8]) {
    let length: usize = place.iter().map(|part| part.len()).sum();
    let mut head = [mode; HEAD];
    head[1..].copy_from_slice(&(length as u64).to_le_bytes());
    key.clear();
    key.reserve(HEAD + length + name.len());
    key.extend_from_slice(&head);
    place.iter().for_each(|part| key.extend_from_slice(part));
    key.extend_from_slice(name);
}

/// A key's parts, if it is one of a file.
pub(super) fn file_of(key: &[u8]) -> Option<(PathBuf, &[u8], ChunkMode)> {
    let mode = [ChunkMode::Text, ChunkMode::Binary, ChunkMode::Both].into_iter().find(|mode| *mode as u8 == key[0])?;
    let length = u64::from_le_bytes(key[1..HEAD].try_into().ok()?) as usize;
    let (place, name) = key[HEAD..].split_at(length);
    Some((path(place), name, mode))
}

/// The path that these bytes, taken from one, stand for.
fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// `path` below `directory`, without `.` and `..`; symbolic links are not looked at.
pub(super) fn simplified(directory: &Path, path: &Path) -> PathBuf {
    let mut simple = PathBuf::new();
    for component in directory.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match simple.components().next_back() {
                Some(Component::Normal(_)) => drop(simple.pop()),
                Some(Component::RootDir) => {}
                _ => simple.push(component),
            },
            other => simple.push(other),
        }
    }
    simple
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_files_can_be_read() {
        let key = of_file(Some(Path::new("/srv")), Path::new("./a.lua"), b"@a.lua", ChunkMode::Both);
        assert_eq!(file_of(&key), Some((PathBuf::from("/srv/./a.lua"), &b"@a.lua"[..], ChunkMode::Both)));
        let key = of_file(None, Path::new("/a"), b"", ChunkMode::Text);
        assert_eq!(file_of(&key), Some((PathBuf::from("/a"), &b""[..], ChunkMode::Text)));
        assert_eq!(file_of(&of_text(&Chunk { bytes: b"/a", name: b"", mode: ChunkMode::Text })), None);
    }

    #[test]
    fn each_part_counts() {
        let key = |path: &str, name: &str, mode| of_file(None, Path::new(path), name.as_bytes(), mode);
        let first = key("/a", "bc", ChunkMode::Both);
        assert_ne!(first, key("/ab", "c", ChunkMode::Both));
        assert_ne!(first, key("/a", "bc", ChunkMode::Text));
        assert_ne!(first, of_text(&Chunk { bytes: b"/a", name: b"bc", mode: ChunkMode::Both }));
        assert_eq!(first, key("/a", "bc", ChunkMode::Both));
    }

    #[test]
    fn paths_are_simplified() {
        let check = |path: &str, expected: &str| assert_eq!(simplified(Path::new("/srv"), Path::new(path)), Path::new(expected));
        check("a.lua", "/srv/a.lua");
        check("./x/..//a.lua", "/srv/a.lua");
        check("/other/./a.lua", "/other/a.lua");
        check("../../../a", "/a");
        assert_eq!(simplified(Path::new(""), Path::new("./m/a")), Path::new("m/a"));
        assert_eq!(simplified(Path::new(""), Path::new("../a")), Path::new("../a"));
    }
}
