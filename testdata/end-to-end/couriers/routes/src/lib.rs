/// Time for a way.
pub fn minutes(km: u32) -> u32 {
    if cfg!(feature = "motorway") { km } else { 5 * km }
}

/// Stops on a way.
pub fn stops(km: u32) -> u32 {
    km / 4
}
