use rememo::cached;

#[cached]
struct Point(u32);

trait Shape {
    #[cached]
    fn area(&self) -> f64;
}

fn main() {}
