//! Parses, but means nothing.

use nowhere::{nothing, self as also_nothing, *};
use super::super::outside;
pub use crate::crate_root_that_is_not::*;

impl Missing for Absent<Gone> {
    type Also = <Self as Missing>::Also;

    fn call(&self) -> Self::Also {
        self.call().call()
    }
}

impl<T> T {}

#[derive(Unknown)]
#[unknown::attribute(on, a, thing)]
struct Strange<const N: usize = { N + 1 }>([u8; N]);

#[rememo::cached]
pub fn lost<T: NoTrait>(value: T) -> impl NoOther {
    nothing(value).field.0.method::<Gone>()?.await[outside];
}
