//! lua-lex
