//! Edition 2015: paths from the crate root, `extern crate` with a rename, bare trait objects.

extern crate geo as geometry;
extern crate rememo;

use rememo::cached;
use shapes::area;

mod shapes;

mod inner {
    use geometry::side;

    pub fn twice() -> u32 {
        ::helper() + side()
    }

    pub fn shape() -> u32 {
        ::shapes::area(3)
    }
}

fn helper() -> u32 {
    1
}

trait Old {
    fn run(&self, value: u32) -> u32;
}

struct Plain;

impl Old for Plain {
    fn run(&self, value: u32) -> u32 {
        value + 5
    }
}

#[cached]
pub fn imported() -> u32 {
    area(2)
}

#[cached]
pub fn global() -> u32 {
    inner::twice()
}

#[cached]
pub fn shaped() -> u32 {
    inner::shape()
}

#[cached]
pub fn object() -> u32 {
    let plain: Box<Old> = Box::new(Plain);
    plain.run(1)
}

#[cached]
pub fn foreign() -> u32 {
    geometry::side()
}
