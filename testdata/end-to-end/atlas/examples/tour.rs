use rememo::cached;

#[cached]
fn walk(side: u32) -> u32 {
    println!("walk: computed");
    side + 5
}

fn main() {
    println!("area = {}", atlas::area(3));
    println!("walk = {}", walk(1));
}
