use rememo::cached;

/// Reaches code that asks for a feature of its package, which only cargo knows.
#[cached]
fn minutes(km: u32) -> u32 {
    println!("minutes: computed");
    routes::minutes(km)
}

/// Reaches the same package, but nothing that asks.
#[cached]
fn stops(km: u32) -> u32 {
    println!("stops: computed");
    routes::stops(km)
}

fn main() {
    println!("minutes = {}", minutes(12));
    println!("stops = {}", stops(12));
}
