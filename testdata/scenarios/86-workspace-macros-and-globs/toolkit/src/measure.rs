//! Traits.

pub trait Measure {
    fn measure(&self) -> u32;
}

pub trait MeasureExt: Measure {
    fn measured_twice(&self) -> u32 {
        self.measure() * 2
    }
}

impl<M: Measure> MeasureExt for M {}
