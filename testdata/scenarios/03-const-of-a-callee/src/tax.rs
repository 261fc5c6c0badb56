//! Taxes, in percent.

const STANDARD: u64 = 19;

pub mod limits {
    pub const FREE_BELOW: u64 = 100;
    pub const NEVER_READ: u64 = 7;
}

pub fn with_tax(net: u64) -> u64 {
    if net < limits::FREE_BELOW { net } else { net + net * STANDARD / 100 }
}

pub fn without_tax(net: u64) -> u64 {
    net
}
