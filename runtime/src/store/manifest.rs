//! What a function reached under one fingerprint, kept so that a later run can tell what changed.

use crate::record::Digest;

/// The items that a function reaches under one fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The function, as in [`Metadata::function`](crate::record::Metadata::function).
    pub function: String,
    /// Its fingerprint.
    pub fingerprint: Digest,
    /// When it was first seen, in Unix milliseconds.
    pub created: u64,
    /// A line for each item, as `rememo_table::manifest_items` reads them.
    pub items: String,
}

impl Manifest {
    /// A manifest.
    pub fn new(function: impl Into<String>, fingerprint: Digest, created: u64, items: impl Into<String>) -> Self {
        Manifest { function: function.into(), fingerprint, created, items: items.into() }
    }
}
