//! The impl stands in another file, in another package, or in a package for a type of this one.

use rememo::cached;
use shapes::{Area, Circle};

mod impls;
mod tests_of_nothing;

pub struct Tile(pub u32);

#[cached]
pub fn tile() -> u32 {
    Tile(2).area()
}

#[cached]
pub fn circle() -> u32 {
    Circle(3).area()
}

#[cached]
pub fn doubled() -> u32 {
    shapes::double(&Tile(4))
}
