use labels::Label;
use rememo::cached;

pub trait Label {
    fn label(&self) -> u32;
}

#[derive(Clone, Copy)]
#[cfg_attr(feature = "odd", derive(Archive), archive(compare(PartialEq)))]
pub struct Day(pub u32);

impl From<u32> for Day {
    fn from(value: u32) -> Day {
        Day(value + 1)
    }
}

impl Default for Day {
    fn default() -> Day {
        Day(7)
    }
}

#[derive(Label)]
pub struct Parcel {
    #[cfg_attr(not(feature = "fast"), label(with = "slow::number"))]
    #[cfg_attr(feature = "fast", label(with = "fast::number"))]
    pub weight: u32,
}

pub mod slow {
    pub fn number(value: u32) -> u32 {
        value + 10
    }
}

pub mod fast {
    pub fn number(value: u32) -> u32 {
        value + 20
    }
}

#[cached]
pub fn plain(value: u32) -> u32 {
    Day(value).0
}

#[cached]
pub fn made(value: u32) -> u32 {
    Day::from(value).0
}

#[cached]
pub fn labelled(weight: u32) -> u32 {
    Parcel { weight }.label()
}
