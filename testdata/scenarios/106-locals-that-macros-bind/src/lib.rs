use rememo::cached;

pub struct Left;

impl Left {
    fn number(&self) -> u32 {
        1
    }
}

pub struct Right;

impl Right {
    fn number(&self) -> u32 {
        2
    }
}

macro_rules! both {
    ($one:expr) => {{
        let it = Left;
        it.number() + $one.number()
    }};
}

#[cached]
pub fn sum(value: u32) -> u32 {
    let it = Right;
    value + both!(it)
}

#[cached]
pub fn other(value: u32) -> u32 {
    let other = Left;
    value + both!(other)
}
