//! How the way to an input goes: traits, closures, destructors, calls that can't be told.

use std::time::Instant;

trait Stamp {
    fn stamp(&self) -> String;
}

struct Timed;

impl Stamp for Timed {
    fn stamp(&self) -> String {
        format!("{:?}", Instant::now())
    }
}

struct Fixed;

impl Stamp for Fixed {
    fn stamp(&self) -> String {
        "fixed".to_owned()
    }
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        eprintln!("{:?}", Instant::now());
    }
}

// reads: clock
#[rememo::cached]
fn by_a_trait_object(n: u32) -> String {
    let stamp: Box<dyn Stamp> = Box::new(Timed);
    format!("{n} {}", stamp.stamp())
}

// reads: nothing
#[rememo::cached]
fn by_another_impl(n: u32) -> String {
    format!("{n} {}", Fixed.stamp())
}

// reads: clock
#[rememo::cached]
fn in_a_closure(n: u32) -> u32 {
    let wait = |n: u32| Instant::now().elapsed().as_secs() as u32 + n;
    wait(n)
}

// reads: clock
#[rememo::cached]
fn by_a_destructor(n: u32) -> u32 {
    let _guard = Guard;
    n
}

// reads: clock?
#[rememo::cached]
fn by_a_call_that_can_not_be_told(n: u32) -> String {
    let timed = Timed;
    let given = unknown::pick(&timed);
    format!("{n} {}", given.stamp())
}
