//! The file of a module is not there.

mod present {
    pub fn value() -> u32 {
        1
    }
}

mod absent;

#[rememo::cached]
pub fn uses_absent() -> u32 {
    absent::value()
}

#[rememo::cached]
pub fn uses_present() -> u32 {
    present::value()
}
