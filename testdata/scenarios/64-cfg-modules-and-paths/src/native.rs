//! With the feature.

pub fn value() -> u32 {
    4
}
