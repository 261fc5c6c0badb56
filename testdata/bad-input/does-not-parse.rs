//! No pattern after `let` on line 6.

fn fine() -> u32 { 1 }

fn broken() -> &'static str {
    let = 3;
    "text"
}
