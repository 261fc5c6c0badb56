/// Anything that has a weight.
pub trait Weigh {
    /// In kilograms.
    fn weight(&self) -> u64;
}

/// A tree.
pub struct Tree {
    fruits: u64,
    ripens: u32,
}

impl Tree {
    /// A tree with so many fruits.
    pub fn new(fruits: u64, ripens: u32) -> Tree {
        Tree { fruits, ripens }
    }

    /// Whether its fruits are ripe in a month.
    pub fn is_ripe(&self, month: u32) -> bool {
        ripeness::of(self.ripens, month) >= threshold()
    }
}

impl Weigh for Tree {
    fn weight(&self) -> u64 {
        self.fruits / 4
    }
}

fn threshold() -> u32 {
    if cfg!(feature = "graft") { 2 } else { 3 }
}
