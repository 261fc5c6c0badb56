//! Splitting; uses the re-export of its own function.

pub fn split(value: u32) -> u32 {
    if value == 0 { 0 } else { crate::split(value - 1) + step() }
}

fn step() -> u32 {
    2
}
