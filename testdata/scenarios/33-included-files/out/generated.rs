pub fn generated_table() -> u32 {
    1
}
