//! `for`, adapters and sums call `next` of a local iterator.

use std::iter::{Peekable, Sum};

use rememo::cached;

pub struct Countdown(u32);

impl Iterator for Countdown {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

impl DoubleEndedIterator for Countdown {
    fn next_back(&mut self) -> Option<u32> {
        None
    }
}

pub struct Bag(Vec<u32>);

impl IntoIterator for Bag {
    type Item = u32;
    type IntoIter = std::vec::IntoIter<u32>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

pub struct Money(u32);

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        Money(iter.map(|money| money.0).sum())
    }
}

struct Parser {
    tokens: Peekable<Countdown>,
}

#[cached]
pub fn looped() -> u32 {
    let mut total = 0;
    for value in Countdown(5) {
        total += value;
    }
    total
}

#[cached]
pub fn adapted() -> u32 {
    Countdown(5).filter(|value| value % 2 == 0).map(|value| value * 3).sum()
}

#[cached]
pub fn peeked() -> Option<u32> {
    let mut parser = Parser { tokens: Countdown(3).peekable() };
    parser.tokens.peek().copied()
}

#[cached]
pub fn bagged() -> u32 {
    let mut total = 0;
    for value in Bag(vec![1, 2]) {
        total += value;
    }
    total
}

#[cached]
pub fn summed() -> u32 {
    let total: Money = [1, 2].into_iter().map(Money).sum();
    total.0
}

#[cached]
pub fn collected() -> Vec<u32> {
    Vec::from_iter(1..4)
}
