//! How messages name a chunk.

/// Room for a chunk's name in a message, one byte of it for the terminator of C programs.
const ID_SIZE: usize = 60;
const DOTS: &[u8] = b"...";
const OPEN: &[u8] = b"[string \"";
const CLOSE: &[u8] = b"\"]";

/// The name of a chunk as messages show it (`short_src`, §4.7 `lua_Debug`).
///
/// A name that starts with `=` is used as it is, and cut at its end; one that starts with `@`
/// is a file, and cut at its front; anything else is source text, of which the first line is
/// shown. At most 59 bytes.
pub fn chunk_id(name: &[u8]) -> Vec<u8> {
    let room = ID_SIZE - 1;
    match name {
        [b'=', literal @ ..] => literal[..literal.len().min(room)].to_vec(),
        [b'@', file @ ..] if file.len() <= room => file.to_vec(),
        [b'@', file @ ..] => [DOTS, &file[file.len() - (room - DOTS.len())..]].concat(),
        source => {
            let room = room - OPEN.len() - DOTS.len() - CLOSE.len();
            let line = source.iter().position(|&b| b == b'\n');
            if line.is_none() && source.len() < room {
                return [OPEN, source, CLOSE].concat();
            }
            let shown = line.unwrap_or(source.len()).min(room);
            [OPEN, &source[..shown], DOTS, CLOSE].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &[u8], shown: &str) {
        assert_eq!(String::from_utf8(chunk_id(name)).unwrap(), shown);
        assert!(shown.len() < ID_SIZE);
    }

    #[test]
    fn names_are_shown_as_the_reference_shows_them() {
        check(b"=stdin", "stdin");
        check(b"=", "");
        check(b"", "[string \"\"]");
        check(&[b"=".as_slice(), &[b'a'; 70]].concat(), &"a".repeat(59));
        check(b"@dir/file.lua", "dir/file.lua");
        check(&[b"@".as_slice(), &[b'a'; 59]].concat(), &"a".repeat(59));
        check(&[b"@x".as_slice(), &[b'a'; 59]].concat(), &format!("...{}", "a".repeat(56)));
        check(b"return 1", "[string \"return 1\"]");
        check(b"x = 1\ny = 2", "[string \"x = 1...\"]");
        check(b"\n", "[string \"...\"]");
        check(&[b'x'; 44], &format!("[string \"{}\"]", "x".repeat(44)));
        check(&[b'x'; 45], &format!("[string \"{}...\"]", "x".repeat(45)));
    }
}
