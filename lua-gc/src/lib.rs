//! lua-gc
