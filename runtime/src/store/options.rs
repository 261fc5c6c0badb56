//! What a disk store can be told, and what it tells of the space it takes.

use super::Limits;

/// What a written record survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the process, whatever ends it. A loss of power may cost the last records, never give a wrong one.
    #[default]
    Process,
    /// A loss of power too. Each record then costs what the disk takes to confirm it.
    Disk,
}

/// How to open a [`DiskStore`](super::DiskStore).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DiskOptions {
    /// What a written record survives.
    pub durability: Durability,
    /// How much it keeps; what is over that is [pruned](super::prune) by the process that owns the index.
    pub limits: Limits,
}

impl DiskOptions {
    /// With limits. Zero is no limit.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With another durability.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }
}

/// What a [`DiskStore`](super::DiskStore)'s directory takes, in bytes on disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiskUsage {
    /// Small records, and pointers to large ones.
    pub index: u64,
    /// Records that aren't in the index yet.
    pub spool: u64,
    /// Large records.
    pub large: u64,
    /// All else: what functions reached, a damaged index, files under way.
    pub other: u64,
}

impl DiskUsage {
    /// All of it.
    pub fn all(&self) -> u64 {
        self.index + self.spool + self.large + self.other
    }
}
