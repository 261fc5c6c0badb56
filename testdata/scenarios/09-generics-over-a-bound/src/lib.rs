//! A generic function reaches the impl of the type that its caller chose.

use rememo::cached;

pub trait Score {
    fn score(&self) -> u32;
}

pub struct Goal;
pub struct Foul;

impl Score for Goal {
    fn score(&self) -> u32 {
        3
    }
}

impl Score for Foul {
    fn score(&self) -> u32 {
        1
    }
}

fn total<S: Score>(events: &[S]) -> u32 {
    events.iter().map(|event| event.score()).sum()
}

fn bonus(event: impl Score) -> u32 {
    event.score() * 10
}

fn largest<S>(events: Vec<S>) -> u32
where
    S: Score,
{
    events.iter().map(S::score).max().unwrap_or(0)
}

#[cached]
pub fn goals(count: usize) -> u32 {
    let events: Vec<Goal> = (0..count).map(|_| Goal).collect();
    total(&events)
}

#[cached]
pub fn one_foul() -> u32 {
    bonus(Foul)
}

#[cached]
pub fn best_foul() -> u32 {
    largest::<Foul>(vec![Foul, Foul])
}
