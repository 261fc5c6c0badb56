//! A macro makes macros in the body that calls it.

use rememo::cached;

pub struct Tile(u32);

impl Tile {
    pub fn area(&self) -> u32 {
        self.0 * self.0
    }
    pub fn sides(&self) -> u32 {
        self.0 + 4
    }
    pub fn cost(&self) -> u32 {
        self.0 + 20
    }
}

pub struct Other(u32);

impl Other {
    pub fn area(&self) -> u32 {
        self.0 + 30
    }
}

impl std::ops::Add for Other {
    type Output = u32;

    fn add(self, other: Other) -> u32 {
        self.0 + other.0 + 40
    }
}

macro_rules! define {
    ($name:ident $dollar:tt $($body:tt)*) => {
        macro_rules! $name {
            ($dollar of:expr) => { match $dollar of { tile => tile.$($body)* } };
        }
    };
}

macro_rules! shown {
    ($of:ident) => {{
        macro_rules! part {
            ($name:ident) => { $of.$name() };
        }
        part!(sides)
    }};
}

macro_rules! part {
    ($name:ident) => {
        Tile(1).cost()
    };
}

#[cached]
pub fn area(n: u32) -> u32 {
    define!(measure $ area());
    measure!(Tile(n))
}

#[cached]
pub fn sides(n: u32) -> u32 {
    let tile = Tile(n);
    shown!(tile)
}

#[cached]
pub fn cost(n: u32) -> u32 {
    n + part!(area)
}

#[cached]
pub fn other(n: u32) -> u32 {
    Other(n).area() + (Other(n) + Other(n))
}
