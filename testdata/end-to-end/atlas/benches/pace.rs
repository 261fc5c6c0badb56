use rememo::cached;

#[cached]
fn lap(side: u32) -> u32 {
    println!("lap: computed");
    side + 7
}

fn main() {
    println!("area = {}", atlas::area(3));
    println!("lap = {}", lap(1));
}
