//! `impl Trait` where a function takes it is a type parameter: what it stands for decides.

use rememo::cached;

pub struct Label(pub String);

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Label(format!("text {text}"))
    }
}

impl From<u32> for Label {
    fn from(number: u32) -> Self {
        Label(format!("number {number}"))
    }
}

pub trait Weigh {
    fn weight(&self) -> u32;
}

pub struct Stone(pub u32);
pub struct Feather(pub u32);

impl Weigh for Stone {
    fn weight(&self) -> u32 {
        self.0 * 3
    }
}

impl Weigh for Feather {
    fn weight(&self) -> u32 {
        self.0 * 2
    }
}

fn labelled(label: impl Into<Label>) -> String {
    let label: Label = label.into();
    label.0
}

fn weighed(all: &[impl Weigh], extra: Option<impl Weigh>) -> u32 {
    all.iter().map(|one| one.weight()).sum::<u32>() + extra.map_or(0, |extra| extra.weight())
}

#[cached]
pub fn text(at: u32) -> String {
    let _ = at;
    labelled("a")
}

#[cached]
pub fn number(at: u32) -> String {
    labelled(at)
}

#[cached]
pub fn stones(at: u32) -> u32 {
    let feather = Feather(at);
    weighed(&[Stone(feather.0)], Some(Stone(1)))
}

#[cached]
pub fn both(at: u32) -> u32 {
    weighed(&[Stone(at)], Some(Feather(at)))
}
