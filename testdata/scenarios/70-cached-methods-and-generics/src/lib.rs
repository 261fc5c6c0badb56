//! `#[cached]` on methods, trait methods and generic functions; a generic root reaches every impl of its bound.

use rememo::cached;

pub trait Solve {
    fn solve(&self) -> u32;
    fn prepare(&self) -> u32;
}

pub struct Fast(u32);
pub struct Slow(u32);

impl Solve for Fast {
    #[cached]
    fn solve(&self) -> u32 {
        self.prepare() * 2
    }

    fn prepare(&self) -> u32 {
        self.0
    }
}

impl Solve for Slow {
    #[cached]
    fn solve(&self) -> u32 {
        self.prepare() + 1
    }

    fn prepare(&self) -> u32 {
        self.0 + step()
    }
}

fn step() -> u32 {
    3
}

impl Fast {
    #[cached]
    pub fn estimate(&self) -> u32 {
        self.0 / factor()
    }
}

fn factor() -> u32 {
    2
}

#[rememo::cached]
pub fn any<S: Solve>(solver: S) -> u32 {
    solver.prepare()
}

#[cached]
pub async fn later(solver: Fast) -> u32 {
    solver.prepare()
}

mod tests_of_names {
    #[rememo::cached]
    pub fn estimate() -> u32 {
        9
    }
}

pub use tests_of_names::estimate;
