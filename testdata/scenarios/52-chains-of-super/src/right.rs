//! Re-exports the left side.

pub use crate::left::*;

pub fn from_right() -> u32 {
    from_left() * 2
}
