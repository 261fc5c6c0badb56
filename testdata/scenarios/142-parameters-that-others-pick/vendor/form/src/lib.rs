//! Stand-in: a package that hands its own types to methods of its users', and theirs to each other.

use std::fmt::Display;

pub trait Fault: Sized {
    fn custom<T: Display>(message: T) -> Self;
}

pub trait Sink {
    type Fault: Fault;
    fn put<T: Put + ?Sized>(&mut self, value: &T) -> Result<(), Self::Fault>;
    fn number(&mut self, n: u32) -> Result<(), Self::Fault>;
}

pub trait Put {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault>;
}

impl Put for u32 {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault> {
        sink.number(*self)
    }
}

impl<T: Put> Put for Vec<T> {
    fn put<S: Sink>(&self, sink: &mut S) -> Result<(), S::Fault> {
        unknown::each(self, |one| sink.put(one))
    }
}

pub fn write<T: Put, S: Sink>(value: &T, sink: &mut S) -> Result<(), S::Fault> {
    unknown::checked(value.put(sink), "fault")
}

mod unknown {
    pub fn each<T, E>(all: &[T], mut f: impl FnMut(&T) -> Result<(), E>) -> Result<(), E> {
        all.iter().try_for_each(|one| f(one))
    }

    pub fn checked<E: super::Fault>(found: Result<(), E>, message: &str) -> Result<(), E> {
        found.map_err(|_| E::custom(message))
    }
}
