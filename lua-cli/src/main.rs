//! `lua` on the command line.
fn main() {}
