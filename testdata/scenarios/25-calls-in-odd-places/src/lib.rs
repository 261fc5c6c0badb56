//! Calls inside arguments, macros, patterns' guards, ranges and attributes of control flow.

use rememo::cached;

fn inner(value: u32) -> u32 {
    value + 1
}

fn outer(value: u32) -> u32 {
    value + 10
}

fn listed(value: u32) -> u32 {
    value + 100
}

fn checked(value: u32) -> bool {
    value > 0
}

fn guarded(value: u32) -> bool {
    value > 5
}

fn bound() -> u32 {
    3
}

fn logged(value: u32) -> u32 {
    value
}

#[cached]
pub fn composed(value: u32) -> u32 {
    outer(inner(value))
}

#[cached]
pub fn in_vec(value: u32) -> Vec<u32> {
    vec![listed(value); 2]
}

#[cached]
pub fn in_assert(value: u32) -> u32 {
    assert!(checked(value), "must be positive");
    value
}

#[cached]
pub fn in_guard(value: u32) -> u32 {
    match value {
        large if guarded(large) => 1,
        _ => 0,
    }
}

#[cached]
pub fn in_range() -> u32 {
    (0..bound()).sum()
}

#[cached]
pub fn in_print(value: u32) -> u32 {
    println!("{}", logged(value));
    value
}

#[cached]
pub fn in_matches(value: u32) -> bool {
    matches!(value, 1..=9 if guarded(value))
}
