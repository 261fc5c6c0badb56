//! Locals, parameters and type parameters with the names of items.

use rememo::cached;

fn scale(value: u32) -> u32 {
    value * 10
}

fn limit() -> u32 {
    100
}

#[allow(non_camel_case_types)]
pub struct Thing;

impl Thing {
    pub fn weight(&self) -> u32 {
        1
    }
}

pub trait Weigh {
    fn weight(&self) -> u32;
}

impl Weigh for u32 {
    fn weight(&self) -> u32 {
        *self
    }
}

fn generic<Thing: Weigh>(thing: Thing) -> u32 {
    thing.weight()
}

#[cached]
pub fn closure_hides(value: u32) -> u32 {
    let scale = |value: u32| value + 1;
    scale(value)
}

#[cached]
pub fn parameter_hides(limit: u32) -> u32 {
    limit + 1
}

#[cached]
pub fn pattern_hides(pair: (u32, u32)) -> u32 {
    let (scale, limit) = pair;
    scale + limit
}

#[cached]
pub fn type_parameter_hides() -> u32 {
    generic(3u32)
}

#[cached]
pub fn not_hidden(value: u32) -> u32 {
    let result = scale(value);
    let scale = result + limit();
    scale
}
