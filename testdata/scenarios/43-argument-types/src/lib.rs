//! The types of parameters decide what the bytes of a key mean.

use rememo::cached;

type Id = u32;

pub struct Query {
    pub page: u32,
}

impl Query {
    fn offset(&self) -> u32 {
        self.page * 10
    }

    pub fn title(&self) -> String {
        String::new()
    }
}

#[cached]
pub fn square(value: u32) -> u64 {
    u64::from(value) * u64::from(value)
}

#[cached]
pub fn lookup(id: Id) -> u64 {
    u64::from(id)
}

#[cached]
pub fn search(query: Query) -> u32 {
    query.offset()
}
