//! In the folder.

pub fn value() -> u32 {
    3
}
