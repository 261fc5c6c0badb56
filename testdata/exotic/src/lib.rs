//! Rust that few crates write: every way to call, to name and to hand on a function that the oracle should see once.
#![allow(dead_code, private_interfaces, clippy::all)]

#[macro_use]
pub mod names;
pub mod operators;
pub mod paths;
pub mod values;

fn leaf(x: usize) -> usize {
    std::hint::black_box(x)
}
