//! Derived code follows the fields and the variants.

use std::collections::BTreeSet;

use rememo::cached;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u32,
    month: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    Small,
    Large,
}

#[derive(Clone)]
pub struct Tag {
    text: Text,
}

pub struct Text(String);

impl Clone for Text {
    fn clone(&self) -> Text {
        Text(self.0.clone())
    }
}

#[derive(Debug)]
pub struct Elsewhere {
    pub value: u32,
}

#[cached]
pub fn first_date() -> Option<u32> {
    let mut dates = vec![Date { year: 2, month: 1 }, Date { year: 1, month: 2 }];
    dates.sort();
    dates.first().map(|date| date.month)
}

#[cached]
pub fn sizes() -> usize {
    let sizes: BTreeSet<Size> = [Size::Large, Size::Small].into_iter().collect();
    sizes.range(..Size::Large).count()
}

#[cached]
pub fn tagged() -> String {
    let tag = Tag { text: Text(String::from("a")) };
    tag.clone().text.0
}
