//! A type that only an impl's associated type names, and that a path goes through.

use rememo::cached;

pub trait Plant {
    type Seed: Sprout;

    fn grow() -> u32;
}

pub trait Sprout {
    fn height() -> u32;
}

pub struct Bean;
pub struct BeanSeed;
pub struct Oak;
pub struct Acorn;

impl Sprout for BeanSeed {
    fn height() -> u32 {
        3
    }
}

impl BeanSeed {
    fn leaves() -> u32 {
        2
    }
}

impl Plant for Bean {
    type Seed = BeanSeed;

    fn grow() -> u32 {
        Self::Seed::height() + 1
    }
}

impl Sprout for Acorn {
    fn height() -> u32 {
        40
    }
}

impl Plant for Oak {
    type Seed = Acorn;

    fn grow() -> u32 {
        <Self as Plant>::Seed::height() * 2
    }
}

fn tallest<P: Plant>() -> u32 {
    P::Seed::height()
}

#[cached]
pub fn bean() -> u32 {
    Bean::grow()
}

#[cached]
pub fn oak() -> u32 {
    Oak::grow()
}

#[cached]
pub fn by_parameter() -> u32 {
    tallest::<Oak>()
}

#[cached]
pub fn leaves() -> u32 {
    BeanSeed::leaves()
}
