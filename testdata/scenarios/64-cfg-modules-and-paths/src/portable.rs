//! The default.

pub fn value() -> u32 {
    3
}
