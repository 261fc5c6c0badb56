//! Shapes.

pub mod square {
    pub fn area() -> u32 {
        16
    }

    pub fn diagonal() -> u32 {
        5
    }
}

pub mod circle {
    pub fn area() -> u32 {
        12
    }
}

pub fn perimeter() -> u32 {
    20
}

pub fn corners() -> u32 {
    4
}
