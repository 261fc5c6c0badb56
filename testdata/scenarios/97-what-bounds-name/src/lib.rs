//! Bounds tell what comes of a standard trait's method, and one bound tells the arguments of another's trait.

use rememo::cached;
use std::fmt::Write;

pub struct Oops(pub u32);

impl From<std::fmt::Error> for Oops {
    fn from(_: std::fmt::Error) -> Self {
        Oops(1)
    }
}

impl From<std::num::ParseIntError> for Oops {
    fn from(_: std::num::ParseIntError) -> Self {
        Oops(2)
    }
}

pub trait Sink: Write {
    fn twice(&mut self, text: &str) -> Result<(), Oops> {
        self.write_str(text)?;
        self.write_str(text)?;
        Ok(())
    }
}

impl Sink for String {}

pub struct Loud(pub String);

impl Write for Loud {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.push_str(text);
        self.0.push('!');
        Ok(())
    }
}

impl Sink for Loud {}

pub trait Source {
    fn left(&self) -> usize;
}

impl Source for Vec<u32> {
    fn left(&self) -> usize {
        self.len() + 4
    }
}

impl Source for String {
    fn left(&self) -> usize {
        self.len() + 5
    }
}

pub trait Parse<S> {
    fn step(&mut self, from: &mut S) -> u32;

    fn whole(&mut self, mut from: S) -> u32
    where
        S: Source,
        Self: Sized,
    {
        self.step(&mut from) + from.left() as u32
    }
}

impl<S, F: FnMut(&mut S) -> u32> Parse<S> for F {
    fn step(&mut self, from: &mut S) -> u32 {
        self(from)
    }
}

fn run<S: Source, P: Parse<S>>(mut parser: P, from: S) -> u32 {
    parser.whole(from)
}

fn pop(from: &mut Vec<u32>) -> u32 {
    from.pop().unwrap_or(6)
}

#[derive(Default)]
pub struct Options {
    pub width: u32,
    pub inner: Inner,
}

pub struct Inner(pub u32);

impl Default for Inner {
    fn default() -> Self {
        Inner(7)
    }
}

pub struct Elsewhere(pub u32);

impl Default for Elsewhere {
    fn default() -> Self {
        Elsewhere(8)
    }
}

#[cached]
pub fn plain(at: u32) -> String {
    let mut out = String::new();
    let _ = out.twice(&at.to_string());
    out
}

#[cached]
pub fn loud(at: u32) -> String {
    let mut out = Loud(String::new());
    let _ = out.twice(&at.to_string());
    out.0
}

#[cached]
pub fn parsed(at: u32) -> u32 {
    let text = String::new();
    run(pop, vec![at, text.len() as u32])
}

#[cached]
pub fn filled(at: u32) -> u32 {
    let elsewhere = Elsewhere(at);
    let options = Options { width: elsewhere.0, ..Default::default() };
    options.inner.0 + options.width
}
