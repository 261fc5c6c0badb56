/// Pallets for a load.
pub fn pallets(kilos: u32) -> u32 {
    kilos.div_ceil(40)
}
