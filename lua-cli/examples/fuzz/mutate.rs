//! Damage to sources and binary chunks.

use crate::random::Random;

/// The sources that damage begins with, and the tokens they are made of.
pub(crate) struct Seeds {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    tokens: Vec<Vec<u8>>,
}

/// Tokens that mean something, wherever they end up.
const WORDS: &[&str] = &[
    "and",
    "break",
    "do",
    "else",
    "elseif",
    "end",
    "false",
    "for",
    "function",
    "goto",
    "if",
    "in",
    "local",
    "nil",
    "not",
    "or",
    "repeat",
    "return",
    "then",
    "true",
    "until",
    "while",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "#",
    "&",
    "~",
    "|",
    "<<",
    ">>",
    "..",
    "...",
    "==",
    "~=",
    "<=",
    ">=",
    "<",
    ">",
    "=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "::",
    ";",
    ":",
    ",",
    ".",
    "[[",
    "]]",
    "[==[",
    "]==]",
    "--[[",
    "\"",
    "'",
    "\\",
    "<close>",
    "<const>",
    "0x7fffffffffffffff",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "0x1p-1074",
    "1e",
    "0x",
    "0",
    "1",
    "-1",
    "2^53",
    "0/0",
    "1/0",
    "math.huge",
    "math.mininteger",
    "\"\\u{7fffffff}\"",
    "\"\\xff\\0\"",
    "_ENV",
    "_G",
    "self",
    "setmetatable",
    "getmetatable",
    "__index",
    "__newindex",
    "__call",
    "__close",
    "__gc",
    "__mode",
    "__eq",
    "__lt",
    "__concat",
    "__len",
    "__name",
    "__tostring",
    "__metatable",
    "__pairs",
    "coroutine.wrap",
    "coroutine.yield",
    "coroutine.close",
    "coroutine.running",
    "coroutine.resume",
    "pcall",
    "xpcall",
    "error",
    "select",
    "string.rep",
    "string.format",
    "string.gsub",
    "string.find",
    "string.pack",
    "string.unpack",
    "string.dump",
    "load",
    "table.concat",
    "table.unpack",
    "table.move",
    "table.insert",
    "table.remove",
    "table.sort",
    "next",
    "pairs",
    "ipairs",
    "rawset",
    "rawget",
    "rawlen",
    "tostring",
    "tonumber",
    "utf8.char",
    "utf8.codes",
    "collectgarbage",
    "collectgarbage('step')",
    "collectgarbage('generational')",
    "debug.setlocal",
    "debug.getlocal",
    "debug.sethook",
    "debug.setupvalue",
    "debug.upvaluejoin",
    "debug.setmetatable",
    "debug.traceback",
    "debug.getinfo",
    "debug.setuservalue",
];

impl Seeds {
    /// These files, by name.
    pub(crate) fn new(files: Vec<(String, Vec<u8>)>) -> Seeds {
        let mut tokens: Vec<Vec<u8>> = WORDS.iter().map(|word| word.as_bytes().to_vec()).collect();
        for (_, file) in &files {
            tokens.extend(split(file).into_iter().map(|range| file[range].to_vec()));
        }
        tokens.sort();
        tokens.dedup();
        Seeds { files, tokens }
    }

    /// A source to damage: a whole file or some lines of one.
    fn piece(&self, random: &mut Random, most: usize) -> Vec<u8> {
        let file = &random.pick(&self.files).1;
        if file.len() <= most {
            return file.clone();
        }
        let from = random.below(file.len() - most);
        let line = |at: usize| file[at..].iter().position(|byte| *byte == b'\n').map_or(file.len(), |n| at + n + 1);
        file[line(from)..line(from + most - 1).max(line(from))].to_vec()
    }

    fn token(&self, random: &mut Random) -> &[u8] {
        if random.one_in(2) { random.pick(WORDS).as_bytes() } else { random.pick::<Vec<u8>>(&self.tokens) }
    }

    /// Damage of any kind, to pieces of at most `most` bytes.
    pub(crate) fn damaged(&self, random: &mut Random, most: usize) -> Vec<u8> {
        let mut source = self.piece(random, most);
        for _ in 0..=random.below(4) {
            match random.below(12) {
                0..=3 => bytes(random, &mut source),
                4..=9 => self.tokens(random, &mut source),
                10 => nest(random, &mut source),
                _ => {
                    let other = self.piece(random, most / 4 + 1);
                    let at = random.below(source.len() + 1);
                    source.splice(at..at, other);
                }
            }
        }
        source
    }

    /// A whole script with a few tokens changed, so that it has a chance to run.
    pub(crate) fn changed(&self, random: &mut Random) -> Vec<u8> {
        let mut source = random.pick(&self.files).1.clone();
        for _ in 0..=random.below(3) {
            let ranges = split(&source);
            if ranges.is_empty() {
                break;
            }
            let range = random.pick(&ranges).clone();
            // One of the same kind stays syntax more often than not.
            let first = source[range.start];
            let kind = |byte: u8| if byte.is_ascii_digit() { 0 } else { u8::from(byte.is_ascii_alphabetic() || byte == b'_') + 1 };
            let alike = (0..20)
                .map(|_| random.pick(&ranges).clone())
                .find(|other| kind(source[other.start]) == kind(first))
                .map(|other| source[other].to_vec());
            match (random.below(8), alike) {
                (0..=4, Some(other)) => drop(source.splice(range, other)),
                (5, _) => drop(source.splice(range, self.token(random).to_vec())),
                (6, _) if first.is_ascii_digit() => {
                    let numbers: &[&[u8]] =
                        &[b"0", b"-1", b"1e308", b"math.mininteger", b"math.maxinteger", b"(0/0)", b"200", b"1.5", b"'10'"];
                    source.splice(range, random.pick(numbers).to_vec());
                }
                _ => self.tokens(random, &mut source),
            }
        }
        source
    }

    fn tokens(&self, random: &mut Random, source: &mut Vec<u8>) {
        let ranges = split(source);
        if ranges.is_empty() {
            return;
        }
        let at = random.below(ranges.len());
        let range = ranges[at].clone();
        let last = (at + random.below(12)).min(ranges.len() - 1);
        let run = range.start..ranges[last].end;
        match random.below(6) {
            0 | 1 => drop(source.splice(range, self.token(random).to_vec())),
            2 => drop(source.drain(run)),
            3 => {
                let copy = source[run.clone()].to_vec();
                for _ in 0..=random.below(3) {
                    source.splice(run.end..run.end, [b" ", copy.as_slice()].concat());
                }
            }
            4 => {
                let moved = source[run].to_vec();
                let to = random.pick(&ranges).start;
                source.splice(to..to, [moved.as_slice(), b" "].concat());
            }
            _ => {
                let text = [b" ", self.token(random), b" "].concat();
                source.splice(range.start..range.start, text);
            }
        }
    }
}

/// Damage to single bytes and runs of them.
pub(crate) fn bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        bytes.push(random.next() as u8);
        return;
    }
    let at = random.below(bytes.len());
    let end = (at + 1 + random.below(16)).min(bytes.len());
    match random.below(8) {
        0 | 1 => bytes[at] ^= 1 << random.below(8),
        2 => bytes[at] = random.next() as u8,
        3 => bytes[at] = *random.pick(&[0, 1, 0x7f, 0x80, 0xff, b'\n', b'"', b'\\', b'[', b'-']),
        4 => bytes.insert(at, random.next() as u8),
        5 => drop(bytes.drain(at..end)),
        6 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        _ if random.one_in(4) => bytes.truncate(at),
        _ => {
            let other = random.below(bytes.len());
            bytes.swap(at, other);
        }
    }
}

/// Something opened very often.
fn nest(random: &mut Random, source: &mut Vec<u8>) {
    let openings: [&[u8]; 16] = [
        b"(",
        b"{",
        b"[",
        b"-",
        b"not ",
        b"a..",
        b"a^",
        b"do ",
        b"function() ",
        b"if a then ",
        b"x = {",
        b"f(",
        b"while a do ",
        b"a.b[",
        b"a,",
        b"return function() ",
    ];
    let opening = *random.pick(&openings);
    let times = *random.pick(&[3, 50, 190, 200, 210, 1000, 5000]);
    let at = random.below(source.len() + 1);
    source.splice(at..at, opening.repeat(times));
}

/// Where the tokens stand, roughly: words, numbers, runs of blanks left out.
fn split(source: &[u8]) -> Vec<std::ops::Range<usize>> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let start = at;
        if word(source[at]) {
            while at < source.len() && word(source[at]) {
                at += 1;
            }
        } else {
            at += 1;
            if source[start].is_ascii_whitespace() {
                continue;
            }
        }
        ranges.push(start..at);
    }
    ranges
}
