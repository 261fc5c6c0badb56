//! Which method a call means can change without any edit of caller or callee.

use rememo::cached;

pub struct Order {
    pub lines: u32,
}

pub trait Price {
    fn price(&self) -> u32;
    fn rebate(&self) -> u32;
}

impl Price for Order {
    fn price(&self) -> u32 {
        self.lines * 10
    }

    fn rebate(&self) -> u32 {
        1
    }
}

impl Price for &Order {
    fn price(&self) -> u32 {
        0
    }

    fn rebate(&self) -> u32 {
        2
    }
}

#[cached]
pub fn price(lines: u32) -> u32 {
    let order = Order { lines };
    order.price()
}

#[cached]
pub fn rebate(lines: u32) -> u32 {
    let order = Order { lines };
    let by_reference = &&order;
    by_reference.rebate()
}
