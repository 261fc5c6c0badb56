use rememo::cached;

#[derive(Clone, Copy)]
pub struct One(u32);

#[derive(Clone, Copy)]
pub struct Two(u32);

macro_rules! same {
    ($of:ty) => {
        ($of, $of)
    };
}

macro_rules! pair {
    ($of:ty) => {
        same!($of)
    };
}

pub trait Total {
    fn total(&self) -> u32;
}

impl Total for pair!(One) {
    fn total(&self) -> u32 {
        self.0.0 + self.1.0
    }
}

impl Total for pair!(Two) {
    fn total(&self) -> u32 {
        self.0.0 * self.1.0
    }
}

#[cached]
pub fn ones(value: u32) -> u32 {
    (One(value), One(1)).total()
}

#[cached]
pub fn twos(value: u32) -> u32 {
    (Two(value), Two(1)).total()
}

pub mod shapes {
    pub trait Number {
        fn number(&self) -> u32;
    }

    impl Number for crate::One {
        fn number(&self) -> u32 {
            self.0
        }
    }

    pub trait Area {
        fn area(&self) -> u32;
    }

    impl<T: Number> Area for T {
        fn area(&self) -> u32 {
            self.number() * 2
        }
    }

    impl Area for [crate::Two] {
        fn area(&self) -> u32 {
            self.len() as u32 + 7
        }
    }

    pub mod prelude {
        pub use super::{Area, Number};
    }
}

pub mod areas {
    use crate::shapes::prelude::*;

    pub fn of<T: Number>(number: &T) -> u32 {
        number.area()
    }
}

#[cached]
pub fn areas(value: u32) -> u32 {
    areas::of(&One(value))
}

pub struct Unused(u32);

impl Unused {
    pub fn area(&self) -> u32 {
        self.0 + 500
    }

    pub fn built(&self) -> u32 {
        self.area()
    }

    pub fn seen(&self) -> u32 {
        self.area()
    }
}

pub struct Place {
    index: u32,
}

impl Place {
    fn built(&self) -> u32 {
        self.index + 30
    }
}

#[allow(non_snake_case)]
pub fn Place(index: u32) -> Place {
    Place { index }
}

#[cached]
pub fn built(value: u32) -> u32 {
    let unused = Unused(value);
    Place(unused.0).built()
}

pub struct View<P> {
    pointer: P,
    value: u32,
}

pub type Shared<T> = View<*const T>;
pub type Unique<T> = View<*mut T>;

impl<T> View<*const T> {
    fn at(pointer: *const T) -> Self {
        View { pointer, value: 1 }
    }
}

impl<T> View<*mut T> {
    fn at(pointer: *mut T) -> Self {
        View { pointer, value: 2 }
    }
}

impl<P> View<P> {
    fn seen(&self) -> u32 {
        let View { pointer: _, value } = self;
        value + 40
    }
}

#[cached]
pub fn viewed(value: u32) -> u32 {
    let mut unused = Unused(value);
    Shared::at(&unused).seen() + Unique::at(&mut unused).seen()
}
