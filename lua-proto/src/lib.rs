//! lua-proto
