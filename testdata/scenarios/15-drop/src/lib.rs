//! Drop runs where a value goes out of scope.

use std::sync::atomic::{AtomicU32, Ordering};

use rememo::cached;

pub static CLOSED: AtomicU32 = AtomicU32::new(0);
pub static SWEPT: AtomicU32 = AtomicU32::new(0);

pub struct File;

impl Drop for File {
    fn drop(&mut self) {
        CLOSED.fetch_add(1, Ordering::SeqCst);
    }
}

pub struct Session {
    _file: File,
}

pub struct Pool {
    _sessions: Vec<Session>,
}

pub struct Temp;

impl Drop for Temp {
    fn drop(&mut self) {
        SWEPT.fetch_add(10, Ordering::SeqCst);
    }
}

#[cached]
pub fn direct() -> u32 {
    let _file = File;
    1
}

#[cached]
pub fn nested() -> u32 {
    let pool = Pool { _sessions: vec![Session { _file: File }] };
    drop(pool);
    CLOSED.load(Ordering::SeqCst)
}

#[cached]
pub fn plain() -> u32 {
    2
}

pub fn temp() -> Temp {
    Temp
}
