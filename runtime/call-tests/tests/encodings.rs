//! How results become bytes: compressed or not, by the default codec or by one of the user's.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rememo::codec::{Codec, CodecError, Compression};
use rememo::store::{Existing, MemoryStore, export, import, verify};
use rememo::{Cache, cached};

static COMPUTED: AtomicU32 = AtomicU32::new(0);
static CURRENT: Mutex<Option<&'static Cache>> = Mutex::new(None);

fn current() -> &'static Cache {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner).expect("a test chose a cache")
}

/// Has the functions below use a cache in this directory; a new one, as a new process would.
fn switch(dir: &Path, compression: Option<Compression>) -> &'static Cache {
    let builder = Cache::builder().dir(dir);
    let builder = if let Some(compression) = compression { builder.compress(compression) } else { builder };
    let cache: &'static Cache = Box::leak(Box::new(builder.build()));
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(cache);
    cache
}

/// The tests of this file take turns, since they share the choice of cache.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn computations<R>(run: impl FnOnce() -> R) -> (u32, R) {
    let before = COMPUTED.load(Ordering::SeqCst);
    let result = run();
    (COMPUTED.load(Ordering::SeqCst) - before, result)
}

/// Codecs and lengths of what is stored.
fn stored(cache: &Cache) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    cache.store().entries(&mut |entry| found.push((entry.about.codec, entry.value_bytes))).unwrap();
    found.sort();
    found
}

const NUMBERS: usize = 400_000;

#[cached(cache = current())]
fn numbers(n: u32) -> Arc<Vec<u32>> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    Arc::new((0..NUMBERS as u32).map(|i| i % 100 + n).collect())
}

#[cached(cache = current())]
fn words(n: usize) -> Vec<(String, usize)> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    (0..n).map(|i| (format!("word {}", i % 10), i % 10)).collect()
}

#[cached(cache = current(), compress)]
fn text(n: usize) -> String {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    "to and fro ".repeat(n)
}

#[cached(cache = current(), compress = false)]
fn noise(n: usize) -> Vec<u8> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    vec![7; n]
}

#[test]
fn a_compressed_result_takes_less_room_and_comes_back_the_same() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Some(Compression::Lz4));
    // A small one, and one whose encoding is read in parts.
    let computed = (numbers(1), words(5), words(200_000));
    let codecs: Vec<_> = stored(cache).into_iter().map(|(codec, _)| codec).collect();
    assert_eq!(codecs, ["messagepack 1 lz4", "messagepack 1 lz4", "numbers u32 1 lz4"]);
    let bytes: u64 = stored(cache).iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes < 4 * NUMBERS as u64 / 4, "{bytes} bytes");
    switch(dir.path(), Some(Compression::Lz4));
    assert_eq!(computations(|| (numbers(1), words(5), words(200_000))), (0, computed));
}

#[test]
fn compressed_and_plain_results_lie_side_by_side_and_each_is_read_as_it_was_written() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), None);
    numbers(1);
    words(100);
    switch(dir.path(), Some(Compression::Lz4));
    numbers(2);
    words(101);
    for compression in [None, Some(Compression::Lz4)] {
        switch(dir.path(), compression);
        let (n, results) = computations(|| [numbers(1), numbers(2)].map(|numbers| numbers[NUMBERS - 1]));
        assert_eq!((n, results), (0, [100, 101]));
        assert_eq!(computations(|| (words(100).len(), words(101).len())), (0, (100, 101)));
    }
}

#[test]
fn a_function_says_for_itself_whether_it_is_compressed() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), None);
    text(10_000);
    assert!(stored(cache).iter().all(|(codec, bytes)| codec == "text 1 lz4" && *bytes < 5_000));
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Some(Compression::Lz4));
    noise(100_000);
    assert_eq!(stored(cache), [("numbers u8 1".into(), 100_000)]);
}

#[test]
fn compressed_results_are_verified_exported_and_imported_like_others() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Some(Compression::Lz4));
    let computed = (numbers(3), text(5));
    assert_eq!(verify(cache.store(), &mut |_, _| ()).unwrap().whole, 2);
    let mut archive = Vec::new();
    export(cache.store(), &|_| true, &mut archive, &mut |_| ()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let cache = switch(other.path(), None);
    assert_eq!(import(&mut &archive[..], cache.store(), Existing::Refuse, &mut |_| ()).unwrap().records, 2);
    assert_eq!(computations(|| (numbers(3), text(5))), (0, computed));
}

/// Centimetres, rounded: a codec that nobody could take for another.
struct Rounded;

impl Codec<f64> for Rounded {
    const ID: &'static str = "test rounded 1";

    fn encode(value: &f64) -> Result<Vec<u8>, CodecError> {
        Ok(format!("{value:.2}").into_bytes())
    }

    fn decode(bytes: &[u8]) -> Result<f64, CodecError> {
        let text = std::str::from_utf8(bytes).map_err(|e| CodecError::decode(e.to_string()))?;
        text.parse().map_err(|_| CodecError::decode("no number"))
    }
}

#[cached(cache = current(), codec = Rounded)]
fn length(n: u32) -> f64 {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    f64::from(n) / 100.0
}

#[cached(cache = current(), codec = Rounded, compress)]
fn length_if_any(n: u32) -> Option<Arc<f64>> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    (n > 0).then(|| Arc::new(f64::from(n) / 100.0))
}

#[cached(cache = current(), codec = Rounded)]
fn length_or_error(n: u32) -> Result<f64, String> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    if n > 0 { Ok(f64::from(n) / 100.0) } else { Err("none".into()) }
}

#[test]
fn a_function_names_the_codec_of_its_result_or_of_what_is_in_it() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), None);
    let all = || (length(315), length_if_any(275), length_if_any(0), length_or_error(5), length_or_error(0));
    let expected = (3.15, Some(Arc::new(2.75)), None, Ok(0.05), Err("none".to_owned()));
    assert_eq!(computations(all), (5, expected.clone()));
    let codecs: Vec<_> = stored(cache).into_iter().map(|(codec, _)| codec).collect();
    assert_eq!(codecs, ["test rounded 1", "test rounded 1", "test rounded 1 lz4"]);
    switch(dir.path(), None);
    assert_eq!(computations(all), (2, expected));
}

#[test]
fn a_store_of_ones_own_is_given_whole_records() {
    let _turn = turn();
    let cache: &'static Cache = Box::leak(Box::new(Cache::builder().store(MemoryStore::new()).memory(1, 1).build()));
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(cache);
    let first = (numbers(9), words(50), text(50));
    assert_eq!(computations(|| (numbers(9), words(50), text(50))), (0, first));
}
