//! Proofs over published crates.
//!
//! *Normalization*: rewritings that nobody can observe change no fingerprint. *Sensitivity*: mutations change the fingerprint
//! of every function that reaches them. *Fuzzing*: no source breaks the analysis.

mod attribute;
pub mod corpus;
mod edit;
pub mod error;
pub mod fuzz;
mod known_macro;
pub mod mutate;
pub mod normalization;
mod positions;
mod random;
pub mod rewrite;
pub mod sensitivity;
mod source;
pub mod subject;
mod walk;
