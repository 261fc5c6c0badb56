//! Formatting that is easily missed: nested Debug, named and positional arguments, unwrap of an error.

use std::fmt::{self, Debug, Display};

use rememo::cached;

pub struct Secret(u32);

impl Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret")
    }
}

#[derive(Debug)]
pub struct Outer {
    secret: Option<Vec<Secret>>,
}

pub struct Builder(Secret);

impl Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("inner", &self.0).finish_non_exhaustive()
    }
}

pub struct Money(u32);

impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&currency(self.0))
    }
}

fn currency(cents: u32) -> String {
    cents.to_string()
}

pub struct Failure;

impl Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failure")
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl std::error::Error for Failure {}

fn attempt() -> Result<u32, Failure> {
    Err(Failure)
}

#[cached]
pub fn nested() -> String {
    let outer = Outer { secret: Some(vec![Secret(1)]) };
    format!("{outer:#?}")
}

#[cached]
pub fn by_builder() -> String {
    format!("{0:?} {0:?}", Builder(Secret(1)))
}

#[cached]
pub fn named() -> String {
    let width = 10;
    format!("{price:>width$}", price = Money(5))
}

#[cached]
pub fn unwrapped() -> u32 {
    std::panic::catch_unwind(|| attempt().unwrap()).unwrap_or(0)
}

#[cached]
pub fn boxed() -> String {
    fn run() -> Result<u32, Box<dyn std::error::Error>> {
        Ok(attempt()?)
    }
    match run() {
        Ok(value) => value.to_string(),
        Err(error) => format!("{error}"),
    }
}

#[cached]
pub fn joined() -> String {
    [Money(1), Money(2)].iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cached]
pub fn arguments() -> String {
    print(format_args!("{}", Money(3)))
}

fn print(arguments: fmt::Arguments<'_>) -> String {
    arguments.to_string()
}

#[cached]
pub fn numbers() -> String {
    format!("{:?} {}", vec![1], 2)
}
