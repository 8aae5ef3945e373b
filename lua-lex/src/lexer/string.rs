//! Literal strings, short and long, and long comments.

use super::{Lexer, Payload};
use crate::error::{LexError, LexErrorKind};
use crate::numeral::hexadecimal_digit;
use crate::scan::{DIGIT, HEX, SPACE, find, is};
use crate::token::{Kind, quote};

impl Lexer<'_> {
    /// A string in quotes. One without escapes stays where it is, in the source.
    #[inline]
    pub(super) fn short_string(&mut self, delimiter: u8) -> Result<Kind, Box<LexError>> {
        let content = self.position + 1;
        let end = find(self.source, content, [delimiter, b'\\', b'\n', b'\r']);
        if self.byte(end) != delimiter {
            return self.escaped_string(delimiter);
        }
        self.position = end + 1;
        self.payload = Payload::Slice(content, end);
        Ok(Kind::Str)
    }

    /// A string in quotes with escapes, or an unfinished one. `self.buffer` is its content so far.
    #[inline(never)]
    fn escaped_string(&mut self, delimiter: u8) -> Result<Kind, Box<LexError>> {
        self.buffer.clear();
        self.position += 1;
        loop {
            let end = find(self.source, self.position, [delimiter, b'\\', b'\n', b'\r']);
            self.buffer.extend_from_slice(&self.source[self.position..end]);
            self.position = end;
            match self.source.get(end) {
                None => return Err(self.error(LexErrorKind::UnfinishedString, b"<eof>".to_vec())),
                Some(b'\\') => self.escape()?,
                Some(b'\n' | b'\r') => {
                    return Err(self.error(LexErrorKind::UnfinishedString, self.near(end, end)));
                }
                Some(_) => break,
            }
        }
        self.position += 1;
        self.payload = Payload::Buffer;
        Ok(Kind::Str)
    }

    /// An escape sequence; the position is at its backslash.
    fn escape(&mut self) -> Result<(), Box<LexError>> {
        let backslash = self.position;
        let Some(&letter) = self.source.get(backslash + 1) else {
            self.position += 1;
            return Ok(());
        };
        self.position += 2;
        let byte = match letter {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            b'\\' | b'"' | b'\'' => letter,
            b'x' => self.hexadecimal_escape(backslash)?,
            b'0'..=b'9' => self.decimal_escape(backslash)?,
            b'\n' | b'\r' => {
                self.position -= 1;
                self.skip_line_break();
                b'\n'
            }
            b'u' => return self.utf8_escape(backslash),
            b'z' => {
                self.skip_space();
                return Ok(());
            }
            _ => {
                return Err(self.escape_error(LexErrorKind::InvalidEscape, backslash, backslash + 1));
            }
        };
        self.buffer.push(byte);
        Ok(())
    }

    /// `\xXX`: exactly two digits.
    fn hexadecimal_escape(&mut self, backslash: usize) -> Result<u8, Box<LexError>> {
        let high = self.escape_digit(backslash)?;
        let low = self.escape_digit(backslash)?;
        Ok((high << 4 | low) as u8)
    }

    /// One hexadecimal digit, which must be there.
    fn escape_digit(&mut self, backslash: usize) -> Result<u64, Box<LexError>> {
        let byte = self.byte(self.position);
        if !is(byte, HEX) {
            return Err(self.escape_error(LexErrorKind::HexadecimalDigitExpected, backslash, self.position));
        }
        self.position += 1;
        Ok(hexadecimal_digit(byte))
    }

    /// `\ddd`: up to three digits.
    fn decimal_escape(&mut self, backslash: usize) -> Result<u8, Box<LexError>> {
        let mut value = 0_u32;
        let mut at = backslash + 1;
        while at < backslash + 4 && is(self.byte(at), DIGIT) {
            value = value * 10 + u32::from(self.byte(at) - b'0');
            at += 1;
        }
        self.position = at;
        u8::try_from(value).map_err(|_| self.escape_error(LexErrorKind::DecimalEscapeTooLarge, backslash, at))
    }

    /// `\u{XXX}`: any number of digits, up to 2^31 - 1, in the original UTF-8 of up to six bytes.
    fn utf8_escape(&mut self, backslash: usize) -> Result<(), Box<LexError>> {
        if self.byte(self.position) != b'{' {
            return Err(self.escape_error(LexErrorKind::MissingOpenBrace, backslash, self.position));
        }
        self.position += 1;
        let mut code = self.escape_digit(backslash)?;
        while is(self.byte(self.position), HEX) {
            if code > 0x7FFF_FFFF >> 4 {
                return Err(self.escape_error(LexErrorKind::Utf8TooLarge, backslash, self.position));
            }
            code = code << 4 | self.escape_digit(backslash)?;
        }
        if self.byte(self.position) != b'}' {
            return Err(self.escape_error(LexErrorKind::MissingCloseBrace, backslash, self.position));
        }
        self.position += 1;
        push_utf8(&mut self.buffer, code as u32);
        Ok(())
    }

    /// Behind `\z`: white space and line breaks.
    fn skip_space(&mut self) {
        while is(self.byte(self.position), SPACE) {
            match self.byte(self.position) {
                b'\n' | b'\r' => self.skip_line_break(),
                _ => self.position += 1,
            }
        }
    }

    /// An error about the escape that begins at `backslash`, noticed at offset `at`. The reference
    /// shows the byte there too.
    #[cold]
    fn escape_error(&self, kind: LexErrorKind, backslash: usize, at: usize) -> Box<LexError> {
        let end = (at + 1).min(self.source.len());
        self.error(kind, self.near(backslash, end))
    }

    /// The string so far for a message: delimiter, content, and `from..to` of the source as it is.
    fn near(&self, from: usize, to: usize) -> Vec<u8> {
        quote(&[&self.source[self.start..=self.start], &self.buffer, &self.source[from..to]].concat())
    }

    /// `[`, or a long string.
    pub(super) fn bracket(&mut self) -> Result<Kind, Box<LexError>> {
        if let Some(level) = self.long_bracket_level() {
            return self.long_string(level);
        }
        if self.byte(self.position + 1) == b'=' {
            let equals = self.source[self.position + 1..].iter().take_while(|&&byte| byte == b'=').count();
            self.position += 1 + equals;
            let text = quote(&self.source[self.start..self.position]);
            return Err(self.error(LexErrorKind::InvalidLongStringDelimiter, text));
        }
        Ok(self.symbol(1, Kind::LeftBracket))
    }

    /// The level of the long bracket that opens at the position, if one does.
    pub(super) fn long_bracket_level(&self) -> Option<usize> {
        let mut at = self.position + 1;
        while self.byte(at) == b'=' {
            at += 1;
        }
        (self.byte(at) == b'[').then(|| at - self.position - 1)
    }

    /// A long string; the position is at its opening bracket. One without carriage returns stays in
    /// the source.
    fn long_string(&mut self, level: usize) -> Result<Kind, Box<LexError>> {
        let line = self.line;
        self.position += level + 2;
        if matches!(self.byte(self.position), b'\n' | b'\r') {
            self.skip_line_break();
        }
        let content = self.position;
        let Some(end) = self.skip_long_bracket(level) else {
            let kind = LexErrorKind::UnfinishedLongString { line };
            return Err(self.error(kind, b"<eof>".to_vec()));
        };
        self.payload = Payload::Slice(content, end);
        if find(&self.source[..end], content, [b'\r']) < end {
            self.normalize_line_breaks(content, end);
            self.payload = Payload::Buffer;
        }
        Ok(Kind::Str)
    }

    /// A long comment; the position is at its opening bracket.
    pub(super) fn long_comment(&mut self, level: usize) -> Result<(), Box<LexError>> {
        let line = self.line;
        self.position += level + 2;
        match self.skip_long_bracket(level) {
            Some(_) => Ok(()),
            None => {
                let kind = LexErrorKind::UnfinishedLongComment { line };
                Err(self.error(kind, b"<eof>".to_vec()))
            }
        }
    }

    /// Skips to behind the closing bracket of a level, counting lines; returns where it begins.
    fn skip_long_bracket(&mut self, level: usize) -> Option<usize> {
        loop {
            let at = find(self.source, self.position, *b"]\n\r");
            self.position = at;
            match self.source.get(at)? {
                b']' => {
                    let mut end = at + 1;
                    while self.byte(end) == b'=' {
                        end += 1;
                    }
                    // Another bracket may begin where this one fails: `]=]==]`.
                    self.position = end;
                    if self.byte(end) == b']' && end - at - 1 == level {
                        self.position += 1;
                        return Some(at);
                    }
                }
                _ => self.skip_line_break(),
            }
        }
    }

    /// Copies a range of the source to the buffer with every line break as `\n`.
    fn normalize_line_breaks(&mut self, start: usize, end: usize) {
        self.buffer.clear();
        let mut at = start;
        while at < end {
            let stop = find(&self.source[..end], at, *b"\n\r");
            self.buffer.extend_from_slice(&self.source[at..stop]);
            at = stop;
            if at < end {
                let pair = at + 1 < end && self.source[at + 1] != self.source[at] && matches!(self.source[at + 1], b'\n' | b'\r');
                self.buffer.push(b'\n');
                at += 1 + usize::from(pair);
            }
        }
    }
}

/// Appends a code of up to 31 bits in UTF-8 of up to six bytes.
fn push_utf8(buffer: &mut Vec<u8>, code: u32) {
    let continuation = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
    match code {
        0..0x80 => buffer.push(code as u8),
        0x80..0x800 => buffer.push(0xC0 | (code >> 6) as u8),
        0x800..0x1_0000 => buffer.push(0xE0 | (code >> 12) as u8),
        0x1_0000..0x20_0000 => buffer.push(0xF0 | (code >> 18) as u8),
        0x20_0000..0x400_0000 => buffer.push(0xF8 | (code >> 24) as u8),
        _ => buffer.push(0xFC | (code >> 30) as u8),
    }
    let following = match code {
        0..0x80 => 0,
        0x80..0x800 => 1,
        0x800..0x1_0000 => 2,
        0x1_0000..0x20_0000 => 3,
        0x20_0000..0x400_0000 => 4,
        _ => 5,
    };
    for place in (0..following).rev() {
        buffer.push(continuation(place * 6));
    }
}
