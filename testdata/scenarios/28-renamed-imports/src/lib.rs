//! Renames in `use` decide what a body means.

use rememo::cached;

mod maths;

use maths::add as first;
use maths::{subtract as second, Point as Position};

#[cached]
pub fn renamed(value: u32) -> u32 {
    first(value, 1)
}

#[cached]
pub fn swapped(value: u32) -> u32 {
    first(value, 10) * second(value, 1)
}

#[cached]
pub fn typed() -> u32 {
    Position::origin()
}
