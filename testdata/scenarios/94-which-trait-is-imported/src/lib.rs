//! Of two traits with a method of one name, an import decides; and where it doesn't, the step of the search does.

use rememo::cached;

pub struct Stove(pub u32);

pub mod cold {
    pub trait Cool {
        fn chill(&self) -> u32;
        fn drain(&self) -> u32;
        fn rinse(&self) -> u32;
        fn soak(&self) -> u32;
    }

    pub trait Freeze {
        fn chill(&self) -> u32;
        fn drain(&mut self) -> u32;
        fn rinse(&self) -> u32;
    }
}

pub mod cool {
    impl crate::cold::Cool for crate::Stove {
        fn chill(&self) -> u32 {
            1
        }

        fn drain(&self) -> u32 {
            2
        }

        fn rinse(&self) -> u32 {
            3
        }

        fn soak(&self) -> u32 {
            self.chill() + 4
        }
    }
}

pub mod freeze {
    impl crate::cold::Freeze for crate::Stove {
        fn chill(&self) -> u32 {
            5
        }

        fn drain(&mut self) -> u32 {
            6
        }

        fn rinse(&self) -> u32 {
            7
        }
    }
}

pub mod module {
    use crate::cold::Freeze;
    use crate::Stove;
    use rememo::cached;

    #[cached]
    pub fn by_module(at: u32) -> u32 {
        Stove(at).chill()
    }
}

#[cached]
pub fn both_by_block(at: u32) -> u32 {
    use crate::cold::{Cool, Freeze};
    Stove(at).drain()
}

#[cached]
pub fn by_block(at: u32) -> u32 {
    use crate::cold::Cool as _;
    Stove(at).rinse()
}

#[cached]
pub fn by_the_impl_around(at: u32) -> u32 {
    crate::cold::Cool::soak(&Stove(at))
}

#[cached]
pub fn by_a_bound(at: u32) -> u32 {
    chilled(&Stove(at))
}

fn chilled<T: cold::Cool>(it: &T) -> u32 {
    it.chill()
}

macro_rules! rinsed {
    ($it:expr) => {{
        use crate::cold::Freeze;
        $it.rinse()
    }};
}

#[cached]
pub fn by_a_macros_import(at: u32) -> u32 {
    rinsed!(Stove(at))
}
