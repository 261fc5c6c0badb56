//! Each level doubles: 2^40 calls in the end.

macro_rules! double {
    (@ $($rest:tt)*) => { { double!($($rest)*); double!($($rest)*); } };
    () => { bottom() };
}

macro_rules! grow {
    ($($tokens:tt)*) => { grow!($($tokens)* $($tokens)*) };
}

fn bottom() {}

#[rememo::cached]
pub fn exploding() {
    double!(@ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @ @)
}

#[rememo::cached]
pub fn growing() {
    grow!(a b c)
}
