//! Types that nothing names but the arguments of a call.

use std::str::FromStr;

use rememo::cached;

pub struct Level(u32);

impl FromStr for Level {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Level, Self::Err> {
        Ok(Level(text.parse::<u32>()? + 1))
    }
}

pub trait Weigh {
    fn weight() -> u32;
}

pub struct Stone;
pub struct Feather;

impl Weigh for Stone {
    fn weight() -> u32 {
        100
    }
}

impl Weigh for Feather {
    fn weight() -> u32 {
        1
    }
}

pub struct Scale;

impl Scale {
    fn total<W: Weigh>() -> u32 {
        W::weight() * 3
    }

    fn put<W: Weigh>(&self) -> u32 {
        W::weight() + 7
    }
}

#[cached]
pub fn parsed() -> u32 {
    let text = loop {
        break "5";
    };
    text.parse::<Level>().map_or(0, |level| level.0)
}

#[cached]
pub fn as_a_value() -> u32 {
    let total = Scale::total::<Stone>;
    total()
}

#[cached]
pub fn through_a_method() -> u32 {
    let scale = loop {
        break Scale;
    };
    scale.put::<Feather>()
}
