#[memo::cached(crate = memo)]
fn sum(n: u64) -> u64 {
    println!("sum: computed");
    (1..=n).map(weight).sum()
}

fn weight(n: u64) -> u64 {
    n
}

fn main() {
    println!("sum = {}", sum(4));
}
