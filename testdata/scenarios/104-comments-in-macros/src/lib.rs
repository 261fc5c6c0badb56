//! Comments in a macro's definition name nothing, whatever words stand in them.

use rememo::cached;

fn total() -> u32 {
    7
}

fn rest() -> u32 {
    9
}

macro_rules! counted {
    ($value:expr) => {{
        // nothing is said here
        let sum = $value + rest();
        sum * 2
    }};
}

#[cached]
pub fn count(n: u32) -> u32 {
    let total = n + 1;
    counted!(total)
}

#[cached]
pub fn call(n: u32) -> u32 {
    counted!(n + total())
}
