//! Called by code that macros make.

pub fn on_enter() {
    let _ = depth();
}

fn depth() -> u32 {
    1
}

pub fn format_report(name: &str) -> String {
    format!("report of {name}")
}

pub const BASE: u32 = 40;

pub fn never_called() -> u32 {
    0
}
