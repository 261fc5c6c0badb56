use rememo::cached;
use std::fmt;
use std::ops::Add;
use std::rc::Rc;

pub struct Sum(u64);

impl Add<Sum> for u8 {
    type Output = Sum;

    fn add(self, other: Sum) -> Sum {
        Sum(u64::from(self) + other.0)
    }
}

impl TryFrom<Sum> for u8 {
    type Error = ();

    fn try_from(sum: Sum) -> Result<u8, ()> {
        Ok(sum.0 as u8)
    }
}

pub trait Number: Copy + TryFrom<u64> + TryInto<u64> + Add<Output = Self> {
    fn zero() -> Self;
}

impl Number for u8 {
    fn zero() -> u8 {
        0
    }
}

impl Number for u16 {
    fn zero() -> u16 {
        0
    }
}

fn widened<N: Number>(number: N) -> u64 {
    number.try_into().unwrap_or(0)
}

fn narrowed<N: Number>(wide: u64) -> Option<N> {
    N::try_from(wide).ok()
}

pub mod walks {
    pub trait Walk {
        fn first(self, index: usize) -> usize;
    }

    impl<W: Sized> Walk for Vec<W> {
        fn first(self, index: usize) -> usize {
            index + 10
        }
    }
}

pub struct Item(u32);

impl Clone for Item {
    fn clone(&self) -> Item {
        Item(self.0 + 0)
    }
}

pub mod one {
    pub trait Report: Sized {
        fn report<T: std::fmt::Display>(of: T) -> Self;
    }
}

pub mod two {
    pub trait Report: Sized {
        fn report<T: std::fmt::Display>(of: T) -> Self;
    }
}

pub struct Text(String);

impl one::Report for Text {
    fn report<T: fmt::Display>(of: T) -> Text {
        Text(of.to_string())
    }
}

impl two::Report for Text {
    fn report<T: fmt::Display>(of: T) -> Text {
        Text(format!("{of}!"))
    }
}

pub struct Shown(u32);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shown {}", self.0)
    }
}

pub struct Other(u32);

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "other {}", self.0)
    }
}

pub trait Bits {
    fn leading_zeros(self) -> u32;
}

impl Bits for u16 {
    // Its own is met first.
    fn leading_zeros(self) -> u32 {
        self as u32 + 7
    }
}

#[cached]
pub fn added(number: u8) -> u64 {
    (number + Sum(1)).0
}

#[cached]
pub fn converted(number: u8) -> u64 {
    u64::from(number) + u64::try_from(7i32).unwrap_or(0)
}

#[cached]
pub fn by_bound(number: u8) -> u64 {
    widened(number) + widened(300u16)
}

#[cached]
pub fn by_path(wide: u64) -> Option<u8> {
    narrowed::<u8>(wide)
}

#[cached]
pub fn from_sum(wide: u64) -> u8 {
    u8::try_from(Sum(wide)).unwrap_or(0)
}

#[cached]
pub fn by_arity(values: Vec<usize>) -> usize {
    values.first().copied().unwrap_or(0)
}

#[cached]
pub fn shared(value: u32) -> u32 {
    let item = Rc::new(Item(value));
    let again = Rc::clone(&item);
    let list = vec![item];
    list.clone().len() as u32 + again.0
}

#[cached]
pub fn of_list(value: u32) -> usize {
    let item = Item(value);
    let list = vec![&item, &item];
    list.clone().len()
}

#[cached]
pub fn cloned(value: u32) -> u32 {
    vec![Item(value)].clone().len() as u32
}

#[cached]
pub fn told_apart(value: u32) -> usize {
    use one::Report as _;
    let other = Other(value);
    Text::report(Shown(value + other.0)).0.len()
}

#[cached]
pub fn as_bits(value: u16) -> u32 {
    value.leading_zeros()
}

pub enum Twice<A, B = A> {
    One(A),
    Other(B),
}

impl<T> Twice<T> {
    pub fn map<U>(self, by: impl FnOnce(T) -> U) -> Twice<U> {
        mapped();
        match self {
            Twice::One(one) => Twice::One(by(one)),
            Twice::Other(other) => Twice::Other(by(other)),
        }
    }
}

fn mapped() -> u32 {
    1
}

#[cached]
pub fn of_literal(plus: u64) -> u64 {
    let twice = Twice::Other(1);
    match twice.map(|x| x + plus) {
        Twice::One(one) => one,
        Twice::Other(other) => other,
    }
}
