//! What both sides share.

/// Twice as much.
pub fn twice(n: u64) -> u64 {
    n * FACTOR
}

const FACTOR: u64 = 2;
