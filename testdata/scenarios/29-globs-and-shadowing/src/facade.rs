//! Re-exports everything.

pub use crate::shapes::*;
pub use crate::shapes::square::area;
