//! The lexer proper: white space, comments, names, symbols.

mod string;

use crate::error::{LexError, LexErrorKind};
use crate::numeral::{Number, numeral_end, parse_numeral};
use crate::scan::{ALPHA, DIGIT, NAME, blank_bytes, find, is, name_bytes, word};
use crate::token::{Kind, Token, quote};

/// Splits a source into tokens.
///
/// [`Lexer::next_token`] is the way of a parser: it returns [`Kind::Eof`] at the end, for ever. As an
/// iterator it ends there instead, which suits tools. After an error it goes on behind what it could
/// not read.
#[derive(Clone, Debug)]
pub struct Lexer<'s> {
    source: &'s [u8],
    /// Where the next token is looked for.
    position: usize,
    /// Where the current token begins.
    start: usize,
    line: u32,
    comments: bool,
    payload: Payload,
    /// The content of the last string, if it is no part of the source.
    buffer: Vec<u8>,
}

/// What the last token means, see [`Value`].
#[derive(Clone, Copy, Debug)]
enum Payload {
    None,
    Number(Number),
    Slice(usize, usize),
    Buffer,
}

/// What a token means beyond its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'l> {
    /// Nothing: a word, a symbol, a name (whose bytes are its text), a comment.
    None,
    /// The value of [`Kind::Int`].
    Int(i64),
    /// The value of [`Kind::Float`].
    Float(f64),
    /// The bytes of [`Kind::Str`]: escapes replaced, line breaks normalized.
    Str(&'l [u8]),
}

impl<'s> Lexer<'s> {
    /// A lexer of a whole source.
    ///
    /// # Panics
    ///
    /// If the source has 4 GiB or more.
    pub fn new(source: &'s [u8]) -> Self {
        assert!(u32::try_from(source.len()).is_ok(), "sources are smaller than 4 GiB");
        Lexer { source, position: 0, start: 0, line: 1, comments: false, payload: Payload::None, buffer: Vec::new() }
    }

    /// A lexer that returns comments as tokens.
    ///
    /// # Panics
    ///
    /// If the source has 4 GiB or more.
    pub fn with_comments(source: &'s [u8]) -> Self {
        Lexer { comments: true, ..Lexer::new(source) }
    }

    /// The source.
    pub fn source(&self) -> &'s [u8] {
        self.source
    }

    /// What the token means that was returned last.
    pub fn value(&self) -> Value<'_> {
        match self.payload {
            Payload::None => Value::None,
            Payload::Number(Number::Int(value)) => Value::Int(value),
            Payload::Number(Number::Float(value)) => Value::Float(value),
            Payload::Slice(start, end) => Value::Str(&self.source[start..end]),
            Payload::Buffer => Value::Str(&self.buffer),
        }
    }

    /// Reads the next token.
    ///
    /// # Errors
    ///
    /// If it is broken, see [`LexErrorKind`].
    #[inline]
    pub fn next_token(&mut self) -> Result<Token, Box<LexError>> {
        let mut token = Token { start: 0, end: 0, line: 0, kind: Kind::Eof };
        self.read_token(&mut token)?;
        Ok(token)
    }

    /// Reads the next token into the place where it shall be: parsers use this, because
    /// a token that is copied as soon as it was written makes the processor wait.
    ///
    /// # Errors
    ///
    /// If it is broken; then `token` stays as it was.
    pub fn read_token(&mut self, token: &mut Token) -> Result<(), Box<LexError>> {
        self.payload = Payload::None;
        loop {
            self.skip_blanks();
            self.start = self.position;
            let byte = self.byte(self.position);
            let kind = match byte {
                b'\t' | 0x0B | 0x0C => {
                    self.position += 1;
                    continue;
                }
                b'\n' | b'\r' => {
                    self.skip_line_break();
                    continue;
                }
                b'-' if self.byte(self.position + 1) == b'-' => {
                    self.skip_comment()?;
                    if !self.comments {
                        continue;
                    }
                    Kind::Comment
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.name(),
                b'0'..=b'9' => self.numeral()?,
                b'"' | b'\'' => self.short_string(byte)?,
                b'[' => self.bracket()?,
                b'.' => self.dot()?,
                b'=' => self.either(b'=', Kind::Equal, Kind::Assign),
                b'~' => self.either(b'=', Kind::NotEqual, Kind::Tilde),
                b'/' => self.either(b'/', Kind::FloorDivide, Kind::Slash),
                b':' => self.either(b':', Kind::DoubleColon, Kind::Colon),
                b'<' if self.byte(self.position + 1) == b'<' => self.symbol(2, Kind::ShiftLeft),
                b'<' => self.either(b'=', Kind::LessEqual, Kind::Less),
                b'>' if self.byte(self.position + 1) == b'>' => self.symbol(2, Kind::ShiftRight),
                b'>' => self.either(b'=', Kind::GreaterEqual, Kind::Greater),
                b'(' => self.symbol(1, Kind::LeftParen),
                b')' => self.symbol(1, Kind::RightParen),
                b',' => self.symbol(1, Kind::Comma),
                b'{' => self.symbol(1, Kind::LeftBrace),
                b'}' => self.symbol(1, Kind::RightBrace),
                b']' => self.symbol(1, Kind::RightBracket),
                b'+' => self.symbol(1, Kind::Plus),
                b'-' => self.symbol(1, Kind::Minus),
                b'*' => self.symbol(1, Kind::Star),
                b'%' => self.symbol(1, Kind::Percent),
                b'^' => self.symbol(1, Kind::Caret),
                b'#' => self.symbol(1, Kind::Hash),
                b'&' => self.symbol(1, Kind::Ampersand),
                b'|' => self.symbol(1, Kind::Pipe),
                b';' => self.symbol(1, Kind::Semicolon),
                _ if self.position >= self.source.len() => Kind::Eof,
                _ => self.symbol(1, Kind::Other),
            };
            token.start = self.start as u32;
            token.end = self.position as u32;
            token.line = self.line;
            token.kind = kind;
            return Ok(());
        }
    }

    /// The byte at an offset; 0 behind the end, which no token contains outside strings.
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn symbol(&mut self, width: usize, kind: Kind) -> Kind {
        self.position += width;
        kind
    }

    /// A symbol of two bytes if `second` follows, else of one.
    #[inline(always)]
    fn either(&mut self, second: u8, long: Kind, short: Kind) -> Kind {
        if self.byte(self.position + 1) == second { self.symbol(2, long) } else { self.symbol(1, short) }
    }

    #[inline(always)]
    fn name(&mut self) -> Kind {
        let Some(word) = word(self.source, self.start) else {
            return self.name_near_the_end();
        };
        let length = name_bytes(word);
        if length == 8 {
            return self.long_name(word);
        }
        self.position = self.start + length;
        reserved_word(word & !(u64::MAX << (8 * length))).unwrap_or(Kind::Name)
    }

    /// A name of at least eight bytes, which are `word`.
    fn long_name(&mut self, word: u64) -> Kind {
        self.position = self.start + 8;
        self.skip_name();
        let kind = if self.position == self.start + 8 { reserved_word(word) } else { None };
        kind.unwrap_or(Kind::Name)
    }

    /// A name with less than eight bytes up to the end of the source.
    #[cold]
    fn name_near_the_end(&mut self) -> Kind {
        self.skip_name();
        reserved_word(packed(&self.source[self.start..self.position])).unwrap_or(Kind::Name)
    }

    /// Skips to the end of a name.
    fn skip_name(&mut self) {
        while is(self.byte(self.position), NAME) {
            self.position += 1;
        }
    }

    /// Skips blanks; there are many or none.
    #[inline(always)]
    fn skip_blanks(&mut self) {
        while let Some(word) = word(self.source, self.position) {
            let blanks = blank_bytes(word);
            self.position += blanks;
            if blanks < 8 {
                return;
            }
        }
        while self.byte(self.position) == b' ' {
            self.position += 1;
        }
    }

    fn dot(&mut self) -> Result<Kind, Box<LexError>> {
        Ok(match (self.byte(self.position + 1), self.byte(self.position + 2)) {
            (b'.', b'.') => self.symbol(3, Kind::Dots),
            (b'.', _) => self.symbol(2, Kind::Concat),
            (digit, _) if is(digit, DIGIT) => self.long_numeral()?,
            _ => self.symbol(1, Kind::Dot),
        })
    }

    /// A numeral; those of a few decimal digits here, any other elsewhere.
    fn numeral(&mut self) -> Result<Kind, Box<LexError>> {
        let mut at = self.position;
        let mut value = 0_i64;
        loop {
            let byte = self.byte(at);
            if !is(byte, DIGIT) {
                if is(byte, ALPHA) || byte == b'.' {
                    return self.long_numeral();
                }
                break;
            }
            if at - self.position == 18 {
                return self.long_numeral();
            }
            value = value * 10 + i64::from(byte - b'0');
            at += 1;
        }
        self.position = at;
        self.payload = Payload::Number(Number::Int(value));
        Ok(Kind::Int)
    }

    #[cold]
    #[inline(never)]
    fn long_numeral(&mut self) -> Result<Kind, Box<LexError>> {
        self.position = numeral_end(self.source, self.start);
        let text = &self.source[self.start..self.position];
        let Some(number) = parse_numeral(text) else {
            return Err(self.error(LexErrorKind::MalformedNumber, quote(text)));
        };
        self.payload = Payload::Number(number);
        Ok(match number {
            Number::Int(_) => Kind::Int,
            Number::Float(_) => Kind::Float,
        })
    }

    /// Skips `\n`, `\r`, `\r\n` or `\n\r`: one line break.
    #[inline(always)]
    fn skip_line_break(&mut self) {
        let first = self.byte(self.position);
        let second = self.byte(self.position + 1);
        let double = first != second && matches!(second, b'\n' | b'\r');
        self.position += 1 + usize::from(double);
        self.line = self.line.saturating_add(1);
    }

    /// Skips a comment, up to but not including the line break that ends a short one.
    fn skip_comment(&mut self) -> Result<(), Box<LexError>> {
        self.position += 2;
        if self.byte(self.position) == b'['
            && let Some(level) = self.long_bracket_level()
        {
            self.long_comment(level)
        } else {
            self.position = find(self.source, self.position, *b"\n\r");
            Ok(())
        }
    }

    /// An error about the source from the start of the token up to the position.
    #[cold]
    fn error(&self, kind: LexErrorKind, near: Vec<u8>) -> Box<LexError> {
        Box::new(LexError { kind, line: self.line, start: self.start as u32, end: self.position as u32, near })
    }
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token, Box<LexError>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_token() {
            Ok(token) if token.kind == Kind::Eof => None,
            result => Some(result),
        }
    }
}

/// Slots of the table of reserved words; no two of them meet, which building it proves.
const SLOTS: usize = 64;

/// The bytes of a word of at most eight, the first one lowest.
#[inline(always)]
const fn packed(word: &[u8]) -> u64 {
    let mut value = 0;
    let mut at = word.len();
    while at > 0 {
        at -= 1;
        value = value << 8 | word[at] as u64;
    }
    value
}

#[inline(always)]
const fn slot(packed: u64) -> usize {
    (packed.wrapping_mul(MULTIPLIER) >> 58) as usize
}

/// Found by trying random odd numbers until no two reserved words met.
const MULTIPLIER: u64 = 0xD037_CDFF_7C24_0D49;

static RESERVED: [(u64, Kind); SLOTS] = {
    let mut table = [(0, Kind::Name); SLOTS];
    let mut at = 0;
    while at < Kind::RESERVED.len() {
        let (word, kind) = Kind::RESERVED[at];
        let packed = packed(word.as_bytes());
        assert!(table[slot(packed)].0 == 0, "two reserved words meet");
        table[slot(packed)] = (packed, kind);
        at += 1;
    }
    table
};

/// Which reserved word a name is, if any: one of at most eight bytes, the first one lowest.
#[inline(always)]
fn reserved_word(name: u64) -> Option<Kind> {
    let (word, kind) = RESERVED[slot(name)];
    (word == name).then_some(kind)
}
