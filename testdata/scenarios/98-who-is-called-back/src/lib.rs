//! Code that isn't seen at the call: an iterator that is summed, keys of maps that are compared, operands of assembly.

use rememo::cached;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

pub struct Count(pub u32);

impl Iterator for Count {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0 + 1)
    }
}

#[derive(PartialEq, Eq, Clone)]
pub struct Key(pub u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0 + 2);
    }
}

pub struct Both {
    pub left: HashMap<Key, u32>,
    pub right: HashMap<Key, u32>,
}

pub struct Bits(pub u32);

impl std::ops::Not for Bits {
    type Output = u32;

    fn not(self) -> u32 {
        self.0 + 3
    }
}

impl std::ops::Shr<u32> for Bits {
    type Output = u32;

    fn shr(self, by: u32) -> u32 {
        (self.0 >> by) + 4
    }
}

macro_rules! comment {
    () => {
        "/* {0} {1} */"
    };
}

fn operand(at: u32) -> u64 {
    u64::from(at) + 5
}

#[cached]
pub fn summed(at: u32) -> u32 {
    let count = Count(at);
    count.sum::<u32>()
}

#[cached]
pub fn multiplied(at: u32) -> u32 {
    Count(at).product::<u32>()
}

fn same(both: &Both) -> bool {
    both.left == both.right
}

#[cached]
pub fn compared(at: u32) -> bool {
    let _ = at;
    same(&Both { left: HashMap::new(), right: HashMap::new() })
}

#[cached]
pub fn assembled(at: u32) -> u64 {
    let bits = Bits(at);
    let out: u64;
    // SAFETY: a comment does nothing.
    unsafe {
        std::arch::asm!(
            comment!(),
            in(reg) u64::from(bits.0),
            inout(reg) operand(at) => out,
            options(nomem, nostack)
        );
    }
    out
}
