//! Chains of re-exports, globs, and nearer items that shadow them.

use rememo::cached;

mod facade;
mod shapes;

use facade::*;

#[cached]
pub fn through_chain() -> u32 {
    area()
}

#[cached]
pub fn from_glob() -> u32 {
    perimeter()
}

#[cached]
pub fn in_child() -> u32 {
    child::count()
}

mod child {
    use super::*;

    pub fn count() -> u32 {
        perimeter() + sides()
    }
}

fn sides() -> u32 {
    4
}
