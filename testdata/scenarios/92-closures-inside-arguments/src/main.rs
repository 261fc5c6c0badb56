//! Iterators and futures hold code of their callers, whatever their bounds say.

use std::future::Future;

use rememo::cached;

#[cached]
fn last<I: DoubleEndedIterator<Item = u32>>(mut numbers: I) -> u32 {
    numbers.next_back().unwrap_or(0)
}

#[cached]
async fn awaited<F: Future<Output = u32>>(future: F) -> u32 {
    future.await + 1
}

#[cached]
fn plain(n: u32) -> u32 {
    n + 1
}

fn last_square(n: u32) -> u32 {
    last((0..n).map(|x| x * x))
}

async fn later(n: u32) -> u32 {
    awaited(async move { n * 3 }).await
}

fn main() {
    drop(later(1));
    println!("{} {}", last_square(5), plain(1));
}
