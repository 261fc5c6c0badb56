use rememo::cached;

pub trait Shape {
    fn area(&self) -> u32;
}

macro_rules! twice {
    ($ty:ty) => {
        ($ty, $ty)
    };
}

macro_rules! sides {
    ($count:tt of $ty:ty) => {
        $count!($ty)
    };
}

impl Shape for sides!(twice of u8) {
    fn area(&self) -> u32 {
        u32::from(self.0) * u32::from(self.1)
    }
}

impl Shape for sides!(twice of u32) {
    fn area(&self) -> u32 {
        self.0 * self.1
    }
}

pub type Side = u64;

impl Shape for [sides!(twice of Side); 1] {
    fn area(&self) -> u32 {
        self[0].0 as u32
    }
}

#[cached]
pub fn small(value: u8) -> u32 {
    (value, value).area()
}

#[cached]
pub fn large(value: u32) -> u32 {
    (value, 2_u32).area()
}

#[cached]
pub fn listed(value: u64) -> u32 {
    [(value, value)].area()
}
