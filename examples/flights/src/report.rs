//! What each step did, a line each, as it happens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rememo::{Cache, Event, Outcome, Reason};

/// Of the items that changed, so many are named.
const NAMED_CHANGES: usize = 3;

/// Listens to the cache and prints.
pub(crate) struct Report {
    last: Arc<Mutex<Option<Event>>>,
    totals: Totals,
}

/// What all steps took and saved together.
#[derive(Default)]
struct Totals {
    hits: usize,
    computed: usize,
    took: Duration,
    saved: Duration,
}

impl Report {
    /// Begins to listen.
    pub(crate) fn start() -> Report {
        let last = Arc::new(Mutex::new(None));
        let heard = Arc::clone(&last);
        Cache::global()
            .observe(move |event| *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(event.clone()));
        println!("{:<30}{:<10}{:>9}{:>10}", "step", "", "took", "saved");
        Report { last, totals: Totals::default() }
    }

    /// Calls a step and prints what became of it.
    pub(crate) fn step<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = call();
        let took = began.elapsed();
        // Steps that the step called are heard too, but a call is over after those that it made: the last is the step's.
        if let Some(event) = self.last.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.totals.add(&event, took);
            print(&event, took);
        }
        result
    }

    /// Prints the last line.
    pub(crate) fn finish(self) {
        let Totals { hits, computed, took, saved } = self.totals;
        let steps = hits + computed;
        println!("\n{steps} steps in {}: {hits} hits, {computed} computed, {} saved", human(took), human(saved));
    }
}

impl Totals {
    fn add(&mut self, event: &Event, took: Duration) {
        self.took += took;
        if is_hit(&event.outcome) {
            self.hits += 1;
            self.saved += event.took;
        } else {
            self.computed += 1;
        }
    }
}

fn is_hit(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::MemoryHit | Outcome::StoreHit)
}

fn print(event: &Event, took: Duration) {
    let step = event.function.strip_prefix("flights::").unwrap_or(&event.function);
    let took = human(took);
    match &event.outcome {
        outcome if is_hit(outcome) => println!("{step:<30}{:<10}{took:>9}{:>10}", "hit", human(event.took)),
        Outcome::Computed { reason, unstored } => {
            let mut reasons =
                reasons(reason).into_iter().chain(unstored.iter().map(|why| format!("not stored: {why}")));
            println!("{step:<30}{:<10}{took:>9}{:>10}  {}", "computed", "", reasons.next().unwrap_or_default());
            for reason in reasons {
                println!("{:<61}{reason}", "");
            }
        }
        _ => println!("{event}"),
    }
}

/// Why a step was computed, a line each.
fn reasons(reason: &Reason) -> Vec<String> {
    let Reason::CodeChanged(changes) = reason else {
        return vec![reason.to_string()];
    };
    let mut lines: Vec<String> = changes.iter().take(NAMED_CHANGES).map(ToString::to_string).collect();
    if changes.len() > NAMED_CHANGES {
        lines.push(format!("and {} more", changes.len() - NAMED_CHANGES));
    }
    lines
}

fn human(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 0.01 => format!("{:.0} ms", seconds * 1e3),
        seconds => format!("{:.1} ms", seconds * 1e3),
    }
}
