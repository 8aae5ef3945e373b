//! Tests of the heap with a toy object model: `toy.rs` is the model, `shadow.rs` the
//! naive twin, the others are tests.

mod apart;
mod basics;
mod finalizers;
mod limits;
mod random;
mod shadow;
mod toy;
mod weak;
