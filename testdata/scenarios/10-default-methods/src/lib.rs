//! Default methods, and the moment somebody overrides them.

use rememo::cached;

pub trait Animal {
    fn legs(&self) -> u32 {
        4
    }

    fn shoes(&self) -> u32 {
        self.legs() * 2
    }
}

pub struct Dog;
pub struct Bird;

impl Animal for Dog {}

impl Animal for Bird {
    fn legs(&self) -> u32 {
        2
    }
}

#[cached]
pub fn dog() -> u32 {
    Dog.shoes()
}

#[cached]
pub fn bird() -> u32 {
    Bird.shoes()
}
