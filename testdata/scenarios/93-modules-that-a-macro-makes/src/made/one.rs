//! Only the macro knows of this file.

pub struct Thing(pub u32);

impl crate::Rate for Thing {
    fn rate(&self) -> u32 {
        self.0 + 2
    }
}

pub fn value(n: u32) -> u32 {
    n * 3
}
