use rememo::cached;

#[cached]
fn proof(side: u32) -> u32 {
    println!("proof: computed");
    side + 6
}

fn main() {
    println!("area = {}", atlas::area(3));
    println!("proof = {}", proof(1));
}
