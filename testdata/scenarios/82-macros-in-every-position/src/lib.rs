//! Macros as types, patterns, statements, blocks of items; macros that wrap std's; local macros.

use rememo::cached;

mod tools;

use tools::checked as verify;

macro_rules! pair_of {
    ($type:ty) => { ($type, Number) };
}

type Number = u32;

macro_rules! small {
    () => { 0..=LIMIT };
}

const LIMIT: u32 = 3;

macro_rules! declare {
    ($vis:vis $name:ident { $($field:ident: $type:ty = $value:expr),* $(,)? }) => {
        $vis struct $name { $($field: $type),* }

        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $value),* }
            }
        }

        impl $name {
            $($vis fn $field(&self) -> &$type { &self.$field })*
        }
    };
}

declare!(pub Settings { width: u32 = default_width(), height: u32 = 20 });

fn default_width() -> u32 {
    10
}

macro_rules! text {
    ($($argument:tt)*) => { format!($($argument)*) };
}

macro_rules! bail {
    ($($argument:tt)*) => { return Err(format!($($argument)*)) };
}

macro_rules! dispatch {
    ($value:expr, { $($pattern:pat => $body:block)+ }) => {
        match $value { $($pattern => $body)+ }
    };
}

pub struct Shown(u32);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "shown {}", self.0)
    }
}

pub struct Item(u32);

impl Item {
    fn value(&self) -> u32 {
        self.0 + 100
    }
}

fn five() -> u32 {
    5
}

#[cached]
pub fn typed() -> u32 {
    let pair: pair_of!(u8) = (1, 2);
    pair.1
}

#[cached]
pub fn patterned(value: u32) -> bool {
    matches!(value, small!())
}

#[cached]
pub fn declared() -> u32 {
    *Settings::default().width()
}

#[cached]
pub fn wrapped() -> String {
    let shown = Shown(1);
    text!("{shown} and {}", 2)
}

#[cached]
pub fn bailed(value: u32) -> Result<u32, String> {
    if value == 0 {
        bail!("bad {}", Shown(0));
    }
    Ok(value)
}

#[cached]
pub fn dispatched(value: u32) -> u32 {
    dispatch!(value, {
        0 => { five() }
        _ => { 1 }
    })
}

#[cached]
pub fn statement() -> u32 {
    macro_rules! local {
        ($name:ident) => {
            let $name = five();
            fn helper() -> u32 {
                six()
            }
        };
    }
    fn six() -> u32 {
        6
    }
    local!(value);
    value + helper()
}

#[cached]
pub fn renamed(value: u32) -> u32 {
    verify!(value)
}

#[cached]
pub fn on_argument() -> u32 {
    let item = Item(1);
    tools::identity!(item.value())
}
