include!(concat!(env!("OUT_DIR"), "/days.rs"));

/// The build script gives it a method.
pub struct Moon;

/// How many planets there are.
pub fn planets() -> u32 {
    8
}
