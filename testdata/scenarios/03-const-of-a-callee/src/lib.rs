//! The report only knows the tax module's functions.

use rememo::cached;

mod tax;

#[cached]
pub fn gross(net: u64) -> u64 {
    tax::with_tax(net)
}

#[cached]
pub fn exempt(net: u64) -> u64 {
    tax::without_tax(net)
}
