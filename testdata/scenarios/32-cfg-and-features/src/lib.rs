//! Code that exists under a condition only.

use rememo::cached;

#[cfg(feature = "fast")]
fn solve(value: u32) -> u32 {
    value << 1
}

#[cfg(not(feature = "fast"))]
fn solve(value: u32) -> u32 {
    value + value
}

#[cfg(all(unix, feature = "slow"))]
fn unrelated() -> u32 {
    1
}

#[cfg(windows)]
fn on_windows() -> u32 {
    1
}

#[cached]
pub fn solved(value: u32) -> u32 {
    solve(value)
}

#[cached]
pub fn asked() -> u32 {
    if cfg!(feature = "fast") { 1 } else { 2 }
}

#[cached]
pub fn in_statement(value: u32) -> u32 {
    #[cfg(debug_assertions)]
    let value = value + 1;
    #[cfg(verbose)]
    let value = value + traced();
    value
}

fn traced() -> u32 {
    10
}

#[cached]
pub fn plain(value: u32) -> u32 {
    value
}

#[cached]
#[cfg_attr(feature = "slow", inline(never))]
pub fn attributed(value: u32) -> u32 {
    value
}

pub struct Settings {
    pub depth: u32,
    #[cfg(feature = "fast")]
    pub lanes: u32,
}

#[cached]
pub fn size() -> usize {
    std::mem::size_of::<Settings>()
}
