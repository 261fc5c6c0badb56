//! A function that is passed, stored or returned is reached.

use rememo::cached;

fn double(value: u32) -> u32 {
    value * 2
}

fn triple(value: u32) -> u32 {
    value * 3
}

fn halve(value: u32) -> u32 {
    value / 2
}

fn squarer() -> impl Fn(u32) -> u32 {
    move |value| square(value)
}

fn square(value: u32) -> u32 {
    value * value
}

fn chooser(kind: u32) -> Box<dyn Fn(u32) -> u32> {
    if kind == 0 { Box::new(halve) } else { Box::new(|value| triple(value)) }
}

fn apply_twice<F: Fn(u32) -> u32>(apply: F, value: u32) -> u32 {
    apply(apply(value))
}

struct Button {
    on_click: Box<dyn Fn(u32) -> u32>,
}

#[cached]
pub fn mapped() -> Vec<u32> {
    [1, 2].into_iter().map(double).collect()
}

#[cached]
pub fn stored(value: u32) -> u32 {
    let operation = triple;
    operation(value)
}

#[cached]
pub fn returned(value: u32) -> u32 {
    squarer()(value)
}

#[cached]
pub fn chosen(value: u32) -> u32 {
    chooser(0)(value)
}

#[cached]
pub fn passed(value: u32) -> u32 {
    apply_twice(halve, value)
}

#[cached]
pub fn clicked(value: u32) -> u32 {
    let button = Button { on_click: Box::new(double) };
    (button.on_click)(value)
}
