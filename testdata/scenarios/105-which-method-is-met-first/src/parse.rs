pub trait Emphasis: std::fmt::Write {
    fn emphasized(&mut self, text: &str) -> std::fmt::Result {
        self.write_str("*")?;
        self.write_str(text)
    }
}

impl<W: std::fmt::Write + ?Sized> Emphasis for W {}

/// Not in scope where iterators are.
pub trait Parse<T> {
    fn map(self, value: T) -> T;
}

impl<T, F: Fn(T) -> T> Parse<T> for F {
    fn map(self, value: T) -> T {
        self(value)
    }
}
