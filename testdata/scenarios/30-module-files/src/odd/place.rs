//! Not where its name says.

pub fn value() -> u32 {
    1
}
