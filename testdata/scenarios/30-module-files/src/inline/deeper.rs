//! In the folder of an inline module.

pub fn value() -> u32 {
    2
}
