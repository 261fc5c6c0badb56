//! Sides.

pub fn side() -> u32 {
    4
}
