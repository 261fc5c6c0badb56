//! Names in patterns: constants, ranges, variants, destructured fields.

use rememo::cached;

use limits::TOP;

mod limits {
    pub const TOP: u32 = 100;
    pub const UNIT: u32 = 1;
}

const LIMIT: u32 = 10;
const LOW: u32 = 2;
const HIGH: u32 = 5;
const KEYWORD: &str = "begin";

#[derive(PartialEq, Eq)]
pub struct Code(u32);

impl Code {
    const STOP: Code = Code(7);
}

pub enum Shape {
    Dot,
    Box { size: Size },
}

pub struct Size(u32);

impl Size {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

impl Shape {
    fn area(&self) -> u32 {
        match self {
            Shape::Dot => 0,
            Shape::Box { size } => size.area(),
        }
    }

    pub fn name(&self) -> &'static str {
        "shape"
    }
}

#[cached]
pub fn constant(value: u32) -> bool {
    match value {
        LIMIT => true,
        _ => false,
    }
}

#[cached]
pub fn ranged(value: u32) -> u32 {
    match value {
        LOW..=HIGH => 1,
        TOP.. => 2,
        limits::UNIT => 3,
        _ => 0,
    }
}

#[cached]
pub fn associated(value: u32) -> bool {
    matches!(Code(value), Code::STOP)
}

#[cached]
pub fn text(word: String) -> bool {
    if let KEYWORD = word.as_str() { true } else { false }
}

#[cached]
pub fn dispatched() -> u32 {
    Shape::Box { size: Size(2) }.area()
}

#[cached]
pub fn destructured() -> u32 {
    let pair = (Size(1), 2);
    let (size, _) = &pair;
    let Some(again) = Some(Size(3)) else { return 0 };
    size.area() + again.area()
}

#[cached]
pub fn binding(value: u32) -> u32 {
    match value {
        limit @ 1..=3 => limit,
        other => other + 1,
    }
}
