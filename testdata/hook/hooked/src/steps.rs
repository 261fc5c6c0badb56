//! A step that reads a file and uses a path dependency.

use rememo::cached;

#[cached]
pub fn total() -> usize {
    near::double(include_str!("../data/numbers.txt").lines().count())
}
