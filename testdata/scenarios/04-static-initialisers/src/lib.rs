//! Statics, lazy statics and thread locals.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use rememo::cached;

static GREETING: &str = "hello";
static WEIGHTS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| load(BASE));
static LIMIT: OnceLock<u32> = OnceLock::new();
const BASE: u32 = 10;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(5) };
    static OTHER: Cell<u32> = const { Cell::new(6) };
}

fn load(base: u32) -> HashMap<&'static str, u32> {
    HashMap::from([("apple", base), ("pear", base * 2)])
}

fn default_limit() -> u32 {
    70
}

#[cached]
pub fn greet(name: String) -> String {
    format!("{GREETING} {name}")
}

#[cached]
pub fn weigh(fruit: String) -> u32 {
    WEIGHTS.get(fruit.as_str()).copied().unwrap_or(0)
}

#[cached]
pub fn limit() -> u32 {
    *LIMIT.get_or_init(default_limit)
}

#[cached]
pub fn depth() -> u32 {
    DEPTH.with(|depth| depth.get())
}

pub fn other() -> u32 {
    OTHER.with(|other| other.get())
}
