//! What can be wrong with a token.

use std::fmt;

/// A token that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexError {
    /// What is wrong.
    pub kind: LexErrorKind,
    /// Line where it was noticed, from 1.
    pub line: u32,
    /// Byte offset where the token begins.
    pub start: u32,
    /// Byte offset up to which it was read.
    pub end: u32,
    /// The text behind `near`, in quotes if it is not `<eof>`.
    pub near: Vec<u8>,
}

/// The sorts of broken tokens, with the words of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexErrorKind {
    /// A short string that meets the end of its line or of the source.
    UnfinishedString,
    /// A long string without its closing bracket.
    UnfinishedLongString {
        /// Line where it begins.
        line: u32,
    },
    /// A long comment without its closing bracket.
    UnfinishedLongComment {
        /// Line where it begins.
        line: u32,
    },
    /// `[=` without a second bracket.
    InvalidLongStringDelimiter,
    /// Something that begins like a numeral and is none.
    MalformedNumber,
    /// A backslash followed by nothing known.
    InvalidEscape,
    /// `\ddd` above 255.
    DecimalEscapeTooLarge,
    /// `\x` or `\u{` without enough digits.
    HexadecimalDigitExpected,
    /// `\u` without its brace.
    MissingOpenBrace,
    /// `\u{XXX` without its closing brace.
    MissingCloseBrace,
    /// `\u{XXX}` of 2^31 or more.
    Utf8TooLarge,
}

impl LexError {
    /// Whether the source ends too early, so that more text could make it right.
    pub fn is_incomplete(&self) -> bool {
        self.near == b"<eof>"
    }

    /// The whole message without its position: `malformed number near '3x'`.
    pub fn message(&self) -> Vec<u8> {
        let mut message = self.kind.to_string().into_bytes();
        message.extend_from_slice(b" near ");
        message.extend_from_slice(&self.near);
        message
    }
}

impl fmt::Display for LexErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            LexErrorKind::UnfinishedLongString { line } => {
                return write!(f, "unfinished long string (starting at line {line})");
            }
            LexErrorKind::UnfinishedLongComment { line } => {
                return write!(f, "unfinished long comment (starting at line {line})");
            }
            LexErrorKind::UnfinishedString => "unfinished string",
            LexErrorKind::InvalidLongStringDelimiter => "invalid long string delimiter",
            LexErrorKind::MalformedNumber => "malformed number",
            LexErrorKind::InvalidEscape => "invalid escape sequence",
            LexErrorKind::DecimalEscapeTooLarge => "decimal escape too large",
            LexErrorKind::HexadecimalDigitExpected => "hexadecimal digit expected",
            LexErrorKind::MissingOpenBrace => "missing '{'",
            LexErrorKind::MissingCloseBrace => "missing '}'",
            LexErrorKind::Utf8TooLarge => "UTF-8 value too large",
        })
    }
}

impl fmt::Display for LexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, String::from_utf8_lossy(&self.message()))
    }
}

impl std::error::Error for LexError {}
