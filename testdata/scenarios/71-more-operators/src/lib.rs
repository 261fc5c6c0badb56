//! Comparisons of collections, ranges as indices, assertions, contains.

use std::ops::{Deref, Index, IndexMut, Not, Range, Shl};

use rememo::cached;

#[derive(Debug, Clone, Copy)]
pub struct Grade(u32);

impl PartialEq for Grade {
    fn eq(&self, other: &Grade) -> bool {
        self.0 / 10 == other.0 / 10
    }
}

impl PartialOrd for Grade {
    fn partial_cmp(&self, other: &Grade) -> Option<std::cmp::Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

pub struct Text(Vec<u32>);

impl Index<Range<usize>> for Text {
    type Output = [u32];

    fn index(&self, range: Range<usize>) -> &[u32] {
        &self.0[range]
    }
}

impl Index<usize> for Text {
    type Output = u32;

    fn index(&self, index: usize) -> &u32 {
        &self.0[index]
    }
}

impl IndexMut<usize> for Text {
    fn index_mut(&mut self, index: usize) -> &mut u32 {
        &mut self.0[index]
    }
}

impl Not for Grade {
    type Output = Grade;

    fn not(self) -> Grade {
        Grade(100 - self.0)
    }
}

impl Shl<u32> for Grade {
    type Output = Grade;

    fn shl(self, by: u32) -> Grade {
        Grade(self.0 << by)
    }
}

pub struct Name(String);

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

fn length(text: &str) -> usize {
    text.len()
}

#[cached]
pub fn equal_vectors() -> bool {
    vec![Grade(11)] == vec![Grade(12)]
}

#[cached]
pub fn equal_options() -> bool {
    (Some(Grade(11)), 1) != (None, 2)
}

#[cached]
pub fn contained() -> bool {
    [Grade(11), Grade(22)].contains(&Grade(29))
}

#[cached]
pub fn less() -> bool {
    Grade(1) < Grade(2)
}

#[cached]
pub fn asserted() -> u32 {
    assert_eq!(Grade(11), Grade(12));
    1
}

#[cached]
pub fn sliced() -> usize {
    let text = Text(vec![1, 2, 3]);
    text[0..2].len()
}

#[cached]
pub fn written() -> usize {
    let mut text = Text(vec![1, 2, 3]);
    text[0] = 5;
    text.0.len()
}

#[cached]
pub fn inverted() -> u32 {
    (!Grade(1)).0
}

#[cached]
pub fn shifted() -> u32 {
    (Grade(1) << 2).0
}

#[cached]
pub fn coerced() -> usize {
    let name = Name(String::from("ann"));
    length(&name)
}
