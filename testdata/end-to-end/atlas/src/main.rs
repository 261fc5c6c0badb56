use rememo::cached;

/// The program's: of the same path as the library's.
#[cached]
fn area(side: u32) -> u32 {
    println!("area: computed");
    side * side
}

fn main() {
    println!("area = {}", area(3));
    println!("area = {}", atlas::area(3));
    println!("fingerprint bin:atlas {:?}", area_handle().fingerprint());
    println!("fingerprint lib {:?}", atlas::area_fingerprint());
}
