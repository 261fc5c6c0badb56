use rememo::cached;
use std::fmt;

flags::flags! {
    struct Colors {
        RED = 1,
        BLUE = 2,
    }
}

impl Colors {
    pub const ALL: u32 = 3;

    pub fn from_text(text: &str) -> Option<Colors> {
        match text {
            "red" => Some(Colors::RED),
            "blue" => Some(Colors::BLUE),
            _ => None,
        }
    }
}

pub mod kernels {
    #[allow(unused_imports)]
    pub use std::cmp::*;

    flags::kernel! {
        pub fn mask(bits: u32) -> u32 {
            bits + 1
        }
    }
}

pub enum Hex {}

impl Hex {
    pub fn number(value: u32) -> u32 {
        value + 16
    }
}

#[derive(labels::Label)]
pub struct Parcel {
    #[label(with = "Hex")]
    pub weight: u32,
}

#[derive(Clone)]
pub struct Steps {
    left: u32,
}

pub struct Step(u32);

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        self.left = self.left.checked_sub(1)?;
        Some(Step(self.left))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}", self.0)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

#[cached]
pub fn named(text: String) -> Option<u32> {
    Colors::from_text(&text).map(|color| color.0)
}

#[cached]
pub fn all() -> u32 {
    Colors::ALL
}

#[cached]
pub fn masked(bits: u32) -> u32 {
    kernels::mask(bits)
}

#[cached]
pub fn labelled(weight: u32) -> u32 {
    Parcel { weight }.label()
}

#[cached]
pub fn shown(left: u32) -> String {
    format!("{:?}", Steps { left })
}
