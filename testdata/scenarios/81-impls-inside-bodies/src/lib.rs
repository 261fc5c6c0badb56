//! An impl counts for the whole crate wherever it is written, even in the body of a function that nobody calls.

use std::fmt;

use rememo::cached;

pub struct Part(u32);

pub trait Weight {
    fn weight(&self) -> u32;
}

pub fn never_called() {
    impl Part {
        pub fn size(&self) -> u32 {
            self.0 + 1
        }
    }

    impl Weight for Part {
        fn weight(&self) -> u32 {
            self.0 + inner()
        }
    }

    fn inner() -> u32 {
        2
    }

    let _ = unrelated();
}

fn unrelated() -> u32 {
    3
}

const _: () = {
    impl fmt::Display for Part {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(LABEL)
        }
    }

    const LABEL: &str = "part";
};

mod private {
    impl super::Part {
        pub fn from_private(&self) -> u32 {
            self.0 + 4
        }
    }
}

#[cached]
pub fn size() -> u32 {
    Part(1).size()
}

#[cached]
pub fn weight() -> u32 {
    Part(1).weight()
}

#[cached]
pub fn shown() -> String {
    Part(1).to_string()
}

#[cached]
pub fn elsewhere() -> u32 {
    Part(1).from_private()
}

#[cached]
pub fn later_in_block() -> u32 {
    let value = helper();
    return value;

    fn helper() -> u32 {
        r#type()
    }

    fn r#type() -> u32 {
        5
    }
}

#[cached]
pub fn shadowing_blocks() -> u32 {
    fn step() -> u32 {
        6
    }
    let outer = step();
    let inner = {
        fn step() -> u32 {
            7
        }
        step()
    };
    outer + inner
}
