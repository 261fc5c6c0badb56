use rememo::cached;

#[cached]
const fn double(n: u32) -> u32 {
    2 * n
}

#[cached]
extern "C" fn callback(n: u32) -> u32 {
    n
}

fn main() {}
