//! Macros that never come to an end.

macro_rules! forever {
    ($($tokens:tt)*) => {
        forever!($($tokens)* more)
    };
}

macro_rules! ping {
    () => { pong!() };
}

macro_rules! pong {
    () => { ping!() };
}

macro_rules! items {
    ($name:ident) => {
        fn $name() {}
        items!($name);
    };
}

items!(repeated);

#[rememo::cached]
pub fn endless() -> u32 {
    forever!(start)
}

#[rememo::cached]
pub fn in_turns() -> u32 {
    ping!()
}
