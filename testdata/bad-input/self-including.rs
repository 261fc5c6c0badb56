//! A file that includes itself.

include!("lib.rs");

#[rememo::cached]
pub fn value() -> u32 {
    1
}
