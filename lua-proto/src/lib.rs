//! The contract between compiler and VM.
pub mod op;
