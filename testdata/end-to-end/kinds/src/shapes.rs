use rememo::cached;
use serde::Serialize;

pub trait Area {
    fn size(&self) -> u32;

    fn area(&self) -> u32;
}

#[derive(Serialize)]
pub struct Square(pub u32);

#[derive(Serialize)]
pub struct Circle(pub u32);

impl Area for Square {
    fn size(&self) -> u32 {
        self.0
    }

    #[cached]
    fn area(&self) -> u32 {
        if self.0 == 3 {
            println!("square: computed");
        }
        self.0 * self.0
    }
}

impl Area for Circle {
    fn size(&self) -> u32 {
        self.0
    }

    #[cached]
    fn area(&self) -> u32 {
        if self.0 == 1 {
            println!("circle: computed");
        }
        3 * self.0 * self.0
    }
}
