//! Code in other packages of the workspace, function by function.

use geo::Point;
use rememo::cached;

#[cached]
pub fn length() -> f64 {
    Point::new(3.0, 4.0).length()
}

#[cached]
pub fn metres() -> f64 {
    units_of_length::to_metres(2.0)
}

#[cached]
pub fn through_both() -> f64 {
    geo::in_metres(1.0)
}

#[cached]
pub fn by_macro() -> u32 {
    geo::square!(3)
}

#[cached]
pub fn nothing() -> u32 {
    0
}
