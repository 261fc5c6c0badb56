pub fn double(n: usize) -> usize {
    2 * n
}
