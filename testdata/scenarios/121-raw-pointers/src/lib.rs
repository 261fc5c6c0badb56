use rememo::cached;
use std::alloc::{Layout, alloc, dealloc};
use std::mem::MaybeUninit;
use std::ptr::{NonNull, addr_of, addr_of_mut, drop_in_place};
use std::sync::Arc;

#[derive(Clone, Copy)]
pub struct One(u32);

impl One {
    fn value(&self) -> u32 {
        self.0 + 1
    }
}

pub struct Other(u32);

impl From<u32> for Other {
    fn from(value: u32) -> Other {
        Other(value + 2)
    }
}

impl Default for Other {
    fn default() -> Other {
        Other::from(1)
    }
}

pub struct Owned(One, u32);

impl Drop for Owned {
    fn drop(&mut self) {
        self.1 += 1;
    }
}

#[derive(Clone, Copy)]
pub struct Third(u32);

impl Third {
    fn value(&self) -> u32 {
        self.0 + 3
    }
}

#[cached]
pub fn pointed(value: u32) -> u32 {
    let mut one = One(value);
    let pointer = addr_of_mut!(one).cast::<u8>();
    let back = pointer.cast::<One>();
    let whole = NonNull::new(back).unwrap().cast::<One>();
    let shared = Arc::into_raw(Arc::new(One(value)));
    unsafe {
        let arc = Arc::from_raw(shared);
        let read = std::ptr::read(addr_of!(one));
        (*whole.as_ptr()).value() + arc.value() + read.value() + back.as_ref().map_or(0, |one| one.value())
    }
}

#[cached]
pub fn kept(value: u32) -> u32 {
    let layout = Layout::new::<Owned>();
    unsafe {
        let memory = alloc(layout).cast::<Owned>();
        std::ptr::write(memory, Owned(One(value), 0));
        let found = (*memory).0.value();
        drop_in_place(memory);
        dealloc(memory.cast::<u8>(), layout);
        found
    }
}

#[cached]
pub fn counted(values: Vec<u32>) -> u32 {
    let mut thirds: Vec<Third> = Vec::new();
    thirds.try_reserve_exact(values.len()).unwrap_or_default();
    thirds.extend(values.iter().map(|value| Third(*value)));
    let mut last = MaybeUninit::<Third>::uninit();
    last.write(Third(1));
    let chunks = thirds.chunks_exact(2);
    let rest = chunks.remainder();
    let left = thirds.iter();
    let sum: u32 = left.as_slice().iter().chain(rest).map(|third| third.value()).sum();
    sum + unsafe { last.assume_init() }.value()
}

#[cached]
pub fn plain(value: u32) -> u32 {
    Other(value).0
}
