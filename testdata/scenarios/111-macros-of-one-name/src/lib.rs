mod left;
mod right;

use rememo::cached;

macro_rules! counted {
    ($value:expr) => {
        one($value)
    };
}

#[cached]
pub fn early(value: u32) -> u32 {
    counted!(value)
}

macro_rules! counted {
    ($value:expr) => {
        two($value)
    };
}

#[cached]
pub fn late(value: u32) -> u32 {
    counted!(value)
}

fn one(value: u32) -> u32 {
    value + 1
}

fn two(value: u32) -> u32 {
    value + 2
}

#[cfg(verbose)]
macro_rules! chosen {
    () => {
        loud()
    };
}

#[cfg(not(verbose))]
macro_rules! chosen {
    () => {
        quiet()
    };
}

#[cached]
pub fn under_a_cfg(value: u32) -> u32 {
    value + chosen!()
}

#[cfg(verbose)]
macro_rules! declared {
    () => {
        fn made() -> u32 {
            loud()
        }
    };
}

#[cfg(not(verbose))]
macro_rules! declared {
    () => {
        fn made() -> u32 {
            quiet()
        }
    };
}

declared!();

#[cached]
pub fn of_an_item(value: u32) -> u32 {
    value + made()
}

pub fn loud() -> u32 {
    30
}

pub fn quiet() -> u32 {
    40
}
