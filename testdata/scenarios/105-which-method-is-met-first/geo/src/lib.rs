pub fn area(value: u32) -> u32 {
    value * 3
}
