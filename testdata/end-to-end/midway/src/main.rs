mod local;

use rememo::cached;

#[cached]
fn here(n: u32) -> u32 {
    println!("here: computed");
    local::factor() * n
}

#[cached]
fn there(n: u32) -> u32 {
    println!("there: computed");
    stone::factor() * n
}

fn main() {
    println!("here = {}", here(10));
    println!("there = {}", there(10));
}
