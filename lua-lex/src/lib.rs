//! Lua 5.4 source text to tokens (§3.1).
//!
//! A [`Lexer`] walks over bytes and hands out [`Token`]s: a [`Kind`], a span of bytes and a
//! line. What a token *means* (a number, the bytes of a string after its escapes) is asked of the
//! lexer with [`Lexer::value`], so tokens stay 16 bytes and copying them costs nothing.
//!
//! Nothing here knows grammar, values or interned strings, and nothing is allocated for a
//! token except for strings with escapes, which share one buffer. Every error carries the words of
//! the reference implementation. The crate depends on nothing.
//!
//! ```
//! use lua_lex::{Kind, Lexer, Value};
//!
//! let mut lexer = Lexer::new(br"local pi = 3.14 --[[ about ]] .. '\u{3C0}'");
//! let mut kinds = Vec::new();
//! while let Ok(token) = lexer.next_token()
//!     && token.kind != Kind::Eof
//! {
//!     kinds.push(token.kind);
//! }
//! assert_eq!(kinds, [Kind::Local, Kind::Name, Kind::Assign, Kind::Float, Kind::Concat, Kind::Str]);
//! assert_eq!(lexer.value(), Value::None); // that of the last token, <eof>
//! ```
//!
//! Tools that show comments, such as highlighters, use [`Lexer::with_comments`]:
//!
//! ```
//! # use lua_lex::{Kind, Lexer};
//! let source = b"f() -- call";
//! let tokens: Result<Vec<_>, _> = Lexer::with_comments(source).collect();
//! let last = tokens.unwrap().pop().unwrap();
//! assert_eq!((last.kind, last.text(source)), (Kind::Comment, &b"-- call"[..]));
//! ```
//!
//! Start at [`Lexer::next_token`]; then `lexer/string.rs` and `numeral.rs`.

#![forbid(unsafe_code)]

mod error;
mod lexer;
mod numeral;
mod scan;
mod token;

pub use error::{LexError, LexErrorKind};
pub use lexer::{Lexer, Value};
pub use numeral::{Number, parse_numeral};
pub use token::{Kind, Token};
