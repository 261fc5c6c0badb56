use std::thread;

// reads: threads
#[rememo::cached]
fn which(n: u32) -> String {
    format!("{n} {:?}", thread::current().id())
}

// reads: threads (accept)
#[rememo::cached(accept(threads))]
fn split(n: usize) -> usize {
    thread::available_parallelism().map_or(1, |count| n / count)
}

// reads: nothing
#[rememo::cached]
fn starting_one_is_no_input(n: u32) -> u32 {
    thread::spawn(move || n * 2).join().unwrap_or(0)
}
