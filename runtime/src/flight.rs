//! One computation per key: who computes what, in this process and, by the store's claims, in all that share it.
//!
//! Who finds a key taken waits, looks again, and only then computes. Waiting must never stop a program: it ends when the
//! computation does, in whatever way, when it would close a circle of waits, and when it has taken too long. No lock is held
//! while a user's function runs but its own key's.

mod stealing;
mod timer;
mod wait;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

pub(crate) use wait::{Next, Wait};

use crate::record::Digest;
use crate::store::{Claim, Held, Store};

/// A key of a cache.
pub(crate) type Name = (u64, Digest);

/// How a computation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// There is a result for all who wait.
    Stored,
    /// It returned something that isn't stored: each who waits computes, at once.
    Unstored,
    /// It panicked, or its future was dropped: one of those who wait is next.
    Abandoned,
}

/// A computation that others may wait for.
#[derive(Debug)]
pub(crate) struct Flight {
    name: Name,
    process: u32,
    state: Mutex<State>,
    ended: Condvar,
    claim: Mutex<Option<Box<dyn Held>>>,
}

#[derive(Debug, Default)]
struct State {
    end: Option<End>,
    wakers: Vec<Waker>,
    /// What it waits for itself.
    waits: Vec<Digest>,
}

static FLIGHTS: Mutex<Option<HashMap<Name, Arc<Flight>>>> = Mutex::new(None);

fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code of the user's runs under these locks, and what they guard is whole at any moment.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who has a key in this process.
enum Taken {
    /// Who asks.
    Mine(Seat),
    /// Another.
    Other(Arc<Flight>),
}

fn take(name: Name) -> Taken {
    let process = std::process::id();
    let mut flights = locked(&FLIGHTS);
    let flights = flights.get_or_insert_default();
    match flights.get(&name) {
        // What a parent was computing when it forked is computed by no thread of the child's.
        Some(flight) if flight.process == process => Taken::Other(Arc::clone(flight)),
        _ => {
            let flight = Arc::new(Flight {
                name,
                process,
                state: Mutex::default(),
                ended: Condvar::new(),
                claim: Mutex::new(None),
            });
            flights.insert(name, Arc::clone(&flight));
            Taken::Mine(Seat(flight))
        }
    }
}

/// What a key's computation waits for, as far as this process knows.
fn waits_here(name: Name) -> Vec<Digest> {
    let flight = locked(&FLIGHTS).as_ref().and_then(|flights| flights.get(&name).cloned());
    flight.map_or(Vec::new(), |flight| locked(&flight.state).waits.clone())
}

impl Flight {
    fn end(&self) -> Option<End> {
        locked(&self.state).end
    }

    fn block(&self, at_most: Duration) -> Option<End> {
        let state = locked(&self.state);
        if state.end.is_some() {
            return state.end;
        }
        self.ended.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner).0.end
    }

    fn wake_at_end(&self, waker: &Waker) {
        let mut state = locked(&self.state);
        if !state.wakers.iter().any(|known| known.will_wake(waker)) {
            state.wakers.push(waker.clone());
        }
    }

    fn change_waits(&self, change: impl FnOnce(&mut Vec<Digest>)) {
        let waits = {
            let mut state = locked(&self.state);
            change(&mut state.waits);
            state.waits.clone()
        };
        if let Some(claim) = &*locked(&self.claim) {
            claim.waits_for(&waits);
        }
    }
}

/// The right to compute a key, until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat(Arc<Flight>);

impl Seat {
    pub(crate) fn flight(&self) -> &Arc<Flight> {
        &self.0
    }

    /// Claims the key among all processes; else, what the one waits for that has it.
    fn claim(&self, store: &dyn Store) -> Result<(), Vec<Digest>> {
        match store.claim(&self.0.name.1) {
            Claim::Mine(held) => {
                *locked(&self.0.claim) = Some(held);
                Ok(())
            }
            Claim::Taken(waits) => Err(waits),
        }
    }

    /// Lets go, and tells those who wait how it ended.
    pub(crate) fn finish(self, end: End) {
        self.0.finish(end);
    }
}

impl Flight {
    fn finish(self: &Arc<Self>, end: End) {
        // The claim first: whoever is next in this process must find it free.
        drop(locked(&self.claim).take());
        if let Some(flights) = locked(&FLIGHTS).as_mut()
            && flights.get(&self.name).is_some_and(|flight| Arc::ptr_eq(flight, self))
        {
            flights.remove(&self.name);
        }
        let wakers = {
            let mut state = locked(&self.state);
            if state.end.is_some() {
                return;
            }
            state.end = Some(end);
            std::mem::take(&mut state.wakers)
        };
        self.ended.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.finish(End::Abandoned);
    }
}

/// That some computations wait for a key, as long as this is there.
#[derive(Debug)]
struct Edges {
    from: Vec<Arc<Flight>>,
    to: Digest,
}

impl Edges {
    fn new(from: Vec<Arc<Flight>>, to: Digest) -> Self {
        from.iter().for_each(|flight| flight.change_waits(|waits| waits.push(to)));
        Edges { from, to }
    }

    /// Whether what they wait for waits for one of them. Whoever closes a circle sees it: edges are drawn before they are
    /// looked at.
    fn close_a_circle(&self, cache: u64, store: &dyn Store) -> bool {
        /// More than this is no circle of waits but a broken store.
        const MOST: usize = 10_000;
        if self.from.is_empty() {
            return false;
        }
        let (mut open, mut seen) = (vec![self.to], HashSet::from([self.to]));
        while let Some(key) = open.pop() {
            if self.from.iter().any(|flight| flight.name == (cache, key)) {
                return true;
            }
            let here = waits_here((cache, key));
            let elsewhere = if here.is_empty() { store.claimant_waits_for(&key) } else { Vec::new() };
            for next in here.into_iter().chain(elsewhere) {
                if seen.len() < MOST && seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    }
}

impl Drop for Edges {
    fn drop(&mut self) {
        for flight in &self.from {
            flight.change_waits(|waits| {
                if let Some(at) = waits.iter().position(|key| *key == self.to) {
                    waits.swap_remove(at);
                }
            });
        }
    }
}
