//! A module whose looks change.

use rememo::cached;

/// Numbers.
#[derive(Debug, Clone)]
pub struct Numbers {
    values: Vec<f64>,
}

impl Numbers {
    /// The mean.
    pub fn mean(&self) -> f64 {
        let sum: f64 = self.values.iter().sum();
        sum / self.values.len() as f64
    }
}

#[cached]
pub fn mean(values: Vec<f64>) -> f64 {
    let numbers = Numbers { values };
    let mean = numbers.mean();
    if mean.is_nan() { 0.0 } else { mean }
}

#[cached]
pub fn message() -> &'static str {
    "// not a comment"
}
