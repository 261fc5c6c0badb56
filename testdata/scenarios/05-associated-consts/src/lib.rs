//! Constants of types and of traits.

use rememo::cached;

pub struct Circle;
pub struct Square;

pub trait Shape {
    const SIDES: u32;
    const SCALE: u32 = 10;
    const COLOUR: u32 = 1;
}

impl Shape for Circle {
    const SIDES: u32 = 1;
}

impl Shape for Square {
    const SIDES: u32 = 4;
    const SCALE: u32 = 20;
}

impl Circle {
    const PRECISION: u32 = 6;
    const UNREAD: u32 = 7;
}

#[cached]
pub fn digits() -> u32 {
    Circle::PRECISION
}

fn scaled<S: Shape>() -> u32 {
    S::SIDES * S::SCALE
}

#[cached]
pub fn circle() -> u32 {
    scaled::<Circle>()
}

#[cached]
pub fn square_sides() -> u32 {
    <Square as Shape>::SIDES
}

pub fn rest() -> u32 {
    Circle::UNREAD + Circle::COLOUR
}
