//! Another package's macros write types and impls, also with macros of their own crate, which may be called like one here.

use rememo::cached;
use shapes::Shape;

fn grow(n: u32) -> u32 {
    n + 1
}

fn square(n: u32) -> u32 {
    n * n
}

macro_rules! member {
    ($($tokens:tt)*) => {
        compile_error!("not this one")
    };
}

shapes::shape!(Tile, square);

shapes::all_members! { Tile:
    pub fn cost(&self) -> u32 {
        price(self.0)
    }
    pub fn weight(&self) -> u32 {
        self.0 + 7
    }
}

fn price(n: u32) -> u32 {
    n + 20
}

pub struct Other(u32);

impl Other {
    pub fn cost(&self) -> u32 {
        self.0 + 30
    }
}

impl Iterator for Other {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        Some(self.0 + 40)
    }
}

#[cached]
pub fn grown(n: u32) -> u32 {
    Tile(n).grown()
}

#[cached]
pub fn area(n: u32) -> u32 {
    Tile(n).area()
}

#[cached]
pub fn cost(n: u32) -> u32 {
    Tile(n).cost()
}

#[cached]
pub fn other(n: u32) -> u32 {
    Other(n).cost() + Other(n).next().unwrap_or_default()
}
