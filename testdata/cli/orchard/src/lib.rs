//! A small crate with cached functions in two modules.

pub mod harvest;
pub mod trees;

pub use harvest::yearly;
