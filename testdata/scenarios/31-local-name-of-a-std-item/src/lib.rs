//! A function of one's own with a name that the standard library has too.

use rememo::cached;

fn max(left: u32, right: u32) -> u32 {
    if left > right { left } else { right }
}

mod plain {
    use rememo::cached;
    use std::cmp::max;

    #[cached]
    pub fn std_max(left: u32, right: u32) -> u32 {
        max(left, right)
    }

    #[cached]
    pub fn some(value: u32) -> Option<u32> {
        Some(value).filter(|value| *value > 1)
    }
}

pub use plain::{some, std_max};

#[cached]
pub fn own_max(left: u32, right: u32) -> u32 {
    max(left, right)
}

#[cached]
pub fn string() -> usize {
    String::from("abc").len()
}

#[cached]
pub fn listed() -> Vec<u32> {
    vec![1, 2]
}
