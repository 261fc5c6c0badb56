use rememo::cached;

/// Reaches one package of the registry.
#[cached]
fn total(price: u32) -> u32 {
    println!("total: computed");
    price + toy_tax::tax(price)
}

/// Reaches none.
#[cached]
fn pieces(boxes: u32) -> u32 {
    println!("pieces: computed");
    12 * boxes
}

fn main() {
    toy_log::log("the ledger is open");
    println!("total = {}", total(100));
    println!("pieces = {}", pieces(3));
}
