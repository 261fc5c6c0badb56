//! A trait of strings has a method that iterators have too.

use rememo::cached;

pub trait Shape {
    fn map<F: Fn(u32) -> u32>(&self, f: F) -> u32 {
        f(1)
    }
}

impl Shape for &str {}

pub struct Lamp(pub u32);
pub struct Bell(pub u32);

impl Lamp {
    pub fn ring(&self) -> u32 {
        self.0 + 2
    }
}

impl Bell {
    pub fn ring(&self) -> u32 {
        self.0 + 3
    }
}

#[cached]
pub fn lamps(at: u32) -> u32 {
    let bell = Bell(at);
    let lamps = vec![Lamp(bell.0), Lamp(at)];
    lamps.iter().map(|lamp| lamp).map(|lamp| lamp.ring()).sum::<u32>()
}

#[cached]
pub fn shaped(at: u32) -> u32 {
    let text = "text";
    text.map(|x| x + at)
}
