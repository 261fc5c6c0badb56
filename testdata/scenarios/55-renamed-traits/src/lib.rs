//! Traits imported under another name, or as `_`.

use std::error::Error as StdError;
use std::fmt::{self, Display as Show};
use std::io::{Read as Input, Write as _};

use rememo::cached;

use crate::speech::polite::Speak as _;

mod speech {
    pub struct Person;

    pub mod polite {
        pub trait Speak {
            fn speak(&self) -> String;
        }

        impl Speak for super::Person {
            fn speak(&self) -> String {
                String::from("good morning")
            }
        }
    }

    pub mod rude {
        pub trait Speak {
            fn speak(&self) -> String;
        }

        impl Speak for super::Person {
            fn speak(&self) -> String {
                String::from("what")
            }
        }
    }
}

#[derive(Debug)]
pub struct Outer(Inner);

#[derive(Debug)]
pub struct Inner;

impl Show for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl Show for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inner")
    }
}

impl StdError for Inner {}

impl StdError for Outer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

struct Zeros;

impl Input for Zeros {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(0);
        Ok(buffer.len().min(3))
    }
}

struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn fail() -> Result<(), Outer> {
    Err(Outer(Inner))
}

fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

#[cached]
pub fn explained() -> String {
    fail().map_err(|error| chain(&error)).unwrap_err()
}

#[cached]
pub fn boxed() -> String {
    fn run() -> Result<(), Box<dyn StdError>> {
        fail()?;
        Ok(())
    }
    run().unwrap_err().to_string()
}

#[cached]
pub fn read() -> u8 {
    let mut buffer = [1; 2];
    Zeros.read_exact(&mut buffer).unwrap();
    buffer[0]
}

#[cached]
pub fn written() -> usize {
    let mut counter = Counter(0);
    writeln!(counter, "hello {}", 1).unwrap();
    counter.0
}

#[cached]
pub fn spoken() -> String {
    speech::Person.speak()
}
