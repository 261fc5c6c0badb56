pub mod weight;

/// Price of a load.
pub fn rate(kilos: u32) -> u32 {
    2 * kilos
}

/// Nothing calls it.
pub fn insurance(value: u32) -> u32 {
    value / 50
}
