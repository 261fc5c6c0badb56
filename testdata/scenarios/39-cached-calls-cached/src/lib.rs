//! One cached function inside another, and a pipeline in a binary.

use rememo::cached;

#[cached]
pub fn load(rows: u32) -> Vec<u32> {
    (0..rows).collect()
}

#[cached]
pub fn clean(rows: u32) -> Vec<u32> {
    load(rows).into_iter().filter(|row| keep(*row)).collect()
}

#[cached]
pub fn total(rows: u32) -> u32 {
    clean(rows).iter().sum()
}

fn keep(row: u32) -> bool {
    row % 2 == 0
}
