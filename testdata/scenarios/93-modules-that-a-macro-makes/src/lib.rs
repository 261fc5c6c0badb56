//! A macro of another package declares modules whose files only it knows.

use rememo::cached;

pub trait Rate {
    fn rate(&self) -> u32;
}

pub mod made {
    listing::dir!("src/made");
}

#[cached]
pub fn through(n: u32) -> u32 {
    made::one::value(n)
}

#[cached]
pub fn by_method(n: u32) -> u32 {
    made::one::Thing(n).rate()
}

#[cached]
pub fn plain(n: u32) -> u32 {
    n + 1
}
