//! Packages that count by version.

use rememo::cached;

mod report;

#[cached]
pub fn matched(text: String) -> bool {
    regex::is_match("a+", &text)
}

#[cached]
pub fn through_callee() -> String {
    report::render()
}

#[cached]
pub fn alone() -> u32 {
    1
}
