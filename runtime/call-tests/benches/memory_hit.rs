//! A hit in memory, through the attribute.
use std::hint::black_box;
use std::sync::Arc;
use std::sync::LazyLock;

use rememo::store::MemoryStore;
use rememo::{Cache, cached};

static CACHE: LazyLock<Cache> = LazyLock::new(|| Cache::builder().store(MemoryStore::new()).build());

#[cached(cache = &CACHE)]
fn add(a: u64, b: u64) -> u64 {
    a + b
}

#[cached(cache = &CACHE)]
fn text(a: &str) -> String {
    a.to_owned()
}

#[cached(cache = &CACHE)]
fn shared(a: &str) -> Arc<Vec<u8>> {
    Arc::new(vec![0; a.len() * 100_000])
}

fn time(name: &str, mut f: impl FnMut(u64)) {
    for _ in 0..3 {
        let n = 2_000_000;
        let t = std::time::Instant::now();
        for i in 0..n {
            f(i);
        }
        println!("{name}: {:.1} ns", t.elapsed().as_nanos() as f64 / n as f64);
    }
}

fn main() {
    time("two u64", |i| {
        black_box(add(black_box(i & 1023), black_box(7)));
    });
    time("one str", |_| {
        black_box(text(black_box("hello world")));
    });
    time("arc", |_| {
        black_box(shared(black_box("hello world")));
    });
}
