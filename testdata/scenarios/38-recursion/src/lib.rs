//! Functions that call themselves and one another.

use rememo::cached;

fn even(value: u32) -> bool {
    value == 0 || odd(value - 1)
}

fn odd(value: u32) -> bool {
    value != 0 && third(value - 1)
}

fn third(value: u32) -> bool {
    even(value)
}

fn outside(value: u32) -> bool {
    even(value) || value == 9
}

#[cached]
pub fn is_even(value: u32) -> bool {
    even(value)
}

#[cached]
pub fn is_odd(value: u32) -> bool {
    odd(value)
}

#[cached]
pub fn fibonacci(value: u64) -> u64 {
    if value < 2 { value } else { fibonacci(value - 1) + fibonacci(value - 2) }
}

pub fn other(value: u32) -> bool {
    outside(value)
}
