use rememo::cached;

/// Called as one of the other member's is, with the same argument.
#[cached]
fn stops(km: u32) -> u32 {
    println!("stops: computed");
    routes::stops(km) + 100
}

fn main() {
    println!("stops = {}", stops(12));
}
