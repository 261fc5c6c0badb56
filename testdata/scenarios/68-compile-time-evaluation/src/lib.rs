//! Code that runs in the compiler only.

use rememo::cached;

const SIZE: usize = 3;
const TABLE: [u32; SIZE] = build();
const MASK: u32 = { let mut mask = 0; let mut bit = 0; while bit < BITS { mask |= 1 << bit; bit += 1; } mask };
const BITS: u32 = 4;
const _: () = assert!(SIZE < LARGE);
const LARGE: usize = 100;

const fn build() -> [u32; SIZE] {
    let mut table = [0; SIZE];
    let mut index = 0;
    while index < SIZE {
        table[index] = entry(index);
        index += 1;
    }
    table
}

const fn entry(index: usize) -> u32 {
    index as u32 * 10
}

struct Config;

impl Config {
    const DEPTH: u32 = Self::BASE * 2;
    const BASE: u32 = 5;
}

trait Named {
    const NAME: &'static str;
    const GREETING: &'static [&'static str] = &["hello", Self::NAME];
}

impl Named for Config {
    const NAME: &'static str = "config";
}

struct Buffer<const N: usize = 16>;

impl<const N: usize> Buffer<N> {
    const BYTES: usize = N * 2;
}

#[cached]
pub fn looked_up(index: usize) -> u32 {
    TABLE[index]
}

#[cached]
pub fn masked(value: u32) -> u32 {
    value & MASK
}

#[cached]
pub fn depth() -> u32 {
    Config::DEPTH
}

#[cached]
pub fn greeting() -> String {
    <Config as Named>::GREETING.join(" ")
}

#[cached]
pub fn in_const_block() -> u32 {
    const { entry(7) }
}

#[cached]
pub fn bytes() -> usize {
    Buffer::<4>::BYTES
}
