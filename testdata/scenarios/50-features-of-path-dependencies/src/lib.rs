//! A path dependency's features and variables are not knowable: what depends on them must not be kept by mistake.

use rememo::cached;

#[cached]
pub fn simd() -> f64 {
    geo::fast_sum(1.0)
}

#[cached]
pub fn named() -> String {
    geo::build_name()
}

#[cached]
pub fn plain() -> f64 {
    geo::plain(1.0)
}
