//! Waiting for a computation: blocking, or as a part of a future.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use super::{Edges, End, Flight, Name, Seat, Taken, stealing, take, timer};
use crate::cache::Cache;

/// How long another process is left alone between two looks, at first and at most.
const FOREIGN: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(25));
/// How often a wait inside the process is looked after; its end is told.
const LOCAL: Duration = Duration::from_millis(100);
/// A wait shorter than this isn't worth a look at the stack.
const STEALING_AFTER: Duration = Duration::from_millis(50);

/// What is to be done next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Look once more, and compute if there is still nothing.
    Lead(Seat),
    /// Look once more, and if there is still nothing, [start again](Wait::again).
    Look,
    /// Compute, though another may do the same.
    Alone,
}

/// The way to a key's computation.
#[derive(Debug)]
pub(crate) struct Wait {
    cache: &'static Cache,
    name: Name,
    began: Instant,
    phase: Phase,
    /// The computations that wait with it.
    waiting: Vec<Arc<Flight>>,
    edges: Option<Edges>,
    pause: Duration,
    looked_at_the_stack: bool,
}

#[derive(Debug)]
enum Phase {
    /// Nothing is known yet.
    Start,
    /// Another thread or future of this process has the key.
    Local(Arc<Flight>),
    /// Another process has it, and in this one nobody else.
    Foreign(Seat),
}

impl Wait {
    /// `waiting` are the computations that the call belongs to.
    pub(crate) fn new(cache: &'static Cache, name: Name, waiting: Vec<Arc<Flight>>) -> Self {
        let (began, pause) = (Instant::now(), FOREIGN.0);
        Wait { cache, name, began, phase: Phase::Start, waiting, edges: None, pause, looked_at_the_stack: false }
    }

    /// After [`Next::Look`] found nothing.
    pub(crate) fn again(&mut self) {
        self.phase = Phase::Start;
    }

    /// Waits on this thread.
    pub(crate) fn block(&mut self) -> Next {
        loop {
            if let Some(next) = self.step() {
                return next;
            }
            let pause = self.next_look();
            match &self.phase {
                Phase::Local(flight) => drop(flight.block(pause)),
                _ => thread::sleep(pause),
            }
            if !self.looked_at_the_stack && self.began.elapsed() > STEALING_AFTER {
                self.looked_at_the_stack = true;
                if stealing::is_inside_of_a_wait() {
                    return self.stop();
                }
            }
        }
    }

    /// Waits as a part of a future.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Next> {
        if let Some(next) = self.step() {
            return Poll::Ready(next);
        }
        if let Phase::Local(flight) = &self.phase {
            flight.wake_at_end(context.waker());
            // It may have ended before it knew whom to wake.
            if flight.end().is_some()
                && let Some(next) = self.step()
            {
                return Poll::Ready(next);
            }
        }
        timer::wake_at(Instant::now() + self.next_look(), context.waker());
        Poll::Pending
    }

    fn next_look(&mut self) -> Duration {
        let left = self.cache.patience().saturating_sub(self.began.elapsed());
        let pause = match &self.phase {
            Phase::Local(_) => LOCAL,
            _ => {
                let longer = (self.pause * 2).min(FOREIGN.1);
                std::mem::replace(&mut self.pause, longer)
            }
        };
        pause.min(left).max(FOREIGN.0)
    }

    fn step(&mut self) -> Option<Next> {
        if let Phase::Start = self.phase {
            self.edges = None;
            self.phase = match take(self.name) {
                Taken::Mine(seat) => Phase::Foreign(seat),
                Taken::Other(flight) => Phase::Local(flight),
            };
        }
        match &self.phase {
            Phase::Local(flight) => match flight.end() {
                Some(End::Stored | End::Abandoned) => return Some(Next::Look),
                Some(End::Unstored) => return Some(Next::Alone),
                None => {}
            },
            Phase::Foreign(seat) => {
                if seat.claim(self.cache.store()).is_ok() {
                    return Some(self.stop());
                }
            }
            Phase::Start => {}
        }
        let edges = self.edges.get_or_insert_with(|| Edges::new(self.waiting.clone(), self.name.1));
        let too_long = self.began.elapsed() >= self.cache.patience();
        let give_up = too_long || edges.close_a_circle(self.name.0, self.cache.store());
        give_up.then(|| self.stop())
    }

    /// Waits no longer. Who has the key in this process keeps it, so that others don't all do the same.
    fn stop(&mut self) -> Next {
        self.edges = None;
        match std::mem::replace(&mut self.phase, Phase::Start) {
            Phase::Foreign(seat) => Next::Lead(seat),
            _ => Next::Alone,
        }
    }
}
