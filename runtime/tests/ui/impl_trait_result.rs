use rememo::cached;

#[cached]
fn numbers(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

#[cached]
fn never() -> ! {
    loop {}
}

fn main() {}
