//! A file.

pub fn value() -> u32 {
    1
}
