//! Places where the compiler inserts a call of `deref` or `deref_mut`.

use std::ops::{Deref, DerefMut};

use rememo::cached;

pub struct Digits {
    shared: Vec<u32>,
}

impl Deref for Digits {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        &self.shared
    }
}

pub struct Buffer {
    own: Vec<u32>,
}

impl Deref for Buffer {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        self.own.as_slice()
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u32] {
        &mut self.own
    }
}

pub struct Number {
    digits: Digits,
}

impl Number {
    fn digits(&self) -> &[u32] {
        &self.digits
    }
}

fn sum(of: &[u32]) -> u32 {
    of.iter().sum()
}

fn fill(of: &mut [u32]) {
    of.fill(7);
}

#[cached]
pub fn returned(n: u32) -> u32 {
    Number { digits: Digits { shared: vec![n, 2 * n] } }.digits().iter().sum()
}

#[cached]
pub fn passed(n: u32) -> u32 {
    let digits = Digits { shared: vec![n, n] };
    sum(&digits)
}

#[cached]
pub fn changed(n: u32) -> u32 {
    let mut buffer = Buffer { own: vec![n, n] };
    fill(&mut buffer);
    buffer.own.iter().sum()
}

#[cached]
pub fn by_hand(n: u32) -> u32 {
    sum(&[n, n])
}
