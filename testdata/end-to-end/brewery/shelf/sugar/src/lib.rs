pub fn sweetness() -> u32 {
    if cfg!(feature = "brown") { 20 } else { 10 }
}
