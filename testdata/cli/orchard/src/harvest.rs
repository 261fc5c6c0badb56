use crate::trees::{Tree, Weigh};

/// Kilograms in a crate.
const CRATE: u64 = 12;

/// What a year brings.
#[rememo::cached]
pub fn yearly(trees: &[Tree]) -> u64 {
    (1..=12).map(|month| monthly(trees, month)).sum()
}

/// What a month brings.
#[rememo::cached]
pub fn monthly(trees: &[Tree], month: u32) -> u64 {
    trees.iter().filter(|tree| tree.is_ripe(month)).map(|tree| tree.weight()).sum()
}

/// Crates for a month.
pub fn crates(trees: &[Tree], month: u32) -> u64 {
    ceiling(monthly(trees, month), CRATE)
}

/// Nobody calls this.
pub fn prune(trees: &mut Vec<Tree>) {
    trees.retain(|tree| tree.weight() > 0);
}

fn ceiling(n: u64, by: u64) -> u64 {
    n.div_ceil(by)
}
