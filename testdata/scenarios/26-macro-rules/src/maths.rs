//! A macro that names its own crate.

#[macro_export]
macro_rules! sum {
    ($first:expr) => { $first };
    ($first:expr, $($rest:expr),+) => {
        $crate::maths::add($first, $crate::sum!($($rest),+))
    };
}

pub use sum;

pub fn add(left: u32, right: u32) -> u32 {
    left + right
}
