/// Tax on a price.
pub fn tax(price: u32) -> u32 {
    price * 20 / 100
}
