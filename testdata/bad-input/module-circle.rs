//! A file that is its own module.

#[path = "lib.rs"]
mod again;

#[rememo::cached]
pub fn value() -> u32 {
    1
}
