//! Storing a result and loading it again take no more memory than the result itself and a constant.
//!
//! A binary of its own, for it counts what is allocated.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rememo::{Cache, cached};

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn count(more: usize, less: usize) {
    let before = NOW.fetch_add(more, Ordering::Relaxed);
    PEAK.fetch_max(before + more, Ordering::Relaxed);
    NOW.fetch_sub(less, Ordering::Relaxed);
}

// Safety: all of it is the system's allocator; what is counted besides touches none of its memory.
#[expect(unsafe_code, reason = "an allocator can't be had without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(0, layout.size());
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What buffers, the index and all else may take, whatever the result's size.
const CONSTANT: usize = 8 << 20;

/// Checksums of unoptimized code take their time.
const LARGE: usize = if cfg!(debug_assertions) { 64 << 20 } else { 256 << 20 };

static CACHE: LazyLock<Cache> = LazyLock::new(|| {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    // The directory goes when the process ends, and the cache with it.
    let cache = Cache::builder().dir(folder.path().join("rememo")).memory(1, 1).build();
    std::mem::forget(folder);
    cache
});

#[cached(cache = &CACHE)]
fn numbers(size: usize) -> Vec<f64> {
    vec![1.5; size / 8]
}

#[cached(cache = &CACHE)]
fn bytes(size: usize) -> Arc<Vec<u8>> {
    Arc::new(vec![7; size])
}

#[cached(cache = &CACHE)]
fn text(size: usize) -> String {
    "abcdefgh".repeat(size / 8)
}

/// Any type that serde knows, if no single text or byte string in it is large.
#[cached(cache = &CACHE)]
fn lines(size: usize) -> Vec<(u32, String)> {
    lines_of(size)
}

#[cached(cache = &CACHE, compress)]
fn compressed(size: usize) -> Vec<u64> {
    vec![3; size / 8]
}

#[cached(cache = &CACHE, compress)]
fn compressed_lines(size: usize) -> Vec<(u32, String)> {
    lines_of(size)
}

fn lines_of(size: usize) -> Vec<(u32, String)> {
    (0..size >> 16).map(|n| (n as u32, "line".repeat(1 << 14))).collect()
}

/// The most that was allocated at a time while something ran, above what was before.
fn peak<R>(run: impl FnOnce() -> R) -> usize {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    drop(run());
    PEAK.load(Ordering::Relaxed).saturating_sub(before)
}

/// Stores and loads a result of so many bytes. The first result of a function is decoded for a check in debug builds: a small
/// one takes that.
fn assert_small<R>(name: &str, size: usize, run: impl Fn(usize) -> R) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    drop(run(1 << 16));
    let (stored, loaded) = (peak(|| run(size)), peak(|| run(size)));
    let over = |peak: usize| (peak as f64 - size as f64) / f64::from(1 << 20);
    println!("{name} of {} MiB: {:+.1} MiB to store, {:+.1} MiB to load", size >> 20, over(stored), over(loaded));
    assert!(stored <= size + CONSTANT, "{name}: {stored} bytes at most to compute and store {size}");
    assert!(loaded <= size + CONSTANT, "{name}: {loaded} bytes at most to load {size}");
    assert!(loaded >= size, "{name} was loaded");
}

#[test]
fn vectors_of_numbers_take_their_size() {
    assert_small("f64", LARGE, numbers);
    assert_small("u8", LARGE, bytes);
}

#[test]
fn texts_take_their_size() {
    assert_small("a text", LARGE, text);
}

#[test]
fn what_serde_knows_takes_its_size() {
    assert_small("lines", LARGE, lines);
}

#[test]
fn compressed_results_take_their_size() {
    assert_small("compressed u64", LARGE / 2, compressed);
    assert_small("compressed lines", LARGE / 2, compressed_lines);
}
