//! Methods on local variables, fresh values, fields and chains.

use rememo::cached;

pub struct Counter {
    step: u32,
    log: Log,
}

pub struct Log;

pub struct Meter {
    step: u32,
}

impl Counter {
    pub fn new(step: u32) -> Self {
        Counter { step, log: Log }
    }

    pub fn advance(&self, from: u32) -> u32 {
        from + self.step
    }

    pub fn reset(&mut self) {
        self.step = 1;
    }

    pub fn log(&self) -> &Log {
        &self.log
    }
}

impl Log {
    pub fn level(&self) -> u32 {
        2
    }
}

impl Meter {
    pub fn advance(&self, from: u32) -> u32 {
        from * self.step
    }

    pub fn level(&self) -> u32 {
        self.step
    }
}

#[cached]
pub fn local(from: u32) -> u32 {
    let counter = Counter::new(3);
    counter.advance(from)
}

#[cached]
pub fn fresh(from: u32) -> u32 {
    Counter::new(4).advance(from)
}

#[cached]
pub fn chained() -> u32 {
    Counter::new(5).log().level()
}

#[cached]
pub fn through_field() -> u32 {
    let counter = Counter::new(5);
    counter.log.level()
}
