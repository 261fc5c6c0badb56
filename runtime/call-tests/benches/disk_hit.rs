//! What a hit on disk costs, beside the `cached` crate's disk cache and beside the bare engine or a bare read of the file, in one
//! run: `cargo bench -p rememo-call-tests --bench disk_hit`. With arguments, only the parts whose titles contain one of them.
//!
//! The whole call is measured, from the arguments to the decoded value; nothing stays in memory but what the system keeps of
//! files, and what the engines keep of theirs: `cached`'s, redb, a gigabyte of pages. So small hits are also measured with
//! rememo's memory as it is by default, under a name of its own. Contestants take turns; of each, the median of its turns counts. The last lines are the ratios.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use cached_disk::{ConcurrentCached, RedbCache};
use rememo::codec::{Codec, MessagePack};
use rememo::{Cache, cached};

static CACHE: OnceLock<Cache> = OnceLock::new();

fn cache() -> &'static Cache {
    CACHE.get().expect("main chose a directory")
}

fn text(n: u64, size: u64) -> String {
    (0..size).map(|i| char::from(b'a' + ((n * 7 + i) % 26) as u8)).collect()
}

fn numbers(n: u64, size: u64) -> Vec<f64> {
    (0..size / 8).map(|i| ((n * 31 + i) as f64).sqrt()).collect()
}

#[cached(cache = cache())]
fn text_of(n: u64, size: u64) -> String {
    text(n, size)
}

/// A cache as it is by default: what was read once stays in memory.
static MEMORY: OnceLock<Cache> = OnceLock::new();

fn memory(folder: &Path) -> &'static Cache {
    MEMORY.get_or_init(|| Cache::builder().dir(folder.join("memory")).build())
}

#[cached(cache = MEMORY.get().expect("it was made"))]
fn text_by_default(n: u64, size: u64) -> String {
    text(n, size)
}

#[cached(cache = cache())]
fn numbers_of(n: u64, size: u64) -> Arc<Vec<f64>> {
    Arc::new(numbers(n, size))
}

fn bytes(n: u64, size: u64) -> Vec<u8> {
    (0..size).map(|i| (n * 31 + i * 7) as u8).collect()
}

#[cached(cache = cache())]
fn bytes_of(n: u64, size: u64) -> Arc<Vec<u8>> {
    Arc::new(bytes(n, size))
}

struct Contestant<'a> {
    name: &'a str,
    run: Box<dyn FnMut(u64) + 'a>,
    turns: Vec<f64>,
}

fn contestant<'a, R>(name: &'a str, mut operation: impl FnMut(u64) -> R + 'a) -> Contestant<'a> {
    Contestant { name, run: Box::new(move |n| drop(black_box(operation(black_box(n))))), turns: Vec::new() }
}

/// Nanoseconds per operation of each contestant.
fn race(title: &str, arguments: u64, mut contestants: Vec<Contestant<'_>>) -> Vec<f64> {
    println!("\n{title}");
    for c in &mut contestants {
        (0..arguments).for_each(&mut c.run);
    }
    let started = Instant::now();
    (contestants[0].run)(0);
    let operations = (Duration::from_millis(2).as_nanos() / started.elapsed().as_nanos().max(1)).clamp(1, 2_000) as u64;
    let deadline = Instant::now() + Duration::from_secs(4);
    let mut next = 0;
    while Instant::now() < deadline || contestants[0].turns.len() < 7 {
        for c in &mut contestants {
            let started = Instant::now();
            (next..next + operations).for_each(|n| (c.run)(n % arguments));
            c.turns.push(started.elapsed().as_nanos() as f64 / operations as f64);
        }
        next += operations;
    }
    contestants
        .iter_mut()
        .map(|c| {
            c.turns.sort_by(f64::total_cmp);
            let median = c.turns[c.turns.len() / 2];
            println!("  {:<44} {:>14.1} ns", c.name, median);
            median
        })
        .collect()
}

fn theirs<V>(folder: &Path, name: &str) -> RedbCache<u64, V>
where
    V: serde::Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static,
{
    RedbCache::builder(name).disk_dir(folder.join("cached")).durable(false).build().expect("the cache opens")
}

fn small(folder: &Path, title: &str, size: u64, arguments: u64, ratios: &mut Vec<(String, f64)>) {
    let other = theirs::<String>(folder, title);
    let bare = engine(folder, title);
    memory(folder);
    for n in 0..arguments {
        text_of(n, size);
        text_by_default(n, size);
        other.cache_set(n, text(n, size)).expect("it is stored");
        bare.put(n, &MessagePack::encode(&text(n, size)).expect("it encodes"));
    }
    cache().sync().expect("it is on disk");
    let times = race(
        &format!("{title}, {arguments} results"),
        arguments,
        vec![
            contestant("rememo: a call", |n| text_of(n, size)),
            contestant("cached: RedbCache::cache_get", |n| other.cache_get(&n).expect("it reads").expect("a hit")),
            contestant("bare sled: get and decode", |n| -> String {
                MessagePack::decode(&bare.get(n)).expect("it decodes")
            }),
            contestant("rememo: a call, memory as by default", |n| text_by_default(n, size)),
        ],
    );
    ratios.push((format!("{title}: cached / rememo"), times[1] / times[0]));
    ratios.push((format!("{title}: rememo / bare sled (aim below 2)"), times[0] / times[2]));
    ratios.push((format!("{title}: cached / rememo with memory as by default"), times[1] / times[3]));
}

fn large(folder: &Path, title: &str, size: u64, arguments: u64, ratios: &mut Vec<(String, f64)>) {
    let other = theirs::<Vec<f64>>(folder, title);
    let files: Vec<_> = (0..arguments).map(|n| folder.join(format!("{title} {n}"))).collect();
    for n in 0..arguments {
        numbers_of(n, size);
        other.cache_set(n, numbers(n, size)).expect("it is stored");
        let bytes: Vec<u8> = numbers(n, size).iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(&files[n as usize], bytes).expect("it can be written");
    }
    cache().sync().expect("it is on disk");
    let times = race(
        &format!("{title} of f64, {arguments} results"),
        arguments,
        vec![
            contestant("rememo: a call", |n| numbers_of(n, size)),
            contestant("cached: RedbCache::cache_get", |n| other.cache_get(&n).expect("it reads").expect("a hit")),
            contestant("bare read of a file of that size", |n| fs::read(&files[n as usize]).expect("it reads")),
        ],
    );
    ratios.push((format!("{title}: cached / rememo"), times[1] / times[0]));
    ratios.push((format!("{title}: rememo / bare read (aim 1.3 at 100 MiB)"), times[0] / times[2]));
}

/// A vector of bytes, which the other crate takes one by one.
fn of_bytes(folder: &Path, title: &str, size: u64, arguments: u64, ratios: &mut Vec<(String, f64)>) {
    let other = theirs::<Vec<u8>>(folder, title);
    for n in 0..arguments {
        bytes_of(n, size);
        other.cache_set(n, bytes(n, size)).expect("it is stored");
    }
    cache().sync().expect("it is on disk");
    let times = race(
        &format!("{title}, {arguments} results"),
        arguments,
        vec![
            contestant("rememo: a call", |n| bytes_of(n, size)),
            contestant("cached: RedbCache::cache_get", |n| other.cache_get(&n).expect("it reads").expect("a hit")),
        ],
    );
    ratios.push((format!("{title}: cached / rememo (aim 5 at 1 KiB, 15 at 100 MiB)"), times[1] / times[0]));
}

/// The engine without anything around it.
struct Bare(sled::Db);

fn engine(folder: &Path, name: &str) -> Bare {
    Bare(sled::open(folder.join("bare").join(name)).expect("it opens"))
}

impl Bare {
    fn key(n: u64) -> [u8; 32] {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        key
    }

    fn put(&self, n: u64, bytes: &[u8]) {
        self.0.insert(Self::key(n), bytes).expect("it is stored");
    }

    fn get(&self, n: u64) -> sled::IVec {
        self.0.get(Self::key(n)).expect("it reads").expect("it is there")
    }
}

/// How much faster two threads are than one, hits in memory.
fn both_cores(folder: &Path, ratios: &mut Vec<(String, f64)>) {
    let cache = memory(folder);

    #[cached(cache = MEMORY.get().expect("it was made"))]
    fn sum(n: u64) -> u64 {
        n + 1
    }
    (0..1024).for_each(|n| {
        black_box(sum(n));
    });
    let hits = |from: u64| {
        let before = Instant::now();
        (0..4_000_000).for_each(|n| {
            black_box(sum((from + n) % 1024));
        });
        4e6 / before.elapsed().as_secs_f64()
    };
    let (mut one, mut two) = (0f64, 0f64);
    for _ in 0..5 {
        one = one.max(hits(0));
        let both = std::thread::scope(|scope| {
            let threads = [scope.spawn(|| hits(0)), scope.spawn(|| hits(511))];
            threads.map(|thread| thread.join().expect("it doesn't panic")).iter().sum()
        });
        two = two.max(both);
    }
    println!("\nHits in memory: {:.1} million a second on one thread, {:.1} on two", one / 1e6, two / 1e6);
    ratios.push(("hits in memory, two threads / one".into(), two / one));
    drop(cache.clear());
}

fn main() {
    // On a disk: the system's folder for temporary files may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary directory");
    let made = CACHE.set(Cache::builder().dir(folder.path().join("rememo")).memory(1, 1).build());
    assert!(made.is_ok(), "it is set once");
    // This opens the index: from here on this process owns it.
    text_of(0, 1);
    let mut ratios = Vec::new();
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |title: &str| words.is_empty() || words.iter().any(|word| title.contains(&**word));
    for (title, size, arguments) in [("100 B", 100, 10_000), ("1 KiB", 1024, 10_000)] {
        if wanted(title) {
            small(folder.path(), title, size, arguments, &mut ratios);
        }
    }
    for (title, size, arguments) in [("64 KiB", 64 << 10, 500), ("1 MiB", 1 << 20, 32), ("100 MiB", 100 << 20, 2)] {
        if wanted(title) {
            large(folder.path(), title, size, arguments, &mut ratios);
        }
    }
    let of_bytes_too =
        [("1 KiB of bytes", 1024, 10_000), ("1 MiB of bytes", 1 << 20, 32), ("100 MiB of bytes", 100 << 20, 2)];
    for (title, size, arguments) in of_bytes_too {
        if wanted(title) {
            of_bytes(folder.path(), title, size, arguments, &mut ratios);
        }
    }
    if wanted("memory") {
        both_cores(folder.path(), &mut ratios);
    }
    println!("\nRatios");
    for (name, ratio) in ratios {
        println!("  {name:<60} {ratio:>6.2}");
    }
}
