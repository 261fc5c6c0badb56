//! Imported variants, builders, closures in generic structs, function pointers, type-level choices.

use rememo::cached;

use Colour::*;

#[derive(Clone, Copy)]
pub enum Colour {
    Red,
    Green,
}

impl Colour {
    const DEFAULT: Colour = Red;

    fn code(self) -> u32 {
        match self {
            Red => 1,
            Self::Green => green(),
        }
    }
}

fn green() -> u32 {
    2
}

struct Job<F: Fn(u32) -> u32> {
    run: F,
}

impl<F: Fn(u32) -> u32> Job<F> {
    fn start(&self) -> u32 {
        (self.run)(1)
    }
}

fn task(value: u32) -> u32 {
    value + 1
}

#[derive(Default)]
struct Builder {
    size: u32,
    hook: Option<fn(u32) -> u32>,
}

impl Builder {
    fn size(mut self, size: u32) -> Self {
        self.size = size;
        self
    }

    fn hook(mut self, hook: fn(u32) -> u32) -> Self {
        self.hook = Some(hook);
        self
    }

    fn build(&self) -> u32 {
        self.hook.map_or(self.size, |hook| hook(self.size))
    }
}

fn hook(size: u32) -> u32 {
    size * 3
}

pub trait State {
    type Next: State;
    fn cost() -> u32;
}

pub struct Idle;
pub struct Busy;

impl State for Idle {
    type Next = Busy;

    fn cost() -> u32 {
        1
    }
}

impl State for Busy {
    type Next = Idle;

    fn cost() -> u32 {
        10
    }
}

fn next_cost<S: State>() -> u32 {
    <S::Next as State>::cost()
}

#[cached]
pub fn coloured() -> u32 {
    Colour::DEFAULT.code()
}

#[cached]
pub fn started() -> u32 {
    let job = Job { run: task };
    job.start()
}

#[cached]
pub fn built() -> u32 {
    Builder::default().size(3).hook(hook).build()
}

#[cached]
pub fn pointed() -> u32 {
    let pointer = task as fn(u32) -> u32;
    pointer(3)
}

#[cached]
pub fn stepped() -> u32 {
    next_cost::<Idle>()
}
