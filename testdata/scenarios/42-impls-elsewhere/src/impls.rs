//! A trait of another package for a type of this one.

use shapes::Area;

use crate::Tile;

impl Area for Tile {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}
