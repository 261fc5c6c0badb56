use rememo::cached;

#[cached]
fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    // The function stands all the same: this is the one error.
    let _: u32 = double(1);
}
