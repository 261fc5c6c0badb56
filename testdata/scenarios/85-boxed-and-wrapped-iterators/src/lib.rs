//! Iterators in boxes, of one's own adapters, from functions, with items that have methods.

use std::collections::VecDeque;
use std::iter::{self, Peekable};

use rememo::cached;

#[derive(Clone)]
pub struct Event {
    time: u32,
}

impl Event {
    fn time(&self) -> u32 {
        self.time + 1
    }

    fn is_late(&self) -> bool {
        self.time > 5
    }
}

pub struct Clock {
    pub now: u32,
}

impl Clock {
    pub fn time(&self) -> u32 {
        self.now
    }
}

fn events(reverse: bool) -> Box<dyn Iterator<Item = Event>> {
    let events = (0..3).map(|time| Event { time });
    if reverse { Box::new(events.rev()) } else { Box::new(Stepped { inner: events, step: 2 }) }
}

pub struct Stepped<I> {
    inner: I,
    step: usize,
}

impl<I: Iterator> Iterator for Stepped<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.inner.nth(self.step - 1)
    }
}

pub trait SteppedExt: Iterator + Sized {
    fn stepped(self, step: usize) -> Stepped<Self> {
        Stepped { inner: self, step: step.max(1) }
    }
}

impl<I: Iterator> SteppedExt for I {}

struct Lexer<I: Iterator<Item = Event>> {
    input: Peekable<I>,
}

impl<I: Iterator<Item = Event>> Lexer<I> {
    fn late(&mut self) -> u32 {
        let mut count = 0;
        while let Some(event) = self.input.next_if(|event| event.is_late()) {
            count += event.time();
        }
        count
    }
}

fn next_state(state: &u32) -> Option<u32> {
    if *state < 100 { Some(state * 2) } else { None }
}

fn counter() -> impl FnMut() -> Option<u32> {
    let mut count = 0;
    move || {
        count += increment();
        (count < 5).then_some(count)
    }
}

fn increment() -> u32 {
    1
}

#[cached]
pub fn boxed() -> u32 {
    events(false).map(|event| event.time()).sum()
}

#[cached]
pub fn adapted() -> Vec<u32> {
    (0..10).stepped(3).collect()
}

#[cached]
pub fn lexed() -> u32 {
    let queue: VecDeque<Event> = VecDeque::from([Event { time: 9 }]);
    Lexer { input: queue.into_iter().peekable() }.late()
}

#[cached]
pub fn successors() -> usize {
    iter::successors(Some(1), next_state).count()
}

#[cached]
pub fn from_fn() -> u32 {
    iter::from_fn(counter()).sum()
}

#[cached]
pub fn windows() -> u32 {
    let events = vec![Event { time: 1 }, Event { time: 2 }];
    events.windows(2).map(|pair| pair[0].time().abs_diff(pair[1].time())).sum()
}

#[cached]
pub fn partitioned() -> usize {
    let (late, _): (Vec<Event>, Vec<Event>) = vec![Event { time: 1 }].into_iter().partition(Event::is_late);
    late.len()
}

#[cached]
pub fn plain() -> u32 {
    (1..3).sum()
}
