//! Claims: which process computes a key, so that the others wait for it instead of doing the same.
//!
//! A claim is a courtesy and never a condition: who can't get one in time computes all the same.

use std::fmt;

use crate::record::Digest;

/// What a store answers to who wants to compute a key.
#[derive(Debug)]
#[non_exhaustive]
pub enum Claim {
    /// Nobody else computes it; nobody else gets the claim before this is dropped.
    Mine(Box<dyn Held>),
    /// Another process computes it, and these are the keys that it waits for itself.
    Taken(Vec<Digest>),
}

impl Claim {
    /// The claim of a store that no other process shares.
    pub fn unshared() -> Self {
        Claim::Mine(Box::new(Unshared))
    }
}

/// A claim that is held, until it is dropped.
///
/// Whatever ends the process must end its claims too.
pub trait Held: fmt::Debug + Send + Sync {
    /// Tells other processes that whoever holds this waits for these keys, so that none of them waits for this one in
    /// turn.
    fn waits_for(&self, keys: &[Digest]);
}

#[derive(Debug)]
struct Unshared;

impl Held for Unshared {
    fn waits_for(&self, _: &[Digest]) {}
}
