//! Two functions that can be swapped.

pub struct Point;

impl Point {
    pub fn origin() -> u32 {
        0
    }
}

pub fn add(left: u32, right: u32) -> u32 {
    left + right
}

pub fn subtract(left: u32, right: u32) -> u32 {
    left - right
}

pub fn multiply(left: u32, right: u32) -> u32 {
    left * right
}
