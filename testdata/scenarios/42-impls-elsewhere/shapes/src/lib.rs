//! The trait and one impl.

mod circle;

pub use circle::Circle;

pub trait Area {
    fn area(&self) -> u32;

    fn perimeter(&self) -> u32 {
        0
    }
}

pub fn double(shape: &impl Area) -> u32 {
    shape.area() * 2
}
