//! What the commands print, and how it looks. Nothing here decides anything.

pub(crate) mod advice;
pub(crate) mod check;
pub(crate) mod json;
pub(crate) mod problems;
pub(crate) mod progress;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod timings;
pub(crate) mod tree;
pub(crate) mod units;
