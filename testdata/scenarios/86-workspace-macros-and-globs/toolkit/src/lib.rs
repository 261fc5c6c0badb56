//! A package of the workspace.

pub mod shapes;

pub mod prelude {
    pub use crate::measure::{Measure, MeasureExt as _};
}

mod measure;

use measure::Measure;

pub fn largest<M: Measure>(values: &[M]) -> u32 {
    values.iter().map(Measure::measure).max().unwrap_or(0)
}

#[macro_export]
macro_rules! count_all {
    ($($value:expr),*) => {
        $crate::internal::count(&[$($value),*])
    };
}

#[doc(hidden)]
pub mod internal {
    pub fn count<T>(values: &[T]) -> usize {
        values.len()
    }

    pub fn sides(count: u32) -> u32 {
        count
    }
}

#[macro_export]
macro_rules! define_shape {
    ($name:ident, $sides:literal) => {
        pub struct $name;

        impl $name {
            pub fn sides(&self) -> u32 {
                $crate::internal::sides($sides)
            }
        }
    };
}
