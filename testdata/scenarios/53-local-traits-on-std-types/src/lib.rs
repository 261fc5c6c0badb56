//! Methods and functions that a local trait gives to primitives and to types of the standard library.

use rememo::cached;

pub trait Bits {
    const WIDTH: u32;
    fn from_word(word: u64) -> Self;
    fn flip(&self) -> Self;
}

impl Bits for i8 {
    const WIDTH: u32 = 8;

    fn from_word(word: u64) -> Self {
        word as i8
    }

    fn flip(&self) -> Self {
        !*self
    }
}

impl Bits for u16 {
    const WIDTH: u32 = 16;

    fn from_word(word: u64) -> Self {
        (word & 0xffff) as u16
    }

    fn flip(&self) -> Self {
        self ^ 0xffff
    }
}

pub trait Words {
    fn words(&self) -> usize;
}

impl Words for str {
    fn words(&self) -> usize {
        self.split(' ').count()
    }
}

impl<T: Words> Words for [T] {
    fn words(&self) -> usize {
        self.iter().map(Words::words).sum()
    }
}

impl Words for String {
    fn words(&self) -> usize {
        self.as_str().words() + 0
    }
}

pub trait OrZero {
    fn or_zero(self) -> u32;
}

impl OrZero for Option<u32> {
    fn or_zero(self) -> u32 {
        self.unwrap_or(0)
    }
}

impl<E> OrZero for Result<u32, E> {
    fn or_zero(self) -> u32 {
        self.unwrap_or(1)
    }
}

#[cached]
pub fn associated() -> i8 {
    i8::from_word(300)
}

#[cached]
pub fn constant() -> u32 {
    <u16 as Bits>::WIDTH
}

#[cached]
pub fn on_literal() -> i8 {
    5i8.flip()
}

#[cached]
pub fn on_text() -> usize {
    "a b".words()
}

#[cached]
pub fn on_vector() -> usize {
    vec![String::from("a b"), String::from("c")].words()
}

#[cached]
pub fn on_option() -> u32 {
    Some(4).or_zero()
}

#[cached]
pub fn on_result(text: String) -> u32 {
    text.parse::<u32>().or_zero()
}
