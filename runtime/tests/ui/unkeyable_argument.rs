use rememo::cached;

struct Handle(*const u8);

#[cached]
fn open(handle: &Handle, n: u32) -> u32 {
    n
}

#[cached]
fn apply(f: impl Fn(u32) -> u32, n: u32) -> u32 {
    f(n)
}

#[cached]
fn call(f: fn(u32) -> u32, n: u32) -> u32 {
    f(n)
}

#[cached]
fn show(value: &dyn std::fmt::Display) -> String {
    value.to_string()
}

fn main() {}
