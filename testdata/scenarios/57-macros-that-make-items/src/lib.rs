//! Macros that make modules, macros, generics and cached functions; textual order and hygiene.

use rememo::cached;

#[macro_use]
mod macros;

mod late;

macro_rules! number {
    () => {
        1
    };
}

#[cached]
pub fn before() -> u32 {
    number!()
}

macro_rules! number {
    () => {
        2
    };
}

#[cached]
pub fn after() -> u32 {
    number!()
}

module_of! { colours => red: 1, green: 2 }

define_macro!(made_macro, helper);

fn helper() -> u32 {
    5
}

fn unhygienic() -> u32 {
    7
}

macro_rules! cached_function {
    ($(#[$meta:meta])* $name:ident => $body:expr) => {
        $(#[$meta])*
        #[cached]
        pub fn $name() -> u32 {
            $body
        }
    };
}

cached_function! {
    /// Made by a macro.
    generated => helper() + 1
}

#[cached]
pub fn coloured() -> u32 {
    colours::red()
}

#[cached]
pub fn by_made_macro() -> u32 {
    made_macro!()
}

#[cached]
pub fn munched() -> u32 {
    count!(a b c)
}

#[cached]
pub fn hygiene() -> u32 {
    let unhygienic = 3;
    shadow!(unhygienic)
}

#[cached]
pub fn item_in_macro() -> u32 {
    let unhygienic = || 50;
    unhygienic() + call_global!()
}

#[cached]
pub fn in_late() -> u32 {
    late::value()
}

#[cached]
pub fn optional() -> u32 {
    sum_all!(1, 2, 3,)
}
