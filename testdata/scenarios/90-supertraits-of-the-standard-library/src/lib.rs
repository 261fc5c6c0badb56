//! Values that are used by one trait and then, out of sight, by the traits above it.

use std::cmp::Ordering;
use std::error::Error as StdError;
use std::fmt;

use rememo::cached;

#[derive(Debug)]
pub struct Inner(u32);

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.0)
    }
}

impl StdError for Inner {}

#[derive(Debug)]
pub struct Outer(Inner);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl StdError for Outer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

fn causes(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

pub struct Grade(u32);

impl PartialEq for Grade {
    fn eq(&self, other: &Grade) -> bool {
        self.0 % 10 == other.0 % 10
    }
}

impl Eq for Grade {}

impl PartialOrd for Grade {
    fn partial_cmp(&self, other: &Grade) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Grade {
    fn cmp(&self, other: &Grade) -> Ordering {
        self.0.cmp(&other.0)
    }
}

fn differ<T: Ord>(values: &[T]) -> bool {
    values.windows(2).all(|pair| pair[0] != pair[1])
}

#[cached]
pub fn shown(n: u32) -> String {
    causes(&Outer(Inner(n)))
}

#[cached]
pub fn ordered(n: u32) -> bool {
    differ(&[Grade(n), Grade(n + 10)])
}

#[cached]
pub fn plain(n: u32) -> u32 {
    n + 1
}
