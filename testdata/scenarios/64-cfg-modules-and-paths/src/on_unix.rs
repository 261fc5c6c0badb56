//! Here.

pub fn value() -> u32 {
    1
}
