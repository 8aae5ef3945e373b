//! lua-parse
