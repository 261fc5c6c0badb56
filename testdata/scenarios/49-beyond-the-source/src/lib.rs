//! What no source hash can see; the code around it still counts.

use std::sync::atomic::{AtomicU32, Ordering};

use rememo::cached;

unsafe extern "C" {
    safe fn abs(value: i32) -> i32;
}

static mut COUNTER: u32 = 0;
static CALLS: AtomicU32 = AtomicU32::new(1);

pub union Bits {
    float: f32,
    word: u32,
}

fn seed() -> String {
    std::env::var("SEED").unwrap_or_else(|_| fallback())
}

fn fallback() -> String {
    String::from("0")
}

#[cached]
pub fn foreign(value: i32) -> i32 {
    abs(value) + 1
}

#[cached]
pub fn from_environment() -> String {
    seed()
}

#[cached]
pub fn counted() -> u32 {
    unsafe {
        COUNTER += 1;
        COUNTER
    }
}

#[cached]
pub fn atomic() -> u32 {
    CALLS.fetch_add(1, Ordering::SeqCst)
}

#[cached]
pub fn bits(value: f32) -> u32 {
    unsafe { Bits { float: value }.word }
}
