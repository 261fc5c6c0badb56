mod array;
mod level;
mod parse;

use std::sync::atomic::{AtomicUsize, Ordering};

use array::Array;
use level::Level;
use parse::Emphasis as _;
use rememo::cached;

pub struct Tables(pub Vec<u32>);

// In an impl of `Display` its methods are in scope: one that borrows is met before one that borrows mutably.
impl std::fmt::Display for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Array::of(self.0[0]).fmt(f)
    }
}

#[cached]
pub fn shown(value: u32) -> String {
    Tables(vec![value]).to_string()
}

// Beside a package of that name.
fn geo(value: u32) -> u32 {
    value + 1
}

#[cached]
pub fn area(value: u32) -> u32 {
    geo(Level(value).0) + geo::area(value)
}

#[cached]
pub fn written(value: u32) -> String {
    let mut text = String::new();
    let into: &mut dyn std::fmt::Write = &mut text;
    write_to(into, &Level(value)).unwrap();
    text
}

fn write_to(into: &mut dyn std::fmt::Write, level: &Level) -> std::fmt::Result {
    into.emphasized("level ")?;
    let _ = into.emphasized("of");
    write!(into, "{}", level.0)
}

#[cached]
pub fn listed(value: u32) -> u32 {
    let levels = [Level(value), Level(2), Level(3)];
    let rest = &levels[..];
    let mut sum = 0;
    if let Some(level) = rest.get(1) {
        sum += level.doubled();
    }
    for level in rest.iter().filter(|level| level.0 > 1).map(|level| level.halved()) {
        sum += level.doubled();
    }
    sum
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

#[cached]
pub fn checked(value: u32) -> usize {
    let bytes = vec![Level(value).0 as u8];
    let _ = COUNT.fetch_add(1, Ordering::SeqCst);
    match std::str::from_utf8(&bytes) {
        Ok(text) => text.len(),
        Err(error) => error.valid_up_to(),
    }
}
