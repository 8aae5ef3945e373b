//! Tokens: what they are, where they stand, and how messages call them.

use crate::Lexer;

/// Declares [`Kind`] and the texts of its fixed tokens: the only list of tokens.
macro_rules! kinds {
    (
        reserved { $($word:ident $word_text:literal)* }
        symbols { $($symbol:ident $symbol_text:literal)* }
        others { $($(#[$doc:meta])* $other:ident $other_text:literal)* }
    ) => {
        /// What a token is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $(#[doc = concat!("`", $word_text, "`")] $word,)*
            $(#[doc = concat!("`", $symbol_text, "`")] $symbol,)*
            $($(#[$doc])* $other,)*
        }

        impl Kind {
            /// Every reserved word with its text, in alphabetical order.
            pub const RESERVED: &'static [(&'static str, Kind)] = &[$(($word_text, Kind::$word),)*];

            /// The text of a word or symbol, which is always the same; for the others what the
            /// reference calls the sort of token, such as `<name>`.
            pub fn text(self) -> &'static str {
                match self {
                    $(Kind::$word => $word_text,)*
                    $(Kind::$symbol => $symbol_text,)*
                    $(Kind::$other => $other_text,)*
                }
            }
        }
    };
}

kinds! {
    reserved {
        And "and" Break "break" Do "do" Else "else" ElseIf "elseif" End "end" False "false"
        For "for" Function "function" Goto "goto" If "if" In "in" Local "local" Nil "nil"
        Not "not" Or "or" Repeat "repeat" Return "return" Then "then" True "true"
        Until "until" While "while"
    }
    symbols {
        Plus "+" Minus "-" Star "*" Slash "/" Percent "%" Caret "^" Hash "#" Ampersand "&"
        Tilde "~" Pipe "|" ShiftLeft "<<" ShiftRight ">>" FloorDivide "//" Equal "=="
        NotEqual "~=" LessEqual "<=" GreaterEqual ">=" Less "<" Greater ">" Assign "="
        LeftParen "(" RightParen ")" LeftBrace "{" RightBrace "}" LeftBracket "["
        RightBracket "]" DoubleColon "::" Semicolon ";" Colon ":" Comma "," Dot "."
        Concat ".." Dots "..."
    }
    others {
        /// An integer numeral.
        Int "<integer>"
        /// A float numeral.
        Float "<number>"
        /// A name.
        Name "<name>"
        /// A literal string, short or long.
        Str "<string>"
        /// The end of the source; returned again and again.
        Eof "<eof>"
        /// A comment, seen only with [`Lexer::with_comments`].
        Comment "<comment>"
        /// A byte that begins no token of Lua, such as `!`. No error for the lexer: the reference
        /// leaves it to the parser to complain.
        Other "<other>"
    }
}

impl Kind {
    /// How messages call a token that they miss: `'end'`, `'='`, `<name>`.
    pub fn expected(self) -> String {
        match self {
            Kind::Int | Kind::Float | Kind::Name | Kind::Str | Kind::Eof | Kind::Comment | Kind::Other => self.text().to_owned(),
            _ => format!("'{}'", self.text()),
        }
    }
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte offset in the source where it begins.
    pub start: u32,
    /// Byte offset where it ends.
    pub end: u32,
    /// Line where it ends, from 1. Only strings and comments can begin on another.
    pub line: u32,
    /// What it is.
    pub kind: Kind,
}

const _: () = assert!(size_of::<Token>() == 16);

impl Token {
    /// Its bytes as they stand in the source that it came from.
    pub fn text(self, source: &[u8]) -> &[u8] {
        &source[self.start as usize..self.end as usize]
    }

    /// How messages call it behind `near`: in quotes, strings with their escapes replaced and cut at
    /// the first zero byte, as the reference does. `None` for a stray zero byte, which the
    /// reference does not mention at all.
    pub fn describe(self, source: &[u8]) -> Option<Vec<u8>> {
        match self.kind {
            Kind::Eof => Some(b"<eof>".to_vec()),
            Kind::Other => describe_byte(source[self.start as usize]),
            Kind::Str => Some(quote(&self.evaluated(source))),
            _ => Some(quote(self.text(source))),
        }
    }

    /// The text of a string token with its escapes replaced, between its delimiters.
    fn evaluated(self, source: &[u8]) -> Vec<u8> {
        let text = self.text(source);
        let mut lexer = Lexer::new(text);
        if lexer.next_token().is_err() {
            return text.to_vec();
        }
        let crate::Value::Str(content) = lexer.value() else {
            return text.to_vec();
        };
        let width = match text {
            [b'[', rest @ ..] => 2 + rest.iter().take_while(|&&byte| byte == b'=').count(),
            _ => 1,
        };
        [&text[..width], content, &text[text.len() - width..]].concat()
    }
}

/// Puts bytes into quotes, up to the first zero.
pub(crate) fn quote(text: &[u8]) -> Vec<u8> {
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
    [b"'", &text[..end], b"'"].concat()
}

fn describe_byte(byte: u8) -> Option<Vec<u8>> {
    match byte {
        0 => None,
        b' '..=b'~' => Some(quote(&[byte])),
        _ => Some(format!("'<\\{byte}>'").into_bytes()),
    }
}
