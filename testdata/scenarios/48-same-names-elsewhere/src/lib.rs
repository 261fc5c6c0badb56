//! Many methods of one name.

use rememo::cached;

pub struct Parser {
    input: String,
    position: usize,
}

impl Parser {
    pub fn new(input: &str) -> Self {
        Parser { input: input.to_owned(), position: 0 }
    }

    pub fn next(&mut self) -> Option<u8> {
        let byte = self.input.as_bytes().get(self.position).copied();
        self.position += 1;
        byte
    }

    pub fn len(&self) -> usize {
        self.input.len()
    }
}

pub struct Cursor(usize);

impl Cursor {
    pub fn next(&mut self) -> Option<u8> {
        self.0 += 1;
        None
    }

    pub fn len(&self) -> usize {
        self.0
    }

    pub fn get(&self, index: usize) -> Option<usize> {
        Some(index)
    }

    pub fn push(&mut self, by: usize) {
        self.0 += by;
    }
}

mod other {
    pub fn parse() -> u32 {
        1
    }
}

fn parse() -> u32 {
    2
}

#[cached]
pub fn bytes(input: String) -> usize {
    let mut parser = Parser::new(&input);
    let mut count = 0;
    while let Some(_) = parser.next() {
        count += 1;
    }
    count + parser.len()
}

#[cached]
pub fn vector() -> Option<usize> {
    let mut values = Vec::new();
    values.push(1);
    values.get(0).copied()
}

#[cached]
pub fn parsed() -> u32 {
    parse()
}

pub fn cursor() -> Option<u8> {
    Cursor(0).next()
}

pub fn other() -> u32 {
    other::parse()
}
