use rememo::cached;

/// Reaches code that the other package's build script makes.
#[cached]
fn period(planet: usize) -> u32 {
    println!("period: computed");
    tables::DAYS[planet]
}

/// Reaches a method that is made there.
#[cached]
fn month() -> u32 {
    println!("month: computed");
    tables::Moon.month()
}

/// Reaches the other package where nothing is made.
#[cached]
fn count() -> u32 {
    println!("count: computed");
    tables::planets()
}

fn main() {
    println!("period = {}", period(1));
    println!("month = {}", month());
    println!("count = {}", count());
}
