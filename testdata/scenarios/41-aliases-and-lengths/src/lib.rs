//! Type aliases, array lengths, const generic arguments, discriminants.

use rememo::cached;

type Number = f32;
const LENGTH: usize = 4;
const FIRST: isize = 10;

pub struct Ring<const N: usize> {
    slots: [u32; N],
}

impl<const N: usize> Ring<N> {
    fn capacity(&self) -> usize {
        N
    }
}

type Small = Ring<8>;

fn fill<const N: usize>() -> [u8; N] {
    [1; N]
}

#[repr(isize)]
pub enum Level {
    Low = FIRST,
    High,
}

pub type Unused = u32;

#[cached]
pub fn ratio() -> String {
    let third: Number = 1.0 / 3.0;
    third.to_string()
}

#[cached]
pub fn zeros() -> usize {
    let zeros = [0u8; LENGTH];
    zeros.len()
}

#[cached]
pub fn capacity() -> usize {
    let ring = Small { slots: [0; 8] };
    ring.capacity()
}

#[cached]
pub fn filled() -> usize {
    fill::<{ LENGTH * 2 }>().len()
}

#[cached]
pub fn high() -> isize {
    Level::High as isize
}
