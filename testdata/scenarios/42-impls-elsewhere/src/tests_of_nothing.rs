//! A type that only looks alike.

pub struct Tile(pub u32);

impl shapes::Area for Tile {
    fn area(&self) -> u32 {
        1
    }
}
