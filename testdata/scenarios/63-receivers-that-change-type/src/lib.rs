//! A wrong guess of a type is worse than none.

use rememo::cached;

pub struct Metre(u32);
pub struct Foot(u32);

impl Metre {
    fn value(&self) -> u32 {
        self.0
    }

    fn into_foot(self) -> Foot {
        Foot(self.0 * 3)
    }
}

impl Foot {
    fn value(&self) -> u32 {
        self.0 / 3
    }
}

pub trait Length: Sized {
    fn length(self) -> u32;
}

impl Length for Metre {
    fn length(self) -> u32 {
        self.0 + 100
    }
}

impl Length for Foot {
    fn length(self) -> u32 {
        self.0 + 200
    }
}

impl From<u32> for Foot {
    fn from(value: u32) -> Foot {
        Foot(value)
    }
}

impl FromIterator<u32> for Metre {
    fn from_iter<I: IntoIterator<Item = u32>>(values: I) -> Metre {
        Metre(values.into_iter().sum())
    }
}

fn take_foot(foot: Foot) -> u32 {
    foot.length()
}

fn identity<T>(value: T) -> T {
    value
}

#[cached]
pub fn shadowed() -> u32 {
    let length = Metre(1);
    let length = length.into_foot();
    length.value()
}

#[cached]
pub fn inner_scope() -> u32 {
    let length = Metre(1);
    {
        let length = Foot(2);
        let _ = length.0;
    }
    length.value()
}

#[cached]
pub fn initialised_later(flag: bool) -> u32 {
    let length;
    if flag {
        length = Foot(1);
    } else {
        length = Foot(2);
    }
    length.value()
}

#[cached]
pub fn inferred_from_argument() -> u32 {
    take_foot(7.into())
}

#[cached]
pub fn inferred_from_push() -> u32 {
    let mut lengths = Vec::new();
    lengths.push(Foot(1));
    lengths[0].value()
}

#[cached]
pub fn collected() -> u32 {
    let total: Metre = (1..4).collect();
    total.length()
}

#[cached]
pub fn turbofish() -> u32 {
    (1..4).collect::<Metre>().value()
}

#[cached]
pub fn through_identity() -> u32 {
    identity(Foot(3)).value()
}

#[cached]
pub fn by_branch(flag: bool) -> u32 {
    let length = match flag {
        true => Metre(1).into_foot(),
        false => return 0,
    };
    length.length()
}

#[cached]
pub fn replaced() -> u32 {
    let mut slot = Some(Metre(1));
    let old = slot.replace(Metre(2)).take();
    old.map_or(0, |length| length.value())
}
