//! Other plugins.

use super::Plugin;

struct Thrice {
    factor: u32,
}

impl Plugin for Thrice {
    fn run(&self, input: u32) -> u32 {
        input * self.factor
    }
}

pub fn build() -> Box<dyn Plugin> {
    Box::new(Thrice { factor: 3 })
}
