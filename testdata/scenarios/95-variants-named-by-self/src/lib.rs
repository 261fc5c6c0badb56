//! `Self::Variant(x)` tells what `x` is; a method that a trait provides is one only of types that have the trait.

use rememo::cached;

pub struct Lamp(pub u32);
pub struct Bell(pub u32);
pub struct Gong(pub u32);

impl Lamp {
    pub fn ring(&self) -> u32 {
        self.0 + 1
    }
}

impl Bell {
    pub fn ring(&self) -> u32 {
        self.0 + 2
    }
}

impl Gong {
    pub fn ring(&self) -> u32 {
        self.0 + 3
    }
}

pub enum Thing {
    Lamp(Lamp),
    Bell { inside: Bell },
}

impl Thing {
    fn ring(&self) -> u32 {
        match self {
            Self::Lamp(lamp) => lamp.ring(),
            Self::Bell { inside } => inside.ring(),
        }
    }

    fn made(at: u32) -> Thing {
        Self::Bell { inside: Bell(at) }
    }
}

/// Closures have it, and nothing else.
pub trait Reader<T> {
    fn next(&mut self) -> T;

    fn span(&mut self) -> u32 {
        self.next();
        10
    }
}

impl<T, F: FnMut() -> T> Reader<T> for F {
    fn next(&mut self) -> T {
        self()
    }
}

#[derive(Clone, Copy)]
pub struct Token(pub u32);

impl Token {
    pub fn span(&self) -> u32 {
        self.0
    }
}

#[cached]
pub fn rung(at: u32) -> u32 {
    let gong = Gong(at);
    Thing::Lamp(Lamp(gong.0)).ring() + Thing::made(at).ring()
}

#[cached]
pub fn spanned(at: u32) -> u32 {
    let token = Token(at);
    token.span()
}

#[cached]
pub fn read(at: u32) -> u32 {
    let mut next = move || at;
    next.span()
}
