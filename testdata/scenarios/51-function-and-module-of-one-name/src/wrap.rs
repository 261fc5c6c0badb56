//! Wrapping.

pub fn wrap(value: u32) -> u32 {
    value + 1
}

pub fn width() -> u32 {
    80
}
