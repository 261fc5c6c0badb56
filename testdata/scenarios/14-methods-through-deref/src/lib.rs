//! Auto-deref walks through local smart pointers.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use rememo::cached;

pub struct Inner {
    value: u32,
}

impl Inner {
    fn read(&self) -> u32 {
        self.value
    }

    fn write(&mut self, value: u32) {
        self.value = value;
    }
}

pub struct Guard(Inner);

impl Deref for Guard {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Inner {
        &mut self.0
    }
}

pub struct Outer(Guard);

impl Deref for Outer {
    type Target = Guard;

    fn deref(&self) -> &Guard {
        &self.0
    }
}

pub struct Decoy;

impl Decoy {
    pub fn read(&self) -> u32 {
        100
    }
}

#[cached]
pub fn once() -> u32 {
    Guard(Inner { value: 1 }).read()
}

#[cached]
pub fn twice() -> u32 {
    let outer = Rc::new(Outer(Guard(Inner { value: 1 })));
    outer.read()
}

#[cached]
pub fn explicit() -> u32 {
    let guard = Guard(Inner { value: 1 });
    (*guard).value
}

#[cached]
pub fn written() -> u32 {
    let mut guard = Guard(Inner { value: 1 });
    guard.write(5);
    guard.0.value
}
