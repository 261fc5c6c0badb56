//! Uses the other side.

/// Four times as much.
#[rememo::cached]
pub fn quadruple(n: u64) -> u64 {
    left::twice(left::twice(n))
}
