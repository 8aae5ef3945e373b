//! Numbers: what folding and execution must agree on.
//!
//! Arithmetic of integers and floats (§3.4.1, §3.4.2), exact comparisons between them (§3.4.4),
//! text to number (§3.4.3) and number to text (`tostring`, and the float conversions of
//! `string.format`, with the results of C's `printf`).

mod arith;
mod decimal;
mod format;
mod parse;

pub use arith::{
    float_ceil_to_int, float_floor_div, float_floor_to_int, float_le_int, float_lt_int, float_mod, float_to_int, int_eq_float,
    int_floor_div, int_le_float, int_lt_float, int_mod, pow, shift_left, shift_right,
};
pub use format::{Spec, format_a, format_e, format_f, format_g, format_int, format_uint, write_float, write_int};
pub use parse::{parse_decimal_float, parse_number};

/// A number of Lua.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
}
