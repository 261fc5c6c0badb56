//! `use super::*` over several levels, with re-exports that go round in a circle.

use rememo::cached;

mod left;
mod right;

pub fn base() -> u32 {
    1
}

fn private_base() -> u32 {
    2
}

mod one {
    use super::*;

    pub mod two {
        use super::*;

        pub mod three {
            use super::*;

            pub fn value() -> u32 {
                base() + private_base()
            }
        }
    }
}

mod probe {
    pub mod inner {
        pub fn value() -> u32 {
            super::super::base()
        }
    }
}

#[cached]
pub fn deep() -> u32 {
    one::two::three::value()
}

#[cached]
pub fn round() -> u32 {
    left::from_right()
}

#[cached]
pub fn by_path() -> u32 {
    self::probe::inner::value()
}
