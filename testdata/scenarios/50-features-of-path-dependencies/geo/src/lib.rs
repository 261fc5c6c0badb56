//! Geometry with and without SIMD.

#[cfg(feature = "simd")]
pub fn fast_sum(value: f64) -> f64 {
    value * 2.0
}

#[cfg(not(feature = "simd"))]
pub fn fast_sum(value: f64) -> f64 {
    value + value
}

pub fn build_name() -> String {
    env!("GEO_BUILD").to_owned()
}

pub fn plain(value: f64) -> f64 {
    value
}
