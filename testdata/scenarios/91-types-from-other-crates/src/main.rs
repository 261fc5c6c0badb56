//! Another crate, with a type of its own.

use rememo::cached;

struct Brick(u32);

impl app::Weigh for Brick {
    fn weigh(&self) -> u32 {
        self.0 * 3
    }
}

#[cached]
fn bricks(n: u32) -> u32 {
    app::weigh_all(&[Brick(n), Brick(n + 1)])
}

fn main() {
    println!("{}", bricks(1));
}
