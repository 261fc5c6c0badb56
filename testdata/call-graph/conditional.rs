//! Functions of one name under conditions.

// reaches if metric: heat, in_celsius
// reaches unless metric: heat, in_fahrenheit
pub fn report() -> u32 {
    heat()
}

#[cfg(feature = "metric")]
// reaches if metric: in_celsius
pub fn heat() -> u32 {
    in_celsius()
}

#[cfg(not(feature = "metric"))]
// reaches unless metric: in_fahrenheit
pub fn heat() -> u32 {
    in_fahrenheit()
}

// reaches: nothing
#[allow(dead_code)]
fn in_celsius() -> u32 {
    20
}

// reaches: nothing
#[allow(dead_code)]
fn in_fahrenheit() -> u32 {
    68
}

#[cfg(all(feature = "metric", unix))]
mod scale {
    pub fn unit() -> char {
        'C'
    }
}

#[cfg(not(all(feature = "metric", unix)))]
mod scale {
    pub fn unit() -> char {
        'F'
    }
}

// reaches: scale::unit
pub fn unit() -> char {
    scale::unit()
}
