use rememo::cached;

/// The library's.
#[cached]
pub fn area(side: u32) -> u32 {
    println!("area: computed");
    side * scale()
}

fn scale() -> u32 {
    4
}

/// Its fingerprint as it was compiled in.
pub fn area_fingerprint() -> Option<String> {
    area_handle().fingerprint()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_unit_test_asks_for_an_area() {
        println!("\narea = {}", super::area(3));
    }
}
