//! Private generic functions: whether other crates' types may come into them, their callers decide.

use rememo::cached;

pub trait Weigh {
    fn weigh(&self) -> u32;
}

pub struct Stone(u32);

impl Weigh for Stone {
    fn weigh(&self) -> u32 {
        self.0 * 10
    }
}

#[cached]
fn handed_on<T: Weigh>(thing: &T) -> u32 {
    thing.weigh() + 1
}

pub fn weigh_all<T: Weigh>(things: &[T]) -> u32 {
    things.iter().map(|thing| handed_on(thing)).sum()
}

#[cached]
fn kept<T: Weigh>(thing: &T) -> u32 {
    thing.weigh() * 2
}

pub fn stone(n: u32) -> u32 {
    kept(&Stone(n))
}
