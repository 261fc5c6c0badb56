use rememo::cached;

/// Like the library's function of that kind.
#[cached]
fn taste(batches: u32) -> u32 {
    println!("taste: computed");
    batches * (yeast::days() + yeast::strength())
}

fn main() {
    println!("ferment = {}", kettle::ferment(1));
    println!("seal = {}", kettle::seal(3));
    println!("stir = {}", kettle::stir(1));
    println!("taste = {}", taste(1));
}
