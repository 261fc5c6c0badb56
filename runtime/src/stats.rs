//! Counting: what each function was asked, what that saved, and the table that a person reads at the end.
//!
//! On the path of a hit this is two additions on a cache line that other threads mostly leave alone.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// What was asked of a function, or of a whole cache, since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Calls answered from memory.
    pub memory_hits: u64,
    /// Calls answered from the store.
    pub store_hits: u64,
    /// Calls that computed.
    pub misses: u64,
    /// Calls that passed through: off, recursive, without a fingerprint.
    pub uncached: u64,
    /// Results stored.
    pub stored: u64,
    /// Bytes of the results that were stored.
    pub stored_bytes: u64,
    /// Hits that differed from what was computed again, under `REMEMO=verify`.
    pub differences: u64,
    /// Time spent computing.
    pub computed: Duration,
    /// Time that the hits would have taken to compute.
    pub saved: Duration,
    /// Time that hits in the store took to be found, read and decoded.
    pub reading: Duration,
    /// Time that those hits would have taken to compute.
    pub saved_by_reading: Duration,
}

impl Stats {
    /// Calls that didn't compute.
    pub fn hits(&self) -> u64 {
        self.memory_hits + self.store_hits
    }

    /// Whether hits in the store cost more than computing would have: then the function is better not cached.
    ///
    /// A few hits say nothing, the first of a process least of all.
    pub fn is_not_worth_it(&self) -> bool {
        self.store_hits >= 10 && self.reading > self.saved_by_reading
    }

    fn add(&mut self, other: &Stats) {
        self.memory_hits += other.memory_hits;
        self.store_hits += other.store_hits;
        self.misses += other.misses;
        self.uncached += other.uncached;
        self.stored += other.stored;
        self.stored_bytes += other.stored_bytes;
        self.differences += other.differences;
        self.computed += other.computed;
        self.saved += other.saved;
        self.reading += other.reading;
        self.saved_by_reading += other.saved_by_reading;
    }
}

impl std::iter::Sum for Stats {
    fn sum<I: Iterator<Item = Stats>>(all: I) -> Stats {
        all.fold(Stats::default(), |mut sum, stats| {
            sum.add(&stats);
            sum
        })
    }
}

const SHARDS: usize = 8;

/// One thread's share of the hits, alone on its cache line.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Hits {
    hits: AtomicU64,
    saved_ns: AtomicU64,
}

/// A function's counters.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    memory: [Hits; SHARDS],
    pub(crate) store_hits: AtomicU64,
    pub(crate) store_saved_ns: AtomicU64,
    pub(crate) reading_ns: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) uncached: AtomicU64,
    pub(crate) stored: AtomicU64,
    pub(crate) stored_bytes: AtomicU64,
    pub(crate) differences: AtomicU64,
    pub(crate) computed_ns: AtomicU64,
}

impl Counters {
    #[inline]
    pub(crate) fn memory_hit(&self, saved_ns: u64) {
        let shard = &self.memory[shard()];
        shard.hits.fetch_add(1, Ordering::Relaxed);
        shard.saved_ns.fetch_add(saved_ns, Ordering::Relaxed);
    }

    /// Whether it is worth adding all up, to see whether hits in the store cost more than computing.
    pub(crate) fn may_not_be_worth_it(&self) -> bool {
        self.reading_ns.load(Ordering::Relaxed) > self.store_saved_ns.load(Ordering::Relaxed)
    }

    pub(crate) fn read(&self) -> Stats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let memory_saved: u64 = self.memory.iter().map(|shard| get(&shard.saved_ns)).sum();
        Stats {
            memory_hits: self.memory.iter().map(|shard| get(&shard.hits)).sum(),
            store_hits: get(&self.store_hits),
            misses: get(&self.misses),
            uncached: get(&self.uncached),
            stored: get(&self.stored),
            stored_bytes: get(&self.stored_bytes),
            differences: get(&self.differences),
            computed: Duration::from_nanos(get(&self.computed_ns)),
            saved: Duration::from_nanos(memory_saved + get(&self.store_saved_ns)),
            reading: Duration::from_nanos(get(&self.reading_ns)),
            saved_by_reading: Duration::from_nanos(get(&self.store_saved_ns)),
        }
    }
}

pub(crate) fn count(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

#[inline]
fn shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static SHARD: Cell<usize> = const { Cell::new(usize::MAX) });
    let known = SHARD.try_with(Cell::get).unwrap_or(0);
    if known != usize::MAX {
        return known;
    }
    let new = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
    let _ = SHARD.try_with(|shard| shard.set(new));
    new
}

/// The functions of a cache with their counts, as a table for people.
#[derive(Debug, Clone)]
pub struct Summary {
    pub(crate) rows: Vec<(String, Stats)>,
}

impl Summary {
    /// Path and counts of each function that was called, sorted by path.
    pub fn functions(&self) -> impl Iterator<Item = (&str, &Stats)> {
        self.rows.iter().map(|(path, stats)| (path.as_str(), stats))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: Stats = self.rows.iter().map(|(_, stats)| *stats).sum();
        let name = |path: &str| path.chars().count();
        let width = self.rows.iter().map(|(path, _)| name(path)).max().unwrap_or(0).max("function".len());
        writeln!(f, "{:width$}  {:>9}  {:>9}  {:>9}  {:>9}", "function", "hits", "computed", "spent", "saved")?;
        let total = ("all".to_owned(), total);
        let last = (self.rows.len() > 1).then_some(&total);
        for (path, stats) in self.rows.iter().chain(last) {
            let (spent, saved) = (Human(stats.computed), Human(stats.saved));
            writeln!(
                f,
                "{path:width$}  {:>9}  {:>9}  {spent:>9}  {saved:>9}",
                stats.hits(),
                stats.misses + stats.uncached
            )?;
        }
        for (path, stats) in self.rows.iter().filter(|(_, stats)| stats.is_not_worth_it()) {
            let each = |time: Duration| Human(time / u32::try_from(stats.store_hits.max(1)).unwrap_or(u32::MAX));
            let (hit, compute) = (each(stats.reading), each(stats.saved_by_reading));
            writeln!(f, "{path}: a hit takes {hit}, computing takes {compute}; it is better not cached")?;
        }
        Ok(())
    }
}

/// A duration with three digits or so.
pub(crate) struct Human(pub(crate) Duration);

impl fmt::Display for Human {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.0.as_secs_f64();
        let text = match s {
            s if s >= 3600.0 => format!("{:.1} h", s / 3600.0),
            s if s >= 60.0 => format!("{:.1} min", s / 60.0),
            s if s >= 1.0 => format!("{s:.2} s"),
            s if s >= 1e-3 => format!("{:.1} ms", s * 1e3),
            s => format!("{:.1} µs", s * 1e6),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_whose_hits_cost_more_than_computing_is_named() {
        let stats = |reading| Stats {
            store_hits: 10,
            reading: Duration::from_micros(reading),
            saved_by_reading: Duration::from_micros(50),
            ..Stats::default()
        };
        let rows = vec![("cheap".into(), stats(200)), ("dear".into(), stats(20))];
        let text = Summary { rows }.to_string();
        let note = "cheap: a hit takes 20.0 µs, computing takes 5.0 µs; it is better not cached\n";
        assert!(text.ends_with(note) && !text.contains("dear: a hit"), "{text}");
    }

    #[test]
    fn the_summary_is_a_table_with_a_total() {
        let row = |hits, ms| Stats {
            memory_hits: hits,
            misses: 1,
            saved: Duration::from_millis(ms),
            computed: Duration::from_secs(2),
            ..Stats::default()
        };
        let summary = Summary { rows: vec![("a::long_name".into(), row(3, 5)), ("b".into(), row(1, 90_000))] };
        let expected = "\
function           hits   computed      spent      saved
a::long_name          3          1     2.00 s     5.0 ms
b                     1          1     2.00 s    1.5 min
all                   4          2     4.00 s    1.5 min
";
        assert_eq!(summary.to_string(), expected);
    }
}
