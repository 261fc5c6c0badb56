//! Results of which only a trait is known.

use std::fmt::{self, Display};

use rememo::cached;

pub struct Item(u32);

impl Item {
    fn price(&self) -> u32 {
        self.0
    }
}

pub struct Banner;

impl Display for Banner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("banner")
    }
}

pub struct Quiet;

impl Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("quiet")
    }
}

fn items() -> impl Iterator<Item = Item> {
    (1..3).map(Item)
}

fn expensive(from: impl Iterator<Item = Item>) -> impl Iterator<Item = Item> {
    from.filter(|item| item.price() > threshold())
}

fn threshold() -> u32 {
    1
}

fn banner() -> impl Display {
    Banner
}

pub fn quiet() -> impl Display {
    Quiet
}

trait Source {
    fn values(&self) -> impl Iterator<Item = u32>;
}

struct Twos;

impl Source for Twos {
    fn values(&self) -> impl Iterator<Item = u32> {
        std::iter::repeat_n(2, 3)
    }
}

#[cached]
pub fn total() -> u32 {
    items().map(|item| item.price()).sum()
}

#[cached]
pub fn filtered() -> usize {
    expensive(items()).count()
}

#[cached]
pub fn shown() -> String {
    banner().to_string()
}

#[cached]
pub fn in_trait() -> u32 {
    Twos.values().sum()
}
