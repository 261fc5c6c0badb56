use rememo::cached;
use std::fmt;
use std::sync::Arc;

pub struct Left(u32);

impl PartialEq for Left {
    fn eq(&self, other: &Left) -> bool {
        self.0 % 10 == other.0 % 10
    }
}

impl Eq for Left {}

impl Default for Left {
    fn default() -> Left {
        Left(7)
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "left {}", self.0)
    }
}

pub struct Right(u32);

impl PartialEq for Right {
    fn eq(&self, other: &Right) -> bool {
        self.0 / 2 == other.0 / 2
    }
}

impl Eq for Right {}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "right {}", self.0)
    }
}

pub trait Number {
    fn number(&self) -> u32;
}

impl Number for Left {
    fn number(&self) -> u32 {
        self.0
    }
}

pub trait Next {
    fn next(&self) -> u32;
}

impl<T: Number> Next for T {
    fn next(&self) -> u32 {
        self.number() + 1
    }
}

impl Next for (Right, u32) {
    fn next(&self) -> u32 {
        self.0.0 + self.1
    }
}

impl Next for [Right] {
    fn next(&self) -> u32 {
        self.iter().map(|right| right.0).sum::<u32>() + 40
    }
}

fn same<K: Eq>(a: &K, b: &K) -> bool {
    K::eq(a, b)
}

fn after<T: Number>(of: &T) -> u32 {
    of.next()
}

struct Wrapped<T>(T);

impl<T: fmt::Display> fmt::Display for Wrapped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(&self.0, f, <_>::fmt)
    }
}

fn written<T>(
    of: &T,
    f: &mut fmt::Formatter<'_>,
    with: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    with(of, f)
}

fn taken(left: Left) -> u32 {
    left.0
}

pub struct Text(u32);

impl TryFrom<Text> for Arc<str> {
    type Error = &'static str;

    fn try_from(text: Text) -> Result<Arc<str>, &'static str> {
        if text.0 == 0 { Err("no text") } else { Ok("text".into()) }
    }
}

#[cached]
pub fn compared(value: u32) -> bool {
    let right = Right(value);
    same(&Left(value), &Left(right.0))
}

#[cached]
pub fn made(value: u32) -> u32 {
    value + taken(<_>::default())
}

#[cached]
pub fn shown(value: u32) -> String {
    let right = Right(value);
    Wrapped(Left(right.0)).to_string()
}

#[cached]
pub fn asked(value: u32) -> u32 {
    let right = [Right(value)];
    after(&Left(right[0].0))
}

#[cached]
pub fn tried(value: u32) -> String {
    match Arc::<str>::try_from(Text(value)) {
        Ok(text) => text.to_string(),
        Err(why) => why.to_owned(),
    }
}
