//! Geometry.

mod private;

pub use private::Point;

pub fn in_metres(value: f64) -> f64 {
    units::to_metres(value)
}

pub fn unused(value: f64) -> f64 {
    value
}

#[doc(hidden)]
pub fn multiply(left: u32, right: u32) -> u32 {
    left * right
}

#[macro_export]
macro_rules! square {
    ($value:expr) => {
        $crate::multiply($value, $value)
    };
}
