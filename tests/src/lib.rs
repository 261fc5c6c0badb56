//! Tests across the parts: edit scenarios and the machinery that reads them.
//!
//! A scenario is a small crate under `testdata/scenarios/` with an `edits.txt` beside it. [`scenario`] reads it,
//! [`verdict`] asks the analyzer before and after each edit, [`compiler`] has rustc confirm that every state is Rust,
//! [`memory`] keeps what an analysis made of files. Nothing here decides what is right: that stands in the fixtures.

pub mod compiler;
pub mod memory;
pub mod scenario;
pub mod state;
pub mod verdict;
