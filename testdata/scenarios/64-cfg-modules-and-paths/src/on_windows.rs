//! Elsewhere.

pub fn value() -> u32 {
    2
}
