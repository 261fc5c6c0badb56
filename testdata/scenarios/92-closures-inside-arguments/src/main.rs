//! Iterators, futures and what has a trait of somebody else hold code of their callers, whatever their bounds say.

use std::future::Future;

use parsing::Parse;
use rememo::cached;

#[cached]
fn last<I: DoubleEndedIterator<Item = u32>>(mut numbers: I) -> u32 {
    numbers.next_back().unwrap_or(0)
}

fn last_square(n: u32) -> u32 {
    last((0..n).map(|x| x * x))
}

#[cached]
async fn awaited<F: Future<Output = u32>>(future: F) -> u32 {
    future.await + 1
}

async fn later(n: u32) -> u32 {
    awaited(async move { n * 3 }).await
}

#[cached]
fn parsed<P: Parse>(mut parser: P) -> u32 {
    parser.parse("12")
}

fn length() -> u32 {
    parsed(|text: &str| text.len() as u32)
}

struct Guard(u32);

impl Drop for Guard {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

#[cached]
fn dropped<T>(things: Vec<T>) -> usize {
    things.len()
}

fn guards(n: u32) -> usize {
    dropped((0..n).map(Guard).collect())
}

#[cached]
fn plain(n: u32) -> u32 {
    n + 1
}

fn main() {
    drop(later(1));
    println!("{} {} {} {}", last_square(5), length(), guards(2), plain(1));
}
