//! Sees the macros of the crate root because it stands below them.

pub fn value() -> u32 {
    count!(x y) + 10
}
