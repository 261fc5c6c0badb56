//! `..Default::default()` and Default without a name.

use rememo::cached;

pub struct Options {
    depth: u32,
    style: Style,
}

pub struct Style {
    width: u32,
}

pub struct Window {
    style: Style,
    title: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { depth: 3, style: Style { width: 1 } }
    }
}

impl Default for Style {
    fn default() -> Self {
        Style { width: 80 }
    }
}

#[derive(Default)]
pub struct Derived {
    style: Style,
    count: u32,
}

#[cached]
pub fn updated() -> u32 {
    let options = Options { depth: 5, ..Default::default() };
    options.depth + options.style.width
}

#[cached]
pub fn in_field() -> String {
    let window = Window { style: Default::default(), title: String::new() };
    format!("{}{}", window.title, window.style.width)
}

#[cached]
pub fn derived() -> u32 {
    let derived = Derived::default();
    derived.style.width + derived.count
}

#[cached]
pub fn or_default() -> u32 {
    let none: Option<Style> = None;
    none.unwrap_or_default().width
}

#[cached]
pub fn taken() -> u32 {
    let mut style = Style { width: 2 };
    let old = std::mem::take(&mut style);
    old.width + style.width
}
