//! Shipping costs.

use rememo::cached;

/// Cents per kilogram.
const RATE: u64 = 250;
const SURCHARGE: u64 = 40;

#[cached]
pub fn cost(kilos: u64) -> u64 {
    kilos * RATE
}

#[cached]
pub fn fee(parcels: u64) -> u64 {
    parcels * SURCHARGE
}
