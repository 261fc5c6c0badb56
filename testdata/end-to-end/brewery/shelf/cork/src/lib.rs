pub fn length() -> u32 {
    4
}
