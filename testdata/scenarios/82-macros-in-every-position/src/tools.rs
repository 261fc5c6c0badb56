//! Macros that are used by path.

macro_rules! checked {
    ($value:expr) => {
        $crate::tools::check($value)
    };
}

macro_rules! identity {
    ($($tokens:tt)*) => {
        $($tokens)*
    };
}

pub(crate) use {checked, identity};

pub fn check(value: u32) -> u32 {
    value.min(200)
}
