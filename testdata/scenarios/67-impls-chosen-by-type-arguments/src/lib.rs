//! One trait, several impls for one generic type.

use rememo::cached;

pub struct Wrapper<T>(T);

impl Wrapper<u8> {
    fn width(&self) -> u32 {
        8
    }
}

impl Wrapper<u16> {
    fn width(&self) -> u32 {
        16
    }
}

impl<T> Wrapper<T> {
    fn inner(&self) -> &T {
        &self.0
    }
}

pub trait Convert<T> {
    fn convert(&self) -> T;
}

pub struct Source(u32);

impl Convert<u64> for Source {
    fn convert(&self) -> u64 {
        u64::from(self.0) + 1
    }
}

impl Convert<String> for Source {
    fn convert(&self) -> String {
        self.0.to_string()
    }
}

pub struct Target(u32);

impl From<u8> for Target {
    fn from(value: u8) -> Target {
        Target(u32::from(value))
    }
}

impl From<&str> for Target {
    fn from(value: &str) -> Target {
        Target(value.len() as u32)
    }
}

pub trait Policy {
    fn limit() -> u32;
}

pub struct Strict;
pub struct Loose;

impl Policy for Strict {
    fn limit() -> u32 {
        1
    }
}

impl Policy for Loose {
    fn limit() -> u32 {
        1000
    }
}

pub struct Checker<P = Strict> {
    policy: std::marker::PhantomData<P>,
}

impl<P: Policy> Checker<P> {
    fn new() -> Self {
        Checker { policy: std::marker::PhantomData }
    }

    fn check(&self, value: u32) -> bool {
        value < P::limit()
    }
}

#[cached]
pub fn byte_width() -> u32 {
    Wrapper(1u8).width()
}

#[cached]
pub fn inner() -> u32 {
    *Wrapper(5u32).inner()
}

#[cached]
pub fn to_number() -> u64 {
    let source = Source(1);
    let number: u64 = source.convert();
    number
}

#[cached]
pub fn from_text() -> u32 {
    Target::from("abc").0
}

#[cached]
pub fn from_byte() -> u32 {
    let byte = 3u8;
    Target::from(byte).0
}

#[cached]
pub fn strict(value: u32) -> bool {
    let checker: Checker = Checker::new();
    checker.check(value)
}

#[cached]
pub fn loose(value: u32) -> bool {
    Checker::<Loose>::new().check(value)
}
