pub fn is_match(pattern: &str, text: &str) -> bool {
    text.starts_with(pattern)
}
