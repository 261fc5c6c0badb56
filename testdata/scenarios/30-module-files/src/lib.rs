//! `#[path]`, inline modules, modules in folders.

use rememo::cached;

#[path = "odd/place.rs"]
mod moved;

mod inline {
    pub mod deeper;

    pub fn value() -> u32 {
        deeper::value() + 1
    }
}

mod outer;

#[cached]
pub fn by_path() -> u32 {
    moved::value()
}

#[cached]
pub fn in_inline() -> u32 {
    inline::value()
}

#[cached]
pub fn in_folder() -> u32 {
    outer::inner::value()
}
