//! Functions that reach packages of a registry.

use rememo::cached;

/// Reaches a package with a feature.
#[cached]
pub fn ferment(batches: u32) -> u32 {
    println!("ferment: computed");
    batches * (100 + yeast::days() + yeast::strength())
}

/// Reaches another one.
#[cached]
pub fn seal(bottles: u32) -> u32 {
    println!("seal: computed");
    bottles * cork::length()
}

/// Reaches none.
#[cached]
pub fn stir(rounds: u32) -> u32 {
    println!("stir: computed");
    rounds + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn brew() {
        println!();
        println!("ferment = {}", super::ferment(1));
        println!("seal = {}", super::seal(3));
        println!("stir = {}", super::stir(1));
    }
}
