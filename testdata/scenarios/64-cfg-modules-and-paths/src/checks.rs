//! In debug builds.

pub fn check(value: u32) {
    assert!(value < 10);
}
