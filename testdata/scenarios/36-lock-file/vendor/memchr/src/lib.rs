pub fn find(pattern: &str, text: &str) -> bool {
    text.contains(pattern)
}
