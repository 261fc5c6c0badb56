//! What a function returns as `impl Trait` is told by its body; a literal beside an operator by the language's default.

use rememo::cached;
use std::fmt::Write;
use std::ops::{Range, Shl};

pub trait Step {
    fn step(&self, from: u32) -> u32;

    fn again(&self, from: u32) -> u32 {
        self.step(from) + 1
    }
}

pub struct Small;
pub struct Large;
pub struct Twice<S>(pub S);

impl Step for Small {
    fn step(&self, from: u32) -> u32 {
        from + 2
    }
}

impl Step for Large {
    fn step(&self, from: u32) -> u32 {
        from + 300
    }
}

impl<S: Step> Step for Twice<S> {
    fn step(&self, from: u32) -> u32 {
        self.0.step(self.0.step(from))
    }
}

impl Step for Box<dyn Step> {
    fn step(&self, from: u32) -> u32 {
        (**self).step(from) + 4
    }
}

fn twice<S: Step>(of: S) -> impl Step {
    Twice(of)
}

fn small() -> impl Step {
    twice(Small)
}

fn large() -> impl Step {
    let _one = Small;
    Large
}

fn run<S: Step>(with: S, from: u32) -> u32 {
    with.again(from)
}

#[cached]
pub fn opaque(from: u32) -> u32 {
    let _other = Large;
    run(small(), from)
}

#[cached]
pub fn other_opaque(from: u32) -> u32 {
    run(large(), from)
}

#[cached]
pub fn boxed(from: u32) -> u32 {
    let one: Box<dyn Step> = Box::new(Small);
    run(one, from)
}

#[derive(Clone, PartialEq)]
pub struct Number(pub u64);

impl Shl<i32> for Number {
    type Output = Number;
    fn shl(self, by: i32) -> Number {
        Number(self.0 << (by + 5))
    }
}

impl Shl<u8> for Number {
    type Output = Number;
    fn shl(self, by: u8) -> Number {
        Number(self.0 << (by + 6))
    }
}

#[cached]
pub fn shifted(from: u64) -> u64 {
    let shifted: Number = Number(from) << 1;
    shifted.0
}

#[cached]
pub fn shifted_by_bytes(from: u64, by: u8) -> u64 {
    (Number(from) << by).0
}

#[cached]
pub fn shifted_by_known(from: u64) -> u64 {
    let by = 1;
    let same: u8 = by;
    (Number(from) << by).0 + u64::from(same)
}

pub trait Reader: Sized {
    fn parse<T: Default>(self) -> Result<T, u32> {
        Err(7)
    }
}

impl Reader for &str {}

#[cached]
pub fn inherent(text: String) -> u32 {
    let text: &str = &text;
    text.parse::<u32>().unwrap_or(8)
}

#[cached]
pub fn by_trait(text: String) -> u32 {
    let text: &str = &text;
    Reader::parse::<u32>(text).unwrap_or_else(|error| error)
}

pub struct Page(pub String);

impl Write for Page {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.push_str(text);
        self.0.push('9');
        Ok(())
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("ten")
    }
}

#[cached]
pub fn written(text: String) -> String {
    let _number = Number(1);
    let mut page = Page(String::new());
    let _ = write!(page, "{text}");
    page.0
}

fn fold<S, F: FnMut(S, u32) -> S>(start: S, each: &mut F) -> S {
    each(start, 1)
}

#[cached]
pub fn by_reference(from: u32) -> u32 {
    let _large = Large;
    fold(Small, &mut |step, by| {
        step.step(by + from);
        step
    })
    .step(from)
}

fn u16(from: u32) -> u32 {
    from + 11
}

pub trait Ends {
    type End;
    fn end(&self) -> Self::End;
}

impl Ends for Range<u16> {
    type End = u16;
    fn end(&self) -> u16 {
        self.end.saturating_sub(1)
    }
}

fn last<E: Ends<End = u16>>(of: E) -> u16 {
    of.end()
}

#[cached]
pub fn ended(to: u16) -> u16 {
    last(0..to)
}

#[cached]
pub fn called(from: u32) -> u32 {
    u16(from)
}

pub struct Wide(pub u64);
pub struct Narrow(pub u8);

impl std::str::FromStr for Wide {
    type Err = u32;
    fn from_str(text: &str) -> Result<Self, u32> {
        Ok(Wide(text.len() as u64 + 21))
    }
}

impl std::str::FromStr for Narrow {
    type Err = u32;
    fn from_str(text: &str) -> Result<Self, u32> {
        Ok(Narrow(text.len() as u8 + 22))
    }
}

#[cached]
pub fn read(text: String) -> u64 {
    let narrow = Narrow(1);
    let wide: Option<Result<Wide, u32>> = Some(text.as_str()).map(std::str::FromStr::from_str);
    wide.and_then(|read| read.ok()).map_or(0, |wide| wide.0) + u64::from(narrow.0)
}

pub trait Separate {
    fn separate(&mut self) -> std::fmt::Result;
}

impl<W: Write + ?Sized> Separate for W {
    fn separate(&mut self) -> std::fmt::Result {
        self.write_str(", ")
    }
}

pub trait Part {
    fn separate(&mut self) -> u32;
}

impl<F: FnMut(u32) -> u32> Part for F {
    fn separate(&mut self) -> u32 {
        self(31)
    }
}

fn put(to: &mut dyn Write) {
    let _ = to.separate();
}

#[cached]
pub fn separated(from: u32) -> String {
    let mut text = from.to_string();
    put(&mut text);
    text
}

#[cached]
pub fn parted(from: u32) -> u32 {
    Part::separate(&mut |to: u32| to + from)
}

fn i8(from: u32) -> u32 {
    from + 41
}

#[cached]
pub fn parsed(text: String) -> i8 {
    let _number = Number(1);
    i8::from_str_radix(&text, 10).unwrap_or(0)
}

#[cached]
pub fn named(from: u32) -> u32 {
    i8(from)
}
