//! lua-std
