//! Stand-in: a trait that closures have.

pub trait Parse {
    fn parse(&mut self, text: &str) -> u32;
}

impl<F: FnMut(&str) -> u32> Parse for F {
    fn parse(&mut self, text: &str) -> u32 {
        self(text)
    }
}
