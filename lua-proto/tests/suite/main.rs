//! Tests of the public interface, in one binary.

mod drafts;
mod dump;
mod freeze;
mod listing;
mod loader;
mod number;
mod pending;
mod pool;
mod verify;
