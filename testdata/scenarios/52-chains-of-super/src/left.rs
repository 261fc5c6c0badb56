//! Re-exports the right side.

pub use crate::right::*;

pub fn from_left() -> u32 {
    10
}
