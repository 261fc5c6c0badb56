pub fn days() -> u32 {
    if cfg!(feature = "warm") { 2 } else { 1 }
}

pub fn strength() -> u32 {
    sugar::sweetness()
}
