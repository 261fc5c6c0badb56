//! Code whose text, documentation or place can be seen by the program.

use rememo::cached;

#[derive(help::Help)]
pub struct Options {
    /// How deep to go.
    depth: u32,
}

pub trait Help {
    fn help(&self) -> String;
}

macro_rules! documented {
    ($(#[doc = $text:literal])* $name:ident) => {
        pub fn $name() -> &'static str {
            concat!($($text),*)
        }
    };
}

documented! {
    /// A fine fruit.
    apple
}

#[track_caller]
fn caller() -> u32 {
    std::panic::Location::caller().line()
}

#[cached]
pub fn stringified() -> &'static str {
    stringify!(a + b)
}

#[cached]
pub fn here() -> u32 {
    line!()
}

#[cached]
pub fn called_from() -> u32 {
    caller()
}

#[cached]
pub fn place() -> &'static str {
    module_path!()
}

#[cached]
pub fn helped() -> String {
    Options { depth: 1 }.help()
}

#[cached]
pub fn documentation() -> &'static str {
    apple()
}

#[cached]
pub fn silent() -> u32 {
    1
}
