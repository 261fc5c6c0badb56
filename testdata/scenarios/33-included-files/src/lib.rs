//! Files that the compiler reads.

use rememo::cached;

const WORDS: &str = include_str!("../assets/words.txt");
static TABLE: &[u8] = include_bytes!("../assets/table.bin");

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

mod formulas {
    include!("formulas.in");
}

#[cached]
pub fn words() -> usize {
    WORDS.lines().count()
}

#[cached]
pub fn first_byte() -> u8 {
    TABLE[0]
}

#[cached]
pub fn from_build() -> u32 {
    generated_table()
}

#[cached]
pub fn formula() -> u32 {
    formulas::twice(2)
}

#[cached]
pub fn expression() -> u32 {
    include!("expression.in")
}

#[cached]
pub fn none() -> u32 {
    0
}
