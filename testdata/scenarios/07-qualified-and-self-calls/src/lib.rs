//! `<A as T>::m`, `T::m(&a)`, `Self::m`, `self.m`.

use rememo::cached;

pub trait Area {
    fn area(&self) -> u32;
    fn name() -> String;
}

pub trait Volume {
    fn area(&self) -> u32;
}

pub struct Tile {
    pub side: u32,
}

impl Area for Tile {
    fn area(&self) -> u32 {
        self.side * self.side
    }

    fn name() -> String {
        String::from("tile")
    }
}

impl Volume for Tile {
    fn area(&self) -> u32 {
        6 * self.side
    }
}

impl Tile {
    fn double(&self) -> u32 {
        Self::twice(self.side)
    }

    fn twice(side: u32) -> u32 {
        side * 2
    }
}

#[cached]
pub fn as_area(side: u32) -> u32 {
    <Tile as Area>::area(&Tile { side })
}

#[cached]
pub fn as_volume(side: u32) -> u32 {
    let tile = Tile { side };
    Volume::area(&tile)
}

#[cached]
pub fn through_self(side: u32) -> u32 {
    Tile { side }.double()
}

#[cached]
pub fn named() -> String {
    <Tile as Area>::name()
}
