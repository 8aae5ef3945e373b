//! Modes, and the loader of binary chunks.

use lua_proto::{BinaryLoader, Chunk, ChunkMode, LoadError, Loader, dump};

use crate::drafts;

#[track_caller]
fn check(bytes: &[u8], mode: ChunkMode, message: &str) {
    let error = BinaryLoader.load(Chunk { bytes, name: b"=c", mode }).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.message(), message.as_bytes());
}

#[test]
fn binary_chunks_are_loaded() {
    let bytes = dump(&drafts::example().freeze().unwrap(), false);
    for mode in [ChunkMode::Binary, ChunkMode::Both] {
        let proto = BinaryLoader.load(Chunk { bytes: &bytes, name: b"=c", mode }).unwrap();
        assert_eq!(proto.source(), b"@example.lua");
    }
}

#[test]
fn errors_are_worded_as_the_reference_words_them() {
    let bytes = dump(&drafts::example().freeze().unwrap(), false);
    check(&bytes, ChunkMode::Text, "attempt to load a binary chunk (mode is 't')");
    check(b"return", ChunkMode::Binary, "attempt to load a text chunk (mode is 'b')");
    check(b"", ChunkMode::Both, "attempt to load a text chunk (mode is 'b')");
    check(&bytes[..20], ChunkMode::Both, "c: bad binary format (truncated chunk)");
}

#[test]
fn damaged_code_is_refused() {
    let mut bytes = dump(&drafts::example().freeze().unwrap(), true);
    // Behind the header, the upvalues and the revision: the source "=?", flags, parameters, and
    // then the number of registers.
    assert_eq!(&bytes[33..36], b"\x02=?");
    assert_eq!(bytes[38], 9);
    bytes[38] = 5;
    let loaded = BinaryLoader.load(Chunk { bytes: &bytes, name: b"=c", mode: ChunkMode::Both });
    let Err(LoadError::Binary(message)) = loaded else { panic!("{loaded:?}") };
    let message = String::from_utf8(message).unwrap();
    assert!(message.starts_with("c: bad binary format (main function, instruction 6: "), "{message}");
}

#[test]
fn modes_have_letters() {
    for mode in [ChunkMode::Text, ChunkMode::Binary, ChunkMode::Both] {
        assert_eq!(ChunkMode::from_letters(mode.letters().as_bytes()), Some(mode));
    }
    assert_eq!(ChunkMode::from_letters(b"tb"), Some(ChunkMode::Both));
    assert_eq!(ChunkMode::from_letters(b"x"), None);
}
