//! Tables of function pointers.

use rememo::cached;

type Step = fn(i32) -> i32;

const STEPS: [Step; 2] = [negate, increment];
static NAMED: &[(&str, Step)] = &[("reset", reset), ("same", |value| same(value))];

fn negate(value: i32) -> i32 {
    -value
}

fn increment(value: i32) -> i32 {
    value + 1
}

fn reset(_: i32) -> i32 {
    0
}

fn same(value: i32) -> i32 {
    value
}

fn absolute(value: i32) -> i32 {
    value.abs()
}

#[cached]
pub fn run(value: i32) -> i32 {
    STEPS.iter().fold(value, |value, step| step(value))
}

#[cached]
pub fn by_name(name: String) -> i32 {
    let found = NAMED.iter().find(|(known, _)| *known == name);
    found.map_or(0, |(_, step)| step(1))
}

pub fn outside(value: i32) -> i32 {
    absolute(value)
}
