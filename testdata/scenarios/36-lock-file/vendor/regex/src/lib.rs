pub fn is_match(pattern: &str, text: &str) -> bool {
    memchr::find(pattern, text)
}
