//! Shapes.

use crate::measure::Measure;

pub struct Square {
    pub side: u32,
}

impl Measure for Square {
    fn measure(&self) -> u32 {
        self.side * 4
    }
}
