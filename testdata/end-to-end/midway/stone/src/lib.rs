/// A number.
pub fn factor() -> u32 {
    1
}
