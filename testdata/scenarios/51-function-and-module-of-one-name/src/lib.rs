//! `pub use wrap::wrap`: one name, two namespaces.

use rememo::cached;

mod split;
mod wrap;

pub use split::split;
pub use wrap::wrap;

#[cached]
pub fn wrapped() -> u32 {
    wrap(3)
}

#[cached]
pub fn through_crate() -> u32 {
    crate::split(3)
}

#[cached]
pub fn in_module() -> u32 {
    wrap::width()
}

#[cached]
pub fn with_field() -> u32 {
    let wrap = Pair { split: 1, wrap: wrap(2) };
    wrap.split + wrap.wrap
}

struct Pair {
    split: u32,
    wrap: u32,
}
