//! In that folder.

pub fn value() -> u32 {
    3
}
