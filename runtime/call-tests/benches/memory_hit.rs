//! What a call costs that is answered from memory, beside a bare moka get: `cargo bench -p rememo-call-tests`.
//!
//! The contestants take turns, so that whatever else the machine does hits both alike; of each, the fastest tenth of its
//! turns counts.

use std::hint::black_box;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use rememo::store::MemoryStore;
use rememo::{Cache, cached};

/// How many different arguments are asked for in turn.
const ARGUMENTS: u64 = 1024;

static CACHE: LazyLock<Cache> = LazyLock::new(|| Cache::builder().store(MemoryStore::new()).build());

#[cached(cache = &CACHE)]
fn add(a: u64, b: u64) -> u64 {
    a + b
}

#[cached]
fn add_in_default_cache(a: u64, b: u64) -> u64 {
    a + b
}

#[cached(cache = &CACHE)]
fn text(a: &str) -> String {
    a.repeat(10)
}

#[cached(cache = &CACHE)]
fn shared(a: u64) -> Arc<Vec<u64>> {
    Arc::new(vec![a; 10_000])
}

struct Point<T>(T);

impl<T: Copy + Into<u64> + serde::Serialize> Point<T> {
    #[cached(cache = &CACHE, key(self = self.0))]
    fn generic(&self, n: u64) -> u64 {
        self.0.into() + n
    }
}

fn run<R>(_: R) {}

/// A name, and a call for an argument.
type Contestant = (&'static str, Box<dyn FnMut(u64)>);

/// Nanoseconds per call of each contestant.
fn race(mut contestants: Vec<Contestant>) {
    for (_, call) in &mut contestants {
        (0..ARGUMENTS).for_each(call);
    }
    let mut turns = vec![Vec::new(); contestants.len()];
    let until = Instant::now() + Duration::from_secs(6);
    while Instant::now() < until {
        for ((_, call), turns) in contestants.iter_mut().zip(&mut turns) {
            let began = Instant::now();
            (0..20 * ARGUMENTS).for_each(|n| call(n % ARGUMENTS));
            turns.push(began.elapsed().as_nanos() as f64 / (20 * ARGUMENTS) as f64);
        }
    }
    let mut first = None;
    for ((name, _), mut turns) in contestants.into_iter().zip(turns) {
        turns.sort_by(f64::total_cmp);
        let time = turns[turns.len() / 10];
        println!("{name:38} {time:7.1} ns   {:5.2} times moka", time / *first.get_or_insert(time));
    }
}

fn main() {
    let dir = std::env::temp_dir().join(format!("rememo-memory-hit-{}", std::process::id()));
    // The first call wins; nothing has been called yet.
    let _ = Cache::builder().dir(&dir).build().set_global();
    let moka = moka::sync::Cache::new(100_000);
    (0..ARGUMENTS).for_each(|n| moka.insert((n, 7u64), n + 7));
    let moka_get = move |n: u64| {
        black_box(moka.get(&(black_box(n), black_box(7))));
    };
    race(vec![
        ("a bare moka get, two u64", Box::new(moka_get)),
        ("#[cached], two u64", Box::new(|n| run(black_box(add(black_box(n), black_box(7)))))),
        (
            "#[cached], two u64, default cache",
            Box::new(|n| run(black_box(add_in_default_cache(black_box(n), black_box(7))))),
        ),
        ("#[cached], a generic method", Box::new(|n| run(black_box(Point(7u32).generic(black_box(n)))))),
        ("#[cached], a str to a String", Box::new(|_| run(black_box(text(black_box("hello world")))))),
        ("#[cached], an Arc of 80 kB", Box::new(|n| run(black_box(shared(black_box(n)))))),
    ]);
    let _ = std::fs::remove_dir_all(dir);
}
