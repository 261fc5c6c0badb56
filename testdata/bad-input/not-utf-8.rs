//! Not UTF-8 on line 4.

pub fn fine() {}
pub const NAME: &str = "café";
