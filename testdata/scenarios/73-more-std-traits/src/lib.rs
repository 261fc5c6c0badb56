//! Extend, Product, Read, BufRead, Write, Hash of nested types, Error, Termination of loops by one's own types.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::iter::{FusedIterator, Product};

use rememo::cached;

#[derive(Default)]
pub struct Words(Vec<String>);

impl Extend<String> for Words {
    fn extend<I: IntoIterator<Item = String>>(&mut self, words: I) {
        for word in words {
            self.0.push(word.to_uppercase());
        }
    }
}

pub struct Factor(u32);

impl<'a> Product<&'a Factor> for Factor {
    fn product<I: Iterator<Item = &'a Factor>>(factors: I) -> Factor {
        Factor(factors.map(|factor| factor.0).product())
    }
}

pub struct Bag(Vec<u32>);

impl<'a> IntoIterator for &'a Bag {
    type Item = &'a u32;
    type IntoIter = Each<'a>;

    fn into_iter(self) -> Each<'a> {
        Each(self.0.iter())
    }
}

pub struct Each<'a>(std::slice::Iter<'a, u32>);

impl<'a> Iterator for Each<'a> {
    type Item = &'a u32;

    fn next(&mut self) -> Option<&'a u32> {
        self.0.next()
    }
}

impl ExactSizeIterator for Each<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl FusedIterator for Each<'_> {}

pub struct Source(u8);

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Ok(0);
        }
        self.0 -= 1;
        buffer[0] = b'x';
        Ok(1)
    }
}

pub struct Sink(Vec<u8>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cached]
pub fn extended() -> usize {
    let mut words = Words::default();
    words.extend(vec![String::from("a")]);
    words.0.len()
}

#[cached]
pub fn multiplied() -> u32 {
    [Factor(2), Factor(3)].iter().product::<Factor>().0
}

#[cached]
pub fn by_reference() -> u32 {
    let bag = Bag(vec![1, 2]);
    let mut total = 0;
    for value in &bag {
        total += value;
    }
    total
}

#[cached]
pub fn lines() -> usize {
    BufReader::new(Source(3)).lines().count()
}

#[cached]
pub fn copied() -> usize {
    let mut sink = Sink(Vec::new());
    io::copy(&mut Source(3), &mut sink).unwrap();
    sink.0.len()
}

#[cached]
pub fn dynamic() -> usize {
    let mut sink = Sink(Vec::new());
    let writer: &mut dyn Write = &mut sink;
    writer.write_all(b"abc").unwrap();
    sink.0.len()
}
