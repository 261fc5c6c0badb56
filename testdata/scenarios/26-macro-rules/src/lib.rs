//! Macros by example: bodies, helpers they call, functions and impls they make.

use rememo::cached;

mod maths;

macro_rules! scale {
    ($value:expr) => {
        $value * factor()
    };
}

macro_rules! make_getter {
    ($name:ident, $value:expr) => {
        fn $name() -> u32 {
            $value
        }
    };
}

macro_rules! impl_weight {
    ($($type:ident => $weight:expr),* $(,)?) => {
        $(impl Weight for $type {
            fn weight(&self) -> u32 {
                $weight
            }
        })*
    };
}

macro_rules! outer {
    ($value:expr) => {
        inner!($value, 1)
    };
}

macro_rules! inner {
    ($value:expr, $by:literal) => {
        $value - $by
    };
}

macro_rules! unused {
    () => {
        0
    };
}

pub trait Weight {
    fn weight(&self) -> u32;
}

pub struct Feather;
pub struct Stone;

impl_weight! {
    Feather => 1,
    Stone => 100,
}

make_getter!(seven, 7);
make_getter!(eight, 8);

fn factor() -> u32 {
    3
}

#[cached]
pub fn scaled(value: u32) -> u32 {
    scale!(value)
}

#[cached]
pub fn made() -> u32 {
    seven()
}

#[cached]
pub fn weighed() -> u32 {
    Stone.weight()
}

#[cached]
pub fn nested(value: u32) -> u32 {
    outer!(value)
}

#[cached]
pub fn hygienic() -> u32 {
    maths::sum!(1, 2, 3)
}

pub fn others() -> u32 {
    eight() + unused!() + Feather.weight()
}
