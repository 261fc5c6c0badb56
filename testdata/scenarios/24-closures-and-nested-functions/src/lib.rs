//! Closures and functions inside functions.

use rememo::cached;

fn helper(value: u32) -> u32 {
    value + 1
}

fn outer_helper(value: u32) -> u32 {
    value + 2
}

#[cached]
pub fn closed(value: u32) -> u32 {
    let add = |value| helper(value);
    add(value)
}

#[cached]
pub fn nested(value: u32) -> u32 {
    fn inner(value: u32) -> u32 {
        outer_helper(value)
    }
    inner(value)
}

#[cached]
pub fn local_types() -> u32 {
    struct Local;
    impl Local {
        fn value(&self) -> u32 {
            const STEP: u32 = 4;
            helper(STEP)
        }
    }
    Local.value()
}

#[cached]
pub fn block_import() -> u32 {
    use self::deep::answer as reply;
    reply()
}

mod deep {
    pub fn answer() -> u32 {
        42
    }

    pub fn question() -> u32 {
        6 * 9
    }
}

pub fn question() -> u32 {
    deep::question()
}
