//! Modules may move between files without a change of meaning.

use rememo::cached;

mod flat;
mod folder;

mod inline {
    pub fn value() -> u32 {
        5
    }
}

#[cached]
pub fn flat() -> u32 {
    flat::value()
}

#[cached]
pub fn folder() -> u32 {
    folder::value() + folder::child::value()
}

#[cached]
pub fn inline() -> u32 {
    inline::value()
}
