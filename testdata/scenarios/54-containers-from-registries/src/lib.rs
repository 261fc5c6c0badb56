//! Generic containers and traits whose source isn't analyzed call back into this crate.

use rememo::cached;
use smallvec::SmallVec;

#[derive(PartialEq)]
pub struct Token(u32);

impl Token {
    fn weight(&self) -> u32 {
        self.0 * 2
    }
}

pub struct Decoy(u32);

impl Decoy {
    pub fn weight(&self) -> u32 {
        self.0
    }
}

type Tokens = SmallVec<[Token; 4]>;

impl smallvec::Describe for Token {
    fn describe(&self) -> String {
        format!("token {}", self.0)
    }
}

pub struct Key(u32);

impl smallvec::Describe for Key {
    fn describe(&self) -> String {
        String::from("key")
    }
}

#[cached]
pub fn weights() -> u32 {
    let mut tokens: Tokens = SmallVec::new();
    tokens.push(Token(1));
    tokens.iter().map(|token| token.weight()).sum()
}

#[cached]
pub fn first() -> u32 {
    let mut tokens: Tokens = SmallVec::new();
    tokens.push(Token(1));
    match tokens.first() {
        Some(token) => token.weight(),
        None => 0,
    }
}

#[cached]
pub fn described() -> String {
    smallvec::print(&Token(3))
}

#[cached]
pub fn wrapped() -> String {
    smallvec::Boxed::new(Key(3)).print()
}

#[cached]
pub fn retried() -> u32 {
    smallvec::retry(3, || attempt())
}

fn attempt() -> Option<u32> {
    Some(1)
}
