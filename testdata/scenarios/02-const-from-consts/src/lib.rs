//! Table sizes that follow from one another.

use rememo::cached;

const COLUMNS: usize = 8;
const CELLS: usize = COLUMNS * rows(2);
const UNUSED: usize = CELLS + 1;

const fn rows(pages: usize) -> usize {
    pages * LINES
}

const LINES: usize = 50;

const fn margin() -> usize {
    3
}

#[cached]
pub fn memory(bytes: usize) -> usize {
    bytes * CELLS
}

#[cached]
pub fn border() -> usize {
    margin() * 2
}

pub fn unused() -> usize {
    UNUSED
}
