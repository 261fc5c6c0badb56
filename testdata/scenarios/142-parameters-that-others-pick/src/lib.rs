//! Code of another package calls methods with types that it picks: its own, or what it was given.

use form::{Fault, Put, Sink};
use rememo::cached;
use std::fmt::{self, Display};

pub struct Failed(String);

impl Fault for Failed {
    fn custom<T: Display>(message: T) -> Self {
        Failed(marked(&message.to_string()))
    }
}

fn marked(text: &str) -> String {
    format!("!{text}")
}

pub struct Total(u32);

impl Sink for Total {
    type Fault = Failed;

    fn put<T: Put + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.0 += 1;
        value.put(self)
    }

    fn number(&mut self, n: u32) -> Result<(), Failed> {
        self.0 += n + 20;
        Ok(())
    }
}

pub struct Pair(u32, Inner);

pub struct Inner(u32);

impl Put for Pair {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault> {
        sink.put(&self.0)?;
        sink.put(&self.1)
    }
}

impl Put for Inner {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault> {
        sink.number(self.0 + 30)
    }
}

pub struct Label(u32);

impl Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 + 40)
    }
}

pub struct Unused(u32);

impl Put for Unused {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault> {
        sink.number(self.0 + 50)
    }
}

#[cached]
pub fn pairs(n: u32) -> u32 {
    let mut total = Total(0);
    form::write(&vec![Pair(n, Inner(n))], &mut total).ok();
    total.0
}

#[cached]
pub fn numbers(n: u32) -> u32 {
    let mut total = Total(0);
    form::write(&n, &mut total).ok();
    total.0
}

#[cached]
pub fn labels(n: u32) -> String {
    Label(n).to_string()
}

#[cached]
pub fn unused(n: u32) -> u32 {
    let mut total = Total(0);
    Unused(n).put(&mut total).ok();
    total.0
}
