pub fn jars() -> u32 {
    sugar::sweetness()
}
