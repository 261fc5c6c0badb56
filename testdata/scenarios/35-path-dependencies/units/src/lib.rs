//! Units.

const FOOT: f64 = 0.3048;

pub fn to_metres(feet: f64) -> f64 {
    feet * FOOT
}

pub fn to_feet(metres: f64) -> f64 {
    metres / FOOT
}
