//! Macros, globs and traits of a package of the workspace, re-exported under other names.

use rememo::cached;

pub mod kit {
    pub use toolkit::prelude::*;
    pub use toolkit::{count_all as count, shapes as figures};
}

use kit::*;

struct Mine(u32);

impl Measure for Mine {
    fn measure(&self) -> u32 {
        self.0 + 1
    }
}

toolkit::define_shape!(Hexagon, 6);

#[cached]
pub fn measured() -> u32 {
    Mine(1).measured_twice()
}

#[cached]
pub fn counted() -> usize {
    kit::count!(1, 2, 3)
}

#[cached]
pub fn figured() -> u32 {
    figures::Square { side: 2 }.measure()
}

#[cached]
pub fn defined() -> u32 {
    Hexagon.sides()
}

#[cached]
pub fn largest() -> u32 {
    toolkit::largest(&[Mine(1), Mine(2)])
}
