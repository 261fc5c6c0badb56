//! Three functions that have nothing to do with each other.

use rememo::cached;

#[cached]
pub fn first(value: u32) -> u32 {
    helper(value)
}

fn helper(value: u32) -> u32 {
    value + 1
}

#[cached]
pub fn second(value: u32) -> u32 {
    value * 2
}

pub fn bystander(value: u32) -> u32 {
    value - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_works() {
        assert_eq!(helper(1), 2);
    }
}
