//! A module with a folder.

pub mod inner;

pub fn unused() -> u32 {
    0
}
