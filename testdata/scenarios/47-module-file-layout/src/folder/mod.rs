//! A folder.

pub mod child;

pub fn value() -> u32 {
    2
}
